"""Plans with their past in one batch, for the generator and for moves from other systems: rows come as they stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from yinling.care.models import BedCall, Goal, HomeBed, Line, Measurement, Partner, Plan, Session
from yinling.care.permissions import Care
from yinling.care.plan_events import PlansLoaded
from yinling.care.services.letting_in import let_in
from yinling.kernel.actors import WHOLE_CITY, Actor, require
from yinling.kernel.changes import record
from yinling.kernel.errors import NotAllowed
from yinling.kernel.uids import new_uid

BATCH = 500


@dataclass(frozen=True)
class PastPlans:
    """Rows unsaved, referring to each other. `serves`: (line, goal), which become links once both are saved."""

    plans: Sequence[Plan] = ()
    partners: Sequence[Partner] = ()
    goals: Sequence[Goal] = ()
    lines: Sequence[Line] = ()
    serves: Sequence[tuple[Line, Goal]] = ()
    sessions: Sequence[Session] = ()
    values: Sequence[Measurement] = ()
    beds: Sequence[HomeBed] = ()
    calls: Sequence[BedCall] = ()


@transaction.atomic
def load_plans(*, past: PastPlans, by: Actor) -> int:
    """Save plans, what they hold and what was done; partners' people are let in. Returns the sessions written. Only for
    whoever holds the whole city."""
    require(by, Care.PLAN)
    if tuple(by.key_ranges(Care.PLAN)) != WHOLE_CITY:
        raise NotAllowed(Care.PLAN)
    tables: tuple[Sequence[Any], ...] = (
        past.plans, past.partners, past.goals, past.lines, past.sessions, past.values, past.beds, past.calls,
    )  # fmt: skip
    for rows in tables:  # parents first
        if rows:
            type(rows[0])._default_manager.bulk_create(rows, batch_size=BATCH)
    link = Line.goals.through
    link.objects.bulk_create([link(line=line, goal=goal) for line, goal in past.serves], batch_size=BATCH)
    for partner in past.partners:
        if partner.plan.state == Plan.State.STANDING:
            let_in(partner, by=by)
    record(PlansLoaded(new_uid(), rows=len(past.sessions)), by=by)
    return len(past.sessions)
