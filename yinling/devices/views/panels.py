"""Panels: of a device, of a person, of an institution."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yinling.devices import queries
from yinling.devices.permissions import Devices
from yinling.devices.presenting import rows_of, where_words
from yinling.institutions.queries import institution
from yinling.kernel.actors import require
from yinling.people.permissions import People
from yinling.people.queries import person_for_panel
from yinling.reference.queries import label
from yinling.web.requests import StaffRequest


@login_required
@require_GET
def placements(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Where a device stood."""
    require(request.user, Devices.READ)
    found = queries.device(uid, request.user)
    rows = [(one, where_words(one)) for one in queries.placements_of(found)]
    return render(request, "devices/panels/placements.html", {"device": found, "rows": rows})


@login_required
@require_GET
def maintenance(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Work done on it."""
    require(request.user, Devices.READ)
    found = queries.device(uid, request.user)
    rows = [(one, label("device_work", one.work)) for one in queries.maintenance_of(found)]
    context = {"device": found, "rows": rows, "may_edit": request.user.may(Devices.EDIT, found.place_key)}
    return render(request, "devices/panels/maintenance.html", context)


@login_required
@require_GET
def person_panel(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Devices about a person, and what the person has agreed to."""
    require(request.user, People.READ)
    require(request.user, Devices.READ)
    person = person_for_panel(uid, request.user)
    agreed = [label("consent_purpose", purpose) for purpose in sorted(queries.agreed_to([person]))]
    rows = rows_of(queries.devices_about(person, request.user))
    return render(request, "devices/panels/person.html", {"person": person, "rows": rows, "agreed": agreed})


@login_required
@require_GET
def institution_panel(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Devices of an institution by kind."""
    require(request.user, Devices.READ)
    home = institution(uid, request.user)
    counts = queries.counts_in(home, request.user)
    rows = [
        (kind, label("device_kind", kind), found[""], found["silent"], found["low"])
        for kind, found in sorted(counts.items())
    ]
    return render(request, "devices/panels/institution.html", {"home": home, "rows": rows})
