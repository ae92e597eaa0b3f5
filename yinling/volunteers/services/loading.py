"""Branches that worked before the platform came: members, volunteers, services and hours, in bulk."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from yinling.accounts.models import User
from yinling.care.models import Visitor
from yinling.institutions.services.admission import readable_number
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import start_of
from yinling.kernel.crypto import seal
from yinling.kernel.database import bulk_insert
from yinling.kernel.uids import new_uid
from yinling.ledger.services import Line, Past, load_past
from yinling.people.models import Person
from yinling.volunteers.events import BranchChanged
from yinling.volunteers.models import Branch, Check, EarnedDay, Insurance, Member, Order, Volunteer
from yinling.volunteers.models.branches import member_where
from yinling.volunteers.permissions import Volunteers
from yinling.volunteers.services import accounts
from yinling.volunteers.services.banking import EARN
from yinling.volunteers.services.branches import open_branch

WORKDAYS = [0, 1, 2, 3, 4, 5, 6]


@dataclass(frozen=True)
class LoadedService:
    """A service given: who received it (None: not a member), when, minutes that counted."""

    person: Person | None
    service: str
    started_at: dt.datetime
    minutes: int


@dataclass(frozen=True)
class LoadedMember:
    """A member of a branch; `is_volunteer` with their skills, languages and what they gave, oldest first."""

    name: str
    sex: str
    birth_date: dt.date
    joined_on: dt.date
    person: Person | None = None
    phone: str = ""
    user: User | None = None
    visitor: Visitor | None = None
    is_volunteer: bool = True
    skills: tuple[str, ...] = ()
    speaks: tuple[str, ...] = ()
    insured_until: dt.date | None = None
    given: tuple[LoadedService, ...] = ()


@dataclass(frozen=True)
class LoadedBranch:
    """A branch with its members."""

    name: str
    place_key: int
    opened_on: dt.date
    coordinator: User | None = None
    members: Sequence[LoadedMember] = field(default_factory=tuple)


def load_branches(*, branches: Sequence[LoadedBranch], by: Actor) -> tuple[int, int, int]:
    """Load branches. Returns how many branches, members and services. The limits of the bank hold."""
    require(by, Volunteers.ACCEPT)
    members = 0
    past: list[tuple[Past, Order]] = []
    for one in branches:
        with transaction.atomic():
            found = _load(one, by)
        past += found
        members += len(one.members)
    past.sort(key=lambda row: row[0].happened_at)
    uids = load_past(past=[row for row, _order in past], by=accounts.at_the_counter(by))
    services = _save_orders([order for _row, order in past], uids)
    return len(branches), members, services


def _load(one: LoadedBranch, by: Actor) -> list[tuple[Past, Order]]:
    branch = open_branch(
        name=one.name, place_key=one.place_key, by=by, coordinator=one.coordinator, opened_on=one.opened_on
    )
    given = accounts.of_county(branch.place_key, accounts.GIVEN)
    past: list[tuple[Past, Order]] = []
    for entrant in one.members:
        member, volunteer = _member(branch, entrant, by)
        account = accounts.of_member(member)
        if volunteer is not None:
            past += [_service(row, member, volunteer, Line(given, -row.minutes), Line(account, row.minutes))
                     for row in entrant.given]  # fmt: skip
    record(BranchChanged(branch.uid, what="loaded"), by=by, place_key=branch.place_key)
    return past


def _member(branch: Branch, one: LoadedMember, by: Actor) -> tuple[Member, Volunteer | None]:
    uid = new_uid()
    member = Member.objects.create(
        uid=uid, number=readable_number("SJ", branch.place_key), branch=branch, place_key=branch.place_key,
        person=one.person, user=one.user, name=one.name, sex=one.sex, birth_date=one.birth_date,
        phone_sealed=seal(one.phone, member_where(uid)), joined_on=one.joined_on,
    )  # fmt: skip
    if not one.is_volunteer:
        return member, None
    joined = start_of(one.joined_on)
    volunteer = Volunteer.objects.create(
        member=member, visitor=one.visitor, state=Volunteer.State.ACTIVE, skills=sorted(one.skills),
        speaks=sorted(one.speaks), days=WORKDAYS, applied_at=joined, decided_at=joined, decided_by=UUID(str(by.uid)),
    )  # fmt: skip
    Check.objects.bulk_create(
        Check(
            volunteer=volunteer, kind=kind, is_passed=True, checked_on=one.joined_on, checked_by=UUID(str(by.uid)),
            checked_label=by.label[:60],
        )
        for kind in ("identity", "health", "record")
    )  # fmt: skip
    if one.insured_until is not None:
        Insurance.objects.create(
            volunteer=volunteer, insurer="演示保险公司", policy=f"YS{member.pk:06d}",
            valid_from=one.insured_until - dt.timedelta(days=364), valid_to=one.insured_until,
        )  # fmt: skip
    return member, volunteer


def _service(
    row: LoadedService, member: Member, volunteer: Volunteer, source: Line, target: Line
) -> tuple[Past, Order]:
    uid = new_uid()
    ended = row.started_at + dt.timedelta(minutes=row.minutes)
    banked = ended + dt.timedelta(days=8)
    order = Order(
        uid=uid, volunteer=volunteer, person=row.person, place_key=member.place_key, service=row.service,
        starts_at=row.started_at, planned=row.minutes, state=Order.State.BANKED, started_at=row.started_at,
        ended_at=ended, earned_on=row.started_at.date(), minutes=row.minutes, done_at=ended, proof="sign",
        confirmed_label=row.person.name[:60] if row.person else "", confirmed_at=ended,
        disputable_until=ended + dt.timedelta(days=7), banked_at=banked, recorded_at=ended,
    )  # fmt: skip
    past = Past("time.earn", (source, target), f"time.earn:{uid}", banked, member.place_key, EARN)
    return past, order


def _save_orders(orders: Sequence[Order], transfers: Sequence[UUID]) -> int:
    columns = [str(field.column) for field in Order._meta.concrete_fields if not field.primary_key]
    for order, uid in zip(orders, transfers, strict=True):
        order.transfer_uid, order.number = uid, f"SJLS-{order.uid.hex[-16:]}"
    rows = ([getattr(order, column) for column in columns] for order in orders)
    with transaction.atomic():
        bulk_insert(Order, columns, rows)
        _save_days(orders)
    return len(orders)


def _save_days(orders: Sequence[Order]) -> None:
    days: dict[tuple[int, dt.date], int] = {}
    for order in orders:
        assert order.earned_on is not None
        key = (order.volunteer_id, order.earned_on)
        days[key] = days.get(key, 0) + (order.minutes or 0)
    rows = [(volunteer, day, minutes, 480) for (volunteer, day), minutes in days.items()]
    bulk_insert(EarnedDay, ["volunteer_id", "day", "minutes", "most"], rows)
