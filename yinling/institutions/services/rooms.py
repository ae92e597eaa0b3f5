"""Rooms and beds, and whether beds are usable."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from yinling.institutions import rules
from yinling.institutions.events import BedsAdded, BedStateSet
from yinling.institutions.models import Bed, BedState, BedUse, Building, Floor, Institution, Room
from yinling.institutions.models.rooms import CLOSED, SET_UP, USABLE
from yinling.institutions.permissions import Institutions
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date, now
from yinling.kernel.errors import Refused


@dataclass(frozen=True)
class BedLot:
    """One bed to set up: where it stands and what kind it is (code list bed_kind)."""

    building: str
    floor: int
    room: str
    label: str
    kind: str = "ordinary"


@transaction.atomic
def add_beds(
    *, uid: object, lots: Sequence[BedLot], by: Actor, on: dt.date | None = None, state: str = USABLE
) -> list[Bed]:
    """Set up beds from a day on; buildings, floors and rooms that are new are made. Beds that stand there are kept.

    Returns the beds that are new. Statements grow with rooms and buildings, not with beds.
    """
    found = Institution.objects.visible_to(by).select_for_update(of=("self",), no_key=True).one(uid=uid)
    require(by, Institutions.BEDS, found.place_key)
    if not lots:
        raise Refused("Name at least one bed.")
    rooms = _rooms(found, lots)
    there = set(Bed.objects.filter(institution=found).values_list("room_id", "label"))
    wanted: dict[tuple[int, str], Bed] = {}
    for lot in lots:
        room = rooms[lot.building, lot.floor, lot.room]
        if (room.pk, lot.label) not in there:
            wanted[room.pk, lot.label] = Bed(institution=found, room=room, label=lot.label, kind=lot.kind)
    made = Bed.objects.bulk_create(wanted.values(), batch_size=500)
    begins = on or civil_date()
    BedState.objects.bulk_create((BedState(bed=bed, state=state, valid_from=begins) for bed in made), batch_size=500)
    if made:
        record(BedsAdded(found.uid, count=len(made)), by=by, place_key=found.place_key)
    return made


def _rooms(found: Institution, lots: Sequence[BedLot]) -> dict[tuple[str, int, str], Room]:
    """The rooms that the lots name, made where they are new."""
    rooms: dict[tuple[str, int, str], Room] = {}
    for name, number, room in dict.fromkeys((lot.building, lot.floor, lot.room) for lot in lots):
        building = Building.objects.get_or_create(institution=found, name=name)[0]
        floor = Floor.objects.get_or_create(building=building, number=number)[0]
        rooms[name, number, room] = Room.objects.get_or_create(floor=floor, number=room)[0]
    return rooms


@transaction.atomic
def set_bed_state(*, bed_uid: object, state: str, by: Actor, on: dt.date | None = None, reason: str = "") -> BedState:
    """A bed is usable, under repair or closed from a day on. Raises Refused while somebody holds it."""
    bed = Bed.objects.visible_to(by).select_for_update(of=("self",)).select_related("institution").one(uid=bed_uid)
    require(by, Institutions.BEDS, bed.institution.place_key)
    held = BedState.objects.current().get(bed=bed, valid_to__isnull=True)
    day = on or civil_date()
    if refusal := rules.why_state_not_set(
        is_known=state in (*SET_UP, CLOSED), state=state, since=held.valid_from, on=day,
        is_held=BedUse.objects.open().filter(bed=bed).exists(),
    ):  # fmt: skip
        raise Refused(refusal, field="state")
    if held.state == state:
        return held
    BedState.objects.filter(pk=held.pk).update(superseded_at=now())
    if held.valid_from < day:
        BedState.objects.create(bed=bed, state=held.state, reason=held.reason, valid_from=held.valid_from, valid_to=day)
    made = BedState.objects.create(bed=bed, state=state, reason=reason, valid_from=day)
    event = BedStateSet(bed.uid, state=state, on=day.isoformat())
    record(event, by=by, place_key=bed.institution.place_key, reason=reason)
    return made
