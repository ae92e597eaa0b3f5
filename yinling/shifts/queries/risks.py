"""Reads of safety risks."""

import datetime as dt
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from yinling.institutions.models import Stay
from yinling.institutions.queries import stay as stay_seen
from yinling.kernel.actors import Actor
from yinling.kernel.errors import NotFound
from yinling.people.models import Person
from yinling.people.queries import file_ids
from yinling.shifts import parameters
from yinling.shifts.models import RiskAssessment, RiskFinding
from yinling.shifts.permissions import Shifts
from yinling.shifts.queries.wards import works_in


def stay_for_risks(uid: object, by: Actor) -> Stay:
    """A stay in a home where the actor works, or whose division the actor watches. Raises NotFound."""
    found = stay_seen(uid, by)
    if not works_in(found.institution, by) and not by.may(Shifts.WATCH, found.institution.place_key):
        raise NotFound("stay")
    return found


def risks_of(person: Person) -> RiskAssessment | None:
    """The assessment in force of a person's last stay, with its findings. The caller has seen the person."""
    found = RiskAssessment.objects.current().filter(stay__person_id__in=file_ids(person), stay__voided_at__isnull=True)
    latest = found.select_related("stay__institution").prefetch_related("findings")
    return latest.order_by("-stay__admitted_at", "-id").first()


def current_risks(stays: list[int]) -> dict[UUID, dict[str, str]]:
    """Grades in force by uid of the stay. One statement."""
    found: dict[UUID, dict[str, str]] = {}
    rows = RiskFinding.objects.filter(assessment__stay_id__in=stays, assessment__superseded_at__isnull=True)
    for uid, risk, grade in rows.values_list("assessment__stay__uid", "risk", "grade"):
        found.setdefault(uid, {})[risk] = grade
    return found


def risks_due(on: dt.date) -> QuerySet[Stay]:
    """Residents who were never assessed, or not within the months the parameter states."""
    months = parameters.assess_months(on)
    since = on - dt.timedelta(days=round(months * 30.44))
    fresh = RiskAssessment.objects.current().filter(stay=OuterRef("pk"), assessed_on__gt=since)
    return Stay.objects.present().filter(~Exists(fresh)).select_related("institution")
