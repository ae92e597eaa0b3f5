"""The bulk door: many devices and their placements in seconds, through the same constraints as everything else."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from yinling.devices.events import DevicesLoaded
from yinling.devices.models import CareScope, Device, Placement, Profile
from yinling.devices.permissions import Devices
from yinling.devices.rules.placing import NO_CAMERA, PRIVATE
from yinling.devices.services.registering import NUMBERS, series_of
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.database import bulk_insert, reserve_ids
from yinling.kernel.errors import Refused
from yinling.kernel.models import Sequence as Numbers
from yinling.kernel.uids import new_uid

PLACED = (
    "where", "institution_id", "room_id", "bed_id", "person_id", "spot", "spot_words", "place_key", "care_scope_id",
)  # fmt: skip
DEVICE = (
    "id", "uid", "number", "register_number", "maker", "serial", "profile_id", "owner_id", "gateway_id", "state",
    "state_why", "stream_sealed", "last_seen_at", "battery_percent", "bought_on", "created_at", *PLACED,
)  # fmt: skip
PLACEMENT = ("uid", "device_id", "placed_at", "placed_by", "why_taken_down", "recorded_at", *PLACED)


@dataclass(frozen=True)
class Standing:
    """One device that stands somewhere. Primary keys; one of `institution_id` and `person_id` (with
    `household_id`) is there. `gateway`: the position, in the same list and before it, of the gateway it hangs on."""

    profile: str
    maker: str
    serial: str
    place_key: int
    placed_at: dt.datetime
    spot: str = ""
    words: str = ""
    institution_id: int | None = None
    room_id: int | None = None
    bed_id: int | None = None
    person_id: int | None = None
    household_id: int | None = None
    owner_id: int | None = None
    gateway: int | None = None
    state: str = Device.State.ACTIVE
    last_seen_at: dt.datetime | None = None
    battery_percent: int | None = None


@transaction.atomic
def load_devices(rows: Sequence[Standing], *, by: Actor) -> list[int]:
    """Load devices that stand somewhere already. Returns their numbers, in order. One transaction."""
    require(by, Devices.IMPORT)
    profiles = {one.key: one for one in Profile.objects.all()}
    _check(rows, profiles)
    scopes = _scopes(rows)
    ids = reserve_ids(Device, len(rows))
    numbers, registered = _numbers(NUMBERS, len(rows)), _register_numbers(rows)
    devices, placements = [], []
    for at, row in enumerate(rows):
        place = _place(row, scopes)
        gateway = ids[row.gateway] if row.gateway is not None else None
        devices.append(
            (
                ids[at],
                new_uid(),
                numbers[at],
                registered[at],
                row.maker,
                row.serial,
                profiles[row.profile].pk,
                row.owner_id,
                gateway,
                row.state,
                "",
                b"",
                row.last_seen_at,
                row.battery_percent,
                row.placed_at.date(),
                row.placed_at,
                *place,
            )
        )
        placements.append((new_uid(), ids[at], row.placed_at, UUID(str(by.uid)), "", row.placed_at, *place))
    bulk_insert(Device, DEVICE, devices)
    bulk_insert(Placement, PLACEMENT, placements)
    if rows:
        record(DevicesLoaded(new_uid(), rows=len(rows)), by=by)
    return numbers


def _check(rows: Sequence[Standing], profiles: dict[str, Profile]) -> None:
    """What the constraints cannot see: models that a pack describes, cameras only in public parts of institutions."""
    for row in rows:
        if row.profile not in profiles:
            raise Refused("No model of device is called {key}. Load the pack that describes it.", key=row.profile)
        private = row.room_id is not None or row.spot in PRIVATE or row.institution_id is None
        if profiles[row.profile].kind == "camera" and private:
            raise Refused(NO_CAMERA)


def _place(row: Standing, scopes: dict[tuple[str, int], int]) -> tuple[Any, ...]:
    where = "institution" if row.institution_id else "home"
    return (
        where, row.institution_id, row.room_id, row.bed_id, row.person_id, row.spot, row.words, row.place_key,
        scopes[_scope(row)],
    )  # fmt: skip


def _scope(row: Standing) -> tuple[str, int]:
    if row.institution_id:
        return "institution", row.institution_id
    return ("household", row.household_id) if row.household_id else ("person", row.person_id or 0)


def _scopes(rows: Sequence[Standing]) -> dict[tuple[str, int], int]:
    """Care scopes by what they are, made where they are new."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        kind, key = _scope(row)
        wanted[kind].add(key)
    found: dict[tuple[str, int], int] = {}
    for kind, keys in wanted.items():
        held = set(CareScope.objects.exclude(**{kind: None}).values_list(kind, flat=True))
        CareScope.objects.bulk_create((CareScope(**{kind: key}) for key in sorted(keys - held)), batch_size=500)
        pairs = CareScope.objects.exclude(**{kind: None}).values_list(kind, "id")
        found |= {(kind, key): pk for key, pk in pairs if key in keys}
    return found


def _numbers(series: str, count: int) -> list[int]:
    held, _ = Numbers.objects.get_or_create(series=series)
    Numbers.objects.filter(pk=held.pk).update(last=F("last") + count)
    last = Numbers.objects.values_list("last", flat=True).get(pk=held.pk)
    return list(range(last - count + 1, last + 1))


def _register_numbers(rows: Sequence[Standing]) -> list[str]:
    waiting: dict[str, list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        waiting[series_of(row.place_key)].append(at)
    found = [""] * len(rows)
    for series, positions in waiting.items():
        for at, number in zip(positions, _numbers("devices." + series, len(positions)), strict=True):
            found[at] = f"{series}-{number:05d}"
    return found
