"""Looks at cameras, positions and vital signs, and who may see where a person is. All leave a line."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from yinling.devices import telemetry
from yinling.devices.events import CameraLooked, PositionShared
from yinling.devices.models import CameraLook, Device, Metric
from yinling.devices.permissions import Devices
from yinling.devices.queries.consents import (
    POSITION,
    POSITION_GROUND,
    VITAL_SIGNS,
    answers_alert,
    in_force,
    may_see_position,
    person_to_open,
)
from yinling.devices.rules import placing as rules
from yinling.devices.services.registering import stream_of
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import instant_of, now, start_of
from yinling.kernel.errors import NotFound, Refused
from yinling.kernel.uids import Uid
from yinling.people.models import Grant, Person
from yinling.people.permissions import People
from yinling.people.queries import file_ids
from yinling.people.services import look, open_grant
from yinling.reference.queries import parameter

LONGEST_SHARE = dt.timedelta(days=365)


@dataclass(frozen=True)
class Fix:
    """Where a device that a person wears said it was last. Degrees as the device sent them."""

    device: Device
    latitude: float
    longitude: float
    at: dt.datetime


@transaction.atomic
def look_at_camera(
    *, uid: Uid, reason: str, by: Actor, origin_kind: str = "", origin_uid: Uid | None = None
) -> CameraLook:
    """Open a camera's picture for some minutes, with a reason, and leave a line. `origin`: the alert, when one asks."""
    device = Device.objects.visible_to(by).select_related("profile").one(uid=uid)
    require(by, Devices.LOOK, device.place_key)
    has_stream = bool(device.stream_sealed)
    if objection := rules.why_not_looked(device.profile.kind, device.state, device.where, reason, has_stream):
        raise Refused(objection, field="reason")
    if device.room is not None and device.room.beds.exists():
        raise Refused(rules.NO_CAMERA, field="reason")  # beds came into the room after the camera
    at = now()
    until = at + dt.timedelta(minutes=int(parameter("devices.camera_look_minutes")))
    look = CameraLook.objects.create(
        device=device, by_uid=UUID(str(by.uid)), by_label=by.label[:120], reason=reason.strip()[:300],
        origin_kind=origin_kind, origin_uid=origin_uid, opened_at=at, expires_at=until,
    )  # fmt: skip
    record(CameraLooked(device.uid, until=until.isoformat()), by=by, place_key=device.place_key, reason=reason)
    return look


def picture_of(look_uid: Uid, by: Actor) -> tuple[CameraLook, str]:
    """A look and the address of its picture, for whoever opened it, until it expires; "" afterwards. NotFound for
    everybody else, and once the camera stands elsewhere or nowhere."""
    looks = CameraLook.objects.visible_to(by).select_related("device__profile")
    look: CameraLook = looks.one(uid=look_uid, by_uid=UUID(str(by.uid)))
    is_over = look.expires_at <= now() or not by.may(Devices.LOOK, look.device.place_key)
    is_elsewhere = not look.device.placements.filter(placed_at__lte=look.opened_at, taken_down_at__isnull=True).exists()
    return look, "" if is_over or is_elsewhere else stream_of(look.device)


@transaction.atomic
def share_position(*, person_uid: Uid, consent_uid: Uid, grantee_uid: Uid, until: dt.date, by: Actor) -> Grant:
    """Let the user of a named relative see where a person is, under the consent that names the relative. The grant
    ends with the consent, whatever day was said."""
    person = Person.objects.visible_to(by).one(uid=person_uid)
    require(by, People.EDIT, person.place_key)
    consent = in_force().filter(person_id__in=file_ids(person), purpose=POSITION, uid=consent_uid).first()
    if consent is None:
        raise NotFound("consent")
    end = start_of(until + dt.timedelta(days=1))
    if end > now() + LONGEST_SHARE:
        raise Refused("Position is shared for a year at most. Choose an earlier day.", field="until")
    grant = open_grant(
        person=person, grantee_uid=grantee_uid, ground=POSITION_GROUND, until=end, by=by, origin_uid=consent.uid
    )
    record(PositionShared(person.uid, consent=str(consent.uid)), by=by, place_key=person.place_key)
    return grant


@transaction.atomic
def look_at_position(*, person_uid: UUID, reason: str, by: Actor) -> list[Fix]:
    """Where the devices that a person wears last said they are. Leaves a line in the receipt of the file.

    For named kin and whoever answers an open alert about the person; to everybody else NotFound.
    """
    person = person_to_open(person_uid, by)
    if not may_see_position(person, by):
        raise NotFound("person")
    look(person=person, items=("position",), by=by, reason=reason)
    worn = Device.objects.filter(person_id__in=file_ids(person), profile__data__is_worn=True)
    return [fix for one in worn.select_related("profile").order_by("number") if (fix := _fix_of(one))]


def _fix_of(device: Device) -> Fix | None:
    """The newest latitude with the longitude of the same instant, None when they do not belong together."""
    numbers = dict(Metric.objects.filter(purpose=POSITION).values_list("number", "key"))
    found = {numbers[one.metric]: one for one in telemetry.last_values([device.number]) if one.metric in numbers}
    north, east = found.get("latitude"), found.get("longitude")
    if north is None or east is None or north.ts_ms != east.ts_ms:
        return None
    said_at = instant_of(min(north.ts_ms, north.received_ms))
    return Fix(device, north.value, east.value, said_at)


@transaction.atomic
def look_at_vital_signs(*, person_uid: UUID, reason: str, by: Actor) -> Person:
    """Open the vital signs of a person and leave a line. Whoever answers an open alert about the person has a ground
    by that; everybody else sees the person and says why."""
    person = person_to_open(person_uid, by)
    if not answers_alert(person, by):
        require(by, Devices.READ)
        if objection := rules.why_not_opened(reason):
            raise Refused(objection, field="reason")
    look(person=person, items=(VITAL_SIGNS,), by=by, reason=reason)
    return person
