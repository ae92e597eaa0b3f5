"""Decisions about dated values: what an upgrade does to them, and how working days are counted. Pure."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from yinling.kernel.reasons import Reason

DAY = dt.timedelta(days=1)
SATURDAY = 5
MOST_DAYS = 3700  # ten years: further than any duty runs, and an end to a count that cannot succeed


@dataclass(frozen=True)
class Period:
    """What holds under a key from a day until another (exclusive; None while open).

    `content` is what matters (a value and its unit, a code's words); `source` and `note` are about it.
    """

    key: str
    valid_from: dt.date
    valid_to: dt.date | None
    content: Mapping[str, Any]
    source: str = ""
    note: str = ""
    verified: bool = False


class Kind(StrEnum):
    """What happens to a period."""

    ADDED = "added"
    CHANGED = "changed"
    ENDED = "ended"
    REMOVED = "removed"


@dataclass(frozen=True)
class Difference:
    """One step of an upgrade. `before` is None for what is added, `after` for what is removed."""

    kind: Kind
    before: Period | None
    after: Period | None

    @property
    def key(self) -> str:
        """The key of whatever changes."""
        period = self.after or self.before
        return period.key if period else ""


def closed_in_turn(periods: Iterable[Period]) -> list[Period]:
    """Each period of a key ends where the next begins, unless it says otherwise. Raises ValueError on an overlap."""
    closed = []
    for own in _by_key(periods).values():
        for period, following in zip(own, [*own[1:], None], strict=True):
            if following and period.valid_from == following.valid_from:
                raise ValueError(f"{period.key} begins twice on {period.valid_from}")
            if following and period.valid_to and period.valid_to > following.valid_from:
                raise ValueError(f"{period.key} from {period.valid_from} overlaps {following.valid_from}")
            if period.valid_to and period.valid_to <= period.valid_from:
                raise ValueError(f"{period.key} from {period.valid_from} ends before it begins")
            end = period.valid_to or (following.valid_from if following else None)
            closed.append(replace(period, valid_to=end))
    return closed


def differences(loaded: Iterable[Period], wanted: Iterable[Period], today: dt.date) -> list[Difference]:
    """What it takes to bring `loaded` to what a file wants, history kept.

    Periods older than the file's first one of their key stay and end where that begins. A key that the file no
    longer has ends today; periods that have not begun, or that the file's own dates contradict, are removed.
    """
    old, new = _by_key(loaded), _by_key(closed_in_turn(wanted))
    found: list[Difference] = []
    for key in [*new, *(key for key in old if key not in new)]:
        found += _dropped(old[key], today) if key not in new else _of_key(old.get(key, []), new[key])
    return found


def _by_key(periods: Iterable[Period]) -> dict[str, list[Period]]:
    grouped: dict[str, list[Period]] = defaultdict(list)
    for period in sorted(periods, key=lambda p: p.valid_from):
        grouped[period.key].append(period)
    return dict(grouped)


def _dropped(old: Sequence[Period], today: dt.date) -> Iterator[Difference]:
    for period in old:
        if period.valid_from >= today:
            yield Difference(Kind.REMOVED, period, None)
        elif period.valid_to is None or period.valid_to > today:
            yield Difference(Kind.ENDED, period, replace(period, valid_to=today))


def _of_key(old: Sequence[Period], new: Sequence[Period]) -> Iterator[Difference]:
    first, starts = new[0].valid_from, {period.valid_from for period in new}
    for period in old:
        if period.valid_from in starts:
            continue
        if period.valid_from > first:
            yield Difference(Kind.REMOVED, period, None)
        elif period.valid_to is None or period.valid_to > first:
            yield Difference(Kind.ENDED, period, replace(period, valid_to=first))
    held = {period.valid_from: period for period in old}
    for period in new:
        before = held.get(period.valid_from)
        after = _keeping_verified(before, period)
        if before is None:
            yield Difference(Kind.ADDED, None, after)
        elif before != after:
            yield Difference(Kind.CHANGED, before, after)


def _keeping_verified(before: Period | None, after: Period) -> Period:
    """A value that somebody here has verified stays verified until the value itself changes."""
    same = before is not None and dict(before.content) == dict(after.content)
    return replace(after, verified=True) if same and before is not None and before.verified else after


@dataclass(frozen=True)
class Calendar:
    """Special days (True: worked), the years whose holidays are known, and the hours of a working day.

    `hours` are (minute of day begins, ends); with none, every minute of a working day counts.
    """

    special: Mapping[dt.date, bool] = field(default_factory=dict)
    years: frozenset[int] = frozenset()
    hours: tuple[tuple[int, int], ...] = ()

    def is_working(self, day: dt.date) -> bool:
        """Whether a day is worked: by the table, else Monday to Friday."""
        return self.special.get(day, day.weekday() < SATURDAY)

    def doubt(self, first: dt.date, last: dt.date) -> Reason | None:
        """Why a count from `first` to `last` may be off: a year whose holidays nobody has entered."""
        unknown = [year for year in range(first.year, last.year + 1) if year not in self.years]
        if not unknown:
            return None
        return Reason(
            "The public holidays of {year} are not entered yet; Monday to Friday were counted as working days. "
            "Ask the system administrator to load the holidays.",
            year=unknown[0],
        )

    def after(self, day: dt.date, count: int) -> dt.date:
        """The day that is `count` working days after `day` (before it, when negative); `day` itself never counts.

        Zero working days on a day off is the next working day.
        """
        step, left = (DAY if count >= 0 else -DAY), abs(count)
        at = day
        for _ in range(MOST_DAYS):
            if left == 0 and (count != 0 or self.is_working(at)):
                return at
            at += step
            if left and self.is_working(at):
                left -= 1
        raise ValueError(f"{count} working days from {day} lie more than ten years away")

    def spans(self, day: dt.date) -> tuple[tuple[int, int], ...]:
        """The minutes of a day that are worked."""
        if not self.is_working(day):
            return ()
        return self.hours or ((0, 24 * 60),)


def working_minutes(start: dt.datetime, end: dt.datetime, calendar: Calendar) -> int:
    """Whole working minutes between two local times, negative when `end` is earlier."""
    if end < start:
        return -working_minutes(end, start, calendar)
    total, day = 0.0, start.date()
    while day <= end.date():
        midnight = dt.datetime.combine(day, dt.time.min, start.tzinfo)
        low = (start - midnight).total_seconds() / 60
        high = (end - midnight).total_seconds() / 60
        total += sum(max(0.0, min(high, ends) - max(low, begins)) for begins, ends in calendar.spans(day))
        day += DAY
    return int(total)
