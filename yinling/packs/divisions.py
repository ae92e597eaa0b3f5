"""Divisions of a pack: a file of them adds what is missing, a file of dated changes merges, renames and moves.

A name in the first file never overwrites one that was changed since: only a dated change does, once.
"""

import csv
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yinling.kernel.actors import Actor
from yinling.kernel.clock import civil_date
from yinling.kernel.errors import Refused
from yinling.places import services
from yinling.places.models import Place, PlaceVersion


def missing(path: Path) -> list[tuple[str, str]]:
    """(code, name) of the divisions in a file that are not there yet. `load` itself checks every line."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [(row.get("code12") or "", row.get("name") or "") for row in csv.DictReader(file)]
    known = set(Place.objects.values_list("key", flat=True))
    return [(code, name) for code, name in rows if not code.isdigit() or int(code) not in known]


def add(path: Path, *, by: Actor, valid_from: dt.date | None, source: str) -> None:
    """Add them, from the pack's day on; the first divisions of all count as old."""
    if valid_from is None or not Place.objects.exists():
        valid_from = services.BEGINNING
    services.load_divisions(path, by=by, valid_from=valid_from, source=source)


@dataclass(frozen=True)
class Change:
    """One dated change: merged `into` another, new (`is_new`, cut out of `split_from`), or its name, code or parent.

    `on` is called `valid_from` in the file, because YAML reads a bare `on` as true.
    """

    key: int
    on: dt.date
    into: int | None = None
    name: str = ""
    code: str = ""
    parent: int | None = None
    source: str = ""
    is_new: bool = False
    split_from: int | None = None

    def words(self) -> str:
        """What changes, in one line."""
        what = f"→ {self.into}" if self.into else " ".join(str(v) for v in (self.name, self.code, self.parent) if v)
        return f"{what} ({self.on})"


def due_changes(data: Mapping[str, Any], *, file: str) -> list[Change]:
    """The changes whose day has come and which were not made yet, oldest first. Raises Refused on a faulty line."""
    changes = sorted((_change(row, file) for row in data.get("changes") or ()), key=lambda change: change.on)
    today = civil_date()
    return [change for change in changes if change.on <= today and not _is_made(change)]


def _change(row: Mapping[str, Any], file: str) -> Change:
    try:
        if type(row["valid_from"]) is not dt.date:
            raise TypeError("valid_from is a date such as 2025-01-01")
        change = Change(
            key=int(row["key"]),
            on=row["valid_from"],
            into=int(row["into"]) if row.get("into") else None,
            name=str(row.get("name", "")),
            code=str(row.get("code", "")),
            parent=int(row["parent"]) if row.get("parent") else None,
            source=str(row.get("source", "")),
            is_new=row.get("is_new") is True,
            split_from=int(row["split_from"]) if row.get("split_from") else None,
        )
    except (KeyError, TypeError, ValueError) as error:
        fault = str(error)
        raise Refused(
            "{file}: {key} cannot be read: {fault}.", file=file, key=str(row.get("key", "?")), fault=fault
        ) from None
    if not (change.into or change.name or change.code or change.parent):
        raise Refused("{file}: {key} changes nothing: say into, name, code or parent.", file=file, key=change.key)
    return change


def _is_made(change: Change) -> bool:
    if change.into:
        return Place.objects.filter(key=change.key, is_current=False).exists()
    if change.is_new:
        return Place.objects.filter(key=change.key).exists()
    wanted = {"name": change.name, "code": change.code, "parent_id": change.parent}
    given = {name: value for name, value in wanted.items() if value}
    # Looked up among all versions: what has changed again since must not be undone.
    return PlaceVersion.objects.filter(place_id=change.key, valid_from=change.on, **given).exists()


def apply(change: Change, *, by: Actor) -> None:
    """Make one change."""
    if change.into:
        services.merge_place(key=change.key, into=change.into, on=change.on, by=by, source=change.source)
        return
    if change.is_new:
        services.add_place(
            name=change.name, code=change.code or str(change.key), parent=change.parent or 0, on=change.on, by=by,
            source=change.source, split_from=change.split_from,
        )  # fmt: skip
        return
    services.change_place(
        key=change.key, on=change.on, by=by, name=change.name, code=change.code, parent=change.parent,
        source=change.source,
    )  # fmt: skip
