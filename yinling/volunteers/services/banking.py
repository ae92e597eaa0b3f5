"""From a confirmed service to minutes in the bank: limits, cap, reversal, disputes settled, visits of `care`."""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop as _

from yinling.care.models import Visit
from yinling.institutions.services.admission import readable_number
from yinling.kernel.actors import Actor, System, require
from yinling.kernel.clock import CITY_ZONE, civil_date, now
from yinling.kernel.errors import Refused
from yinling.kernel.reasons import Reason
from yinling.kernel.uids import Uid
from yinling.ledger.models import Transfer
from yinling.ledger.services import Line, reverse
from yinling.volunteers import duties, parameters
from yinling.volunteers.models import EarnedDay, Member, Order, Volunteer
from yinling.volunteers.permissions import Volunteers
from yinling.volunteers.rules import joining, moving, serving
from yinling.volunteers.services import accounts
from yinling.volunteers.services.holding import let_go, spend
from yinling.volunteers.services.orders import announce, locked

BY = System("time bank")
EARN = _("Service given")
TAKEN_BACK = _("Service taken back")
VISIT_DROPPED = _("The report of the visit was taken back.")
# What `care` calls the ways in which somebody at the door confirmed a visit.
SIGNED = frozenset({"drawn", "said", "child", "sign", "voice"})


def bank_due() -> int:
    """Bank every order whose days for a dispute are over. Returns how many were decided; again does nothing more."""
    due = list(Order.objects.to_bank().order_by("id").values_list("uid", flat=True))
    return sum(1 for uid in due if bank(uid=uid, by=BY) is not None)


@transaction.atomic
def bank(*, uid: object, by: Actor) -> Order | None:
    """Bank one order: what counts enters the volunteer's account, above the cap the pool's. None: not due."""
    order = locked(uid, by)
    if order.state != Order.State.CONFIRMED or order.disputable_until is None or order.disputable_until > now():
        return None
    account, balance = accounts.saved_by(order.volunteer.member)
    earned = _day(order)
    credit = serving.credit_of(_served(order, earned.minutes), parameters.limits(order.earned_on))
    if isinstance(credit, Reason):
        return _does_not_count(order, credit, by)
    split = moving.split_at_cap(credit.minutes, balance, account.ceiling or credit.minutes)
    spend(order, credit.minutes, by=by)
    branch = order.volunteer.member.branch
    lines = [
        Line(accounts.of_county(branch.place_key, accounts.GIVEN), -credit.minutes), Line(account, split.kept),
        Line(accounts.of_branch(branch), split.donated),
    ]  # fmt: skip
    made = accounts.move("earn", lines, key=str(order.uid), by=by, memo=EARN, place_key=branch.place_key)
    earned.minutes += credit.minutes
    earned.save(update_fields=["minutes"])
    order.state, order.minutes, order.banked_at, order.transfer_uid = (
        Order.State.BANKED,
        credit.minutes,
        now(),
        made.uid,
    )
    order.finding = str(credit.why)[:200] if credit.why else ""
    order.save()
    announce(order, by)
    return order


def _day(order: Order) -> EarnedDay:
    """The volunteer's day, locked, with the limit that held then."""
    day = order.earned_on or civil_date(order.started_at)
    most = parameters.limits(day).day
    EarnedDay.objects.get_or_create(volunteer=order.volunteer, day=day, defaults={"most": most})
    found: EarnedDay = EarnedDay.objects.select_for_update(no_key=True).get(volunteer=order.volunteer, day=day)
    return found


def _served(order: Order, earned: int) -> serving.Served:
    assert order.started_at is not None and order.ended_at is not None, "a confirmed order was done"
    own, person = order.volunteer.member.person, order.person
    visitor = order.volunteer.visitor
    homes = {own.household_id if own else None, visitor.household_id if visitor else None} - {None}
    return serving.Served(
        order.started_at, order.ended_at, order.is_paid,
        same_household=person is not None and person.household_id in homes,
        same_person=person is not None and own is not None and own.pk == person.pk,
        planned=order.planned or None, earned_that_day=earned,
    )  # fmt: skip


def _does_not_count(order: Order, why: Reason, by: Actor) -> Order:
    let_go(order, by=by)
    order.state, order.finding = Order.State.REFUSED, str(why)[:200]
    order.save()
    announce(order, by, str(why))
    return order


@transaction.atomic
def settle_dispute(*, uid: object, counts: bool, finding: str, by: Actor) -> Order:
    """Decide a dispute: the service counts, and is banked at once, or it does not, and the hours go back."""
    order = locked(uid, by)
    require(by, Volunteers.SETTLE, order.place_key)
    if order.state != Order.State.DISPUTED:
        raise Refused("Only a disputed service is settled. Open the order to see where it stands.")
    if no := joining.why_not_said(finding):
        raise Refused(no, field="finding")
    duties.settled(order, by=by)
    if not counts:
        return _does_not_count(order, Reason(finding.strip()), by)
    order.state, order.confirmed_at = Order.State.CONFIRMED, order.confirmed_at or now()
    order.confirmed_by, order.confirmed_label = UUID(str(by.uid)), by.label[:60]
    order.proof, order.disputable_until = order.proof or "witness", now()
    order.save()
    announce(order, by, finding)
    return bank(uid=order.uid, by=by) or order


@transaction.atomic
def take_back_order(*, uid: object, reason: str, by: Actor) -> Order:
    """Take a banked service back: what was earned leaves the account again, which must hold it still."""
    order = locked(uid, by)
    require(by, Volunteers.ADJUST, order.place_key)
    if no := joining.why_not_said(reason):
        raise Refused(no, field="reason")
    if order.state != Order.State.BANKED:
        raise Refused("Only a banked service is taken back.")
    teller = accounts.at_the_counter(by)
    for made in Transfer.objects.filter(key__in=[f"time.earn:{order.uid}", f"time.redeem:{order.uid}"]):
        reverse(uid=made.uid, by=teller, memo=TAKEN_BACK, reason=reason)
    earned = _day(order)
    earned.minutes = max(earned.minutes - (order.minutes or 0), 0)
    earned.save(update_fields=["minutes"])
    order.state, order.finding = Order.State.REVERSED, reason.strip()[:200]
    order.save(update_fields=["state", "finding"])
    announce(order, by, reason)
    return order


@transaction.atomic
def credit_visit(*, visit_uid: Uid) -> Order | None:
    """A volunteer's visit that had contact becomes an order. It is confirmed where the one visited signed, said so or
    let the code at the door be read; else the coordinator is asked as a witness. Again changes nothing."""
    visit = Visit.objects.select_related("person", "visitor").filter(uid=visit_uid).first()
    if visit is None or visit.state != Visit.State.DONE or not visit.has_contact or visit.started_at is None:
        return None
    volunteer = Volunteer.objects.filter(visitor=visit.visitor).select_related("member__branch__coordinator").first()
    if volunteer is None or Order.objects.filter(visit_uid=visit.uid).exists():
        return None
    return _from_visit(visit, volunteer, visit.started_at, visit.ended_at or visit.started_at)


@transaction.atomic
def drop_visit(*, visit_uid: Uid) -> Order | None:
    """The report of a visit was a mistake: what was not banked does not count, what was is taken back."""
    order = Order.objects.filter(visit_uid=visit_uid).first()
    if order is None or order.state in (Order.State.REFUSED, Order.State.REVERSED):
        return None
    if order.state == Order.State.BANKED:
        return take_back_order(uid=order.uid, reason=str(VISIT_DROPPED), by=BY)
    duties.confirmed(order, by=BY)
    return _does_not_count(locked(order.uid, BY), Reason(VISIT_DROPPED), BY)


def _from_visit(visit: Visit, volunteer: Volunteer, started_at: dt.datetime, ended_at: dt.datetime) -> Order:
    proof = "code" if visit.is_door_code_read else "sign" if visit.signed in SIGNED else ""
    confirmed = now() if proof else None
    made = Order.objects.create(
        number=readable_number("SJDD", volunteer.member.place_key), volunteer=volunteer, person=visit.person,
        member=Member.objects.filter(person=visit.person).first(), place_key=visit.person.place_key,
        service="visit", visit_uid=visit.uid, starts_at=started_at, planned=0, started_at=started_at,
        ended_at=ended_at, earned_on=civil_date(started_at.astimezone(CITY_ZONE)), done_by=visit.made_by, done_at=now(),
        state=Order.State.CONFIRMED if proof else Order.State.DONE, proof=proof, confirmed_at=confirmed,
        confirmed_by=visit.person.uid if proof else None, confirmed_label=visit.person.name[:60] if proof else "",
        disputable_until=now() + dt.timedelta(days=parameters.limits().dispute_days) if proof else None,
    )  # fmt: skip
    announce(made, BY)
    if not proof:
        duties.ask_to_confirm(made, by=BY)
    return made
