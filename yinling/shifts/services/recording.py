"""Record what was done: turns, meals, medicines with their second check, patrols. A second sending is harmless."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID, uuid5

from django.db import transaction

from yinling.kernel.actors import Actor
from yinling.kernel.changes import record
from yinling.kernel.clock import now
from yinling.kernel.crypto import seal
from yinling.kernel.errors import NotFound, Refused
from yinling.kernel.uids import new_uid
from yinling.shifts import parameters
from yinling.shifts.events import CareRecorded, CareTakenBack
from yinling.shifts.models import CareRecord, HandOver, Kind, MissedTask
from yinling.shifts.models.records import record_where
from yinling.shifts.permissions import Shifts
from yinling.shifts.queries.wards import WardDay, point_by_token, span_at, ward_day
from yinling.shifts.rules import doing as rules
from yinling.shifts.rules.due import Task, task_at
from yinling.shifts.services.scoping import locked_ward


@dataclass(frozen=True)
class Sent:
    """What a phone says of itself: its own uid of the entry, and when it was done (default: now)."""

    uid: UUID | None = None
    done_at: dt.datetime | None = None


AT_ONCE = Sent()


@transaction.atomic
def record_care(
    *, ward_uid: object, task: str, by: Actor, slot_at: dt.datetime, result: str = rules.DONE, note: str = "",
    sent: Sent = AT_ONCE,
) -> CareRecord:  # fmt: skip
    """Record one task by its key. What is recorded already stays; a medicine given by another is refused."""
    if known := _known(sent.uid):
        return known
    found = locked_ward(ward_uid, by, Shifts.WORK)
    day = ward_day(found, span_at(slot_at))
    wanted = day.task(task)
    if wanted is None:
        raise NotFound("task")
    if held := day.records.get(task):
        return _same(held, by)
    at = _moment(sent)
    if no := rules.why_not_done(wanted.kind, result, note, wanted.due_at, at, parameters.limits()):
        raise Refused(no, field="note")
    made = _row(day, wanted, sent.uid or new_uid(), at, by, result, note)
    made.save(force_insert=True)
    _made_up([task], at)
    record(CareRecorded(made.uid, what=wanted.kind), by=by, place_key=found.institution.place_key)
    return made


def _known(uid: UUID | None) -> CareRecord | None:
    return CareRecord.objects.filter(uid=uid).first() if uid else None


def _same(held: CareRecord, by: Actor) -> CareRecord:
    """A task recorded before. Two colleagues who both gave a medicine must learn of it."""
    is_dose = held.kind == Kind.MEDICINE and held.result == CareRecord.Result.DONE
    if is_dose and str(held.done_by) != str(by.uid):
        raise Refused(
            "{who} gave this medicine at {done_at}. If you gave it too, report an incident now.",
            who=held.done_label, done_at=held.done_at,
        )  # fmt: skip
    return held


def _moment(sent: Sent) -> dt.datetime:
    at = sent.done_at or now()
    if no := rules.why_not_timed(at, now(), parameters.limits()):
        raise Refused(no)
    return min(at, now())


def _row(
    day: WardDay, task: Task, uid: UUID, at: dt.datetime, by: Actor, result: str = rules.DONE, note: str = ""
) -> CareRecord:
    order = day.orders.get(task.uid) if task.kind == Kind.MEDICINE else None
    return CareRecord(
        uid=uid, ward=day.ward, kind=task.kind, task=task.key, day=day.span.day, shift=day.span.key,
        due_at=task.due_at, stay=day.residents[task.stay].stay if task.stay else None, order=order,
        point=day.points.get(task.uid) if task.kind == Kind.PATROL else None, result=result,
        note_sealed=seal(note.strip()[:300], record_where(uid)), done_at=at, done_by=by.uid,
        done_label=by.label[:60], recorded_at=now(),
    )  # fmt: skip


def _made_up(tasks: list[str], at: dt.datetime) -> None:
    """A record that arrives after its shift was closed takes the task off the missed ones."""
    MissedTask.objects.filter(task__in=tasks, made_up_at__isnull=True).update(made_up_at=now())


@transaction.atomic
def record_meal(
    *, ward_uid: object, slot_at: dt.datetime, results: Mapping[UUID, str], by: Actor, sent: Sent = AT_ONCE
) -> int:
    """Record a meal of the ward: by stay, eaten, in part or refused. Returns how many rows are new; again none."""
    found = locked_ward(ward_uid, by, Shifts.WORK)
    day = ward_day(found, span_at(slot_at))
    meal = [task for task in day.tasks if task.kind == Kind.MEAL and task.slot_at == slot_at]
    if not meal:
        raise NotFound("meal")
    at, batch = _moment(sent), sent.uid or new_uid()
    rows = []
    for task in meal:
        result = results.get(task.uid)
        if result is None or task.key in day.records:
            continue
        if no := rules.why_not_done(Kind.MEAL, result, "", task.due_at, at, parameters.limits()):
            raise Refused(no)
        rows.append(_row(day, task, uuid5(batch, str(task.uid)), at, by, result))
    CareRecord.objects.bulk_create(rows)
    if rows:
        _made_up([row.task for row in rows], at)
        record(CareRecorded(found.uid, what=Kind.MEAL, rows=len(rows)), by=by, place_key=found.institution.place_key)
    return len(rows)


@transaction.atomic
def patrol(*, token: str, by: Actor, sent: Sent = AT_ONCE) -> CareRecord:
    """The code of a patrol point was read. A second reading in the same round is the first."""
    if known := _known(sent.uid):
        return known
    point = point_by_token(token, by)
    found, at = locked_ward(point.ward.uid, by, Shifts.WORK), _moment(sent)
    day = ward_day(found, span_at(at))
    rounds = [task for task in day.tasks if task.uid == point.uid]
    task = task_at(rounds, day.span, at) or Task(Kind.PATROL, point.uid, None, day.span.starts_at, day.span.ends_at)
    held = CareRecord.objects.standing().filter(task=task.key).first()
    if held is not None:
        return held
    made = _row(day, task, sent.uid or new_uid(), at, by)
    made.save(force_insert=True)
    _made_up([task.key], at)
    record(CareRecorded(made.uid, what=Kind.PATROL), by=by, place_key=found.institution.place_key)
    return made


@transaction.atomic
def take_back(*, uid: object, reason: str, by: Actor) -> CareRecord:
    """A record was a mistake: the task is open again. Only its author, and only until the shift is handed over."""
    seen = CareRecord.objects.visible_to(by).select_related("ward").one(uid=uid)
    found = locked_ward(seen.ward.uid, by, Shifts.WORK)
    held = CareRecord.objects.get(pk=seen.pk)
    if held.voided_at is not None:
        return held
    is_over = HandOver.objects.filter(ward=found, day=held.day, shift=held.shift).exists()
    is_own = str(held.done_by) == str(by.uid)
    if no := rules.why_not_taken_back(is_own, held.checked_at is not None, is_over, reason):
        raise Refused(no, field="reason")
    held.voided_at, held.void_reason = now(), reason.strip()[:200]
    held.save(update_fields=["voided_at", "void_reason"])
    record(CareTakenBack(held.uid), by=by, place_key=found.institution.place_key, reason=reason)
    return held
