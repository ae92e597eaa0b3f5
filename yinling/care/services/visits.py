"""The visit itself: one door for the visitor's page, the telephone that was off line, and paper.

`make_visit(visit_uid=, report=, by=)` is idempotent by the visit's uid: a report that arrives again changes nothing and
answers with the visit as it stands. `report` is a `care.rules.visits.VisitReport` of plain values. For a visit that
nobody asked for, `visit_uid` is fresh (the telephone's own) and `report.person_uid` says who was visited.
"""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from yinling.care import parameters, waiting
from yinling.care.events import VisitMade, VisitTakenBack
from yinling.care.models import DoorCode, Pairing, Visit, Visitor
from yinling.care.models.visits import visit_where
from yinling.care.permissions import Care
from yinling.care.rules import visits as rules
from yinling.care.rules.due import OWN
from yinling.care.rules.visits import Codes, VisitReport
from yinling.care.services.asking import again, visitor_of
from yinling.care.services.attempts import begin_ladder, end_ladders
from yinling.care.services.doubts import look_at_visit
from yinling.engines.codes.coordinates import distance_m
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date, now
from yinling.kernel.crypto import seal
from yinling.kernel.errors import NotFound, Refused
from yinling.people.models import Person
from yinling.people.models.signs import SignOfLife
from yinling.people.services import note_sign_of_life
from yinling.reference.queries import entries

BLOCK_LISTS = {block: f"visit_{block}" for block in rules.BLOCKS}
SIGNS = {rules.DOOR: SignOfLife.Kind.VISIT, rules.DEVICE: SignOfLife.Kind.CALL}
SAVED = [
    "visitor", "state", "way", "started_at", "ended_at", "has_contact", "longitude", "latitude", "accuracy_m",
    "distance_m", "is_door_code_read", "far_reason", "remarks", "is_verified", "blocks", "found", "actions",
    "note_sealed", "signed", "next_on", "source", "made_by", "made_recorded_at",
]  # fmt: skip


@transaction.atomic
def make_visit(*, visit_uid: UUID, report: VisitReport, by: Actor) -> Visit:
    """Record what came of a visit. Raises Refused, NotAllowed, NotFound; the same uid again changes nothing.

    With contact it counts for the month, is a sign of life, and ends the ladder; without, it does not count, the first
    rung of the ladder is opened, and a visit that was due is due again.
    """
    visit = _locked_or_new(visit_uid, report, by)
    if visit.state == Visit.State.DONE:
        return visit
    if no := rules.why_not_made(visit.state, report, now()) or rules.why_no_code(report, visit_codes()):
        raise Refused(no)
    visit.visitor = _visitor(visit, report, by)
    _fill(visit, report, by)
    if visit.pk is None:
        visit.save(force_insert=True)
    else:
        visit.save(update_fields=SAVED)
    waiting.visited(visit, by=by)
    _follow(visit, by)
    event = VisitMade(
        visit.uid, str(visit.visitor.uid), str(visit.person.uid), report.started_at.isoformat(),
        report.ended_at.isoformat(), report.has_contact, report.way, visit.is_verified, visit.rule,
    )  # fmt: skip
    record(event, by=by, place_key=visit.person.place_key)
    look_at_visit(visit)
    return visit


def _locked_or_new(visit_uid: UUID, report: VisitReport, by: Actor) -> Visit:
    """The visit, locked, that `by` may report; or a new one to a person whom nobody had to visit."""
    seen = Visit.objects.visible_to(by).select_related("person", "visitor__user").select_for_update(of=("self",))
    visit = seen.filter(uid=visit_uid).first()
    if visit is None:
        if report.person_uid is None or Visit.objects.filter(uid=visit_uid).exists():
            raise NotFound("visit")
        day = civil_date(report.started_at)
        person = Person.objects.visible_to(by).current().one(uid=report.person_uid)
        visit = Visit(uid=visit_uid, person=person, rule=OWN, key=f"{OWN}:{visit_uid}", opens_on=day, due_on=day)
    return visit


def own_visitor(by: Actor) -> Visitor | None:
    """The visitor whom a user is."""
    return Visitor.objects.select_related("user").filter(user__uid=by.uid, ended_on__isnull=True).first()


def _visitor(visit: Visit, report: VisitReport, by: Actor) -> Visitor:
    """Whose visit it was. One's own for visitors; a clerk names somebody else's."""
    own = own_visitor(by)
    if report.visitor_uid is not None and (own is None or report.visitor_uid != own.uid):
        require(by, Care.ENTER, visit.person.place_key)
        return Visitor.objects.visible_to(by).select_related("user").one(uid=report.visitor_uid)
    if own is not None:
        if not _may_visit(own, visit):
            require(by, Care.ENTER, visit.person.place_key)
        return own
    require(by, Care.ENTER, visit.person.place_key)
    planned = visit.visitor or visitor_of(visit.person, civil_date(report.started_at))
    if planned is None:
        raise Refused("Nobody is paired with this person. Say who made the visit.", field="visitor")
    return planned


def _may_visit(own: Visitor, visit: Visit) -> bool:
    """The visit is theirs, or the person is paired with them, or they visit everybody of the person's division."""
    if visit.visitor_id == own.pk or own.place_key == visit.person.place_key:
        return True
    return Pairing.objects.filter(visitor=own, person=visit.person).standing(civil_date()).exists()


def visit_codes() -> Codes:
    """What may be ticked today."""
    known: Mapping[str, set[str]] = {
        name: {one.code for one in entries(name)}
        for name in (*BLOCK_LISTS.values(), "visit_action", "visit_sign", "visit_far_reason")
    }
    blocks = {block: known[name] for block, name in BLOCK_LISTS.items()}
    return Codes(blocks, known["visit_action"], known["visit_sign"], known["visit_far_reason"])


def _fill(visit: Visit, report: VisitReport, by: Actor) -> None:
    """What the report says, what was measured, and what the rules note about it."""
    limits, person = parameters.visit_limits(civil_date(report.started_at)), visit.person
    at, home = report.position, (person.longitude, person.latitude)
    if at is not None:
        visit.longitude, visit.latitude, visit.accuracy_m = at.longitude, at.latitude, at.accuracy_m
        if home[0] is not None and home[1] is not None:
            visit.distance_m = round(distance_m((home[0], home[1]), (at.longitude, at.latitude)))
    codes = DoorCode.objects.filter(person=person, token=report.door_token, ended_at__isnull=True)
    visit.is_door_code_read = bool(report.door_token) and codes.exists()
    if no := rules.why_far_unsaid(report, visit.distance_m, visit.is_door_code_read, limits):
        raise Refused(no, field="far_reason")
    visit.remarks = rules.remarks(report, visit.distance_m, visit.is_door_code_read, limits)
    visit.is_verified = rules.is_verified(report, visit.remarks)
    visit.state, visit.way, visit.source = Visit.State.DONE, report.way, report.source
    visit.started_at, visit.ended_at, visit.has_contact = report.started_at, report.ended_at, report.has_contact
    visit.blocks = {block: list(found) for block, found in report.blocks.items()}
    visit.found = report.found if report.has_contact else ""
    visit.actions, visit.signed, visit.next_on = list(report.actions), report.signed, report.next_on
    visit.far_reason, visit.made_by, visit.made_recorded_at = report.far_reason, UUID(str(by.uid)), now()
    if report.note.strip():
        visit.note_sealed = seal(report.note.strip()[:1000], visit_where(visit.uid))


def _follow(visit: Visit, by: Actor) -> None:
    """What a contact, or its absence, brings with it."""
    assert visit.ended_at is not None
    if not visit.has_contact:
        again(visit)
        begin_ladder(visit, by=by)
        return
    kind = SIGNS.get(visit.way, SignOfLife.Kind.CALL)
    seen_at = min(visit.ended_at, now())
    note_sign_of_life(
        person=visit.person, kind=kind, at=seen_at, by=by, origin_kind="visit", origin_uid=visit.uid
    )  # fmt: skip
    end_ladders(visit.person, by=by)
    waiting.ask_about_needs(visit, by=by)
    if visit.next_on:
        _promise(visit)


def _promise(visit: Visit) -> None:
    """The next visit that was promised at the door. One that falls due by a rule in that time is enough."""
    assert visit.next_on is not None
    key = f"{visit.person.pk}:promised:{visit.next_on.isoformat()}"
    planned = Visit.objects.filter(person=visit.person).open().filter(due_on=visit.next_on)
    if planned.exists() or visit.next_on <= civil_date():
        return
    Visit.objects.get_or_create(
        key=key,
        defaults={
            "person": visit.person, "visitor": visit.visitor, "rule": "promised", "opens_on": visit.next_on,
            "due_on": visit.next_on, "origin_kind": "visit", "origin_uid": visit.uid,
        },
    )  # fmt: skip


@transaction.atomic
def take_back(*, visit_uid: UUID, reason: str, by: Actor) -> Visit:
    """A report was a mistake: the visit no longer counts, and what was due is due again. Raises Refused.

    Whoever reported it takes it back, or a clerk. Again changes nothing.
    """
    visit = (
        Visit.objects.visible_to(by).select_related("person", "visitor__user")
        .select_for_update(of=("self",)).one(uid=visit_uid)
    )  # fmt: skip
    if visit.state == Visit.State.VOID and visit.made_by is not None:
        return visit
    if str(visit.made_by) != str(by.uid):
        require(by, Care.ENTER, visit.person.place_key)
    if no := rules.why_not_taken_back(visit.state, reason):
        raise Refused(no, field="reason")
    visit.state, visit.void_reason = Visit.State.VOID, reason.strip()[:200]
    visit.save(update_fields=["state", "void_reason"])
    waiting.no_visit(visit, by=by)
    if visit.has_contact:
        again(visit)
    visitor = str(visit.visitor.uid) if visit.visitor else ""
    event = VisitTakenBack(visit.uid, visitor_uid=visitor, person_uid=str(visit.person.uid))
    record(event, by=by, place_key=visit.person.place_key, reason=reason)
    return visit
