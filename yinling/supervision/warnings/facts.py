"""Facts by name that rules over the register judge: a constant number of statements each, whatever the size.

A fact lists only subjects that may be worth a warning: a licence that ends within a year, a home short of carers. What
is not listed is well. Limits are not here; they belong to the rules.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q
from django.db.models.functions import Coalesce

from yinling.assessments.models import Assessment
from yinling.inspections.models import Hazard, Inspection
from yinling.institutions.models import Certificate, Institution, Licence, Stay
from yinling.institutions.models.sites import HOMES
from yinling.institutions.queries import beds_of, staffing_of
from yinling.kernel.clock import civil_date
from yinling.reference.queries import words
from yinling.supervision.warnings.facts_of_shifts import FACTS_OF_SHIFTS
from yinling.supervision.warnings.rules import Fact

AHEAD = dt.timedelta(days=366)
ABILITY = "gbt_42195"  # the scale whose results run out
DRILLS = "drills"  # the checklist that asks for drills
Query = Callable[[dt.date], Iterator[Fact]]


def licence_days_left(day: dt.date) -> Iterator[Fact]:
    """Days until a licence ends, below zero once it has ended. Of institutions that are open."""
    ending = Licence.objects.current().filter(expires_on__lte=day + AHEAD, institution__closed_on__isnull=True)
    for one in ending.select_related("institution").order_by("id"):
        assert one.expires_on is not None
        yield Fact(
            "licence", one.uid, one.institution.place_key, (one.expires_on - day).days,
            ("institutions:licence", str(one.institution.uid)), institution_uid=one.institution.uid,
            words={"what": words("licence_kind", one.kind), "day": str(one.expires_on)},
        )  # fmt: skip


def certificate_days_left(day: dt.date) -> Iterator[Fact]:
    """Days until a certificate of somebody who works there ends."""
    ending = Certificate.objects.current().filter(
        expires_on__lte=day + AHEAD, staff__left_on__isnull=True, staff__institution__closed_on__isnull=True
    )
    for one in ending.select_related("staff__institution").order_by("id"):
        assert one.expires_on is not None
        home = one.staff.institution
        yield Fact(
            "certificate", one.uid, home.place_key, (one.expires_on - day).days,
            ("institutions:certificate", str(one.staff.uid)), institution_uid=home.uid,
            words={"what": words("certificate_kind", one.kind), "day": str(one.expires_on)},
        )  # fmt: skip


def _open_homes(day: dt.date) -> list[Institution]:
    homes = Institution.objects.open_on(day).filter(kind__in=HOMES)
    return list(homes.only("uid", "place_key", "opened_on", "created_at").order_by("id"))


def _of_home(home: Institution, value: float, page: str, **named: Any) -> Fact:
    return Fact("institution", home.uid, home.place_key, value, (page, str(home.uid)), words=named or None)


def carers_missing(day: dt.date) -> Iterator[Fact]:
    """How many carers a home lacks by the ratios in force and its residents' levels."""
    homes = _open_homes(day)
    staffing = staffing_of(homes, day)
    for home in homes:
        found = staffing.get(home.pk)
        if found is not None and found.missing:
            named = {"needed": found.needed, "present": found.present}
            yield _of_home(home, found.missing, "institutions:panel_carers", **named)


def residents_without_usable_bed(day: dt.date) -> Iterator[Fact]:
    """How many more residents than usable beds a home has."""
    homes = _open_homes(day)
    beds = beds_of(homes, day)
    living = Stay.objects.present().filter(institution__in=[home.pk for home in homes])
    residents = dict(living.values_list("institution").annotate(count=Count("id")))
    for home in homes:
        usable = beds[home.pk].usable if home.pk in beds else 0
        count = residents.get(home.pk, 0)
        if count > usable:
            yield _of_home(home, count - usable, "institutions:panel_beds", residents=count, usable=usable)


def days_since_drill(day: dt.date) -> Iterator[Fact]:
    """Days since a signed check of drills; where there is none yet, since the home opened or came to the platform."""
    homes = _open_homes(day)
    done = Inspection.objects.done().filter(institution__in=[home.pk for home in homes], checklist__key=DRILLS)
    last = dict(done.values_list("institution").annotate(last=Max("signed_at")))
    for home in homes:
        at = last.get(home.pk) or home.created_at
        yield _of_home(home, (day - civil_date(at)).days, "inspections:self_check")


def days_assessment_overdue(day: dt.date) -> Iterator[Fact]:
    """Days since the last assessment of a resident ran out. Of residents of homes alone: the others have a duty each,
    opened by `assessments`, and a warning besides would only be noise."""
    whose = Coalesce("person__canonical_id", "person_id")
    lasting = Assessment.objects.filter(state=Assessment.State.SIGNED, instrument__key=ABILITY).alias(whose=whose)
    newer = lasting.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=OuterRef("valid_to")), whose=OuterRef("whose")
    )  # fmt: skip
    living = Stay.objects.present().alias(whose=whose).filter(whose=OuterRef("whose"))
    ended = Assessment.objects.filter(
        state=Assessment.State.SIGNED, instrument__key=ABILITY, valid_to__lte=day
    ).annotate(whose=whose)
    ended = ended.filter(Exists(living)).exclude(Exists(newer)).order_by("whose", "-id")
    rows = ended.annotate(root=Coalesce("person__canonical__uid", "person__uid"), lives=F("person__place_key"))
    seen: set[int] = set()
    for root, valid_to, uid, place_key in rows.values_list("whose", "valid_to", "root", "lives"):
        if root not in seen and valid_to is not None:
            seen.add(root)
            yield Fact(
                "person", uid, place_key, (day - valid_to).days, ("assessments:plan", str(uid)), person_uid=uid,
                words={"day": str(valid_to)},
            )  # fmt: skip


def days_hazard_overdue(day: dt.date) -> Iterator[Fact]:
    """Days past the deadline of a hazard that is still there."""
    for one in Hazard.objects.overdue(day).select_related("institution").order_by("id"):
        assert one.due_on is not None
        yield Fact(
            "hazard", one.uid, one.place_key, (day - one.due_on).days, ("inspections:hazard", str(one.uid)),
            institution_uid=one.institution.uid, words={"number": one.number, "day": str(one.due_on)},
        )  # fmt: skip


FACTS: dict[str, Query] = {
    "institutions.licence_days_left": licence_days_left,
    "institutions.certificate_days_left": certificate_days_left,
    "institutions.carers_missing": carers_missing,
    "institutions.residents_without_usable_bed": residents_without_usable_bed,
    "inspections.days_since_drill": days_since_drill,
    "inspections.days_hazard_overdue": days_hazard_overdue,
    "assessments.days_overdue": days_assessment_overdue,
    **FACTS_OF_SHIFTS,
}
