"""Results that run out, and changes of condition: both ask the county for a new assessment."""

import datetime as dt
from uuid import UUID

from django.db import transaction

from yinling.assessments import duties, queries, rules
from yinling.assessments.events import ConditionRead, ConditionReported
from yinling.assessments.models import Assessment, ConditionReport
from yinling.assessments.permissions import Assessments
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.crypto import seal
from yinling.kernel.errors import Refused
from yinling.kernel.uids import new_uid
from yinling.people.models import Category, Person
from yinling.reference.queries import entries, has_list

AHEAD, ENDED = 1, 2  # what `reminded` holds
CATCH_UP = dt.timedelta(days=30)  # what ended longer ago is history: loading old results asks nobody for anything
DESTITUTE = "destitute"  # code of person_category
NOTICED_BY = "informant_relation"  # code list


@transaction.atomic
def remind(*, on: dt.date, after: int, size: int, by: Actor) -> tuple[int, int | None]:
    """Open duties for results that end soon or have ended, one batch of assessments beyond id `after`.

    Returns (duties opened, last id looked at, None when there is no more). Doing it again opens nothing.
    """
    soon = on + dt.timedelta(days=queries.warn_days(on))
    rows = Assessment.objects.counting().filter(
        valid_to__gt=on - CATCH_UP, valid_to__lte=soon, reminded__lt=ENDED, pk__gt=after
    )
    batch = list(rows.select_related("person", "instrument").order_by("pk")[:size])
    opened = sum(_remind(found, on, by) for found in batch)
    return opened, batch[-1].pk if len(batch) == size else None


def _remind(found: Assessment, on: dt.date, by: Actor) -> bool:
    assert found.valid_to is not None
    stage = ENDED if found.valid_to <= on else AHEAD
    if stage == found.reminded or not _is_the_persons_latest(found):
        return False
    found.reminded = stage
    found.save(update_fields=["reminded"])
    return duties.ends(found, has_ended=stage == ENDED, by=by)


def _is_the_persons_latest(found: Assessment) -> bool:
    """Whether the person still lives, under this file or another, and nothing newer counts on this scale."""
    person = found.person
    if person.life_status == Person.DEAD:
        return False
    current = queries.current_levels(person).get(found.instrument.key)
    return current is not None and current.assessment_id == found.pk


@transaction.atomic
def report_change_of_condition(
    *, person_uid: UUID | str, note: str, by: Actor, noticed_by: str = ""
) -> ConditionReport:
    """Somebody saw that a person's ability changed: the county assesses again.

    `noticed_by` says who saw it (code list informant_relation), `by` who reports it. For destitute persons the new
    assessment is due in 10 working days (民发〔2021〕43号).
    """
    person = Person.objects.visible_to(by).one(uid=person_uid)
    require(by, Assessments.PLAN)
    if person.life_status == Person.DEAD:
        raise Refused("This person is registered as dead. If that is a mistake, reverse the registration first.")
    if refusal := rules.why_no_reason(note):
        raise Refused(refusal, field="note")
    if noticed_by and has_list(NOTICED_BY) and noticed_by not in {code.code for code in entries(NOTICED_BY)}:
        raise Refused("{code} is not in the list. Choose who noticed it.", field="noticed_by", code=noticed_by)
    uid = new_uid()
    report = ConditionReport(uid=uid, person=person, place_key=person.place_key, noticed_by=noticed_by)
    report.reported_by = UUID(str(by.uid))
    report.note_sealed = seal(note.strip(), report.note_where)
    report.save(force_insert=True)
    held = Category.objects.filter(person=person, category=DESTITUTE, valid_to__isnull=True, superseded_at__isnull=True)
    duties.condition_changed(report, is_destitute=held.exists(), by=by)
    record(ConditionReported(person.uid, report=str(uid)), by=by, place_key=person.place_key)
    return report


@transaction.atomic
def open_reports(*, person_uid: UUID | str, by: Actor) -> list[tuple[ConditionReport, str]]:
    """The reports nobody has answered yet with their notes, for whoever plans the assessment. The look is recorded."""
    person = Person.objects.visible_to(by).one(uid=person_uid)
    require(by, Assessments.PLAN, person.place_key)
    found = [(report, report.note()) for report in queries.unsettled_reports(person)]
    if found:
        record(ConditionRead(person.uid, reports=len(found)), by=by, place_key=person.place_key)
    return found
