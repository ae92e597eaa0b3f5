"""Care of past days in one go, for the demonstration city and for homes that bring their history."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction

from yinling.kernel.actors import WHOLE_CITY, Actor, require
from yinling.kernel.changes import record
from yinling.kernel.errors import NotAllowed
from yinling.kernel.uids import new_uid
from yinling.shifts.events import PastLoaded
from yinling.shifts.models import (
    CareRecord,
    Diet,
    HandOver,
    HeadCount,
    MedicineOrder,
    MissedTask,
    PatrolPoint,
    RiskAssessment,
    RiskFinding,
    TurningPlan,
    Ward,
)
from yinling.shifts.permissions import Shifts


@dataclass(frozen=True)
class Past:
    """Rows that belong together, parents before children; unsaved."""

    wards: Sequence[Ward] = field(default=())
    points: Sequence[PatrolPoint] = field(default=())
    turning: Sequence[TurningPlan] = field(default=())
    diets: Sequence[Diet] = field(default=())
    orders: Sequence[MedicineOrder] = field(default=())
    records: Sequence[CareRecord] = field(default=())
    missed: Sequence[MissedTask] = field(default=())
    hand_overs: Sequence[HandOver] = field(default=())
    counts: Sequence[HeadCount] = field(default=())
    assessments: Sequence[RiskAssessment] = field(default=())
    findings: Sequence[RiskFinding] = field(default=())


@transaction.atomic
def load_past(*, past: Past, by: Actor) -> int:
    """Write past care as it was, under one change row. Returns how many rows. Only for whoever holds the whole city."""
    require(by, Shifts.PLAN)
    if tuple(by.key_ranges(Shifts.PLAN)) != WHOLE_CITY:
        raise NotAllowed(Shifts.PLAN)
    rows = 0
    for table in vars(past).values():  # in the order of the fields: parents first
        if table:
            type(table[0])._default_manager.bulk_create(table, batch_size=500)
            rows += len(table)
    record(PastLoaded(new_uid(), rows=rows), by=by)
    return rows
