"""Reads of dated values: parameters, code lists, working days. Those of today cost no statement of their own.

Inside `known_at` a past instant may be named; then the database is asked what was believed at that time.
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from yinling.kernel.clock import CITY_ZONE, civil_date
from yinling.kernel.errors import Refused
from yinling.kernel.reasons import Reason, Words
from yinling.reference.models import Entry, Parameter, SpecialDay
from yinling.reference.rules import working_minutes
from yinling.reference.snapshot import Code, fact_of, snapshot
from yinling.reference.snapshot import Fact as Fact  # callers name it


class MissingParameter(Refused):
    """No value holds: nothing may be decided, and the sentence says who can help."""

    def __init__(self, key: str, on: dt.date) -> None:
        self.key = key
        super().__init__(
            "No value of {key} holds on {on}, so this cannot be decided. Ask the system administrator to load it "
            "with the city's pack.",
            key=key,
            on=on,
        )


def parameter(key: str, on: dt.date | None = None, *, known_at: dt.datetime | None = None) -> Any:
    """The value in force on a day (default: today), a city's before the nation's. Raises MissingParameter."""
    return fact(key, on, known_at=known_at).value


def fact(key: str, on: dt.date | None = None, *, known_at: dt.datetime | None = None) -> Fact:
    """The value with its unit, source and marks. Refuse nobody anything unless `may_refuse` says so."""
    found = fact_if_any(key, on, known_at=known_at)
    if found is None:
        raise MissingParameter(key, on or civil_date())
    return found


def fact_if_any(key: str, on: dt.date | None = None, *, known_at: dt.datetime | None = None) -> Fact | None:
    """The same, or None where no pack states it."""
    day = on or civil_date()
    held = _facts_known(key, known_at) if known_at else snapshot().facts.get(key, [])
    return next((one for one in held if one.holds(day)), None)


def parameter_or(key: str, otherwise: Any, on: dt.date | None = None) -> Any:
    """The value in force on a day, or what holds where no pack states one."""
    found = fact_if_any(key, on)
    return otherwise if found is None else found.value


def _facts_known(key: str, at: dt.datetime) -> list[Fact]:
    rows = Parameter.objects.known(at).filter(key=key).order_by("-layer", "valid_from")
    return [fact_of(row) for row in rows]


def entries(list_key: str, on: dt.date | None = None) -> list[Code]:
    """The codes of a list in force on a day, in order, each once (a city's words before the nation's)."""
    day = on or civil_date()
    first: dict[str, Code] = {}
    for code in snapshot().codes.get(list_key, ()):
        if code.holds(day):
            first.setdefault(code.code, code)
    return sorted(first.values(), key=lambda code: (code.order, code.code))


def choices(list_key: str, on: dt.date | None = None) -> list[tuple[str, str]]:
    """(code, words in the reader's language), for forms."""
    language = get_language() or "zh-hans"
    return [(code.code, code.words(language)) for code in entries(list_key, on)]


def label(list_key: str, code: str) -> str:
    """The words of a code in the reader's language, whenever it held; an unknown code is shown as it is."""
    found = _code(list_key, code)
    return found.words(get_language() or "zh-hans") if found else code


def words(list_key: str, code: str) -> Words:
    """The words of a code in both languages, for reasons."""
    found = _code(list_key, code)
    return Words(found.zh, found.en) if found else Words(code, code)


def _code(list_key: str, code: str) -> Code | None:
    """The entry in force today, else the latest there was: old records keep their words."""
    today = civil_date()
    held = [one for one in snapshot().codes.get(list_key, ()) if one.code == code]
    now_held = next((one for one in held if one.holds(today)), None)
    return now_held or max(held, key=lambda one: one.valid_from, default=None)


def list_title(list_key: str) -> str:
    """A list's title in the reader's language."""
    zh, en = snapshot().titles.get(list_key, (list_key, list_key))
    return zh if (get_language() or "zh-hans").startswith("zh") else en


def has_list(list_key: str) -> bool:
    """Whether a list is loaded: without it, codes cannot be checked."""
    return list_key in snapshot().codes


@dataclass(frozen=True)
class Counted:
    """A day reached by counting, and why it may be off (None when the holidays are known)."""

    day: dt.date
    doubt: Reason | None


def is_working_day(day: dt.date) -> bool:
    """Whether a day is worked; a year without holidays falls back to Monday to Friday (see `doubt_about`)."""
    return snapshot().calendar.is_working(day)


def doubt_about(first: dt.date, last: dt.date) -> Reason | None:
    """Why working days between two days may be miscounted; show it beside the result."""
    return snapshot().calendar.doubt(first, last)


def add_working_days(start: dt.date | dt.datetime, count: int) -> Any:
    """The day `count` working days after `start` (never itself one of them), or before it when negative.

    A day gives a day; an instant gives an instant at the same time of day in the city.
    """
    if not isinstance(start, dt.datetime):
        return snapshot().calendar.after(start, count)
    here = start.astimezone(CITY_ZONE)
    return dt.datetime.combine(snapshot().calendar.after(here.date(), count), here.time(), CITY_ZONE)


def count_working_days(start: dt.date, count: int) -> Counted:
    """As `add_working_days`, with the doubt about the years it crossed."""
    day = snapshot().calendar.after(start, count)
    return Counted(day, doubt_about(min(start, day), max(start, day)))


def working_minutes_between(start: dt.datetime, end: dt.datetime) -> int:
    """Whole working minutes between two instants, negative when `end` is earlier.

    Hours come from the parameter `working_hours` ([["08:30", "12:00"], ["14:30", "17:30"]]); without it every
    minute of a working day counts.
    """
    return working_minutes(start.astimezone(CITY_ZONE), end.astimezone(CITY_ZONE), snapshot().calendar)


@dataclass(frozen=True)
class Unverified:
    """How many current rows of a pack nobody has compared with their source."""

    parameters: int
    entries: int

    @property
    def total(self) -> int:
        """Both together."""
        return self.parameters + self.entries


def unverified_by_pack() -> dict[str, Unverified]:
    """Counts of what is still to verify. Two statements."""
    parameters = Counter(
        Parameter.objects.unverified().filter(authority=Parameter.Authority.DOCUMENT).values_list("pack", flat=True)
    )
    codes = Counter(Entry.objects.unverified().values_list("pack", flat=True))
    return {pack: Unverified(parameters[pack], codes[pack]) for pack in {*parameters, *codes}}


def special_days(year: int) -> list[SpecialDay]:
    """The holidays and worked weekends of a year, in order."""
    return list(SpecialDay.objects.filter(superseded_at__isnull=True, day__year=year).order_by("day"))
