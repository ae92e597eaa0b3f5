"""Lists in the shape of other systems: the columns are data (`packs/*/exports/inspections.yaml`), and unverified."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

FILE = Path("exports") / "inspections.yaml"
ROWS = ("inspections", "hazards")


class BrokenShapes(ValueError):
    """A file of shapes does not say what it must; the message names the file and the fault."""


@dataclass(frozen=True)
class Column:
    """One column: its title there, and which of our facts goes into it (`exports.FACTS`)."""

    title: str
    fact: str


@dataclass(frozen=True)
class Shape:
    """One list of another system."""

    key: str
    title: str
    rows: str
    source: str
    verified: bool
    columns: tuple[Column, ...]


@lru_cache(maxsize=1)
def shapes() -> tuple[Shape, ...]:
    """The shapes of the nation's pack, then the city's own, which replaces by key."""
    found: dict[str, Shape] = {}
    for pack in ("national", settings.CITY_PACK):
        path = settings.PACKS_DIR / pack / FILE
        if path.exists():
            found |= {one.key: one for one in _read(path)}
    return tuple(found.values())


def shapes_of(rows: str) -> list[Shape]:
    """The shapes that hold inspections, or hazards."""
    return [one for one in shapes() if one.rows == rows]


def _read(path: Path) -> list[Shape]:
    data: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    try:
        return [_shape(one, data) for one in data["exports"]]
    except (KeyError, TypeError, ValueError) as fault:
        raise BrokenShapes(f"{path}: {fault}") from None


def _shape(one: dict[str, Any], data: dict[str, Any]) -> Shape:
    if one["rows"] not in ROWS:
        raise ValueError(f"rows: {one['rows']}")
    columns = tuple(Column(title, fact) for title, fact in one["columns"].items())
    return Shape(one["key"], one["title"], one["rows"], data["source"], bool(data["verified"]), columns)
