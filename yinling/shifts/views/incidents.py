"""Incidents: the list, one of them with its steps, the printed form."""

import datetime as dt
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yinling.kernel.actors import require
from yinling.kernel.clock import now
from yinling.reference.queries import choices, label
from yinling.shifts import forms, queries, services
from yinling.shifts.models import Incident
from yinling.shifts.permissions import Shifts
from yinling.shifts.queries.incidents import Filters
from yinling.web.form_pages import FormPage, form_page
from yinling.web.paging import keyset_page
from yinling.web.pieces import Chip, Step
from yinling.web.requests import StaffRequest
from yinling.web.words import moment


@login_required
@require_GET
def incident_list(request: StaffRequest) -> HttpResponse:
    """Incidents I see, the newest first."""
    require(request.user, Shifts.READ)
    asked = {name: request.GET.get(name, "") for name in ("state", "kind", "home")}
    found = queries.incidents_for(request.user, Filters(**asked))
    page = keyset_page(found, order=("-happened_at", "-id"), address=request.GET, size=30)
    chips = [Chip(value, str(words)) for value, words in Incident.State.choices]
    kinds = dict(choices("incident_kind"))
    may_see_undone = request.user.may(Shifts.REVIEW) or request.user.may(Shifts.WATCH)
    context = {"page": page, "states": chips, "kinds": kinds, "may_see_undone": may_see_undone}
    return render(request, "shifts/incidents.html", context)


@login_required
@require_GET
def incident(request: StaffRequest, uid: UUID) -> HttpResponse:
    """One incident: what happened, what comes next, who did which step."""
    require(request.user, Shifts.READ)
    found = queries.incident(uid, request.user)
    works_here = queries.works_in(found.institution, request.user)
    may_judge = request.user.may(Shifts.CLOSE, found.institution.place_key) and not works_here
    context = {
        "found": found, "kind": label("incident_kind", found.kind), "steps": steps_of(found),
        "texts": {name: found.plain(name) for name in ("what", "done", "cause", "measures")},
        "may_complete": works_here and request.user.may(Shifts.REPORT) and found.state != "closed",
        "may_review": works_here and request.user.may(Shifts.REVIEW) and found.state == "reported",
        "may_judge": may_judge and found.state == "reviewed",
        "return_form": forms.ReturnForm(),
    }  # fmt: skip
    return render(request, "shifts/incident.html", context)


def moment_words(at: dt.datetime | None) -> str:
    """When, in the reader's words; "" while it is to come."""
    return moment(at, now=now(), language=get_language() or "zh-hans") if at else ""


def steps_of(found: Incident) -> list[Step]:
    """The loop of an incident."""
    rows = [
        (_("Reported by {who}").format(who=found.reported_label), found.reported_at),
        (_("Report complete"), found.completed_at),
        (_("Reviewed by {who}").format(who=found.reviewed_label or "—"), found.reviewed_at),
        (_("Closed by {who}").format(who=found.closed_label or "—"), found.closed_at),
    ]
    if found.state == Incident.State.REPORTED:
        rows[2] = (rows[2][0], None)
    first = next((at for at, (_words, moment) in enumerate(rows) if moment is None), len(rows))
    states = ["done" if at < first else "now" if at == first else "" for at in range(len(rows))]
    return [Step(words, moment_words(at), state) for (words, at), state in zip(rows, states, strict=True)]


@login_required
def complete(request: StaffRequest, uid: UUID) -> HttpResponse:
    """What happened and what was done."""
    require(request.user, Shifts.REPORT)
    found = queries.incident(uid, request.user)
    to = reverse("shifts:incident", args=[uid])
    first = {"what": found.plain("what"), "done": found.plain("done"), "spot": found.spot}
    form = forms.CompleteForm(request.POST or None, initial=first | {"family_told_at": found.family_told_at})
    page = FormPage(
        _("What happened"), _("Save"), _("Saved."), to, note=f"{found.number} · {label('incident_kind', found.kind)}",
        back=to, template="shifts/phone_form.html",
    )  # fmt: skip
    return form_page(
        request, form,
        lambda given: services.complete_incident(uid=uid, words=services.Words(**given), by=request.user), page,
    )  # fmt: skip


@login_required
def review(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Cause and measures."""
    require(request.user, Shifts.REVIEW)
    found = queries.incident(uid, request.user)
    to = reverse("shifts:incident", args=[uid])
    first = {"cause": found.plain("cause"), "measures": found.plain("measures")}
    page = FormPage(_("Review the incident"), _("Hand in"), _("Reviewed."), to, note=found.number, back=to)
    form = forms.ReviewForm(request.POST or None, initial=first)
    return form_page(
        request, form,
        lambda given: services.review_incident(uid=uid, **given, by=request.user), page,
    )  # fmt: skip


@login_required
@require_POST
def close(request: StaffRequest, uid: UUID) -> HttpResponse:
    """I agree with the review."""
    services.close_incident(uid=uid, by=request.user)
    messages.success(request, _("Closed."), extra_tags="ok")
    return redirect("shifts:incident", uid)


@login_required
def return_it(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The review is not enough."""
    found = queries.incident(uid, request.user)
    to = reverse("shifts:incident", args=[uid])
    page = FormPage(_("Return the review"), _("Return it"), _("Returned."), to, note=found.number, back=to)
    form = forms.ReturnForm(request.POST or None)
    return form_page(
        request, form, lambda given: services.return_incident(uid=uid, why=given["why"], by=request.user), page
    )


@login_required
@require_GET
def printed(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The report as a form to sign."""
    require(request.user, Shifts.READ)
    found = queries.incident(uid, request.user)
    context = {
        "found": found, "kind": label("incident_kind", found.kind), "back": reverse("shifts:incident", args=[uid]),
        "texts": {name: found.plain(name) for name in ("what", "done", "cause", "measures")}, "demo": settings.DEMO,
    }  # fmt: skip
    return render(request, "shifts/print_incident.html", context)
