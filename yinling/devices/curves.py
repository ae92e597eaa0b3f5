"""Readings of a day as a drawing: times and values in, coordinates out. A gap in the data is a gap in the line."""

from dataclasses import dataclass

import numpy as np

from yinling.engines.signals.columns import Bools, Floats, Index, Int64, starts_of_runs

LEFT, RIGHT, TOP, BOTTOM = 44.0, 352.0, 10.0, 74.0  # of a box of 360 x 92
MOST_POINTS = 300  # more would lie on one another
MISSED = 3  # after so many missed readings the line breaks
SHORTEST_GAP_MS = 120_000


@dataclass(frozen=True)
class Curve:
    """A line with its gaps. `path` and `gaps` (x, width) are in a 360 x 92 box; `low` and `high` are the least and the
    greatest value; `marks` are marks of time (x, words)."""

    path: str
    gaps: list[tuple[float, float]]
    low: float
    high: float
    marks: list[tuple[float, str]]


def curve(
    at_ms: Int64, value: Floats, start_ms: int, end_ms: int, interval_s: int, marks: list[tuple[int, str]]
) -> Curve:
    """Draw readings between two times. `interval_s`: how often the device should report; `marks`: times with words."""
    shown = [(_x(at, start_ms, end_ms), words) for at, words in marks]
    longest_ms = max(MISSED * interval_s * 1000, SHORTEST_GAP_MS)
    gaps = _gaps(at_ms, start_ms, end_ms, longest_ms)
    if not len(at_ms):
        return Curve("", gaps, 0, 1, shown)
    breaks = np.diff(at_ms, prepend=at_ms[0]) > longest_ms
    breaks[0] = True
    rows = _telling(at_ms, value, breaks, start_ms, end_ms)
    low, high = float(value.min()), float(value.max())
    span = high - low or 1.0
    base = low if high > low else low - 0.5  # a flat line runs through the middle
    x = LEFT + (RIGHT - LEFT) * (at_ms[rows] - start_ms) / max(end_ms - start_ms, 1)
    y = BOTTOM - (BOTTOM - TOP) * (value[rows] - base) / span
    parts = [
        f"M{px:.1f} {py:.1f}h.1" if new else f"L{px:.1f} {py:.1f}"  # h.1: a lone reading is a dot
        for px, py, new in zip(x.tolist(), y.tolist(), breaks[rows].tolist(), strict=True)
    ]
    return Curve("".join(parts), gaps, low, high, shown)


def _telling(at_ms: Int64, value: Floats, breaks: Bools, start_ms: int, end_ms: int) -> Index:
    """Rows that show what there was: of each narrow strip the lowest and the highest, so that no peak is lost."""
    if len(at_ms) <= MOST_POINTS:
        return np.arange(len(at_ms))
    strip = (at_ms - start_ms) * (MOST_POINTS // 2) // max(end_ms - start_ms, 1)
    first = np.flatnonzero(starts_of_runs(strip))
    last = np.append(first[1:], len(at_ms))
    ends = zip(first.tolist(), last.tolist(), strict=True)
    extremes = [a + int(of(value[a:b])) for a, b in ends for of in (np.argmin, np.argmax)]
    return np.unique(np.concatenate([np.array(extremes, np.intp), np.flatnonzero(breaks)]))


def _gaps(at_ms: Int64, start_ms: int, end_ms: int, longest_ms: int) -> list[tuple[float, float]]:
    """Where nothing was heard for too long, the beginning and the end included."""
    edges = np.concatenate([[start_ms], at_ms, [end_ms]])
    wide = np.flatnonzero(np.diff(edges) > longest_ms)
    sides = [(_x(int(edges[i]), start_ms, end_ms), _x(int(edges[i + 1]), start_ms, end_ms)) for i in wide]
    return [(left, round(right - left, 1)) for left, right in sides]


def _x(at_ms: int, start_ms: int, end_ms: int) -> float:
    return round(LEFT + (RIGHT - LEFT) * (at_ms - start_ms) / max(end_ms - start_ms, 1), 1)
