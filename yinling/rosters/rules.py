"""Decisions about duty: which spans a shift has, who serves them in turn, what is refused and why. Pure."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from yinling.kernel.reasons import Reason

LONGEST_PLAN_DAYS = 92  # a quarter: a plan is one transaction, and nobody plans further
LONGEST_TURN = dt.timedelta(hours=24)
REST = dt.timedelta(hours=8)  # whoever has rested so long is asked first; nobody is refused for less


@dataclass(frozen=True)
class Span:
    """From an instant until another (excluded)."""

    starts_at: dt.datetime
    ends_at: dt.datetime

    def overlaps(self, other: "Span") -> bool:
        """Whether both share an instant; spans that touch do not."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def with_rest(self) -> "Span":
        """The span with the rest that should lie before and after it."""
        return Span(self.starts_at - REST, self.ends_at + REST)


@dataclass(frozen=True)
class Pattern:
    """A shift: minutes from midnight, `days` every, working or off, how many users at once."""

    starts_minute: int
    ends_minute: int
    days: str
    needed: int


@dataclass(frozen=True)
class Slot:
    """One place to fill: a span, served by a user (a key) or by nobody."""

    span: Span
    user: int | None


def days_of(pattern: Pattern, first: dt.date, last: dt.date, is_working: Callable[[dt.date], bool]) -> list[dt.date]:
    """The days between two (both included) on which the shift is served."""
    days = [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
    if pattern.days == "every":
        return days
    return [day for day in days if is_working(day) == (pattern.days == "working")]


def span_of(pattern: Pattern, day: dt.date, zone: dt.tzinfo) -> Span:
    """The shift on a day, in the wall time of the city."""
    midnight = dt.datetime.combine(day, dt.time.min, zone)
    return Span(
        midnight + dt.timedelta(minutes=pattern.starts_minute), midnight + dt.timedelta(minutes=pattern.ends_minute)
    )


def fill_in_turn(
    spans: Iterable[Span], needed: int, users: Sequence[int], busy: Mapping[int, Sequence[Span]], after: int | None
) -> list[Slot]:
    """Users serve the spans in their order, beginning with the one who follows `after`; the first who is free serves.

    Among the free, those come first who are off duty for some hours before and after (`REST`). Whoever was passed over
    is asked first the next time, so that everybody serves equally often. A span for which nobody is free gets a slot
    without user. `busy`: spans already served, by user.
    """
    queue = _queue_after(users, after)
    served = {user: list(busy.get(user, ())) for user in users}
    slots: list[Slot] = []
    for span in spans:
        for _place in range(needed):
            free = _first_free(span.with_rest(), queue, served)
            free = free if free is not None else _first_free(span, queue, served)
            if free is not None:
                queue.remove(free)
                queue.append(free)
                served[free].append(span)
            slots.append(Slot(span, free))
    return slots


def _first_free(span: Span, queue: Sequence[int], served: Mapping[int, Sequence[Span]]) -> int | None:
    return next((user for user in queue if not any(span.overlaps(other) for other in served[user])), None)


def _queue_after(users: Sequence[int], after: int | None) -> list[int]:
    if after is None or after not in users:
        return list(users)
    cut = list(users).index(after) + 1
    return [*users[cut:], *users[:cut]]


def why_no_plan(first: dt.date, last: dt.date, today: dt.date, users: Sequence[int]) -> Reason | None:
    """Why these days cannot be planned."""
    if last < first:
        return Reason("The last day {last} lies before the first day {first}. Swap them.", first=first, last=last)
    if first < today:
        return Reason(
            "The first day {first} is over; today is {today}. Plan from today on, and put past duty on one by one.",
            first=first, today=today,
        )  # fmt: skip
    days = (last - first).days + 1
    if days > LONGEST_PLAN_DAYS:
        return Reason(
            "{days} days are too many at once; the limit is {limit} days. Plan a quarter, then the next.",
            days=days, limit=LONGEST_PLAN_DAYS,
        )  # fmt: skip
    if not users:
        return Reason("Nobody is chosen. Choose who serves, in turn.")
    return None


def why_not_on(span: Span, busy_at: str) -> Reason | None:
    """Why a user cannot be put on; `busy_at` names the roster on which the user already serves then."""
    if span.ends_at <= span.starts_at:
        return Reason("The turn ends before it starts. Change one of the times.")
    if span.ends_at - span.starts_at > LONGEST_TURN:
        hours = int((span.ends_at - span.starts_at).total_seconds() // 3600)
        return Reason(
            "{hours} hours are too long for one turn; the limit is {limit} hours. Put a second user on.",
            hours=hours, limit=24,
        )  # fmt: skip
    if busy_at:
        return Reason("Is already on duty then: {roster}. Choose somebody else, or another time.", roster=busy_at)
    return None


def why_not_off(is_voided: bool, ends_at: dt.datetime, now: dt.datetime) -> Reason | None:
    """Why a turn cannot be taken off: what was served stays on record."""
    if is_voided:
        return Reason("This turn was taken off before. Open the roster to see who serves now.")
    if ends_at <= now:
        return Reason("This turn is over, so it stays on record. If somebody else served, put that user on as well.")
    return None


def why_not_offered(is_own: bool, is_voided: bool, starts_at: dt.datetime, now: dt.datetime) -> Reason | None:
    """Why a turn cannot be offered to colleagues."""
    if not is_own:
        return Reason("This is a colleague's turn. Only your own turns can be offered.")
    if is_voided:
        return Reason("This turn was taken off before. Open the roster to see who serves now.")
    if starts_at <= now:
        return Reason("This turn has begun. Call whoever plans the roster.")
    return None


def why_not_taken(
    is_own: bool, is_open: bool, taken_by: str, starts_at: dt.datetime, now: dt.datetime
) -> Reason | None:
    """Why an offered turn cannot be taken; `taken_by` names whoever was quicker."""
    if taken_by:
        return Reason("{name} has taken this turn already. Look at what else is offered.", name=taken_by)
    if not is_open:
        return Reason("The offer was withdrawn. Look at what else is offered.")
    if is_own:
        return Reason("This is your own offer. Withdraw it if you want to keep the turn.")
    if starts_at <= now:
        return Reason("This turn has begun. Call whoever plans the roster.")
    return None
