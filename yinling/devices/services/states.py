"""Whether a device works: states, maintenance, and what ingest notes from time to time."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from yinling.devices.events import DeviceStateSet, MaintenanceRecorded
from yinling.devices.models import Credential, Device, Maintenance
from yinling.devices.permissions import Devices
from yinling.devices.rules import placing as rules
from yinling.devices.services.placing import lift
from yinling.devices.services.registering import editable
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date, now
from yinling.kernel.errors import Refused
from yinling.kernel.uids import Uid

CHUNK = 500
State = Device.State


@transaction.atomic
def set_state(*, uid: Uid, state: str, why: str, by: Actor) -> Device:
    """A device is faulty, works again, or goes out of use. Out of use takes it down and ends its tokens."""
    device = editable(uid, by)
    if reason := rules.why_not_state(device.state, state, why):
        raise Refused(reason, field="state" if "from this state" in reason.text else "why")
    if state == State.ACTIVE and not device.where:
        raise Refused("This device stands nowhere. Put it back into store, then place it.", field="state")
    if state in (State.OUT_OF_USE, State.IN_STORE) and device.where:
        lift(device, by, why)
    if state == State.OUT_OF_USE:
        tokens = Credential.objects.filter(device=device, revoked_at__isnull=True)
        tokens.update(revoked_at=now(), revoked_why=why.strip()[:200])
    device.state, device.state_why = state, why.strip()[:200]
    device.save(update_fields=["state", "state_why"])
    record(DeviceStateSet(device.uid, state=state), by=by, place_key=device.place_key, reason=why)
    return device


@transaction.atomic
def record_maintenance(
    *, uid: Uid, work: str, by: Actor, done_on: dt.date | None = None, words: str = "", next_on: dt.date | None = None
) -> Maintenance:
    """Record work done on a device, and when the next is due."""
    device = editable(uid, by)
    day = done_on or civil_date()
    if day > civil_date():
        raise Refused("Work on {day} lies in the future. Record it when it is done.", field="done_on", day=day)
    if next_on and next_on <= day:
        raise Refused("The next maintenance comes after this one of {day}.", field="next_on", day=day)
    made = Maintenance.objects.create(
        device=device, work=work, done_on=day, words=words.strip()[:300], next_on=next_on, by_uid=UUID(str(by.uid)),
        by_label=by.label[:120],
    )  # fmt: skip
    record(MaintenanceRecorded(device.uid, work=work), by=by, place_key=device.place_key)
    return made


@dataclass(frozen=True)
class Health:
    """What ingest has seen of a device by its number: when last, and how full its battery was (None: not said)."""

    number: int
    seen_at: dt.datetime
    battery_percent: int | None = None


def note_health(rows: Sequence[Health], *, by: Actor) -> int:
    """Keep when devices were last seen, for lists; a claimed device that reports is in use from now on.

    Called by ingest every few minutes with what has changed since, never per reading. Returns how many were written.
    Short transactions, so that nobody waits; no change row, because this is a cache of telemetry.
    """
    require(by, Devices.EDIT)
    written = 0
    for start in range(0, len(rows), CHUNK):
        written += _note(rows[start : start + CHUNK], by)
    return written


@transaction.atomic
def _note(rows: Iterable[Health], by: Actor) -> int:
    by_number = {row.number: row for row in rows}
    devices = list(Device.objects.filter(number__in=by_number))
    for device in devices:
        seen = by_number[device.number]
        device.last_seen_at = max(device.last_seen_at or seen.seen_at, seen.seen_at)
        if seen.battery_percent is not None:
            device.battery_percent = max(0, min(100, seen.battery_percent))
        if device.state == State.CLAIMED:
            device.state = State.ACTIVE
            record(DeviceStateSet(device.uid, state=State.ACTIVE), by=by, place_key=device.place_key)
    Device.objects.bulk_update(devices, ["last_seen_at", "battery_percent", "state"])
    return len(devices)
