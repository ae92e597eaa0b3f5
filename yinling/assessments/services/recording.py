"""Results made elsewhere, written down from paper: an old scale's level as it stands, the county on self-care."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from yinling.assessments import duties, queries, rules
from yinling.assessments.events import ResultRecorded
from yinling.assessments.models import Assessment, Instrument
from yinling.assessments.permissions import Assessments
from yinling.assessments.services.drafting import open_one
from yinling.assessments.services.levels import bring_levels_up_to_date
from yinling.assessments.services.signing import content_of
from yinling.engines.scales.scoring import AnswersRefused, Result, score
from yinling.engines.scales.scoring import record as recorded
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date, start_of
from yinling.kernel.errors import Refused
from yinling.people.models import Person

NOON = dt.timedelta(hours=12)  # paper states a day, no hour


@transaction.atomic
def record_legacy(
    *,
    person_uid: UUID | str,
    instrument_key: str,
    on: dt.date,
    level: int,
    assessors: str,
    by: Actor,
    reason: str = "other",
) -> Assessment:
    """Write down the level that assessors gave on a record-only scale (MZ/T 039-2013). Nothing is computed.

    Raises Refused for a scale that is scored from its items: there a level alone is never accepted.
    """
    person = _seen(person_uid, on, assessors, by)
    row = queries.instrument(instrument_key)
    try:
        result = recorded(queries.scale_of(row), level)
    except AnswersRefused as no:
        raise Refused(no.reasons[0], field="level") from None
    return _keep(person, row, result, on, assessors, reason, by)


@transaction.atomic
def record_self_care(
    *, person_uid: UUID | str, on: dt.date, answers: Mapping[str, int], assessors: str, by: Actor, reason: str = "other"
) -> Assessment:
    """Write down the six things a destitute person can or cannot do, as the county decided; the level is computed."""
    person = _seen(person_uid, on, assessors, by)
    row = queries.instrument(rules.SELF_CARE)
    try:
        result = score(queries.scale_of(row), answers, {})
    except AnswersRefused as no:
        raise Refused(rules.all_of(no.reasons)) from None
    return _keep(person, row, result, on, assessors, reason, by)


def _seen(person_uid: UUID | str, on: dt.date, assessors: str, by: Actor) -> Person:
    person = Person.objects.visible_to(by).one(uid=person_uid)
    require(by, Assessments.ENTER, person.place_key)
    if refusal := rules.why_not_recorded(on, civil_date(), assessors, person.died_on):
        raise Refused(refusal, field="assessors" if not assessors.strip() else "on")
    return person


def _keep(
    person: Person, row: Instrument, result: Result, on: dt.date, assessors: str, reason: str, by: Actor
) -> Assessment:
    columns: dict[str, Any] = {
        "place_key": person.place_key, "origin": Assessment.Origin.PAPER, "state": Assessment.State.SIGNED,
        "happened_at": start_of(on) + NOON, "answers": result.answers, "sub_scores": result.sub_scores,
        "total": result.total, "initial_level": result.initial_level, "changes": rules.kept_changes(result.changes),
        "final_level": result.final_level, "assessors_on_paper": assessors.strip()[:120],
    }  # fmt: skip
    found = open_one(person, row, reason, **columns)
    event = ResultRecorded(found.uid, person=str(person.uid), instrument=row.key)
    record(event, by=by, place_key=found.place_key, content=content_of(found))
    bring_levels_up_to_date(person, row.key, by=by)
    if row.key == rules.SELF_CARE:
        duties.assessed(found, by=by)
    return found
