"""Vital signs and positions: opened on purpose, shown once, every look leaves a line."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from yinling.devices import queries, services
from yinling.devices.forms import LookForm
from yinling.devices.permissions import Devices
from yinling.devices.presenting import position_context, vital_signs_context
from yinling.kernel.actors import require
from yinling.kernel.errors import NotFound
from yinling.web.refusals import refusals_beside
from yinling.web.requests import StaffRequest, came_from


@login_required
@never_cache
def vital_signs(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Why (an open alert that I answer says it); then heart and breath of the last 24 hours."""
    person = queries.person_to_open(uid, request.user)
    answers = queries.answers_alert(person, request.user)
    if not answers:
        require(request.user, Devices.READ)
    reason = _("Answers an open alert") if answers else ""
    form = LookForm(request.POST if request.method == "POST" else None, reason=reason)
    if request.method == "POST" and form.is_valid():
        with refusals_beside(form):
            why = form.cleaned_data.get("reason", reason)
            services.look_at_vital_signs(person_uid=uid, reason=why, by=request.user)
            found = vital_signs_context(person) | {"back": came_from(request)}
            return render(request, "devices/vital_signs.html", found)
    context = {
        "form": form, "person": person, "heading": _("Vital signs"), "action": _("Show the vital signs"),
        "back": came_from(request),
    }  # fmt: skip
    return render(request, "devices/look.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
def position(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Where a person is: for kin whom the consent names, and whoever answers an open alert. To others nothing."""
    person = queries.person_to_open(uid, request.user)
    if not queries.may_see_position(person, request.user):
        raise NotFound("person")
    back = came_from(request)
    if request.method != "POST":
        words = {"heading": _("Where the person is"), "action": _("Show the position")}
        return render(request, "devices/look.html", words | {"person": person, "back": back})
    answers = queries.answers_alert(person, request.user)
    reason = _("Answers an open alert") if answers else _("Named in the consent")
    found = services.look_at_position(person_uid=uid, reason=reason, by=request.user)
    return render(request, "devices/position.html", position_context(person, found) | {"back": back})
