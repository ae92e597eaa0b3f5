"""Have a visit made: after something happened, or again because nothing came of the last one."""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop as _

from yinling.care import waiting
from yinling.care.events import VisitAsked, VisitVoided
from yinling.care.models import Pairing, Visit, Visitor, VisitRules
from yinling.care.permissions import Care
from yinling.care.rules import visits as rules
from yinling.care.rules.due import WHY_EVENT
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date, now
from yinling.kernel.errors import Refused
from yinling.kernel.reasons import Reason
from yinling.people.models import Person, Whereabouts
from yinling.worklist.models import Subject

DIED, IN_HOME = _("The person died."), _("The person lives in a home now.")
HOURS = 24  # where no pack states how soon


def is_here(person: Person) -> bool:
    """Whether somebody can be visited at home: alive, and in no home, hospital or elsewhere."""
    if person.life_status == Person.DEAD:
        return False
    away = Whereabouts.objects.filter(person=person, valid_to__isnull=True, superseded_at__isnull=True)
    return not away.exclude(kind="home").exists()


def visitor_of(person: Person, day: dt.date) -> Visitor | None:
    """Who visits a person on a day: whoever stands in, else the paired visitor."""
    standing = Pairing.objects.filter(person=person).standing(day).select_related("visitor__user")
    rows = sorted(standing, key=lambda one: one.ground != Pairing.Ground.SUBSTITUTE)
    return rows[0].visitor if rows else None


@transaction.atomic
def ask_for_visit(
    *, person: Person, rule: str, origin: Subject, by: Actor, at: dt.datetime | None = None
) -> Visit | None:
    """Have a person visited within the rule's hours after something happened (discharge, alert, retrofit, wish).

    `origin` (kind, uid) says what happened; the same origin again is the visit that exists. None where nobody is at
    home to be visited. No permission is asked: the caller's own service has decided.
    """
    moment = at or now()
    key = f"{person.pk}:{rule}:{origin.uid}"[:80]
    known = Visit.objects.filter(key=key).select_related("person", "visitor__user").first()
    if known is not None or not is_here(person):
        return known
    found = VisitRules.objects.in_force()
    hours = found.reading.events.get(rule, HOURS) if found else HOURS
    due_at = moment + dt.timedelta(hours=hours)
    visit = Visit.objects.create(
        person=person, visitor=visitor_of(person, civil_date(moment)), rule=rule, key=key, opens_on=civil_date(moment),
        due_on=civil_date(due_at), due_at=due_at, origin_kind=origin.kind, origin_uid=origin.uid,
    )  # fmt: skip
    why = Reason(WHY_EVENT.get(rule, WHY_EVENT["wish"]), day=civil_date(moment), hours=hours)
    waiting.ask_to_visit(visit, why=why, by=by)
    record(VisitAsked(visit.uid, person_uid=str(person.uid), rule=rule), by=by, place_key=person.place_key)
    return visit


def again(visit: Visit) -> Visit | None:
    """A fresh visit in place of one that came to nothing, due by the same day or today; none for one's own visits."""
    if visit.rule == "own":
        return None
    first = Visit.objects.filter(key__startswith=f"{visit.key.partition('/')[0]}/").count()
    today = civil_date()
    return Visit.objects.create(
        person=visit.person, visitor=visit.visitor, rule=visit.rule,
        key=f"{visit.key.partition('/')[0]}/{first + 1}", opens_on=min(visit.opens_on, today),
        due_on=max(visit.due_on, today), due_at=visit.due_at, origin_kind="visit", origin_uid=visit.uid,
    )  # fmt: skip


@transaction.atomic
def void_visit(*, visit_uid: UUID, reason: str, by: Actor) -> Visit:
    """Call a visit off that is no longer needed. Raises Refused."""
    visit = Visit.objects.visible_to(by).select_related("person").select_for_update(of=("self",)).one(uid=visit_uid)
    require(by, Care.ENTER, visit.person.place_key)
    if no := rules.why_not_voided(visit.state, reason):
        raise Refused(no, field="reason")
    _void(visit, reason.strip()[:200], by)
    return visit


@transaction.atomic
def call_off(*, person: Person, reason: str, by: Actor, origin: Subject | None = None) -> int:
    """Take away what is still to be made for a person (all, or what one origin asked for). Returns how many."""
    waiting_visits = Visit.objects.filter(person=person).open().select_related("person")
    if origin is not None:
        waiting_visits = waiting_visits.filter(origin_kind=origin.kind, origin_uid=origin.uid)
    found = list(waiting_visits.select_for_update(of=("self",)))
    for visit in found:
        _void(visit, reason, by)
    return len(found)


def _void(visit: Visit, reason: str, by: Actor) -> None:
    visit.state, visit.void_reason = Visit.State.VOID, reason
    visit.save(update_fields=["state", "void_reason"])
    waiting.no_visit(visit, by=by)
    event = VisitVoided(visit.uid, person_uid=str(visit.person.uid))
    record(event, by=by, place_key=visit.person.place_key, reason=reason)


def pass_on(*, person: Person) -> int:
    """Open visits follow the pairing: to whoever visits the person today. Again changes nothing. Returns how many."""
    visitor = visitor_of(person, civil_date())
    waiting_visits = Visit.objects.filter(person=person).open().exclude(visitor=visitor)
    return int(waiting_visits.update(visitor=visitor)) if visitor else 0
