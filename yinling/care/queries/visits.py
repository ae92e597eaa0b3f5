"""Reads of visits: a visitor's own list, lists for staff, one visit, a person's last and next."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from yinling.care.models import Attempt, Doubt, Visit, Visitor
from yinling.care.models.visits import VisitQuerySet
from yinling.care.permissions import Care
from yinling.care.queries.late import overdue
from yinling.kernel.actors import Actor, require
from yinling.kernel.clock import civil_date, start_of
from yinling.kernel.scope import within
from yinling.kernel.uids import uid_of
from yinling.people.models import Person
from yinling.people.queries import file_ids
from yinling.places.queries import key_ranges

AHEAD = dt.timedelta(days=7)
WITH = ("person", "visitor__user")
LATE = "late"


@dataclass(frozen=True)
class VisitFilters:
    """What a list of visits is narrowed to. Empty means: any."""

    state: str = ""
    found: str = ""
    place: int = 0
    visitor: UUID | None = None
    first: dt.date | None = None
    last: dt.date | None = None

    @staticmethod
    def from_address(address: Mapping[str, str]) -> "VisitFilters":
        """From the list's address; what makes no sense asks nothing."""
        place = address.get("place", "")
        return VisitFilters(
            address.get("state", ""), address.get("found", ""),
            int(place) if place.isascii() and place.isdigit() else 0,
            uid_of(address.get("visitor", "")), _day(address.get("first", "")), _day(address.get("last", "")),
        )  # fmt: skip


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def visits_for(by: Actor, filters: VisitFilters) -> VisitQuerySet:
    """Visits in the actor's divisions that match."""
    require(by, Care.READ)
    found = overdue(civil_date()) if filters.state == LATE else Visit.objects.all()
    found = found.visible_to(by, Care.READ).select_related(*WITH)
    if filters.state and filters.state != LATE:
        found = found.filter(state=filters.state)
    if filters.found:
        found = found.filter(found=filters.found, state=Visit.State.DONE)
    if filters.place:
        found = found.filter(within(key_ranges([filters.place]), "person__place_key"))
    if filters.visitor:
        found = found.filter(visitor__uid=filters.visitor)
    if filters.first:
        found = found.filter(due_on__gte=filters.first)
    return found.filter(due_on__lte=filters.last) if filters.last else found


def visit_seen(uid: UUID, by: Actor) -> Visit:
    """One visit: of the actor's divisions, or the actor's own. Raises NotFound."""
    return Visit.objects.visible_to(by).select_related(*WITH).one(uid=uid)


def own_list(visitor: Visitor, day: dt.date) -> tuple[list[Visit], list[Visit]]:
    """A visitor's visits: those to be made within the week (what is late first), and those made today."""
    mine = Visit.objects.filter(visitor=visitor).select_related("person")
    waiting = mine.open().filter(opens_on__lte=day + AHEAD).order_by("due_on", "person__place_key", "person_id")
    made = mine.filter(state=Visit.State.DONE, started_at__gte=start_of(day)).order_by("started_at")
    return list(waiting[:100]), list(made[:100])


def last_visits(persons: Sequence[int]) -> dict[int, Visit]:
    """The last contact with each person. One statement."""
    made = Visit.objects.with_contact().filter(person_id__in=list(persons)).order_by("person_id", "started_at")
    return {one.person_id: one for one in made}


def visits_of(person: Person, by: Actor, limit: int = 6) -> tuple[list[Visit], list[Visit]]:
    """A person's last visits (made or missed), newest first, and those ahead. Two statements."""
    mine = Visit.objects.visible_to(by).filter(person_id__in=file_ids(person)).select_related("visitor")
    past = mine.filter(state__in=(Visit.State.DONE, Visit.State.MISSED)).order_by("-due_on", "-id")
    return list(past[:limit]), list(mine.open().order_by("due_on", "id")[:limit])


def attempts_of(visit: Visit) -> list[Attempt]:
    """What was tried after a visit without contact, in order."""
    return list(visit.attempts.order_by("tried_at", "id"))


def doubts_for(by: Actor, state: str = "", kind: str = "") -> "list[Doubt]":
    """Doubts in the actor's divisions, open ones first."""
    require(by, Care.SETTLE)
    found = Doubt.objects.visible_to(by, Care.SETTLE).select_related("visitor")
    if state:
        found = found.filter(state=state)
    if kind:
        found = found.filter(kind=kind)
    return list(found.order_by("-recorded_at", "-id")[:200])


def doubt_seen(uid: UUID, by: Actor) -> Doubt:
    """One doubt. Raises NotFound."""
    require(by, Care.SETTLE)
    return Doubt.objects.visible_to(by, Care.SETTLE).select_related("visitor__user").one(uid=uid)


def sheet_lines(visitor: Visitor, monday: dt.date, by: Actor) -> list[Visit]:
    """The visits of a visitor's week, for the paper sheet."""
    sunday = monday + dt.timedelta(days=6)
    mine = Visit.objects.visible_to(by).filter(visitor=visitor).open().select_related("person")
    this_week = mine.filter(Q(opens_on__lte=sunday), due_on__gte=monday - dt.timedelta(days=14))
    return list(this_week.order_by("due_on", "person__place_key", "person_id")[:40])


def visitors_of(by: Actor, place: int = 0) -> list[Visitor]:
    """Visitors of the actor's divisions, by village, for whom sheets are printed."""
    found = Visitor.objects.visible_to(by, Care.ENTER).active(civil_date())
    if place:
        found = found.filter(within(key_ranges([place])))
    return list(found.order_by("place_key", "id")[:200])
