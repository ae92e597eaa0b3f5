"""The evidence of a doubt as drawings: where visits were, and when. Shapes only; the page says the rest in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians

from yinling.care.models import Visit
from yinling.kernel.clock import CITY_ZONE

SIDE, EDGE = 320.0, 40.0
WIDE, HIGH, LEFT = 600.0, 26.0, 70.0


@dataclass(frozen=True)
class Spot:
    """A visit on the plane, numbered in order of time."""

    number: int
    x: float
    y: float
    at: str


@dataclass(frozen=True)
class Track:
    """Spots in order, the line between them, and a scale of so many metres."""

    spots: tuple[Spot, ...]
    path: str
    scale_width: float
    scale_m: int


def track(visits: Sequence[Visit]) -> Track | None:
    """Positions of visits to scale, north above; None where fewer than two are on record."""
    placed = [one for one in visits if one.longitude is not None and one.latitude is not None]
    if len(placed) < 2:
        return None
    shrink = cos(radians(placed[0].latitude or 0.0))
    points = [((one.longitude or 0.0) * 111_320 * shrink, (one.latitude or 0.0) * 110_574) for one in placed]
    west, south = min(x for x, _ in points), min(y for _, y in points)
    extent = max(max(x for x, _ in points) - west, max(y for _, y in points) - south, 1.0)
    factor = (SIDE - 2 * EDGE) / extent
    spots = tuple(
        Spot(number, round(EDGE + (x - west) * factor, 1), round(SIDE - EDGE - (y - south) * factor, 1), _clock(one))
        for number, (one, (x, y)) in enumerate(zip(placed, points, strict=True), 1)
    )
    path = "M" + "L".join(f"{spot.x} {spot.y}" for spot in spots)
    metres = _round_length(extent / 3)
    return Track(spots, path, round(metres * factor, 1), metres)


def _round_length(metres: float) -> int:
    """1, 2 or 5 with zeros, not above."""
    best = 1
    for power in range(7):
        for digit in (1, 2, 5):
            if digit * 10**power <= metres:
                best = digit * 10**power
    return best


@dataclass(frozen=True)
class Bar:
    """A visit on the line of time."""

    number: int
    x: float
    y: float
    width: float
    at: str


@dataclass(frozen=True)
class Hours:
    """Visits as bars over time, with the first and the last moment."""

    bars: tuple[Bar, ...]
    height: float
    first: str
    last: str


def hours(visits: Sequence[Visit]) -> Hours | None:
    """Visits over time, to scale; None where there is nothing to compare."""
    timed = [(one, one.started_at, one.ended_at) for one in visits if one.started_at and one.ended_at]
    if not timed:
        return None
    first, last = min(start for _, start, _ in timed), max(end for _, _, end in timed)
    whole = max((last - first).total_seconds(), 60.0)
    bars = tuple(
        Bar(
            number, round(LEFT + (start - first).total_seconds() / whole * (WIDE - LEFT - 10), 1),
            (number - 1) * HIGH + 4,
            round(max((end - start).total_seconds() / whole * (WIDE - LEFT - 10), 3.0), 1), _clock(one),
        )
        for number, (one, start, end) in enumerate(timed, 1)
    )  # fmt: skip
    return Hours(bars, len(bars) * HIGH + 24, _at(first), _at(last))


def _clock(one: Visit) -> str:
    return _at(one.started_at)


def _at(moment: object) -> str:
    return f"{moment.astimezone(CITY_ZONE):%m-%d %H:%M}" if hasattr(moment, "astimezone") else ""
