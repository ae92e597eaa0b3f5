"""Several duties at once, from the list: tick, choose the verb, give one reason, read what became of each."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yinling.web.requests import StaffRequest
from yinling.worklist import batch
from yinling.worklist.forms import HandOverForm, NoteForm
from yinling.worklist.queries import Duty


def _page(request: StaffRequest, duties: list[Duty], form: Form, **words: Any) -> HttpResponse:
    """What was ticked, and the one form for all of it."""
    context = {"duties": duties, "form": form, **words}
    return render(request, "worklist/batch.html", context, status=422 if form.errors else 200)


def _outcomes(request: StaffRequest, heading: str, done: str, outcomes: list[batch.Outcome]) -> HttpResponse:
    refused = sum(one.why_not is not None for one in outcomes)
    context = {
        "heading": heading, "done": done, "outcomes": outcomes, "refused": refused, "count": len(outcomes) - refused,
    }  # fmt: skip
    return render(request, "worklist/outcomes.html", context)


@login_required
@require_POST
def close(request: StaffRequest) -> HttpResponse:
    """Close what was ticked, with one note for all."""
    duties = batch.chosen_duties(request.POST.getlist("item"), request.user)
    is_asked = "note" in request.POST
    form = NoteForm(request.POST if is_asked else None)
    if is_asked and form.is_valid():
        outcomes = batch.close_several(duties=duties, by=request.user, note=form.cleaned_data["note"])
        return _outcomes(request, _("Close several"), _("Closed"), outcomes)
    return _page(request, duties, form, heading=_("Close several"), action="worklist:close_several", verb=_("Close"))


@login_required
@require_POST
def hand_over(request: StaffRequest) -> HttpResponse:
    """Hand over what was ticked, to one user or division."""
    duties = batch.chosen_duties(request.POST.getlist("item"), request.user)
    is_asked = "note" in request.POST
    form = HandOverForm([duty.item for duty in duties], request.POST if is_asked else None)
    if is_asked and form.is_valid():
        outcomes = batch.hand_over_several(duties=duties, by=request.user, **form.cleaned_data)
        return _outcomes(request, _("Hand over several"), _("Handed over"), outcomes)
    words = {"heading": _("Hand over several"), "action": "worklist:hand_over_several", "verb": _("Hand over")}
    return _page(request, duties, form, **words)
