"""Geometry of an alert's readings: values in, coordinates out. Pure; the template writes the SVG."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

LEFT, RIGHT, TOP, BOTTOM = 40.0, 348.0, 26.0, 178.0
GAP_FACTOR = 4  # a pause this many times the usual one is drawn as a gap
Point = tuple[dt.datetime, float]


@dataclass(frozen=True)
class Well:
    """A stretch without data."""

    x: float
    width: float


@dataclass(frozen=True)
class Chart:
    """Lines of a drawing 360 wide, 214 high. Labels are (x or y, text)."""

    paths: list[str]
    wells: list[Well]
    onset_x: float
    onset_words: str
    limit_y: float | None
    limit_words: str
    rows: list[tuple[float, str]]
    columns: list[tuple[float, str]]
    last: tuple[float, float, str] | None = None
    dots: list[tuple[float, float]] = field(default_factory=list)


def chart_of(points: Sequence[Point], onset: dt.datetime, limit: float | None, zone: dt.tzinfo) -> Chart | None:
    """The drawing of readings around an onset, gaps left open; None below two readings."""
    ordered = sorted(points)
    if len(ordered) < 2:
        return None
    begin, end = min(ordered[0][0], onset), max(ordered[-1][0], onset)
    values = [value for _at, value in ordered] + ([limit] if limit is not None else [])
    low, high = min([*values, 0.0]), max(values)
    high = high if high > low else low + 1.0
    wide = (end - begin).total_seconds() or 1.0

    def x(at: dt.datetime) -> float:
        return round(LEFT + (at - begin).total_seconds() / wide * (RIGHT - LEFT), 1)

    def y(value: float) -> float:
        return round(BOTTOM - (value - low) / (high - low) * (BOTTOM - TOP), 1)

    runs = runs_of(ordered)
    wells = [Well(x(a[-1][0]), round(x(b[0][0]) - x(a[-1][0]), 1)) for a, b in pairwise(runs)]
    middle = begin + (end - begin) / 2
    last = ordered[-1]
    return Chart(
        paths=["M" + " L".join(f"{x(at)} {y(value)}" for at, value in run) for run in runs if len(run) > 1],
        wells=wells, onset_x=x(onset), onset_words=_clock(onset, zone),
        limit_y=y(limit) if limit is not None else None, limit_words=f"{limit:g}" if limit is not None else "",
        rows=[(y(value), f"{value:g}") for value in (low, (low + high) / 2, high)],
        columns=[(x(at), _clock(at, zone)) for at in (begin, middle, end)],
        last=(x(last[0]), y(last[1]), f"{last[1]:g}"),
        dots=[(x(run[0][0]), y(run[0][1])) for run in runs if len(run) == 1],
    )  # fmt: skip


def runs_of(points: Sequence[Point]) -> list[list[Point]]:
    """Stretches without a gap. A gap is several times the usual pause between two readings."""
    pauses = sorted((b[0] - a[0]).total_seconds() for a, b in pairwise(points))
    usual = pauses[len(pauses) // 2] or 1.0
    runs: list[list[Point]] = [[points[0]]]
    for before, here in pairwise(points):
        if (here[0] - before[0]).total_seconds() > GAP_FACTOR * usual:
            runs.append([])
        runs[-1].append(here)
    return runs


def _clock(at: dt.datetime, zone: dt.tzinfo) -> str:
    return at.astimezone(zone).strftime("%H:%M")
