"""Reads of incidents."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet

from yinling.kernel.actors import Actor
from yinling.people.models import Person
from yinling.people.queries import file_ids
from yinling.shifts.models import Incident, Involved

WITH_PEOPLE = Prefetch("involved", Involved.objects.select_related("stay__person"), to_attr="persons")


@dataclass(frozen=True)
class Filters:
    """What a list of incidents is narrowed to."""

    state: str = ""
    kind: str = ""
    home: str = ""


def incidents_for(by: Actor, filters: Filters | None = None) -> QuerySet[Incident]:
    """Incidents the actor sees. Unordered."""
    asked = filters or Filters()
    found = Incident.objects.visible_to(by).select_related("institution").prefetch_related(WITH_PEOPLE)
    if asked.state in Incident.State.values:
        found = found.filter(state=asked.state)
    if asked.kind:
        found = found.filter(kind=asked.kind)
    return found.filter(institution__uid=asked.home) if asked.home else found


def incident(uid: object, by: Actor) -> Incident:
    """One incident with the residents involved. Raises NotFound."""
    found = Incident.objects.visible_to(by).select_related("institution", "ward").prefetch_related(WITH_PEOPLE)
    return found.one(uid=uid)


def incidents_of(person: Person, limit: int = 10) -> list[Any]:
    """The last incidents a person was involved in. The caller has seen the person."""
    found = Incident.objects.filter(involved__stay__person_id__in=file_ids(person))
    return list(found.select_related("institution").order_by("-happened_at").distinct()[:limit])
