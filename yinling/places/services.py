"""Writes to the tree of divisions: load a pack's file, set up, rename or recode, merge, move."""

import csv
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date, now
from yinling.kernel.errors import NotFound, Refused
from yinling.kernel.names import initials, name_readings
from yinling.places import rules
from yinling.places.edition import forget
from yinling.places.events import PlaceAdded, PlaceChanged, PlacesLoaded
from yinling.places.models import Level, Place, PlaceVersion
from yinling.places.permissions import Places

COLUMNS = ("code12", "name", "level", "parent12")
BEGINNING = dt.date(2000, 1, 1)


@dataclass(frozen=True)
class Loaded:
    """What loading a file did."""

    added: int
    unchanged: int


@transaction.atomic
def load_divisions(path: Path, *, by: Actor, valid_from: dt.date = BEGINNING, source: str = "") -> Loaded:
    """Add the divisions of a CSV file (code12, name, level, parent12). Raises Refused naming the first bad line."""
    require(by, Places.EDIT)
    lines = _read(path)
    known = set(Place.objects.values_list("key", flat=True))
    fresh = [line for line in lines if int(line["code12"]) not in known]
    all_keys = known | {int(line["code12"]) for line in lines}
    Place.objects.bulk_create([_place(line, all_keys) for line in fresh], batch_size=500)
    PlaceVersion.objects.bulk_create(
        [_first_version(line, all_keys, valid_from, source) for line in fresh], batch_size=500
    )
    forget()
    record(PlacesLoaded(uid=UUID(str(by.uid)), added=len(fresh)), by=by)
    return Loaded(added=len(fresh), unchanged=len(lines) - len(fresh))


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise Refused("The first line must be {columns}.", columns=",".join(COLUMNS))
        lines = list(reader)
    for number, line in enumerate(lines, start=2):
        if not (line["code12"].isdigit() and len(line["code12"]) == 12 and line["level"] in Level.values):
            raise Refused(
                "Line {line}: {value} is not a 12-digit code with a level of city, county, township or village.",
                line=number,
                value=f"{line['code12']} {line['level']}",
            )
    order = list(Level.values)
    return sorted(lines, key=lambda line: (order.index(line["level"]), line["code12"]))


def _place(line: dict[str, str], known: set[int]) -> Place:
    parent = int(line["parent12"])
    return Place(
        key=int(line["code12"]),
        code=line["code12"],
        level=line["level"],
        name=line["name"],
        parent_id=parent if parent in known else None,
        pinyin=_readings(line["name"])[0],
        initials=_readings(line["name"])[1],
    )


def _first_version(line: dict[str, str], known: set[int], valid_from: dt.date, source: str) -> PlaceVersion:
    parent = int(line["parent12"])
    return PlaceVersion(
        place_id=int(line["code12"]),
        code=line["code12"],
        name=line["name"],
        parent_id=parent if parent in known else None,
        valid_from=valid_from,
        source=source,
    )


@transaction.atomic
def change_place(
    *, key: int, on: dt.date, by: Actor, name: str = "", code: str = "", parent: int | None = None, source: str = ""
) -> Place:
    """Rename, recode or move a division from a day on. People and sites stay on its key and so come along."""
    require(by, Places.EDIT, key)
    place, name, code = _standing(key, on), name.strip(), code.strip()
    _refuse_wrong(place, name=name, code=code, parent=parent)
    wanted = (code or place.code, name or place.name, parent or place.parent_id)
    if wanted == (place.code, place.name, place.parent_id):
        raise Refused("Nothing of {place} would change. Say a new name, code or parent.", place=place.name)
    _close(place, on)
    place.code, place.name, place.parent_id = wanted
    PlaceVersion.objects.create(
        place=place, code=place.code, name=place.name, parent_id=place.parent_id, valid_from=on, source=source
    )
    place.pinyin, place.initials = _readings(place.name)
    place.save()
    forget()
    record(PlaceChanged(uid=UUID(str(by.uid)), key=key, change="changed"), by=by, place_key=key, reason=source)
    return place


@transaction.atomic
def merge_place(*, key: int, into: int, on: dt.date, by: Actor, source: str = "") -> Place:
    """End a division on a day. What lay in it belongs to its successor from then on; its own history stays."""
    require(by, Places.EDIT, key)
    place, successor = _standing(key, on), _get(into)
    if objection := rules.why_not_merged(
        place.name, place.level, successor.name, successor.level, is_same=key == into,
        into_is_current=successor.is_current,
    ):  # fmt: skip
        raise Refused(objection, field="into")
    _close(place, on, successor)
    for child in Place.objects.filter(parent=place, is_current=True):
        change_place(key=child.key, on=on, by=by, parent=into, source=source)
    place.is_current, place.parent = False, successor
    place.save(update_fields=["is_current", "parent"])
    PlaceVersion.objects.create(
        place=place,
        code=place.code,
        name=place.name,
        parent=successor,
        successor=successor,
        valid_from=on,
        source=source,
    )
    forget()
    record(
        PlaceChanged(uid=UUID(str(by.uid)), key=key, change="merged", into=into), by=by, place_key=key, reason=source
    )
    return place


@transaction.atomic
def add_place(
    *, name: str, code: str, parent: int, on: dt.date, by: Actor, source: str = "", split_from: int | None = None
) -> Place:
    """Set up a division under another from a day on, cut out of `split_from` if it is a part of one.

    Its code becomes its key. Whoever lives in the part that was cut off is moved there one by one: no document says
    which household lies on which side.
    """
    require(by, Places.EDIT, parent)
    above = _get(parent)
    level = rules.level_below(above.level)
    if level is None:
        raise Refused("{parent} is a village; nothing lies under it.", field="parent", parent=above.name)
    place = Place(level=level, name=name.strip(), code=code.strip(), parent=above)
    if objection := rules.why_not_from(place.name, on, civil_date()):
        raise Refused(objection, field="on")
    _refuse_wrong(place, name=place.name, code=place.code, parent=parent)
    origin = _get(split_from) if split_from else None
    if origin is not None and origin.level != level:
        raise Refused(
            "{origin} is a {other}; a {level} is cut out of a {level}.",
            field="split_from", origin=origin.name, other=rules.LEVELS[origin.level], level=rules.LEVELS[level],
        )  # fmt: skip
    place.key = int(place.code)
    place.pinyin, place.initials = _readings(place.name)
    place.save(force_insert=True)
    PlaceVersion.objects.create(
        place=place, code=place.code, name=place.name, parent=above, valid_from=on, source=source, split_from=origin
    )
    forget()
    event = PlaceAdded(uid=UUID(str(by.uid)), key=place.key, split_from=split_from or 0)
    record(event, by=by, place_key=place.key, reason=source)
    return place


def rehearse(act: Callable[[], object]) -> None:
    """Do it and take it back: whatever the change would be refused for is refused now, and nothing is kept."""
    with transaction.atomic():
        act()
        transaction.set_rollback(True)
    forget()


def _readings(name: str) -> tuple[str, str]:
    return name_readings(name, is_person=False)[0], initials(name, is_person=False)[0]


def _standing(key: int, on: dt.date) -> Place:
    """The division, locked, that may change on a day."""
    place = _get(key)
    if objection := rules.why_not_standing(place.name, place.is_current):
        raise Refused(objection)
    if objection := rules.why_not_from(place.name, on, civil_date()):
        raise Refused(objection, field="on")
    return place


def _refuse_wrong(place: Place, *, name: str, code: str, parent: int | None) -> None:
    """Refuse a name, a code or a parent that cannot be; what is empty stays as it is."""
    if (name or not place.key) and (objection := rules.why_not_a_name(name)):
        raise Refused(objection, field="name")
    if (code and code != place.code) or not place.key:
        if objection := rules.why_not_a_code(code):
            raise Refused(objection, field="code")
        _refuse_taken(code, place.key)
    if parent:
        above = _get(parent)
        if objection := rules.why_not_under(
            place.name, place.level, above.name, above.level, parent_is_current=above.is_current
        ):
            raise Refused(objection, field="parent")


def _refuse_taken(code: str, key: int | None) -> None:
    """A code names one division, and a key is never given out twice."""
    taken = Q(code=code, is_current=True) & ~Q(key=key) if key else Q(code=code, is_current=True) | Q(key=int(code))
    holder = Place.objects.filter(taken).first()
    if holder is not None:
        raise Refused(
            "The code {code} belongs to {place}. Compare it with the document.",
            field="code", code=code, place=holder.name,
        )  # fmt: skip


def _get(key: int) -> Place:
    place = Place.objects.select_for_update().filter(key=key).first()
    if place is None:
        raise NotFound("place")
    return place


def _close(place: Place, on: dt.date, successor: Place | None = None) -> PlaceVersion:
    """End the open version. A version that began the same day was an error and is superseded instead."""
    version = PlaceVersion.objects.get(place=place, valid_to__isnull=True, superseded_at__isnull=True)
    if on < version.valid_from:
        raise Refused(
            "{place} has held its present form since {since}; a change cannot begin on {on}.",
            field="on", place=place.name, since=version.valid_from, on=on,
        )  # fmt: skip
    if on == version.valid_from:
        version.superseded_at = now()
    else:
        version.valid_to, version.successor = on, successor
    version.save()
    return version
