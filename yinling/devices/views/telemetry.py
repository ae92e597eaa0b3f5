"""Last values and the last 24 hours: of a device, a person, a room; and what did not hold."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yinling.devices import queries
from yinling.devices.charts import drawn, faults_for, health_in_words
from yinling.devices.models import Device
from yinling.devices.permissions import Devices
from yinling.kernel.actors import require
from yinling.kernel.errors import NotFound
from yinling.people.permissions import People
from yinling.people.queries import person_for_panel
from yinling.web.requests import StaffRequest

MOST_DEVICES = 6


@login_required
@require_GET
def device_panel(request: StaffRequest, uid: UUID) -> HttpResponse:
    """What a device reported."""
    require(request.user, Devices.READ)
    found = queries.device(uid, request.user)
    return render(request, "devices/panels/telemetry.html", {"groups": drawn([found])})


@login_required
@require_GET
def person_panel(request: StaffRequest, uid: UUID) -> HttpResponse:
    """What the devices about a person reported, under the consents in force."""
    require(request.user, People.READ)
    require(request.user, Devices.READ)
    person = person_for_panel(uid, request.user)
    groups = drawn(queries.devices_about(person, request.user)[:MOST_DEVICES])
    return render(request, "devices/panels/telemetry.html", {"groups": groups, "names_devices": True})


@login_required
@require_GET
def room(request: StaffRequest, room: int) -> HttpResponse:
    """A room's last 24 hours."""
    require(request.user, Devices.READ)
    related = ("profile", "institution", "room", "bed__room", "person")
    found = list(Device.objects.visible_to(request.user).filter(room_id=room).select_related(*related)[:MOST_DEVICES])
    if not found or found[0].institution is None:
        raise NotFound("room")
    return render(
        request, "devices/room.html", {"groups": drawn(found), "home": found[0].institution, "room": found[0].room}
    )


@login_required
@require_GET
def faults(request: StaffRequest) -> HttpResponse:
    """Readings that did not hold, by device and kind; and how the process that takes them in is."""
    require(request.user, Devices.EDIT)
    sound, words = health_in_words()
    context = {"rows": faults_for(request.user), "sound": sound, "health": words}
    return render(request, "devices/faults.html", context)
