"""Words for tests of volunteers and the time bank."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from tests.conftest import a_user
from tests.institutions.builders import a_person
from yinling.accounts.models import User
from yinling.kernel.actors import System
from yinling.kernel.clock import CITY_ZONE, civil_date, now
from yinling.ledger.queries import balance_of
from yinling.people.models import Person
from yinling.people.services import add_kin
from yinling.volunteers import services
from yinling.volunteers.models import Branch, Member, Order, Request, Volunteer
from yinling.volunteers.services import Ask, Entrant
from yinling.volunteers.services.accounts import SAVED, of_member
from yinling.volunteers.services.branches import add_member

VILLAGE, NEXT_VILLAGE, FAR_VILLAGE = 431224100001, 431224100002, 431202001001
BY = System("test")
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Village:
    """A branch with its people."""

    branch: Branch
    coordinator: User
    elder: Member
    spouse: Member
    volunteer: Volunteer


def a_branch(name: str = "长乐坊村老年协会", place_key: int = VILLAGE, coordinator: User | None = None) -> Branch:
    """A branch, open for a year."""
    opened = civil_date() - dt.timedelta(days=365)
    return services.open_branch(name=name, place_key=place_key, by=BY, coordinator=coordinator, opened_on=opened)


def a_member(branch: Branch, name: str = "舒桂香", person: Person | None = None, user: User | None = None) -> Member:
    """A member with a file."""
    found = person or a_person(name, branch.place_key)
    return add_member(branch_uid=branch.uid, entrant=Entrant(person_uid=found.uid, user=user), by=BY)


def a_volunteer(branch: Branch, name: str = "向春生", user: User | None = None, **more: Any) -> Volunteer:
    """An accepted, insured volunteer, free every day."""
    entrant = Entrant(name=name, sex="1", birth_date=dt.date(1968, 5, 1), user=user)
    member = add_member(branch_uid=branch.uid, entrant=entrant, by=BY)
    made = services.apply(
        member_uid=member.uid, application=services.Application(from_hour=0, until_hour=24, **more), by=BY
    )
    today = civil_date()
    for kind in ("identity", "health", "record"):
        services.enter_check(uid=made.uid, kind=kind, is_passed=True, checked_on=today, by=BY)
    services.insure(
        uid=made.uid, insurer="人保", policy="P1", valid_from=today - 30 * DAY, valid_to=today + 300 * DAY, by=BY
    )
    return services.accept(uid=made.uid, by=BY)


def a_village() -> Village:
    """The usual branch."""
    coordinator = a_user("branch_coordinator", VILLAGE, "coordinator")
    branch = a_branch(coordinator=coordinator)
    elder, spouse = a_member(branch, "舒桂香"), a_member(branch, "舒大山")
    assert elder.person and spouse.person
    add_kin(uid=elder.person.uid, name="舒大山", relation="10", kin_uid=spouse.person.uid, by=BY)
    return Village(branch, coordinator, elder, spouse, a_volunteer(branch))


def with_hours(member: Member, minutes: int) -> Member:
    """A member to whom minutes were granted."""
    key = f"{member.uid}:{minutes}"
    services.fill_grant_pot(place_key=member.place_key, minutes=minutes, reason="测试", key=key, by=BY)
    services.grant(member_uid=member.uid, minutes=minutes, reason="测试", key=key, by=BY)
    return member


def saved(member: Member, kind: str = SAVED) -> int:
    """What a member holds."""
    return balance_of(of_member(member, kind))


def tomorrow(hour: int = 9) -> dt.datetime:
    """An hour of tomorrow."""
    return dt.datetime.combine(civil_date() + DAY, dt.time(hour), CITY_ZONE)


def asked(village: Village, payer: Member | None = None, minutes: int = 60, **more: Any) -> Request:
    """The elder asks for company tomorrow; the payer's hours, else the pool's."""
    wanted = Ask("company", more.pop("starts_at", tomorrow()), minutes, payer.uid if payer else None, **more)
    return services.ask(member_uid=village.elder.uid, wanted=wanted, by=more.get("by", BY))


def agreed(village: Village, minutes: int = 60, **more: Any) -> Order:
    """A request of the elder, paid with their own hours, taken by the volunteer."""
    request = asked(village, with_hours(village.elder, minutes), minutes, **more)
    return services.agree(request_uid=request.uid, volunteer_uid=village.volunteer.uid, by=BY)


def done(order: Order, lasting: int = 60, **more: Any) -> Order:
    """The service took place yesterday."""
    begin = dt.datetime.combine(civil_date() - DAY, dt.time(9), CITY_ZONE)
    end = begin + dt.timedelta(minutes=lasting)
    return services.report_done(uid=order.uid, started_at=begin, ended_at=end, by=more.pop("by", BY), **more)


def confirmed(order: Order, by: Any = None) -> Order:
    """The elder signed."""
    return services.confirm(uid=order.uid, proof="sign", by=by or BY)


def undisputed(order: Order) -> Order:
    """Its days for a dispute are over."""
    Order.objects.filter(pk=order.pk).update(disputable_until=now() - DAY)
    services.bank_due()
    order.refresh_from_db()
    return order


def banked(village: Village, minutes: int = 60) -> Order:
    """A service all the way into the bank."""
    return undisputed(confirmed(done(agreed(village, minutes), minutes)))
