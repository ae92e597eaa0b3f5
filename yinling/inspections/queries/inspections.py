"""Reads of inspections."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery

from yinling.accounts.models import Assignment, User
from yinling.accounts.roles import all_roles
from yinling.inspections.models import Checklist, Finding, Inspection, Photo, Seat, Signature
from yinling.inspections.permissions import Inspections
from yinling.inspections.queries.where import ANYWHERE, Where
from yinling.institutions.models import Institution
from yinling.kernel.actors import Actor
from yinling.kernel.clock import civil_date
from yinling.kernel.scope import within
from yinling.places.queries import ancestors, key_ranges

SIGNED = Prefetch(
    "signatures",
    Signature.objects.filter(fell_away_at__isnull=True).select_related("user").order_by("signed_at"),
    to_attr="live_signatures",
)
SENT = Prefetch("seats", Seat.objects.select_related("user").order_by("id"), to_attr="sent")


@dataclass(frozen=True)
class InspectionFilters:
    """What the list's address asks for."""

    state: str = ""
    kind: str = ""
    where: Where = ANYWHERE

    @classmethod
    def from_address(cls, address: Mapping[str, str]) -> "InspectionFilters":
        """Unknown values are left out."""
        state, kind = address.get("state", ""), address.get("kind", "")
        return cls(
            state=state if state in Inspection.State.values else "",
            kind=kind if kind in Inspection.Kind.values else "",
            where=Where.from_address(address),
        )


def inspections_for(by: Actor, filters: InspectionFilters) -> "QuerySet[Inspection]":
    """Inspections the actor sees. Unordered."""
    found = Inspection.objects.visible_to(by).select_related("institution", "checklist")
    if filters.state:
        found = found.filter(state=filters.state)
    if filters.kind:
        found = found.filter(kind=filters.kind)
    return filters.where.narrow(found, by)


def inspection(uid: object, by: Actor) -> Inspection:
    """One inspection with who was sent and who signed. Raises NotFound."""
    rows = Inspection.objects.visible_to(by).select_related("institution", "checklist", "draw")
    return rows.prefetch_related(SIGNED, SENT, Prefetch("findings", Finding.objects.order_by("id"))).one(uid=uid)


def sent_on(by: Actor, until: dt.date) -> "QuerySet[Inspection]":
    """Open inspections the actor is sent on up to a day: the latest day first, so that old ones are cut off first."""
    seen = Inspection.objects.visible_to(by).open().filter(planned_on__lte=until, seats__user__uid=by.uid)
    return seen.exclude(kind=Inspection.Kind.SELF_CHECK).order_by("-planned_on", "id")


def photos_by_item(found: Inspection) -> dict[str, list[Photo]]:
    """Photos of an inspection, by item. One statement."""
    by_item: dict[str, list[Photo]] = defaultdict(list)
    for photo in Photo.objects.filter(inspection=found).select_related("same_as").order_by("id"):
        by_item[photo.item].append(photo)
    return by_item


def checklists_in_force(on: dt.date | None = None, *, for_homes: bool = False) -> list[Checklist]:
    """The newest version of each checklist that holds on a day."""
    day, newest = on or civil_date(), dict[str, Checklist]()
    held = Checklist.objects.filter(superseded_at__isnull=True, valid_from__lte=day).exclude(valid_to__lte=day)
    for row in held.order_by("valid_from", "id"):
        newest[row.key] = row
    return [row for row in newest.values() if not for_homes or row.questions.for_homes]


def last_inspection(home: Institution, by: Actor) -> Inspection | None:
    """The last inspection of a home from outside that the actor sees."""
    done = Inspection.objects.visible_to(by).done().filter(institution=home).exclude(kind="self_check")
    return done.select_related("checklist").order_by("-signed_at", "-id").first()


def last_inspections(homes: Collection[int], by: Actor) -> dict[int, Inspection]:
    """The last inspection of each home from outside that the actor sees, with its findings."""
    done = Inspection.objects.visible_to(by).done().exclude(kind="self_check")
    newest = done.filter(institution=OuterRef("pk")).order_by("-signed_at", "-id").values("pk")[:1]
    ids = Institution.objects.filter(pk__in=homes).values_list(Subquery(newest), flat=True)
    rows = Inspection.objects.filter(pk__in=[pk for pk in ids if pk]).select_related("checklist")
    return {one.institution_id: one for one in rows.prefetch_related("findings")}


def inspectors_near(place_key: int) -> list[User]:
    """Users who may inspect at a place today: nearest first."""
    line = ancestors().get(place_key, (place_key,))
    return _holders(Assignment.objects.filter(place_id__in=line))


def inspectors_around(place_key: int) -> list[User]:
    """Users who may inspect somewhere under a division today, or all over it."""
    above = Q(place_id__in=ancestors().get(place_key, ()))
    return _holders(Assignment.objects.filter(within(key_ranges([place_key]), "place_id") | above))


def _holders(assignments: "QuerySet[Assignment]") -> list[User]:
    roles = [role.key for role in all_roles() if Inspections.INSPECT in role.permissions]
    today = civil_date()
    held = assignments.filter(role__in=roles, user__is_active=True, valid_from__lte=today, ended_at__isnull=True)
    held = held.exclude(valid_to__lte=today).select_related("user")
    found = {one.user_id: one.user for one in held.order_by("-place_id", "user_id")}
    return sorted(found.values(), key=lambda user: (-user.place_key, user.label, user.pk))
