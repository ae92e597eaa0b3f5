"""This process's copy of everything current: a few hundred rows, read by every page, changed a few times a year.

The copy carries the mark of the edition it was made from. Whether that mark is still the newest is asked once per
transaction, and outside transactions at most once a second: a page with fifty labels costs one statement, not fifty.
"""

import datetime as dt
import time
from collections import defaultdict
from dataclasses import dataclass, field
from threading import local
from typing import Any
from uuid import UUID

from django.db import connection

from yinling.kernel.clock import civil_date
from yinling.kernel.uids import new_uid
from yinling.reference.models import CodeList, Edition, Entry, Parameter, SpecialDay
from yinling.reference.rules import Calendar

ASK_EVERY_S = 1.0


@dataclass(frozen=True)
class Fact:
    """A parameter's value in force, and how far it may be trusted."""

    key: str
    value: Any
    unit: str
    valid_from: dt.date
    valid_to: dt.date | None
    source: str
    verified: bool
    pack: str
    layer: int
    authority: str = "document"

    @property
    def may_refuse(self) -> bool:
        """Whether somebody may be refused something by it: verified law, or the operator's own limit."""
        return self.verified or self.authority == "operator"

    def holds(self, on: dt.date) -> bool:
        """Whether it is in force on a day."""
        return self.valid_from <= on and (self.valid_to is None or self.valid_to > on)


@dataclass(frozen=True)
class Code:
    """An entry of a code list."""

    list_key: str
    code: str
    zh: str
    en: str
    order: int
    valid_from: dt.date
    valid_to: dt.date | None
    verified: bool
    layer: int
    data: dict[str, Any] = field(default_factory=dict, hash=False)

    def holds(self, on: dt.date) -> bool:
        """Whether it is in force on a day."""
        return self.valid_from <= on and (self.valid_to is None or self.valid_to > on)

    def words(self, language: str) -> str:
        """The words for a language tag."""
        return self.zh if language.lower().startswith("zh") else self.en


@dataclass(frozen=True)
class Snapshot:
    """All that is current, highest layer first within a key."""

    mark: UUID | None
    facts: dict[str, list[Fact]]
    codes: dict[str, list[Code]]
    titles: dict[str, tuple[str, str]]
    calendar: Calendar


_mine = local()


def snapshot() -> Snapshot:
    """The copy, made anew when something has changed."""
    held: Snapshot | None = getattr(_mine, "snapshot", None)
    if held is not None and _asked_lately():
        return held
    mark = Edition.objects.values_list("mark", flat=True).order_by("id").first()
    if held is None or held.mark != mark:
        held = _mine.snapshot = _make(mark)
    # The transaction is kept itself, not its id(), which Python gives out again.
    _mine.asked_at, _mine.asked_in = time.monotonic(), _transaction()
    return held


def renew() -> None:
    """Change the edition's mark. The last step of every write."""
    if not Edition.objects.update(mark=new_uid()):
        Edition.objects.create()
    _mine.asked_at, _mine.asked_in = 0.0, None


def _asked_lately() -> bool:
    inside = _transaction()
    if inside is not None:
        return getattr(_mine, "asked_in", None) is inside
    return getattr(_mine, "asked_in", None) is None and time.monotonic() - getattr(_mine, "asked_at", 0.0) < ASK_EVERY_S


def _transaction() -> object | None:
    """The outermost transaction of this connection, or None."""
    return connection.atomic_blocks[0] if connection.atomic_blocks else None


def _make(mark: UUID | None) -> Snapshot:
    facts: dict[str, list[Fact]] = defaultdict(list)
    for parameter in Parameter.objects.current().order_by("-layer", "key", "valid_from"):
        facts[parameter.key].append(fact_of(parameter))
    codes: dict[str, list[Code]] = defaultdict(list)
    for row in Entry.objects.current().order_by("-layer", "list_key", "order", "code"):
        codes[row.list_key].append(
            Code(
                row.list_key, row.code, row.zh, row.en, row.order, row.valid_from, row.valid_to, row.verified,
                row.layer, row.data,
            )
        )  # fmt: skip
    titles = {key: (zh, en) for key, zh, en in CodeList.objects.values_list("key", "zh", "en")}
    return Snapshot(mark, dict(facts), dict(codes), titles, _calendar(facts))


def fact_of(row: Parameter) -> Fact:
    """A row as the value that callers get."""
    return Fact(
        row.key, row.value, row.unit, row.valid_from, row.valid_to, row.source, row.verified, row.pack, row.layer,
        row.authority,
    )  # fmt: skip


def _calendar(facts: dict[str, list[Fact]]) -> Calendar:
    days = SpecialDay.objects.filter(superseded_at__isnull=True).order_by("layer")  # a city's day replaces the nation's
    special = dict(days.values_list("day", "is_working"))
    today = civil_date()
    hours = next((fact.value for fact in facts.get("working_hours", ()) if fact.holds(today)), ())
    spans = tuple((_minute(begins), _minute(ends)) for begins, ends in hours)
    return Calendar(special, frozenset(day.year for day in special), spans)


def _minute(clock: str | int) -> int:
    """08:30 as minutes since midnight; YAML has already read an unquoted 8:30 so."""
    if isinstance(clock, int):
        return clock
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)
