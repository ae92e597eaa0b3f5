"""When nobody answers: call twice, ask a neighbour or kin, a cadre at the door within hours, police; with clocks."""

import datetime as dt
from uuid import UUID

from django.db import transaction

from yinling.care import waiting
from yinling.care.events import AttemptNoted
from yinling.care.models import Attempt, Visit
from yinling.care.permissions import Care
from yinling.care.rules import visits as rules
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import now
from yinling.kernel.errors import Refused
from yinling.people.models import Person
from yinling.people.models.signs import SignOfLife
from yinling.people.services import note_sign_of_life

STILL_SOUGHT = dt.timedelta(days=31)  # older ladders are over one way or the other


def begin_ladder(visit: Visit, *, by: Actor) -> None:
    """Nobody answered at a visit: the first rung is asked for. For services of this module."""
    waiting.climb_to(rules.RUNGS[0], visit, by=by)


def end_ladders(person: Person, *, by: Actor) -> None:
    """The person was met: every ladder that looks for them falls away. For services of this module."""
    sought = Visit.objects.filter(
        person=person, state=Visit.State.DONE, has_contact=False, started_at__gte=now() - STILL_SOUGHT
    )
    for visit in sought:
        waiting.found_again(visit, by=by)


@transaction.atomic
def note_attempt(
    *, visit_uid: UUID, attempt_uid: UUID, rung: str, tried_at: dt.datetime, is_answered: bool, by: Actor
) -> Attempt:
    """Somebody tried a rung (call, neighbour, cadre, police) after a visit without contact. Raises Refused, NotFound.

    Answered, the ladder ends; not, the next rung is asked for. The same `attempt_uid` again changes nothing. An answer
    on the telephone is a sign of life and no visit: the visit stays due.
    """
    visit = (
        Visit.objects.visible_to(by).select_related("person", "visitor__user")
        .select_for_update(of=("self",)).one(uid=visit_uid)
    )  # fmt: skip
    if known := Attempt.objects.filter(uid=attempt_uid, visit=visit).first():
        return known
    is_own = visit.visitor is not None and visit.visitor.user is not None and visit.visitor.user.uid == by.uid
    if not is_own and not by.may(Care.VISIT, visit.person.place_key):
        require(by, Care.ENTER, visit.person.place_key)
    _refuse(visit, rung, tried_at)
    made = Attempt.objects.create(
        uid=attempt_uid, visit=visit, rung=rung, tried_at=tried_at, is_answered=is_answered, tried_by=by.uid
    )
    _climb(visit, made, by)
    event = AttemptNoted(visit.uid, rung=rung, is_answered=is_answered)
    record(event, by=by, place_key=visit.person.place_key)
    return made


def _refuse(visit: Visit, rung: str, tried_at: dt.datetime) -> None:
    if rung not in rules.RUNGS:
        raise Refused("Say what was tried: a call, a neighbour, a cadre at the door, or the police.", field="rung")
    if visit.state != Visit.State.DONE or visit.has_contact:
        raise Refused("Nobody is looked for after this visit. Record a visit without contact first.")
    if tried_at > now() + rules.CLOCK_SLACK:
        raise Refused("The time {at} lies ahead. Check the clock of the telephone.", field="tried_at", at=tried_at)


def _climb(visit: Visit, made: Attempt, by: Actor) -> None:
    """Close the rung, or all of them; open the next."""
    if made.is_answered:
        kind = SignOfLife.Kind.CALL if made.rung == "call" else SignOfLife.Kind.VISIT
        note_sign_of_life(
            person=visit.person, kind=kind, at=min(made.tried_at, now()), by=by, origin_kind="attempt",
            origin_uid=made.uid,
        )  # fmt: skip
        waiting.rung_done(made.rung, visit, by=by)
        end_ladders(visit.person, by=by)
        return
    tried = list(visit.attempts.order_by("tried_at").values_list("rung", flat=True))
    following = rules.next_rung(tried)
    if following == made.rung:  # the second call
        return
    for rung in rules.RUNGS[: rules.RUNGS.index(made.rung) + 1]:
        waiting.rung_done(rung, visit, by=by)
    if following:
        waiting.climb_to(following, visit, by=by)
