"""Services between members: asked for, offered, agreed, done, confirmed or disputed. `banking` does the rest."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from yinling.institutions.services.admission import readable_number
from yinling.kernel.actors import Actor
from yinling.kernel.changes import record
from yinling.kernel.clock import CITY_ZONE, civil_date, now
from yinling.kernel.crypto import seal
from yinling.kernel.errors import Refused
from yinling.reference.queries import entries
from yinling.volunteers import duties, parameters
from yinling.volunteers.events import OrderChanged, ServiceAsked, ServiceOffered
from yinling.volunteers.models import Member, Offer, Order, Request
from yinling.volunteers.models.orders import dispute_where
from yinling.volunteers.queries.matches import matches_for
from yinling.volunteers.queries.members import (
    SPOUSE,
    is_on_pool_list,
    kinship,
    members_of,
    orders_of,
    requests_of,
    volunteers_of,
)
from yinling.volunteers.rules import joining, moving, serving
from yinling.volunteers.services.holding import hold, let_go
from yinling.volunteers.services.receipts import is_self, leave_receipt, may_act, require_act


@dataclass(frozen=True)
class Ask:
    """A service asked for. `payer_uid`: whose hours pay, the member's or the spouse's; None: the pool's."""

    service: str
    starts_at: dt.datetime
    minutes: int
    payer_uid: UUID | None = None
    skill: str = ""
    speaks: str = ""
    sex: str = ""
    wished_uid: UUID | None = None


@transaction.atomic
def ask(*, member_uid: object, wanted: Ask, by: Actor) -> Request:
    """Ask for a service: the member, or somebody for them. Raises Refused when the hours may not pay for it."""
    member = _member(member_uid, by)
    require_act(member, by)
    if wanted.service not in {code.code for code in entries("time_service")}:
        raise Refused("Choose a service from the list.", field="service")
    if no := serving.why_not_asked(wanted.minutes, wanted.starts_at, now(), parameters.limits()):
        raise Refused(no, field="starts_at" if wanted.starts_at < now() else "minutes")
    payer = _payer(member, wanted, by)
    wished = volunteers_of(by).filter(uid=wanted.wished_uid).first() if wanted.wished_uid else None
    made = Request.objects.create(
        member=member, payer=payer, service=wanted.service, starts_at=wanted.starts_at, minutes=wanted.minutes,
        skill=wanted.skill, speaks=wanted.speaks, sex=wanted.sex, wished=wished,
        is_on_list=is_on_pool_list(member.person), asked_by=UUID(str(by.uid)),
    )  # fmt: skip
    record(ServiceAsked(made.uid, service=made.service), by=by, place_key=member.place_key)
    leave_receipt(member, "ask", by=by, minutes=made.minutes)
    duties.ask_to_match(made, by=by)
    return made


def _member(uid: object, by: Actor) -> Member:
    found = members_of(by).present().select_related("branch", "person", "user")
    return found.one(uid=uid)


def _payer(member: Member, wanted: Ask, by: Actor) -> Member | None:
    if wanted.payer_uid is None:
        return None
    same = wanted.payer_uid == member.uid
    payer = member if same else Member.objects.present().select_related("branch", "person").one(uid=wanted.payer_uid)
    no = moving.why_not_redeemed(
        joining.age_on(member.birth_date, civil_date()), parameters.redeem_age(), is_self=same,
        is_spouse=not same and kinship(payer, member) == SPOUSE,
    )  # fmt: skip
    if no:
        raise Refused(no, field="payer")
    if not same and not is_self(member, by):
        require_act(payer, by)  # of a couple each may ask for the other's hours; anybody else needs the coordinator
    return payer


@transaction.atomic
def withdraw(*, uid: object, by: Actor) -> Request:
    """Take a request back that waits still."""
    found = _request(uid, by)
    require_act(found.member, by)
    if found.state != Request.State.OPEN:
        raise Refused("Only a request that waits is withdrawn. Cancel the order instead.")
    found.state = Request.State.WITHDRAWN
    found.save(update_fields=["state"])
    record(ServiceAsked(found.uid, service=found.service, what="withdrawn"), by=by, place_key=found.member.place_key)
    leave_receipt(found.member, "withdraw", by=by)
    duties.matched(found, by=by)
    return found


def _request(uid: object, by: Actor) -> Request:
    mine = requests_of(by).select_related("member__branch", "member__user", "member__person", "payer__branch", "wished")
    return mine.select_for_update(of=("self",), no_key=True).one(uid=uid)


@transaction.atomic
def offer(
    *, volunteer_uid: object, service: str, days: Sequence[int], from_hour: int, until_hour: int,
    valid_to: dt.date | None = None, by: Actor,
) -> Offer:  # fmt: skip
    """Offer a service on some weekdays; the same service again replaces the offer there was."""
    volunteer = volunteers_of(by).select_related("member__user").one(uid=volunteer_uid)
    require_act(volunteer.member, by)
    if service not in {code.code for code in entries("time_service")}:
        raise Refused("Choose a service from the list.", field="service")
    if not days or not 0 <= from_hour < until_hour <= 24:
        raise Refused("Choose at least one weekday, and hours that end after they begin.", field="days")
    Offer.objects.filter(volunteer=volunteer, service=service, ended_at__isnull=True).update(ended_at=now())
    made = Offer.objects.create(
        volunteer=volunteer, service=service, days=sorted(set(days)), from_hour=from_hour, until_hour=until_hour,
        valid_to=valid_to,
    )  # fmt: skip
    record(ServiceOffered(volunteer.uid, service=service), by=by, place_key=volunteer.member.place_key)
    leave_receipt(volunteer.member, "offer", by=by)
    return made


@transaction.atomic
def end_offer(*, uid: object, by: Actor) -> Offer:
    """Offer it no longer."""
    found = Offer.objects.filter(volunteer__in=volunteers_of(by)).select_related("volunteer__member__user").one(uid=uid)
    require_act(found.volunteer.member, by)
    if found.ended_at is None:
        found.ended_at = now()
        found.save(update_fields=["ended_at"])
        event = ServiceOffered(found.volunteer.uid, service=found.service, what="ended")
        record(event, by=by, place_key=found.volunteer.member.place_key)
    return found


@transaction.atomic
def agree(*, request_uid: object, volunteer_uid: object, by: Actor) -> Order:
    """Have a volunteer who suits take a request. The hours are set aside now, so the service can be paid for later."""
    request = _request(request_uid, by)
    volunteer = volunteers_of(by).select_related("member__user").one(uid=volunteer_uid)
    if not may_act(request.member, by):
        require_act(volunteer.member, by)  # a volunteer may take what suits them
    if request.state != Request.State.OPEN:
        raise Refused("This request is agreed or withdrawn already. Open it to see.")
    is_insured = volunteer.insurances.holding(civil_date(request.starts_at)).exists()
    if no := joining.why_not_serve(volunteer.state, is_insured=is_insured):
        raise Refused(no, field="volunteer")
    if volunteer.pk not in {one.volunteer.pk for one in matches_for(request, most=10_000)}:
        raise Refused("This volunteer does not suit the place, the time or the skill. Choose one of those shown.")
    order = Order.objects.create(
        number=readable_number("SJDD", request.member.place_key), request=request, volunteer=volunteer,
        member=request.member, person=request.member.person, payer=request.payer, place_key=request.member.place_key,
        service=request.service, starts_at=request.starts_at, planned=request.minutes, held=request.minutes,
    )  # fmt: skip
    hold(order, by=by)
    request.state = Request.State.AGREED
    request.save(update_fields=["state"])
    announce(order, by)
    leave_receipt(request.member, "agree", by=by, minutes=order.planned, about=order.number)
    duties.matched(request, by=by)
    duties.ask_to_report(order, by=by)
    return order


def announce(order: Order, by: Actor, reason: str = "", words: str = "") -> None:
    """Record that an order reached its state."""
    event = OrderChanged(
        order.uid, state=str(order.state), volunteer_uid=str(order.volunteer.uid), minutes=order.minutes,
        person_uid=str(order.person.uid) if order.person else "",
    )  # fmt: skip
    record(event, by=by, place_key=order.place_key, reason=reason, content={"words": words} if words else None)


def locked(uid: object, by: Actor) -> Order:
    """An order the actor may see, locked."""
    mine = Order.objects.filter(pk__in=orders_of(by).values("pk")).select_related(
        "volunteer__member__user", "volunteer__member__branch", "volunteer__member__person", "volunteer__visitor",
        "member__user", "member__branch", "member__person", "payer__branch", "person",
    )  # fmt: skip
    return mine.select_for_update(of=("self",), no_key=True).one(uid=uid)


def sides(order: Order) -> list[Member]:
    """Both members of an order; a visit's person need not be one."""
    return [order.volunteer.member, *([order.member] if order.member else [])]


@transaction.atomic
def cancel(*, uid: object, reason: str, by: Actor) -> Order:
    """Cancel what was agreed; the hours set aside go back."""
    order = locked(uid, by)
    if not any(may_act(one, by) for one in sides(order)):
        require_act(order.volunteer.member, by)
    if no := joining.why_not_said(reason):
        raise Refused(no, field="reason")
    if order.state != Order.State.AGREED:
        raise Refused("Only what is agreed and not done yet is cancelled. Dispute it instead.")
    let_go(order, by=by)
    order.state, order.finding = Order.State.CANCELLED, reason.strip()[:200]
    order.save(update_fields=["state", "finding", "held"])
    announce(order, by, reason)
    for one in sides(order):
        leave_receipt(one, "cancel", by=by, about=order.number)
    duties.reported(order, by=by)
    return order


@transaction.atomic
def report_done(
    *, uid: object, started_at: dt.datetime, ended_at: dt.datetime, by: Actor, is_paid: bool = False
) -> Order:
    """The volunteer's side says the service was done, from when to when."""
    order = locked(uid, by)
    require_act(order.volunteer.member, by)
    if no := serving.why_not_done(order.state, started_at, ended_at, now()):
        raise Refused(no, field="ended_at")
    order.started_at, order.ended_at, order.is_paid = started_at, ended_at, is_paid
    order.earned_on = civil_date(started_at.astimezone(CITY_ZONE))
    order.state, order.done_by, order.done_at = Order.State.DONE, UUID(str(by.uid)), now()
    order.save()
    announce(order, by)
    leave_receipt(order.volunteer.member, "done", by=by, about=order.number)
    duties.reported(order, by=by)
    duties.ask_to_confirm(order, by=by)
    return order


@transaction.atomic
def confirm(*, uid: object, proof: str, by: Actor) -> Order:
    """The side that was served says so too: by signature, voice, a child, or the coordinator as a witness."""
    order = locked(uid, by)
    served = order.member or order.volunteer.member
    if not (may_act(served, by) if order.member else may_act(order.volunteer.member, by)):
        require_act(served, by)
    known = frozenset(code.code for code in entries("time_proof"))
    is_own = is_self(order.volunteer.member, by)
    reported_it = str(order.done_by) == str(by.uid)
    if no := serving.why_not_confirmed(
        order.state, is_own_service=is_own, reported_it=reported_it, proof=proof, known=known
    ):
        raise Refused(no, field="proof")
    order.state, order.proof, order.confirmed_at = Order.State.CONFIRMED, proof, now()
    order.confirmed_by, order.confirmed_label = UUID(str(by.uid)), by.label[:60]
    order.disputable_until = now() + dt.timedelta(days=parameters.limits().dispute_days)
    order.save()
    announce(order, by)
    if order.member:
        leave_receipt(order.member, "confirm", by=by, about=order.number)
    duties.confirmed(order, by=by)
    return order


@transaction.atomic
def dispute(*, uid: object, words: str, by: Actor) -> Order:
    """Either side, or the coordinator, says that something was wrong; nothing is banked until it is settled."""
    order = locked(uid, by)
    if not any(may_act(one, by) for one in sides(order)):
        require_act(order.volunteer.member, by)
    if no := serving.why_not_disputed(order.state, order.disputable_until, now(), words):
        raise Refused(no, field="words")
    order.state, order.dispute_sealed = Order.State.DISPUTED, seal(words.strip()[:1000], dispute_where(order.uid))
    order.save(update_fields=["state", "dispute_sealed"])
    announce(order, by, words=words)
    duties.confirmed(order, by=by)
    duties.ask_to_settle(order, by=by)
    return order
