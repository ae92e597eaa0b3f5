"""Plan an assessment, write answers down, attach pictures. Scores are computed here, at every save."""

import datetime as dt
import json
from typing import Any
from uuid import UUID

from django.db import transaction

from yinling.accounts.models import User
from yinling.assessments import duties, queries, rules
from yinling.assessments.events import AssessmentPlanned, AssessmentSaved, SignatureFellAway
from yinling.assessments.form_a import why_not_kept
from yinling.assessments.models import Assessment, Instrument
from yinling.assessments.permissions import Assessments
from yinling.assessments.rules import Entered
from yinling.assessments.services.signing import content_of
from yinling.engines.scales.instruments import Instrument as Scale
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date, now
from yinling.kernel.crypto import seal
from yinling.kernel.errors import Refused
from yinling.kernel.models import next_number
from yinling.kernel.reasons import Reason
from yinling.people.models import Person
from yinling.places.models import Level as PlaceLevel
from yinling.places.queries import tree


@transaction.atomic
def plan_assessment(
    *,
    person_uid: UUID | str,
    instrument_key: str,
    reason: str,
    by: Actor,
    planned_on: dt.date | None = None,
    assessor: User | None = None,
    replaces: Assessment | None = None,
) -> Assessment:
    """Open an assessment of a person and have somebody carry it out: `assessor`, or whoever is one there."""
    person = Person.objects.visible_to(by).one(uid=person_uid)
    require(by, Assessments.PLAN, person.place_key)
    row = queries.instrument(instrument_key)
    _check_plan(person, row)
    found = open_one(person, row, reason, place_key=person.place_key, planned_on=planned_on, replaces=replaces)
    duties.ask_to_assess(found, by=by, assessor=assessor)
    record(
        AssessmentPlanned(found.uid, person=str(person.uid), instrument=row.key, planned_on=str(planned_on or "")),
        by=by, place_key=found.place_key, reason=reason,
    )  # fmt: skip
    return found


def _check_plan(person: Person, row: Instrument) -> None:
    scale = queries.scale_of(row)
    same = Assessment.objects.filter(person=person, instrument__key=row.key, state__in=rules.OPEN_STATES).first()
    refusal = rules.why_not_planned(
        is_dead=person.life_status == Person.DEAD, is_merged=person.canonical_id is not None,
        may_be_issued=scale.may_be_issued, title=scale.title, open_number=same.number if same else "",
    )  # fmt: skip
    if refusal:
        raise Refused(refusal)


def open_one(person: Person, row: Instrument, reason: str, **columns: Any) -> Assessment:
    """A new row with its readable number (per county and year). The caller decides and records."""
    place_key = columns["place_key"]
    county = tree().above(place_key, PlaceLevel.COUNTY)
    series = f"{(county.key if county else place_key) // 10**6}-{civil_date().year}"
    number = f"PG{series}-{next_number(f'assessment:{series}'):05d}"
    return Assessment.objects.create(person=person, instrument=row, reason=reason, number=number, **columns)


@transaction.atomic
def save_draft(*, uid: UUID | str, entered: Entered, by: Actor) -> Assessment:
    """Write down what is known so far and score it. Gaps are fine; illegal answers are refused, all named at once.

    A change after the first signature makes that signature fall away.
    """
    found = locked(uid, by)
    require(by, Assessments.ENTER, found.place_key)
    scale = queries.scale_of(found.instrument)
    if refusal := rules.why_not_edited(found.state):
        raise Refused(refusal)
    if faults := why_not_entered(found.instrument, entered):
        raise Refused(faults[0] if len(faults) == 1 else rules.all_of(faults))
    before = content_of(found)
    standing = put_entered(found, scale, entered)
    if found.state == Assessment.State.PLANNED:
        found.state = Assessment.State.DRAFT
    if content_of(found) != before:
        _let_signatures_fall_away(found, by)
    found.saved_at = now()
    found.save()
    record(
        AssessmentSaved(found.uid, person=str(found.person.uid), missing=len(standing.missing)),
        by=by, place_key=found.place_key, content=content_of(found),
    )  # fmt: skip
    return found


def why_not_entered(row: Instrument, entered: Entered) -> tuple[Reason, ...]:
    """What of a draft cannot stand, items, circumstances and form A together."""
    faults = rules.why_not_saved(queries.scale_of(row), entered, now())
    return (*faults, *why_not_kept(queries.form_a_of(row), entered.form_a, entered.notes))


def locked(uid: UUID | str, by: Actor) -> Assessment:
    """One assessment the actor may see, held until the transaction ends. Raises NotFound."""
    rows = Assessment.objects.visible_to(by).select_for_update(of=("self",)).select_related("person", "instrument")
    return rows.one(uid=uid)


def put_entered(found: Assessment, scale: Scale, entered: Entered) -> rules.Standing:
    """Set the columns that follow from what was entered, scores included; saves nothing."""
    standing = rules.standing(scale, entered)
    found.answers, found.circumstances = dict(entered.answers), dict(entered.circumstances)
    found.happened_at, found.form_a = entered.happened_at, dict(entered.form_a)
    found.informant_name = entered.informant_name.strip()[: rules.LONGEST_NAME]
    found.informant_relation = entered.informant_relation
    notes = {name: text.strip() for name, text in entered.notes.items() if text.strip()}
    if notes != found.notes():
        found.notes_sealed = seal(json.dumps(notes, ensure_ascii=False), found.notes_where) if notes else b""
    result = standing.result
    found.sub_scores = standing.sub_scores
    found.total = result.total if result else None
    found.initial_level = result.initial_level if result else None
    found.changes = rules.kept_changes(result.changes) if result else []
    found.final_level = result.final_level if result else None
    return standing


def _let_signatures_fall_away(found: Assessment, by: Actor) -> None:
    """What was signed is no longer what stands there."""
    for signature in found.signatures.filter(fell_away_at__isnull=True).select_related("user"):
        signature.fell_away_at = now()
        signature.save(update_fields=["fell_away_at"])
        event = SignatureFellAway(found.uid, person=str(found.person.uid), assessor=str(signature.user.uid))
        record(event, by=by, place_key=found.place_key)
        found.state = Assessment.State.DRAFT
