"""Decisions of the worklist: when a duty is due, when it climbs, which group it stands in. Pure.

Periods counted in days begin on the day after (Civil Code of 2020, article 201); working time is counted within
office hours on working days. Which days are working days comes in as a function, the hours as data.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from yinling.kernel.reasons import Reason

LONGEST_SEARCH = 400  # days; a holiday table without a working day in a year is broken data
LEVELS = ("village", "township", "county", "city")


class Unit(StrEnum):
    """What a delay is counted in."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"


class Group(StrEnum):
    """The parts of a list, in order."""

    LATE = "late"
    TODAY = "today"
    WEEK = "week"
    LATER = "later"


@dataclass(frozen=True)
class Delay:
    """A length of time as a ladder states it."""

    amount: int
    unit: Unit

    @property
    def is_working_time(self) -> bool:
        """Whether nights, weekends and holidays do not count."""
        return self.unit in (Unit.WORKING_HOURS, Unit.WORKING_DAYS)


@dataclass(frozen=True)
class Calendar:
    """The city's working time: which days count, the office hours of such a day (ascending), the zone."""

    is_working_day: Callable[[dt.date], bool]
    hours: Sequence[tuple[dt.time, dt.time]]
    zone: dt.tzinfo

    @property
    def minutes_per_day(self) -> int:
        """Working minutes of one working day."""
        return sum((e.hour - b.hour) * 60 + e.minute - b.minute for b, e in self.hours)

    def spans(self, day: dt.date) -> list[tuple[dt.datetime, dt.datetime]]:
        """The working spans of a day; none when it is not a working day."""
        if not self.is_working_day(day):
            return []
        at = [(dt.datetime.combine(day, b, self.zone), dt.datetime.combine(day, e, self.zone)) for b, e in self.hours]
        return at


@dataclass(frozen=True)
class Step:
    """One rung: `after` the duty is due it is raised to the holders of `role` at `level`."""

    level: str
    role: str
    after: Delay


@dataclass(frozen=True)
class Ladder:
    """How long a duty may take by default, and who is told when it is late. Steps ascend."""

    key: str
    due: Delay
    steps: tuple[Step, ...] = field(default=())


@dataclass(frozen=True)
class Climb:
    """The rung a late duty stands on now: its number (from 1), the rung, and when the next one comes."""

    number: int
    step: Step
    next_at: dt.datetime | None


def later(start: dt.datetime, delay: Delay, calendar: Calendar) -> dt.datetime:
    """The instant `delay` after `start`. A delay in working days ends with the office hours of its last day."""
    if delay.unit is Unit.WORKING_DAYS:
        return _end_of_working_day(start, delay.amount, calendar)
    if delay.unit is Unit.WORKING_HOURS:
        return after_working_minutes(start, delay.amount * 60, calendar)
    return start + dt.timedelta(**{str(delay.unit): delay.amount})


def _end_of_working_day(start: dt.datetime, days: int, calendar: Calendar) -> dt.datetime:
    day, left = start.astimezone(calendar.zone).date(), days
    if days == 0:
        return start
    for _ in range(LONGEST_SEARCH):
        day += dt.timedelta(days=1)
        left -= calendar.is_working_day(day)
        if left == 0:
            return calendar.spans(day)[-1][1].astimezone(dt.UTC)
    raise ValueError(f"No {days} working days within {LONGEST_SEARCH} days of {start}: the holiday table is broken.")


def after_working_minutes(start: dt.datetime, minutes: int, calendar: Calendar) -> dt.datetime:
    """The instant when `minutes` of office hours have passed since `start`."""
    if minutes <= 0:
        return start
    left = dt.timedelta(minutes=minutes)
    day = start.astimezone(calendar.zone).date()
    for _ in range(LONGEST_SEARCH):
        for begin, end in calendar.spans(day):
            at = max(begin, start)
            if at < end and left <= end - at:
                return (at + left).astimezone(dt.UTC)
            left -= max(end - at, dt.timedelta(0))
        day += dt.timedelta(days=1)
    raise ValueError(f"No {minutes} working minutes within {LONGEST_SEARCH} days of {start}.")


def working_minutes(begin: dt.datetime, end: dt.datetime, calendar: Calendar) -> int:
    """Minutes of office hours between two instants; 0 when `end` is not later."""
    day, last = begin.astimezone(calendar.zone).date(), end.astimezone(calendar.zone).date()
    total = dt.timedelta(0)
    while day <= last:
        for opens, closes in calendar.spans(day):
            total += max(min(closes, end) - max(opens, begin), dt.timedelta(0))
        day += dt.timedelta(days=1)
    return int(total.total_seconds() // 60)


def due_after_pause(
    due_at: dt.datetime, paused_at: dt.datetime, resumed_at: dt.datetime, ladder: Ladder, calendar: Calendar
) -> dt.datetime:
    """The due time moved by as much of the duty's own clock as the pause took: working time, or plain time."""
    if not ladder.due.is_working_time:
        return due_at + (resumed_at - paused_at)
    return after_working_minutes(due_at, working_minutes(paused_at, resumed_at, calendar), calendar)


def climbs(ladder: Ladder, level: str) -> tuple[Step, ...]:
    """The rungs above the level at which the duty is done."""
    floor = LEVELS.index(level) if level in LEVELS else -1
    return tuple(step for step in ladder.steps if LEVELS.index(step.level) > floor)


def climb_at(ladder: Ladder, level: str, number: int, due_at: dt.datetime, calendar: Calendar) -> dt.datetime | None:
    """When the duty climbs from rung `number` (0 is the doer) to the next; None at the top."""
    steps = climbs(ladder, level)
    return later(due_at, steps[number].after, calendar) if number < len(steps) else None


def climb(
    ladder: Ladder, level: str, number: int, due_at: dt.datetime, now: dt.datetime, calendar: Calendar
) -> Climb | None:
    """The highest rung reached by `now`, when it is above `number`; None when nothing has changed.

    A runner that was down for a day climbs in one go: those in between are not told about what is past.
    """
    steps, reached = climbs(ladder, level), number
    at = climb_at(ladder, level, reached, due_at, calendar)
    while at is not None and at <= now:
        reached += 1
        at = climb_at(ladder, level, reached, due_at, calendar)
    return Climb(reached, steps[reached - 1], at) if reached > number else None


def group_of(due_at: dt.datetime, now: dt.datetime, zone: dt.tzinfo) -> Group:
    """Late, today, this week (to its Sunday), or later."""
    if due_at < now:
        return Group.LATE
    day, today = due_at.astimezone(zone).date(), now.astimezone(zone).date()
    if day == today:
        return Group.TODAY
    return Group.WEEK if day <= end_of_week(today) else Group.LATER


def end_of_week(today: dt.date) -> dt.date:
    """The Sunday of the week that holds `today`."""
    return today + dt.timedelta(days=6 - today.weekday())


def why_not_open(state: str, result: str) -> Reason | None:
    """Why nothing more can be done to a duty that is over; None while it is open."""
    if state == "open":
        return None
    return Reason(
        "This duty is over ({result}). Open the subject to see what came of it.", result=Reason(result or state)
    )


def why_not_paused(is_paused: bool, note: str) -> Reason | None:
    """Why the clock cannot be stopped; None when it can."""
    if is_paused:
        return Reason("The clock of this duty stands still already. Resume it first.")
    if not note.strip():
        return Reason("A pause needs a reason. Write what the duty is waiting for.")
    return None


def why_not_closed_by_hand(closes_by_hand: bool, next_step: str) -> Reason | None:
    """Why the duty cannot be closed here; None when it can. Most duties end when their own step is done."""
    if closes_by_hand:
        return None
    return Reason(
        "This duty closes by itself when its step ({step}) is done. Open that step.", step=Reason(next_step or "Open")
    )
