"""Decisions about lists of departments: which month an edition is of, who has left it, what a row may state."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from yinling.kernel.reasons import Reason

_MONTH = re.compile(r"(?<!\d)(20\d\d)\s*(?:年|[-./_])\s*(1[0-2]|0?[1-9])(?!\d)|(?<!\d)(20\d\d)(1[0-2]|0[1-9])(?!\d)")


def month_of(texts: Iterable[str], today: dt.date) -> dt.date:
    """The month an edition is of, as its first day: the first month named in one of the texts that is not to come,
    such as 2025-03, 2025年3月, 202503; the month of `today` when none names any."""
    for text in texts:
        for found in _MONTH.finditer(text):
            year, month = (int(part) for part in found.groups() if part)
            day = dt.date(year, month, 1)
            if day <= today:
                return day
    return today.replace(day=1)


@dataclass(frozen=True)
class Standing:
    """Somebody who stood on an earlier edition: in which township, under which name."""

    township: int
    name_key: str


@dataclass(frozen=True)
class Judgement:
    """What an edition says by silence. `left`, `unclear`: persons; `covered`, `not_covered`: townships."""

    left: frozenset[int]
    unclear: frozenset[int]
    covered: frozenset[int]
    not_covered: frozenset[int]


def judge(
    before: Mapping[int, Standing],
    present: Collection[int],
    rows: Counter[int],
    unread: Collection[str],
    *,
    least_share_percent: int,
) -> Judgement:
    """Who of those who stood on the list before is on it no more.

    A file often holds only part of a division, and silence about the rest means nothing. So a township counts as
    covered once the file has a row in it, and at least `least_share_percent` of as many rows as persons stood there
    before. `rows` counts them by township. `unread` are names in rows that could not be told: whoever bears one of
    them is unclear, not gone.
    """
    stood = Counter(standing.township for standing in before.values())
    covered = frozenset(t for t, count in rows.items() if t and count * 100 >= stood[t] * least_share_percent)
    missing = {p: s for p, s in before.items() if p not in present and s.township in covered}
    unclear = frozenset(p for p, standing in missing.items() if standing.name_key in unread)
    return Judgement(frozenset(missing) - unclear, unclear, covered, frozenset(stood) - covered)


def why_not_in_hospital(
    *, admitted_on: dt.date, discharged_on: dt.date | None, born: dt.date | None, died_on: dt.date | None,
    today: dt.date,
) -> Reason | None:  # fmt: skip
    """A stay in hospital lies within the life, runs forward, and has begun."""
    last = discharged_on or admitted_on
    if last > today:
        return Reason("The day {day} lies in the future. Check the date.", day=last)
    if discharged_on and discharged_on < admitted_on:
        return Reason("Discharged on {end}, before the admission on {start}. Check both.",
                      end=discharged_on, start=admitted_on)  # fmt: skip
    if born and admitted_on < born:
        return Reason("Admitted on {start}, before the birth on {born}. Check both.", start=admitted_on, born=born)
    if died_on and last > died_on:
        return Reason("The stay runs to {day}, past the death on {died}. Check which is right.", day=last, died=died_on)
    return None


def why_not_registered_there(*, on: dt.date, since: dt.date | None, today: dt.date) -> Reason | None:
    """A change of the registered residence follows the present one and is not to come."""
    if on > today:
        return Reason("The day {day} lies in the future. Check the date.", day=on)
    if since and on < since:
        return Reason("The present registration began on {since}; a change cannot date from {on}.", since=since, on=on)
    return None
