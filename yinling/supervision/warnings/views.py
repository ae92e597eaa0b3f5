"""The panel of an elder's rhythm on the page of the person."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yinling.kernel.actors import require
from yinling.kernel.clock import now
from yinling.people.permissions import People
from yinling.people.queries import person_for_panel
from yinling.supervision.permissions import Supervision
from yinling.supervision.warnings.rhythm import rhythm_of
from yinling.web.requests import StaffRequest


@login_required
@require_GET
def rhythm(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Seven days of signs of life, for those who answer alerts where the person lives; nothing without a consent."""
    person = person_for_panel(uid, request.user)
    require(request.user, Supervision.ANSWER, person.place_key)
    at = now()
    context = {
        "person": person, "at": at, "rhythm": rhythm_of(person, at),
        "may_edit": request.user.may(People.EDIT, person.place_key),
    }  # fmt: skip
    return render(request, "supervision/panels/rhythm.html", context)
