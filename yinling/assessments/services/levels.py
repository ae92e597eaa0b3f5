"""Levels follow from the assessments that count. Voiding one lets the level before it stand again."""

from uuid import UUID

from django.db import transaction

from yinling.assessments import duties, rules
from yinling.assessments.events import AssessmentVoided, LevelChanged
from yinling.assessments.models import Assessment, Level
from yinling.assessments.permissions import Assessments
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date, now
from yinling.kernel.errors import Refused
from yinling.people.models import Person


def bring_levels_up_to_date(person: Person, scale: str, *, by: Actor) -> None:
    """Make the level facts of a person on a scale say what the assessments say, and announce a changed level."""
    held = list(Level.objects.current().filter(person=person, scale=scale).select_for_update())
    counting = Assessment.objects.counting().filter(person=person, instrument__key=scale)
    by_id = {a.pk: a for a in counting}
    wanted = rules.spans(
        rules.Finding(a.pk, civil_date(a.happened_at), a.final_level)
        for a in by_id.values()
        if a.final_level is not None
    )
    standing = {rules.Span(row.assessment_id, row.level, row.valid_from, row.valid_to): row for row in held}
    stale = [row.pk for span, row in standing.items() if span not in wanted]
    Level.objects.filter(pk__in=stale).update(superseded_at=now())
    Level.objects.bulk_create(
        Level(
            person=person, scale=scale, level=span.level, assessment_id=span.assessment,
            place_key=by_id[span.assessment].place_key, valid_from=span.valid_from, valid_to=span.valid_to,
        )
        for span in wanted
        if span not in standing
    )  # fmt: skip
    old = next((row.level for row in held if row.valid_to is None), None)
    new = wanted[-1].level if wanted else None
    if old != new:
        record(LevelChanged(person.uid, old=old, new=new, instrument=scale), by=by, place_key=person.place_key)


@transaction.atomic
def void_assessment(*, uid: UUID | str, reason: str, by: Actor) -> Assessment:
    """Take an assessment out of force, with the reason on record; nothing of it is erased."""
    rows = Assessment.objects.visible_to(by).select_for_update(of=("self",)).select_related("person", "instrument")
    found = rows.one(uid=uid)
    require(by, Assessments.VOID, found.place_key)
    if refusal := rules.why_not_voided(found.state, reason):
        raise Refused(refusal, field="reason")
    counted = found.state == Assessment.State.SIGNED
    found.state, found.voided_at, found.voided_by = Assessment.State.VOID, now(), UUID(str(by.uid))
    found.void_reason = reason.strip()[:300]
    found.save(update_fields=["state", "voided_at", "voided_by", "void_reason"])
    record(AssessmentVoided(found.uid, person=str(found.person.uid)), by=by, place_key=found.place_key, reason=reason)
    duties.fell_away(found, by=by)
    if counted:
        bring_levels_up_to_date(found.person, found.instrument.key, by=by)
    return found
