"""On which days the sessions of a line fall. Asked twice, for overlapping spans, the answer is the same."""

import datetime as dt
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from yinling.kernel.reasons import Reason

DAY = dt.timedelta(days=1)
# Which weekdays so many times a week fall on (Monday is 0); six and seven go on through weekends and days off.
WEEKDAYS = {1: (2,), 2: (1, 3), 3: (0, 2, 4), 4: (0, 1, 3, 4), 5: (0, 1, 2, 3, 4), 6: (0, 1, 2, 3, 4, 5)}
MOST_HOLIDAY = dt.timedelta(days=62)  # beyond the last term known, nobody knows any more which days are holidays
Term = tuple[dt.date, dt.date]


@dataclass(frozen=True)
class Rhythm:
    """How often: so many times a week or month, all the year, in term, or in the holidays."""

    times: int
    per: str
    days: str


@dataclass(frozen=True)
class Calendar:
    """Terms (first and last day, both included) and the working days among those asked about."""

    terms: Sequence[Term]
    working_days: Container[dt.date]

    def is_in_term(self, day: dt.date) -> bool:
        """Whether school is held."""
        return any(first <= day <= last for first, last in self.terms)

    def is_holiday(self, day: dt.date) -> bool:
        """Whether the day lies between terms that are known, or soon after the last of them."""
        if not self.terms or self.is_in_term(day):
            return False
        return min(first for first, _ in self.terms) <= day <= max(last for _, last in self.terms) + MOST_HOLIDAY


def session_days(rhythm: Rhythm, first: dt.date, last: dt.date, calendar: Calendar) -> list[tuple[dt.date, int]]:
    """(day, number on that day) of every session from one day to another, both included.

    `calendar` must know the working days of every month that the span touches.
    """
    found = _weekly(rhythm, first, last, calendar) if rhythm.per == "week" else _monthly(rhythm, first, last, calendar)
    return [(day, number) for day, count in found for number in range(1, count + 1)]


def _weekly(rhythm: Rhythm, first: dt.date, last: dt.date, calendar: Calendar) -> Iterator[tuple[dt.date, int]]:
    every_day, more = divmod(rhythm.times, 7)
    for day in _days(first, last):
        if not _in_season(rhythm.days, day, calendar):
            continue
        if rhythm.times >= 7:
            yield day, every_day + (1 if day.weekday() < more else 0)
        elif day.weekday() in WEEKDAYS[rhythm.times] and (rhythm.times == 6 or day in calendar.working_days):
            yield day, 1


def _monthly(rhythm: Rhythm, first: dt.date, last: dt.date, calendar: Calendar) -> Iterator[tuple[dt.date, int]]:
    for start in _months(first, last):
        days = [
            day for day in _days(start, _month_end(start))
            if _in_season(rhythm.days, day, calendar) and day in calendar.working_days
        ]  # fmt: skip
        counts: dict[dt.date, int] = {}
        for place in range(rhythm.times if days else 0):
            day = days[(2 * place + 1) * len(days) // (2 * rhythm.times)]
            counts[day] = counts.get(day, 0) + 1
        yield from ((day, count) for day, count in counts.items() if first <= day <= last)


def _in_season(days: str, day: dt.date, calendar: Calendar) -> bool:
    if days == "term":
        return calendar.is_in_term(day)
    return days == "all" or calendar.is_holiday(day)


def _days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    day = first
    while day <= last:
        yield day
        day += DAY


def _months(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    start = first.replace(day=1)
    while start <= last:
        yield start
        start = _month_end(start) + DAY


def _month_end(start: dt.date) -> dt.date:
    return (start.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - DAY


def month_span(day: dt.date) -> Term:
    """First and last day of the month."""
    start = day.replace(day=1)
    return start, _month_end(start)


def why_not_held(
    *, state: str, plan_stands: bool, planned_on: dt.date, held_on: dt.date, today: dt.date, early_days: int
) -> Reason | None:
    """Whether a session may be written down as held."""
    if state != "planned":
        return Reason("This session is recorded already. Take that back first if it was a mistake.")
    if not plan_stands:
        return Reason("The plan is not agreed, or has ended. Nothing is recorded under it any more.")
    if held_on > today:
        return Reason("{day} lies in the future. Record the session after it was held.", day=held_on)
    if abs((held_on - planned_on).days) > early_days:
        return Reason(
            "The session was planned for {planned}, and {held} is more than {limit} days away from it. "
            "Choose the session of that week, or write why it was missed.",
            planned=planned_on, held=held_on, limit=early_days,
        )  # fmt: skip
    return None


def why_not_missed(*, state: str, planned_on: dt.date, today: dt.date, why: str) -> Reason | None:
    """Whether a session may be written down as missed."""
    if state != "planned":
        return Reason("This session is recorded already. Take that back first if it was a mistake.")
    if planned_on > today:
        return Reason("{day} is still to come. A session ahead is cancelled, not missed.", day=planned_on)
    return why_not_said(why)


def why_not_cancelled(*, state: str, why: str) -> Reason | None:
    """Whether a session may be cancelled."""
    if state != "planned":
        return Reason("This session is recorded already. Take that back first if it was a mistake.")
    return why_not_said(why)


def why_not_taken_back(*, state: str, plan_stands: bool, why: str) -> Reason | None:
    """Whether what was recorded of a session may be taken back."""
    if state == "planned":
        return Reason("Nothing is recorded of this session yet, so nothing can be taken back.")
    if not plan_stands:
        return Reason("The plan is not agreed, or has ended. Nothing is recorded under it any more.")
    return why_not_said(why)


def why_not_said(why: str) -> Reason | None:
    """Reasons are words that somebody else understands."""
    if len(why.strip()) < 2:
        return Reason("Say why, in a few words: whoever reads it in a year was not there.")
    return None
