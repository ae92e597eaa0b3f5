"""What others may judge homes by: named, dated querysets. Each yields rows of one day as known at an instant.

`rows(day, known_at)` gives rows that lie in a ward (`ward`, for head counts `hand_over__ward`) of a home; `home` is the
path from a row to its institution.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop as _

from yinling.kernel.clock import start_of
from yinling.shifts import parameters
from yinling.shifts.models import CareRecord, HeadCount, Incident, Kind, MissedTask
from yinling.shifts.queries.risks import risks_due as stays_due

ONE_DAY = dt.timedelta(days=1)
Rows = Callable[[dt.date, dt.datetime], "QuerySet[Any]"]


@dataclass(frozen=True)
class RegisterFact:
    """One named fact about homes: its title (an English msgid), its rows, the path to their home."""

    key: str
    title: str
    rows: Rows
    home: str


def medicine_not_given(day: dt.date, known_at: dt.datetime) -> QuerySet[MissedTask]:
    """Doses of a day that nobody signed for when their shift was over."""
    return MissedTask.objects.known(known_at).filter(kind=Kind.MEDICINE, day=day)


def medicine_without_second_check(day: dt.date, known_at: dt.datetime) -> QuerySet[CareRecord]:
    """Doses of a day that one person signed, and the grace for the second is over."""
    grace = dt.timedelta(minutes=parameters.grace_minutes(day).get(Kind.MEDICINE, 0))
    given = CareRecord.objects.standing().filter(kind=Kind.MEDICINE, result=CareRecord.Result.DONE, day=day)
    late = Q(checked_at__isnull=True) | Q(checked_at__gt=known_at)
    return given.filter(late, done_at__lte=known_at - grace, recorded_at__lte=known_at)


def patrol_missing(day: dt.date, known_at: dt.datetime) -> QuerySet[MissedTask]:
    """Patrol points of a day that nobody passed in their round."""
    return MissedTask.objects.known(known_at).filter(kind=Kind.PATROL, day=day)


def turn_missing(day: dt.date, known_at: dt.datetime) -> QuerySet[MissedTask]:
    """Turns of a day that did not take place."""
    return MissedTask.objects.known(known_at).filter(kind=Kind.TURN, day=day)


def resident_not_seen(day: dt.date, known_at: dt.datetime) -> QuerySet[HeadCount]:
    """Residents nobody had seen at a hand-over of the day, and who were not found by then."""
    missing = Q(found_at__isnull=True) | Q(found_at__gt=known_at)
    return HeadCount.objects.filter(
        missing, state=HeadCount.State.NOT_SEEN, hand_over__day=day, hand_over__recorded_at__lte=known_at
    )


def incident_reported_late(day: dt.date, known_at: dt.datetime) -> QuerySet[Incident]:
    """Incidents of a day that were reported after their deadline."""
    span = Q(happened_at__gte=start_of(day), happened_at__lt=start_of(day + ONE_DAY))
    return Incident.objects.filter(span, is_late=True, recorded_at__lte=known_at)


def risks_not_assessed(day: dt.date, known_at: dt.datetime) -> QuerySet[Any]:
    """Residents whose safety risks nobody has assessed within the months stated."""
    return stays_due(day).filter(recorded_at__lte=known_at)


FACTS = (
    RegisterFact("shifts.medicine_not_given", _("Medicine not signed"), medicine_not_given, "ward__institution"),
    RegisterFact(
        "shifts.medicine_unchecked", _("Medicine without a second check"), medicine_without_second_check,
        "ward__institution",
    ),
    RegisterFact("shifts.patrol_missing", _("Patrol missing"), patrol_missing, "ward__institution"),
    RegisterFact("shifts.turn_missing", _("Turn missing"), turn_missing, "ward__institution"),
    RegisterFact("shifts.not_seen", _("Resident not seen"), resident_not_seen, "hand_over__ward__institution"),
    RegisterFact("shifts.incident_late", _("Incident reported late"), incident_reported_late, "institution"),
    RegisterFact("shifts.risks_due", _("Safety risks not assessed"), risks_not_assessed, "institution"),
)  # fmt: skip
