"""Writes to the tree of divisions: load a pack's file, rename or recode, merge, move."""

import csv
import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.db import transaction

from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import now
from yinling.kernel.errors import NotFound, Refused
from yinling.kernel.names import initials, name_readings
from yinling.places.edition import forget
from yinling.places.events import PlaceChanged, PlacesLoaded
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
        pinyin=name_readings(line["name"], is_person=False)[0],
        initials=initials(line["name"], is_person=False)[0],
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
    require(by, Places.EDIT)
    place = _get(key)
    current = _close(place, on)
    PlaceVersion.objects.create(
        place=place,
        code=code or current.code,
        name=name or current.name,
        parent_id=parent or current.parent_id,
        valid_from=on,
        source=source,
    )
    place.code, place.name, place.parent_id = code or place.code, name or place.name, parent or place.parent_id
    place.pinyin, place.initials = (
        name_readings(place.name, is_person=False)[0],
        initials(place.name, is_person=False)[0],
    )
    place.save()
    forget()
    record(PlaceChanged(uid=UUID(str(by.uid)), key=key, change="changed"), by=by, place_key=key)
    return place


@transaction.atomic
def merge_place(*, key: int, into: int, on: dt.date, by: Actor, source: str = "") -> Place:
    """End a division on a day. What lay in it belongs to its successor from then on; its own history stays."""
    require(by, Places.EDIT)
    place, successor = _get(key), _get(into)
    if place.level != successor.level:
        raise Refused(
            "{place} is a {level}, {into} is a {other}; only divisions of one level merge.",
            place=place.name, level=place.level, into=successor.name, other=successor.level,
        )  # fmt: skip
    _close(place, on, successor)
    for child in Place.objects.filter(parent=place):
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
    record(PlaceChanged(uid=UUID(str(by.uid)), key=key, change="merged", into=into), by=by, place_key=key)
    return place


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
            place=place.name, since=version.valid_from, on=on,
        )  # fmt: skip
    if on == version.valid_from:
        version.superseded_at = now()
    else:
        version.valid_to, version.successor = on, successor
    version.save()
    return version
