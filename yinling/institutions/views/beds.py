"""The page of one bed."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render

from yinling.institutions import queries, services
from yinling.institutions.beds_free import bed_words
from yinling.institutions.forms import BedStateForm
from yinling.institutions.models import Bed
from yinling.institutions.permissions import Institutions
from yinling.institutions.presenting import bed_cell, crumbs
from yinling.kernel.actors import require
from yinling.web.pieces import Crumb
from yinling.web.refusals import refusals_beside
from yinling.web.requests import StaffRequest


def _shown(request: StaffRequest, found: Bed) -> dict[str, Any]:
    """What the page says about the bed."""
    return {
        "bed": found,
        "cell": bed_cell(found),
        "name": bed_words(found),
        "uses": queries.uses_of(found),
        "use": next(iter(getattr(found, "open_uses", ())), None),
        "crumbs": crumbs(found.institution, Crumb(bed_words(found))),
        "may_set": request.user.may(Institutions.BEDS, found.institution.place_key),
    }


@login_required
def bed(request: StaffRequest, uid: UUID) -> HttpResponse:
    """One bed: state, holder, who held it before; and its state to change."""
    require(request.user, Institutions.READ)
    found = queries.bed(uid, request.user)
    form = BedStateForm(
        request.POST or None, initial={"state": next((s.state for s in getattr(found, "present_states", ())), "")}
    )
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            services.set_bed_state(bed_uid=uid, by=request.user, **form.cleaned_data)
            return redirect("institutions:bed", uid)
    context = _shown(request, found) | {"form": form}
    return render(request, "institutions/bed.html", context, status=422 if form.errors else 200)
