"""A plan as a time line, and a goal's values as a curve: plain numbers, which templates put into SVG."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from yinling.care.models import Goal, Line, Measurement, Session
from yinling.care.queries.plans import Sheet
from yinling.reference.queries import label

LEFT, WIDTH, ROW, TOP = 190, 760, 26, 30  # pixels: the names, the days, a row, the months above
CURVE_WIDTH, CURVE_HEIGHT, EDGE = 320, 110, 8


@dataclass(frozen=True)
class Bar:
    """A stretch of days of a row: where it begins, how long. `is_open`: it has no end yet."""

    x: float
    width: float
    is_open: bool


@dataclass(frozen=True)
class Dot:
    """A day on a row. `tone`: held, missed, planned, cancelled, value, due, review."""

    x: float
    tone: str
    words: str


@dataclass(frozen=True)
class Row:
    """One line of the drawing. `text`: the same for whoever reads instead of looks."""

    y: int
    name: str
    kind: str
    bar: Bar | None
    dots: tuple[Dot, ...]
    text: str


@dataclass(frozen=True)
class TimeLine:
    """The drawing: rows, months above, today."""

    rows: tuple[Row, ...]
    months: tuple[tuple[float, str], ...]
    today_x: float | None
    height: int

    @property
    def whole_width(self) -> int:
        """Pixels across."""
        return LEFT + WIDTH + 20

    @property
    def left(self) -> int:
        """Where the days begin."""
        return LEFT


@dataclass(frozen=True)
class Span:
    """First and last day drawn."""

    first: dt.date
    last: dt.date

    def x(self, day: dt.date) -> float:
        """Where a day stands, in pixels, at the edge where it lies beyond."""
        share = (day - self.first).days / max((self.last - self.first).days, 1)
        return round(LEFT + WIDTH * max(0.0, min(1.0, share)), 1)

    def bar(self, begins: dt.date, ends: dt.date | None) -> Bar:
        """A stretch of days."""
        left, right = self.x(begins), self.x(ends or self.last)
        return Bar(left, max(right - left, 3), ends is None)


def time_line(sheet: Sheet, sessions: Sequence[Session], counts: Mapping[int, Mapping[str, int]],
              today: dt.date) -> TimeLine:  # fmt: skip
    """Lines with their sessions, goals with their values, reviews: one row each."""
    plan = sheet.plan
    ends = [plan.review_on, today, *(one.due_on for one in sheet.goals)]
    span = Span(plan.begins_on, max(day for day in ends if day))
    by_line: dict[int, list[Session]] = {}
    for one in sessions:
        by_line.setdefault(one.line_id, []).append(one)
    drawn = [_line(line, by_line.get(line.pk, []), counts.get(line.pk, {}), span) for line in sheet.lines]
    drawn += [_goal(goal, span) for goal in sheet.goals]
    drawn.append(_reviews(sheet, span))
    rows = [Row(TOP + at * ROW, *one) for at, one in enumerate(drawn)]
    today_x = span.x(today) if span.first <= today <= span.last else None
    return TimeLine(tuple(rows), _months(span), today_x, TOP + len(rows) * ROW + 12)


Drawn = tuple[str, str, Bar | None, tuple[Dot, ...], str]


def _line(line: Line, sessions: Sequence[Session], counts: Mapping[str, int], span: Span) -> Drawn:
    name = label("home_service", line.service)
    dots = tuple(
        Dot(span.x(one.planned_on), one.state, f"{one.planned_on} {one.get_state_display()}") for one in sessions
    )
    held, missed = counts.get("held", 0), counts.get("missed", 0)
    text = gettext("{held} held, {missed} missed").format(held=held, missed=missed)
    return name, "line", span.bar(line.begins_on, line.ended_on), dots, text


def _goal(goal: Goal, span: Span) -> Drawn:
    values = list(getattr(goal, "values", ()))
    dots = [
        Dot(span.x(one.measured_on), "value", f"{one.measured_on} {amount(one.value)} {goal.unit}") for one in values
    ]
    dots.append(Dot(span.x(goal.due_on), "due", f"{goal.due_on} {amount(goal.target_value)} {goal.unit}"))
    last = amount(values[-1].value) if values else amount(goal.start_value)
    text = gettext("{measure}: {value} now, {target} by {day}").format(
        measure=goal.measure, value=last, target=amount(goal.target_value), day=goal.due_on
    )
    return label("goal_area", goal.area), "goal", span.bar(span.first, goal.ended_on or goal.due_on), tuple(dots), text


def _reviews(sheet: Sheet, span: Span) -> Drawn:
    dots = [Dot(span.x(one.reviewed_on), "held", str(one.reviewed_on)) for one in sheet.reviews]
    dots.append(Dot(span.x(sheet.plan.review_on), "review", str(sheet.plan.review_on)))
    text = gettext("next on {day}").format(day=sheet.plan.review_on)
    return gettext("Reviews"), "review", None, tuple(dots), text


def _months(span: Span) -> tuple[tuple[float, str], ...]:
    found: list[tuple[float, str]] = []
    start = span.first.replace(day=1)
    while start <= span.last:
        if start >= span.first:
            found.append((span.x(start), f"{start:%Y-%m}" if start.month == 1 or not found else f"{start.month}"))
        start = (start + dt.timedelta(days=32)).replace(day=1)
    step = 1 + len(found) // 14
    return tuple(found[::step])


def amount(value: object) -> str:
    """A measure's value without needless zeros: 12, 3.5."""
    text = f"{value:f}" if hasattr(value, "as_tuple") else str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass(frozen=True)
class Curve:
    """A goal's values over the days: points of a polyline, where the target lies, what stands at the ends."""

    goal: Goal
    words: str
    area: str
    points: str
    marks: tuple[tuple[float, float, str], ...]
    target_y: float
    start: str
    target: str
    last: str
    progress: int
    rows: tuple[tuple[dt.date, str], ...]


def curve(goal: Goal, begins: dt.date, progress: int) -> Curve:
    """The curve of one goal, from its start to its day."""
    values = [(begins, float(goal.start_value)), *((one.measured_on, float(one.value)) for one in _values(goal))]
    lowest, highest = _extent([value for _day, value in values], float(goal.target_value))
    length = max((max(goal.due_on, values[-1][0]) - begins).days, 1)

    def place(day: dt.date, value: float) -> tuple[float, float]:
        x = EDGE + (CURVE_WIDTH - 2 * EDGE) * (day - begins).days / length
        return round(x, 1), round(_y(value, lowest, highest), 1)

    marks = tuple((*place(day, value), f"{day} {value:g} {goal.unit}") for day, value in values)
    return Curve(
        goal, goal.words(), label("goal_area", goal.area), " ".join(f"{x},{y}" for x, y, _words in marks), marks,
        round(_y(float(goal.target_value), lowest, highest), 1), amount(goal.start_value), amount(goal.target_value),
        amount(_values(goal)[-1].value) if _values(goal) else amount(goal.start_value), progress,
        tuple((one.measured_on, amount(one.value)) for one in _values(goal)),
    )  # fmt: skip


def _values(goal: Goal) -> list[Measurement]:
    return list(getattr(goal, "values", ()))


def _extent(values: Sequence[float], target: float) -> tuple[float, float]:
    lowest, highest = min(*values, target), max(*values, target)
    return (lowest, highest) if highest > lowest else (lowest - 1, highest + 1)


def _y(value: float, lowest: float, highest: float) -> float:
    return CURVE_HEIGHT - EDGE - (CURVE_HEIGHT - 2 * EDGE) * (value - lowest) / (highest - lowest)
