"""Divisions side by side: the schematic map of the thirteen county units, and a table for any level.

Where a square stands on the map is data of the city's pack (`packs/<city>/tiles.yaml`): a schematic drawn by us,
not a boundary.
"""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml
from django.conf import settings
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _

from yinling.kernel.measures import offered
from yinling.kernel.models import Figure as Kept
from yinling.places.queries import Division
from yinling.web import words
from yinling.web.pieces import Tile

BEST, GOOD, SOME = 0.75, 0.5, 0.25


@dataclass(frozen=True)
class Comparison:
    """One division's values by measure, on the newest day kept."""

    division: Division
    url: str
    values: tuple[int | None, ...]
    titles: tuple[str, ...]

    @property
    def cells(self) -> list[tuple[str, int | None]]:
        """Title and value of each column."""
        return list(zip(self.titles, self.values, strict=True))


def compare(divisions: list[Division], keys: tuple[str, ...]) -> list[Comparison]:
    """The newest kept values of several divisions. Two queries, whatever their number."""
    newest = Kept.objects.filter(measure__in=keys).aggregate(day=Max("day"))["day"]
    held = _values(divisions, keys, newest) if newest else {}
    heads = tuple(titles(keys))
    return [
        Comparison(d, reverse("desk:division", args=[d.key]), tuple(held.get((d.key, k)) for k in keys), heads)
        for d in divisions
    ]


def _values(divisions: list[Division], keys: tuple[str, ...], day: dt.date) -> dict[tuple[int, str], int]:
    rows = Kept.objects.filter(measure__in=keys, day=day, division_key__in=[d.key for d in divisions])
    return {(row.division_key, row.measure): row.value for row in rows}


def titles(keys: tuple[str, ...]) -> list[str]:
    """Column heads of a comparison."""
    return [_(offered()[key].title) for key in keys]


def tiles_of(compared: list[Comparison], column: int) -> list[Tile]:
    """The schematic map of one measure; darker is more."""
    places = tile_places(str(Path(settings.PACKS_DIR) / settings.CITY_PACK / "tiles.yaml"))
    most = max((c.values[column] or 0 for c in compared), default=0) or 1
    return [
        Tile(
            name=_short(c.division.name),
            value=words.number(value) if (value := c.values[column]) is not None else "—",
            url=c.url,
            row=places[c.division.key][0],
            column=places[c.division.key][1],
            tone=_shade((value or 0) / most),
        )
        for c in compared
        if c.division.key in places
    ]


def _shade(part: float) -> str:
    if part > BEST:
        return "q4"
    if part > GOOD:
        return "q3"
    return "q2" if part > SOME else "q1"


def _short(name: str) -> str:
    """新晃侗族自治县 → 新晃; the tile is small."""
    for ending in ("侗族自治县", "苗族侗族自治县", "苗族自治县"):
        if name.endswith(ending):
            name = name.removesuffix("苗族侗族自治县").removesuffix("侗族自治县").removesuffix("苗族自治县")
    return name.removeprefix("怀化市") if len(name) > 4 else name


@lru_cache(maxsize=2)
def tile_places(path: str) -> dict[int, tuple[int, int]]:
    """County key -> (row, column) on the schematic map; empty for a city without one."""
    file = Path(path)
    if not file.exists():
        return {}
    squares = yaml.safe_load(file.read_text(encoding="utf-8"))["squares"]
    return {int(square["key"]): (square["row"], square["column"]) for square in squares}
