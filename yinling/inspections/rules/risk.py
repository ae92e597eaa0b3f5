"""The internal risk grade of a home: a sum over its stored hazards, shown line by line. Pure.

Not the grade of quality a home is awarded, and never public: it only says where to look first. Nothing goes in that
is not a stored hazard. Points and limits are Yinling's own, dated in the packs.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from yinling.inspections.rules.checklists import MAJOR
from yinling.kernel.reasons import Reason

GRADES = ("A", "B", "C", "D")  # D is the highest risk


@dataclass(frozen=True)
class Weights:
    """Points per hazard of the last `months`; a sum below `limits[i]` gets grade i; `slips` of each grade in a draw."""

    major: int = 20
    general: int = 3
    overdue: int = 5
    repeat: int = 5
    months: int = 24
    limits: tuple[int, int, int] = (10, 30, 60)
    slips: tuple[int, int, int, int] = (1, 2, 3, 5)


@dataclass(frozen=True)
class Past:
    """One hazard of a home, as far as it counts."""

    level: str
    found_on: dt.date
    is_overdue: bool  # open past its deadline, or closed after it
    is_repeat: bool


@dataclass(frozen=True)
class Line:
    """One line of the sum."""

    what: Reason
    count: int
    points: int

    @property
    def sum(self) -> int:
        """Count times points."""
        return self.count * self.points


@dataclass(frozen=True)
class Grade:
    """The grade, the sum it follows from, and its lines."""

    letter: str
    sum: int
    lines: tuple[Line, ...]


def grade(hazards: Iterable[Past], weights: Weights, on: dt.date) -> Grade:
    """The grade of a home on a day."""
    since = on - dt.timedelta(days=weights.months * 365 // 12)
    counted = [one for one in hazards if since < one.found_on <= on]
    lines = (
        Line(Reason("Major hazards"), sum(one.level == MAJOR for one in counted), weights.major),
        Line(Reason("General hazards"), sum(one.level != MAJOR for one in counted), weights.general),
        Line(Reason("Hazards past their deadline"), sum(one.is_overdue for one in counted), weights.overdue),
        Line(Reason("Hazards that came again"), sum(one.is_repeat for one in counted), weights.repeat),
    )
    total = sum(line.sum for line in lines)
    return Grade(GRADES[sum(total >= limit for limit in weights.limits)], total, lines)


def slips_of(letter: str, weights: Weights) -> int:
    """How many slips a home of this grade has in the drum."""
    return weights.slips[GRADES.index(letter)]


@dataclass(frozen=True)
class Closed:
    """One hazard for the board: how grave, days from found to closed (None: open), whether it came again or is late."""

    level: str
    days: int | None
    is_repeat: bool
    is_overdue: bool


@dataclass(frozen=True)
class Summary:
    """What a set of hazards says. Averages and shares are None where nothing counts."""

    found: int
    open: int
    overdue: int
    days_general: float | None
    days_major: float | None
    repeat_share: float | None


def summary(rows: Sequence[Closed]) -> Summary:
    """Counts, average days to close by level, share that came again."""
    return Summary(
        found=len(rows),
        open=sum(row.days is None for row in rows),
        overdue=sum(row.is_overdue and row.days is None for row in rows),
        days_general=_mean([row.days for row in rows if row.days is not None and row.level != MAJOR]),
        days_major=_mean([row.days for row in rows if row.days is not None and row.level == MAJOR]),
        repeat_share=sum(row.is_repeat for row in rows) / len(rows) if rows else None,
    )


def _mean(values: Sequence[int]) -> float | None:
    return sum(values) / len(values) if values else None
