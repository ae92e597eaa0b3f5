"""Reads of hazards."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from yinling.inspections.models import Extension, Hazard, Photo, Step, Submission
from yinling.inspections.queries.where import ANYWHERE, Where
from yinling.institutions.models import Institution
from yinling.kernel.actors import Actor
from yinling.kernel.clock import civil_date

LATE = "late"


@dataclass(frozen=True)
class HazardFilters:
    """What the list's address asks for. `state` may also be `late`: open past its deadline."""

    state: str = ""
    level: str = ""
    where: Where = ANYWHERE

    @classmethod
    def from_address(cls, address: Mapping[str, str]) -> "HazardFilters":
        """Unknown values are left out."""
        state, level = address.get("state", ""), address.get("level", "")
        return cls(
            state=state if state in (*Hazard.State.values, LATE) else "",
            level=level if level in Hazard.Level.values else "",
            where=Where.from_address(address),
        )


def hazards_for(by: Actor, filters: HazardFilters) -> "QuerySet[Hazard]":
    """Hazards the actor sees. Unordered."""
    found = Hazard.objects.visible_to(by).select_related("institution")
    if filters.state == LATE:
        found = found.overdue(civil_date())
    elif filters.state:
        found = found.filter(state=filters.state)
    if filters.level:
        found = found.filter(level=filters.level)
    return filters.where.narrow(found, by)


def hazard(uid: object, by: Actor) -> Hazard:
    """One hazard with its notice, work handed in, extensions and photos. Raises NotFound."""
    rows = Hazard.objects.visible_to(by).select_related("institution", "notice", "repeats")
    return rows.prefetch_related(
        Prefetch("submissions", Submission.objects.order_by("-id")),
        Prefetch("extensions", Extension.objects.order_by("-id")),
        Prefetch("photos", Photo.objects.select_related("same_as", "angle_of").order_by("id")),
    ).one(uid=uid)


def steps_of(found: Hazard) -> list[Step]:
    """What became of it, oldest first."""
    return list(Step.objects.filter(hazard=found).order_by("at", "id"))


def open_hazards_of(home: Institution, by: Actor) -> list[Hazard]:
    """Open hazards of a home, what is due first on top."""
    rows = Hazard.objects.visible_to(by).open().filter(institution=home)
    return sorted(rows, key=lambda one: (one.level != "major", one.due_on or one.found_on, one.pk))
