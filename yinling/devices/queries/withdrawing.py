"""Consents that ended since a table was read: asked every second, so that a withdrawal counts before the whole table,
which takes seconds for a million devices, is read again."""

from collections.abc import Container
from dataclasses import dataclass, field

from django.db.models import Q

from yinling.devices.models import Device
from yinling.devices.queries.consents import agreed_to, watched_by
from yinling.devices.queries.table import WINDOW, Mark
from yinling.institutions.models import BedUse
from yinling.kernel.database import answered_if_still
from yinling.kernel.models import Change
from yinling.people.models import Person
from yinling.people.queries import file_ids

ABOUT_PERSONS = ("people.corrected", "people.died", "people.merged", "people.merge_undone")
MOST_CHANGES = 200  # a whole list brought in is left to the table


@dataclass(frozen=True)
class Agreed:
    """What persons whose files changed agree to now: purposes by device number. `changes`: those looked at."""

    purposes: dict[int, frozenset[str]] = field(default_factory=dict)
    changes: frozenset[int] = frozenset()


@answered_if_still(Agreed())
def still_agreed(held: Mark, known: Container[int] = ()) -> Agreed:
    """For devices of everybody whose file changed since `held` (changes in `known` left out). One statement, and some
    for each person whose file did change."""
    recent = Change.objects.filter(id__gt=held.last - WINDOW, type__in=ABOUT_PERSONS).order_by("-id")
    rows = recent.values_list("id", "subject_uid")[: MOST_CHANGES + len(held.seen)]
    new = {pk: uid for pk, uid in rows if pk not in held.seen and pk not in known}
    purposes: dict[int, frozenset[str]] = {}
    for person in Person.objects.filter(uid__in=list({uid for uid in new.values() if uid})[:MOST_CHANGES]):
        for device in _around(person):
            purposes[device.number] = frozenset(agreed_to(watched_by(device)))
    return Agreed(purposes, frozenset(new))


def _around(person: Person) -> list[Device]:
    """Devices in use that tell about a person: worn, at home, at the bed or in the room where the person lies."""
    files = file_ids(person)
    lies = BedUse.objects.open().filter(kind=BedUse.OCCUPIED, stay__person__in=files)
    beds, rooms = lies.values("bed_id"), lies.values("bed__room_id")
    told = Q(person__in=files) | Q(bed__in=beds) | Q(room__in=rooms)
    return list(Device.objects.in_use().filter(told).select_related("person"))
