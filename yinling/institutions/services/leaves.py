"""Going out for a while, with a slip, and coming back. The bed stays theirs."""

import datetime as dt

from django.db import transaction

from yinling.institutions import rules
from yinling.institutions.events import CameBack, WentOut
from yinling.institutions.models import Institution, Leave, Staff, Stay
from yinling.institutions.permissions import Institutions
from yinling.institutions.services.admission import readable_number
from yinling.institutions.services.presence import managers_of
from yinling.institutions.services.stays import present_stay
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import now
from yinling.kernel.errors import Refused
from yinling.kernel.reasons import Reason
from yinling.people.services.whereabouts import Where, record_whereabouts
from yinling.reference.queries import parameter_or
from yinling.worklist.models import NextStep, Subject
from yinling.worklist.services import close_item, open_item

WHEREABOUTS: dict[str, Where] = {Leave.OUTING: "away", Leave.HOME: "away", Leave.HOSPITAL: "hospital"}
DUTY = "institutions.return"
HOLD_DUTY = "institutions.hold"  # in hospital for long: is the bed kept?


@transaction.atomic
def go_on_leave(
    *,
    stay_uid: object,
    kind: str,
    due_back: dt.datetime,
    by: Actor,
    out_at: dt.datetime | None = None,
    companion: str = "",
    destination: str = "",
) -> Leave:
    """Write a slip: outing, home or hospital. A duty waits for the return and comes up when it is overdue."""
    stay, moment = present_stay(stay_uid, by), out_at or now()
    if kind not in WHEREABOUTS:
        raise Refused("{code} is not in the list. Choose one of the words offered.", field="kind", code=kind)
    is_out = Leave.objects.filter(stay=stay, back_at__isnull=True).exists()
    if refusal := rules.why_not_out(is_out, moment, due_back, now()):
        raise Refused(refusal, field="due_back")
    made = Leave.objects.create(
        number=readable_number("WC", stay.institution.place_key), stay=stay, kind=kind, companion=companion[:60],
        destination=destination[:120], out_at=moment, due_back=due_back,
    )  # fmt: skip
    record_whereabouts(
        person=stay.person, kind=WHEREABOUTS[kind], since=moment, origin_kind="stay", origin_uid=stay.uid
    )
    manager = next(iter(managers_of(stay.institution)), None)
    open_item(
        kind=DUTY, subject=Subject("stay", stay.uid), key=str(made.uid), by=by, place_key=stay.institution.place_key,
        role="" if manager else "township_clerk", user=manager, due_at=due_back + _patience(),
        title=Reason("A resident has not come back"), why=Reason("Slip {number}", number=made.number),
        next_step=NextStep("Record the return", "institutions:stay", (str(stay.uid),)),
    )  # fmt: skip
    event = WentOut(stay.person.uid, institution_uid=str(stay.institution.uid), stay_uid=str(stay.uid), leave_kind=kind)
    record(event, by=by, place_key=stay.institution.place_key)
    return made


def _patience() -> dt.timedelta:
    return dt.timedelta(hours=float(parameter_or("outing.overdue_hours", 0)))


def _works_in(home: Institution, by: Actor) -> bool:
    """Whoever works in the house sees the resident come in at the door."""
    return Staff.objects.filter(institution=home, user__uid=by.uid, left_on__isnull=True).exists()


@transaction.atomic
def come_back(*, leave_uid: object, by: Actor, back_at: dt.datetime | None = None) -> Leave:
    """The resident is back. Again changes nothing."""
    found = Leave.objects.visible_to(by).select_for_update(of=("self",)).one(uid=leave_uid)
    stay = Stay.objects.select_related("person", "institution").get(pk=found.stay_id)
    if not _works_in(stay.institution, by):
        require(by, Institutions.ADMIT, stay.institution.place_key)
    if found.back_at is not None:
        return found
    moment = back_at or now()
    if not found.out_at <= moment <= now():
        raise Refused("The return lies between going out on {out_at} and now. Correct the time.", out_at=found.out_at)
    found.back_at, found.returned_recorded_at = moment, now()
    found.save(update_fields=["back_at", "returned_recorded_at"])
    record_whereabouts(person=stay.person, kind="stay", since=moment, origin_kind="stay", origin_uid=stay.uid)
    for duty in (DUTY, HOLD_DUTY):
        close_item(kind=duty, subject=Subject("stay", stay.uid), key=str(found.uid), by=by)
    event = CameBack(stay.person.uid, institution_uid=str(stay.institution.uid), stay_uid=str(stay.uid))
    record(event, by=by, place_key=stay.institution.place_key)
    return found
