"""The end of a shift: everybody is counted, somebody else takes over; and what was not done is written down."""

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from yinling.institutions.models import Leave
from yinling.institutions.services import come_back
from yinling.kernel.actors import Actor
from yinling.kernel.changes import record
from yinling.kernel.clock import now
from yinling.kernel.crypto import seal
from yinling.kernel.errors import NotFound, Refused
from yinling.kernel.uids import new_uid
from yinling.shifts import parameters
from yinling.shifts.events import HandedOver, ResidentNotSeen, ShiftClosed, TakenOver
from yinling.shifts.models import HandOver, HeadCount, Kind, MissedTask, Ward
from yinling.shifts.models.records import hand_over_where
from yinling.shifts.permissions import Shifts
from yinling.shifts.queries.wards import Resident, WardDay, span_named, ward_day
from yinling.shifts.rules import doing as rules
from yinling.shifts.rules.due import Span
from yinling.shifts.services.incidents import Report, report_incident
from yinling.shifts.services.recording import AT_ONCE, Sent
from yinling.shifts.services.scoping import locked_ward
from yinling.worklist.models import Subject

Lines = Mapping[UUID, rules.Counted]


@transaction.atomic
def note_return(*, ward_uid: object, leave_uid: UUID, by: Actor, back_at: dt.datetime | None = None) -> Leave:
    """A resident of the ward is back from an outing. Again changes nothing. Raises NotFound, Refused."""
    ward = locked_ward(ward_uid, by, Shifts.WORK)
    leave = Leave.objects.visible_to(by).select_related("stay").one(uid=leave_uid)
    if leave.stay.institution_id != ward.institution_id:
        raise NotFound("leave")
    return come_back(leave_uid=leave_uid, by=by, back_at=back_at)


@transaction.atomic
def hand_over(
    *, ward_uid: object, day: dt.date, shift: str, seen: Mapping[UUID, str | None], by: Actor, note: str = "",
    sent: Sent = AT_ONCE,
) -> HandOver:  # fmt: skip
    """Hand a shift over with a head count. `seen`: by stay, None when seen, else what is said about where they are.

    Whoever is out with a slip counts as out. Somebody not seen without a word refuses the hand-over; with a word it
    raises an incident. A shift is handed over once: again is the first.
    """
    found = locked_ward(ward_uid, by, Shifts.WORK)
    if known := HandOver.objects.filter(ward=found, day=day, shift=shift).first():
        return known
    at = sent.done_at or now()
    if no := rules.why_not_timed(at, now(), parameters.limits()):
        raise Refused(no)
    data = ward_day(found, span_named(day, shift))
    lines = _lines(data.residents, seen)
    by_bed = {data.residents[uid].bed: line for uid, line in lines.items()}
    is_complete = set(seen) == set(data.residents)
    if no := rules.why_not_handed_over(by_bed, is_complete=is_complete, has_begun=at >= data.span.starts_at):
        raise Refused(no)
    made = _save(data, lines, note, sent.uid or new_uid(), min(at, now()), by)
    _raise_missing(made, data, lines, by)
    return made


def _lines(residents: Mapping[UUID, Resident], seen: Mapping[UUID, str | None]) -> dict[UUID, rules.Counted]:
    return {
        uid: rules.Counted(seen.get(uid, "") is None, one.leave is not None, (seen.get(uid) or "").strip()[:200])
        for uid, one in residents.items()
    }


def _save(data: WardDay, lines: Lines, note: str, uid: UUID, at: dt.datetime, by: Actor) -> HandOver:
    states = [line.state for line in lines.values()]
    made = HandOver.objects.create(
        uid=uid, ward=data.ward, day=data.span.day, shift=data.span.key, expected=len(states),
        seen=states.count(rules.SEEN), out=states.count(rules.OUT),
        note_sealed=seal(note.strip()[:1000], hand_over_where(uid)), handed_by=by.uid, handed_label=by.label[:60],
        handed_at=at,
    )  # fmt: skip
    HeadCount.objects.bulk_create(
        HeadCount(hand_over=made, stay=data.residents[uid].stay, state=line.state, note=line.note)
        for uid, line in lines.items()
    )
    # Whoever is seen now was found, whatever the count before said.
    seen = [data.residents[uid].stay.pk for uid, line in lines.items() if line.state == rules.SEEN]
    HeadCount.objects.filter(stay__in=seen, state=rules.NOT_SEEN, found_at__isnull=True).update(found_at=at)
    home = data.ward.institution
    event = HandedOver(
        made.uid, institution_uid=str(home.uid), expected=made.expected, not_seen=states.count(rules.NOT_SEEN)
    )
    record(event, by=by, place_key=home.place_key)
    return made


def _raise_missing(made: HandOver, data: WardDay, lines: Lines, by: Actor) -> None:
    home = data.ward.institution
    for uid, line in lines.items():
        if line.state != rules.NOT_SEEN:
            continue
        stay = data.residents[uid].stay
        incident = report_incident(
            institution_uid=home.uid, ward_uid=data.ward.uid, by=by, origin=Subject("hand_over", made.uid),
            report=Report("not_seen", made.handed_at, (stay.uid,), what=line.note),
            sent=Sent(done_at=made.handed_at),
        )  # fmt: skip
        event = ResidentNotSeen(stay.person.uid, institution_uid=str(home.uid), incident_uid=str(incident.uid))
        record(event, by=by, place_key=home.place_key)


@transaction.atomic
def take_over(*, uid: object, by: Actor) -> HandOver:
    """The next carer takes over. Again by anybody changes nothing."""
    seen = HandOver.objects.visible_to(by).select_related("ward").one(uid=uid)
    ward = locked_ward(seen.ward.uid, by, Shifts.WORK)
    held = HandOver.objects.get(pk=seen.pk)
    if held.taken_at is not None:
        return held
    if no := rules.why_not_taken_over(str(held.handed_by) == str(by.uid)):
        raise Refused(no)
    held.taken_at, held.taken_by, held.taken_label = now(), UUID(str(by.uid)), by.label[:60]
    held.save(update_fields=["taken_at", "taken_by", "taken_label"])
    record(TakenOver(held.uid), by=by, place_key=ward.institution.place_key)
    return held


@transaction.atomic
def close_shift(*, ward: Ward, span: Span, by: Actor) -> int:
    """Write down what was not done in a shift that is over. Returns how much; again writes nothing new."""
    data = ward_day(ward, span)
    carer = data.before  # who took the ward over when the shift began answers for it
    rows = [
        MissedTask(
            ward=ward, kind=task.kind, task=task.key, stay=data.residents[task.stay].stay if task.stay else None,
            order=data.orders.get(task.uid) if task.kind == Kind.MEDICINE else None,
            point=data.points.get(task.uid) if task.kind == Kind.PATROL else None, day=span.day, shift=span.key,
            due_at=task.due_at, carer_uid=carer.taken_by if carer else None,
            carer_label=carer.taken_label if carer else "",
        )
        for task in data.open_tasks()
    ]  # fmt: skip
    known = set(MissedTask.objects.filter(task__in=[row.task for row in rows]).values_list("task", flat=True))
    fresh = [row for row in rows if row.task not in known]
    MissedTask.objects.bulk_create(fresh)
    if fresh:
        event = ShiftClosed(ward.uid, day=span.day.isoformat(), shift=span.key, missed=len(fresh))
        record(event, by=by, place_key=ward.institution.place_key)
    return len(fresh)
