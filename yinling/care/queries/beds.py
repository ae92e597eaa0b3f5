"""Reads of home beds: the list, one bed, its services of a month, how its calls were answered."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from yinling.care.models import BedCall, HomeBed, Session, Visit
from yinling.care.rules.sessions import month_span
from yinling.kernel.actors import Actor
from yinling.kernel.clock import civil_date, start_of
from yinling.people.models import Person
from yinling.people.queries import file_ids

OPEN = (HomeBed.State.APPLIED, HomeBed.State.APPROVED, HomeBed.State.STANDING)
month_of = month_span


@dataclass(frozen=True)
class BedFilters:
    """What a list of home beds is narrowed to."""

    state: str = ""
    provider: str = ""

    @classmethod
    def from_address(cls, address: Mapping[str, str]) -> "BedFilters":
        """The filters in an address; what makes no sense is left out."""
        state = address.get("state", "")
        return cls(state if state in HomeBed.State.values else "")


def beds_for(by: Actor, filters: BedFilters | None = None) -> QuerySet[HomeBed]:
    """Home beds the actor sees, with person and provider. Unordered."""
    asked = filters or BedFilters()
    found = HomeBed.objects.visible_to(by).select_related("person", "provider")
    return found.filter(state=asked.state) if asked.state else found


def bed(uid: object, by: Actor) -> HomeBed:
    """One home bed the actor sees. Raises NotFound."""
    return HomeBed.objects.visible_to(by).select_related("person", "provider").one(uid=uid)


def call(uid: object, by: Actor) -> BedCall:
    """One call the actor sees. Raises NotFound."""
    return BedCall.objects.visible_to(by).select_related("bed__person", "bed__provider").one(uid=uid)


def beds_of(person: Person, by: Actor) -> list[HomeBed]:
    """A person's home beds, the newest first."""
    found = HomeBed.objects.visible_to(by).filter(person_id__in=file_ids(person)).select_related("provider")
    return list(found.order_by("-id")[:5])


def calls_of(found: HomeBed, limit: int = 30) -> list[BedCall]:
    """The last calls, the newest first."""
    return list(found.calls.select_related("bed").order_by("-called_at", "-id")[:limit])


def services_in_month(beds: Sequence[HomeBed], day: dt.date) -> dict[int, int]:
    """Services that each bed's provider held for its person in the month of a day, until that day: sessions held and
    visits with contact. Two queries."""
    first, _last = month_span(day)
    wanted = {(one.person_id, one.provider_id): one.pk for one in beds}
    persons = [one.person_id for one in beds]
    begins, ends = start_of(first), start_of(day + dt.timedelta(days=1))
    held = Session.objects.filter(
        state=Session.State.HELD, held_at__gte=begins, held_at__lt=ends, line__plan__person__in=persons
    ).values_list("line__plan__person", "line__partner__organisation")  # fmt: skip
    made = Visit.objects.with_contact().filter(
        started_at__gte=begins, started_at__lt=ends, person__in=persons, visitor__organisation__isnull=False
    ).values_list("person", "visitor__organisation")  # fmt: skip
    return _counted(wanted, (*held, *made))


def _counted(wanted: Mapping[tuple[int, int], int], rows: Iterable[tuple[Any, Any]]) -> dict[int, int]:
    return dict(Counter(wanted[pair] for pair in rows if pair in wanted))


def answered_in_time(by: Actor, since: dt.date | None = None) -> tuple[int, int]:
    """(answered within the limit, calls) of the beds one sees, since a day (default: this month's first). One query."""
    first = since or civil_date().replace(day=1)
    calls = BedCall.objects.visible_to(by).filter(called_at__gte=start_of(first)).select_related("bed")
    rows = calls.only("called_at", "answered_at", "bed__response_minutes")
    answers = [one.answered_at is not None and not one.is_late for one in rows]
    return sum(answers), len(answers)
