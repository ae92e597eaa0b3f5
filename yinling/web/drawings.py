"""Geometry of the small server-drawn pictures. Pure: values in, coordinates out; templates write the SVG."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from yinling.web.pieces import Share

SPARK_WIDTH, SPARK_HEIGHT = 64, 22
SPARK_PAD_X, SPARK_PAD_Y = 2, 3


def spark_path(values: Sequence[float]) -> str:
    """The path of a spark line in a 64 x 22 box; a flat series runs through the middle; "" below two values."""
    if len(values) < 2:
        return ""
    low, high = min(values), max(values)
    step = (SPARK_WIDTH - 2 * SPARK_PAD_X) / (len(values) - 1)
    height = SPARK_HEIGHT - 2 * SPARK_PAD_Y
    shown = []
    for place, value in enumerate(values):
        up = (value - low) / (high - low) if high > low else 0.5
        shown.append(f"{SPARK_PAD_X + place * step:.1f} {SPARK_HEIGHT - SPARK_PAD_Y - up * height:.1f}")
    return "M" + " L".join(shown)


@dataclass(frozen=True)
class Slice:
    """One part of a split bar: where it starts and how wide it is, of 1000."""

    share: Share
    x: float
    width: float


def slices(shares: Sequence[Share], gap: float = 2.0) -> list[Slice]:
    """Parts of one bar, 1000 wide, empty ones left out; even one row in a million stays visible."""
    present = [share for share in shares if share.count > 0]
    total = sum(share.count for share in present)
    if not total:
        return []
    narrowest = 4.0
    room = 1000 - gap * (len(present) - 1)
    widths = [max(share.count / total * room, narrowest) for share in present]
    over = sum(widths) - room
    widest = widths.index(max(widths))
    widths[widest] -= over
    out: list[Slice] = []
    x = 0.0
    for share, width in zip(present, widths, strict=True):
        out.append(Slice(share, round(x, 1), round(width, 1)))
        x += width + gap
    return out


@dataclass(frozen=True)
class Mark:
    """A point with its label; the label is "" where it would run into the one before."""

    x: float
    y: float
    label: str
    label_x: float


@dataclass(frozen=True)
class StepChart:
    """A level history: horizontal lines (y, name), the stepped path, the marks; all in a 360 x `height` box."""

    lines: list[tuple[float, str]]
    path: str
    marks: list[Mark]
    height: int
    bottom: int


LABEL_WIDTH = 56  # "2026-08" at 12 px, with room


def step_chart(points: Sequence[tuple[dt.date, int]], names: Sequence[str], until: dt.date) -> StepChart:
    """Levels over time: `points` are (date, rank), rank 0 being the first of `names`; dates ascending."""
    lines = [(18 + 28.0 * rank, name) for rank, name in enumerate(names)]
    bottom = 18 + 28 * len(names)
    if not points:
        return StepChart(lines, "", [], bottom, bottom - 10)
    first = points[0][0]
    days = max((max(until, points[-1][0]) - first).days, 1)
    places = [(52 + 284 * (when - first).days / days, lines[rank][0]) for when, rank in points]
    path = f"M{places[0][0]:.0f} {places[0][1]:.0f}"
    for x, y in places[1:]:
        path += f"H{x:.0f}V{y:.0f}"
    return StepChart(lines, path + "H344", _marks(points, places), bottom, bottom - 4)


def _marks(points: Sequence[tuple[dt.date, int]], places: Sequence[tuple[float, float]]) -> list[Mark]:
    # The newest label matters most, so labels are kept from the right.
    marks: list[Mark] = []
    free_until = 360.0
    for (when, _), (x, y) in zip(reversed(points), reversed(places), strict=True):
        start = max(min(x - 22, 360 - 48), 34)
        fits = start + LABEL_WIDTH <= free_until + 8
        marks.append(Mark(round(x, 1), y, f"{when:%Y-%m}" if fits else "", round(start, 1)))
        if fits:
            free_until = start
    return marks[::-1]


@dataclass(frozen=True)
class Column:
    """One column of a column chart; `value` and `label` are words."""

    x: float
    y: float
    width: float
    height: float
    value: str
    label: str

    @property
    def middle(self) -> float:
        """Where its words are centred."""
        return round(self.x + self.width / 2, 1)

    @property
    def above(self) -> float:
        """Where the words over it stand."""
        return round(self.y - 5, 1)


def columns(values: Sequence[tuple[str, float, str]], height: int = 110) -> list[Column]:
    """Columns from (label, value, value in words), in a 360-wide box that starts at zero."""
    if not values:
        return []
    highest = max(max(value for _, value, _ in values), 0) or 1
    room = 340 / len(values)
    width = min(room * 0.6, 48)
    out = []
    for place, (label, value, words) in enumerate(values):
        tall = max(value, 0) / highest * height
        x = 10 + room * place + (room - width) / 2
        out.append(Column(round(x, 1), round(20 + height - tall, 1), round(width, 1), round(tall, 1), words, label))
    return out


def bar_width(value: float, maximum: float, room: int = 200) -> float:
    """How far a bar reaches in a box of `room` units; never beyond it."""
    return round(min(max(value / maximum, 0.0), 1.0) * room, 1) if maximum > 0 else 0.0
