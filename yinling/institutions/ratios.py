"""Carers against residents by level of need, for any past day. Private; the doors are `queries` and `measures`.

Residents are all who hold a bed, in hospital too. Their level is the one in force that day (GB/T 42195), else the one
at admission. Carers are the staff in the post `carer` that day, whatever their shift.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from yinling.assessments.models import Level
from yinling.institutions.models import BedUse, Institution, Staff
from yinling.institutions.occupancy import end_of
from yinling.institutions.rules import Staffing
from yinling.reference.queries import MissingParameter, fact

SCALE = "gbt_42195"
CARER = "carer"


@dataclass(frozen=True)
class Norm:
    """How many residents one carer looks after, since when, by which source, and whether somebody compared it."""

    value: int
    since: dt.date
    source: str
    is_verified: bool


def norms(day: dt.date) -> tuple[Norm, Norm, Norm] | None:
    """The ratios in force on a day (self-caring, semi, full nursing); None where no pack states them."""
    try:
        found = [fact("staff.ratio_self_caring", day), fact("staff.ratio_semi", day), fact("staff.ratio_full", day)]
    except MissingParameter:
        return None
    able, semi, full = (Norm(int(one.value), one.valid_from, one.source, one.verified) for one in found)
    return able, semi, full


def by_institution(
    day: dt.date, known_at: dt.datetime, institutions: QuerySet[Institution] | list[int]
) -> dict[int, Staffing]:
    """Staffing per institution (primary key) where anybody lives or any carer works. Two statements; empty without
    ratios."""
    stated = norms(day)
    if stated is None:
        return {}
    ratios = (stated[0].value, stated[1].value, stated[2].value)
    residents = _residents(day, known_at, institutions)
    carers = _carers(day, known_at, institutions)
    return {
        home: Staffing(residents.get(home, {}), carers.get(home, 0), ratios) for home in sorted({*residents, *carers})
    }


def _residents(
    day: dt.date, known_at: dt.datetime, institutions: QuerySet[Institution] | list[int]
) -> dict[int, dict[int | None, int]]:
    held = Level.objects.as_of(day, known_at).filter(scale=SCALE).order_by("-valid_from", "-id").values("level")
    own = Subquery(held.filter(person=OuterRef("stay__person"))[:1])
    merged_into = Subquery(held.filter(person=OuterRef("stay__person__canonical"))[:1])
    uses = BedUse.objects.as_of(end_of(day), known_at).filter(kind=BedUse.OCCUPIED, stay__institution__in=institutions)
    found: dict[int, dict[int | None, int]] = defaultdict(dict)
    levels = uses.annotate(present_level=Coalesce(own, merged_into, "stay__level"))
    for home, level, count in levels.values_list("stay__institution_id", "present_level").annotate(Count("id")):
        found[home][level] = count
    return found


def _carers(day: dt.date, known_at: dt.datetime, institutions: QuerySet[Institution] | list[int]) -> dict[int, int]:
    there = Staff.objects.filter(
        Q(hired_on__isnull=True) | Q(hired_on__lte=day), Q(left_on__isnull=True) | Q(left_on__gt=day),
        institution__in=institutions, post=CARER, recorded_at__lte=known_at,
    )  # fmt: skip
    return dict(there.values_list("institution_id").annotate(Count("id")))
