"""Sessions: held, missed, cancelled, taken back. By planners of the division and by those who deliver the part."""

import datetime as dt
from typing import Protocol

from django.db import transaction

from yinling.care import parameters
from yinling.care.models import Plan, Session, Visitor
from yinling.care.models.plans import plan_where
from yinling.care.plan_events import SessionCancelled, SessionEvent, SessionHeld, SessionMissed, SessionTakenBack
from yinling.care.rules import sessions as rules
from yinling.care.services.lines import require_part
from yinling.kernel.actors import Actor
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date, now
from yinling.kernel.crypto import seal
from yinling.kernel.errors import Refused
from yinling.kernel.uids import Uid

WROTE = ["state", "held_at", "minutes", "held_by", "note_sealed", "why_not", "recorded_by", "recorded_at"]
State = Session.State


class Verb(Protocol):
    """What is done to a session with a reason."""

    def __call__(self, *, uid: Uid, why: str, by: Actor) -> Session: ...


def _session(uid: Uid, by: Actor) -> Session:
    """A session to write in, locked. Raises NotFound, NotAllowed."""
    found: Session = (
        Session.objects.visible_to(by).select_related("line__plan__person", "line__partner")
        .select_for_update(of=("self",)).one(uid=uid)
    )  # fmt: skip
    require_part(by, found.line.plan, found.line.partner)
    return found


def _save(found: Session, event: SessionEvent, by: Actor, reason: str = "") -> Session:
    found.recorded_by, found.recorded_at = by.uid, now()
    found.save(update_fields=WROTE)
    record(event, by=by, place_key=found.line.plan.person.place_key, reason=reason)
    return found


def _stands(found: Session) -> bool:
    return found.line.plan.state == Plan.State.STANDING


@transaction.atomic
def hold_session(
    *, uid: Uid, held_at: dt.datetime, minutes: int, by: Actor, note: str = "", held_by_uid: Uid | None = None
) -> Session:
    """A session was held: when, how long, by whom (whoever writes it down, where they go to doors themselves)."""
    found = _session(uid, by)
    if no := rules.why_not_held(
        state=found.state, plan_stands=_stands(found), planned_on=found.planned_on, held_on=civil_date(held_at),
        today=civil_date(), early_days=parameters.session_early_days(),
    ):  # fmt: skip
        raise Refused(no, field="held_at")
    if held_at > now():
        raise Refused("{at} lies in the future. Record the session after it was held.", field="held_at", at=held_at)
    if not 5 <= minutes <= 480:
        raise Refused("A session lasts 5 to 480 minutes, not {minutes}.", field="minutes", minutes=minutes)
    found.state, found.held_at, found.minutes, found.why_not = State.HELD, held_at, minutes, ""
    found.held_by = _who(found, held_by_uid, by)
    found.note_sealed = seal(note.strip(), plan_where("session", found.uid)) if note.strip() else b""
    return _save(found, SessionHeld(found.uid, str(found.line.plan.person.uid), minutes=minutes), by)


def _who(found: Session, uid: Uid | None, by: Actor) -> Visitor | None:
    """Who held it: named, or whoever records it, or the line's own carer; of the part's organisation."""
    active = Visitor.objects.active(civil_date())
    partner = found.line.partner
    if partner is not None:
        active = active.filter(organisation=partner.organisation_id)
    if uid:
        return active.one(uid=uid)
    return active.filter(user__uid=by.uid).first() or found.line.carer


@transaction.atomic
def miss_session(*, uid: Uid, why: str, by: Actor) -> Session:
    """A session was not held. Says why."""
    found = _session(uid, by)
    if no := rules.why_not_missed(state=found.state, planned_on=found.planned_on, today=civil_date(), why=why):
        raise Refused(no, field="why")
    found.state, found.why_not = State.MISSED, why.strip()
    return _save(found, SessionMissed(found.uid, str(found.line.plan.person.uid)), by, why)


@transaction.atomic
def cancel_session(*, uid: Uid, why: str, by: Actor) -> Session:
    """A session will not be held. Says why."""
    found = _session(uid, by)
    if no := rules.why_not_cancelled(state=found.state, why=why):
        raise Refused(no, field="why")
    found.state, found.why_not = State.CANCELLED, why.strip()
    return _save(found, SessionCancelled(found.uid, str(found.line.plan.person.uid)), by, why)


@transaction.atomic
def take_back_session(*, uid: Uid, why: str, by: Actor) -> Session:
    """What was recorded was a mistake: the session is planned again. The change rows keep both."""
    found = _session(uid, by)
    if no := rules.why_not_taken_back(state=found.state, plan_stands=_stands(found), why=why):
        raise Refused(no, field="why")
    found.state, found.held_at, found.minutes, found.held_by = State.PLANNED, None, None, None
    found.note_sealed, found.why_not = b"", ""
    return _save(found, SessionTakenBack(found.uid, str(found.line.plan.person.uid)), by, why)
