"""The time bank of the demonstration: branches, 8,600 volunteers (times the scale) with a year of hours, and in the
village of the demonstration accounts requests, offers and services in every state. All of it is invented.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import numpy as np

from yinling.accounts.models import User
from yinling.care.models import Pairing, Visitor
from yinling.city.draws import Draws, draws_for
from yinling.kernel.actors import Actor
from yinling.kernel.clock import CITY_ZONE, civil_date
from yinling.people.models import Person
from yinling.places.queries import tree
from yinling.volunteers import services
from yinling.volunteers.models import Branch, Member, Order, Volunteer
from yinling.volunteers.services import Ask, LoadedBranch
from yinling.volunteers.services.loading import LoadedMember, LoadedService

VOLUNTEERS, TOWNSHIP = 8_600, 1000
WHOLE_CITY_FROM = 0.5  # below this scale the volunteers of a township share the branch of one of its villages
SERVICES = ("visit", "company", "meals", "cleaning", "errands", "medical")
SKILLS = ("cooking", "nursing", "first_aid", "repair", "haircut", "smartphone", "transport", "dementia")
LENGTHS = (30, 45, 60, 60, 90, 120)
POOL_MINUTES, ASSOCIATION = 600, "老年协会"


def load_time_bank(users: dict[str, User], *, scale: float, seed: int, by: Actor) -> tuple[int, int, int]:
    """Write branches, members and a year of services; then what waits. Returns branches, members, services."""
    visitors = _chosen(users["volunteer"], max(int(VOLUNTEERS * scale), 12))
    served = _served(visitors)
    branches = _branches(users, visitors, served, scale, seed)
    counts = services.load_branches(branches=branches, by=by)
    _fill_pots(branches, by)
    branch = Branch.objects.filter(members__user=users["volunteer"]).first()
    if branch is not None:
        _what_waits(branch, users, served, by)
    return counts


def _chosen(user: User, most: int) -> list[Visitor]:
    """Visitors who are volunteers, evenly over the city, and the demonstration's own before all others."""
    rows = list(Visitor.objects.filter(kind=Visitor.Kind.VOLUNTEER).order_by("place_key", "pk"))
    own = [one for one in rows if one.user_id == user.pk]
    near = [one for one in rows if one.place_key // TOWNSHIP == user.place_key // TOWNSHIP and one not in own]
    rest = [one for one in rows if one.place_key // TOWNSHIP != user.place_key // TOWNSHIP]
    step = max(len(rest) // max(most - len(near) - len(own), 1), 1)
    return [*own, *near, *rest[::step]][:most]


def _served(visitors: Sequence[Visitor]) -> dict[int, list[Person]]:
    """Visitor -> the persons they visit."""
    found: dict[int, list[Person]] = defaultdict(list)
    pairs = Pairing.objects.filter(visitor__in=[one.pk for one in visitors], valid_to__isnull=True)
    for pair in pairs.select_related("person").order_by("pk"):
        found[pair.visitor_id].append(pair.person)
    return found


def _branches(
    users: dict[str, User], visitors: Sequence[Visitor], served: dict[int, list[Person]], scale: float, seed: int
) -> list[LoadedBranch]:
    by_village: dict[int, list[Visitor]] = defaultdict(list)
    first_of: dict[int, int] = {}
    for one in visitors:
        unit = one.place_key if scale >= WHOLE_CITY_FROM else one.place_key // TOWNSHIP
        by_village[first_of.setdefault(unit, one.place_key)].append(one)
    places, today = tree(), civil_date()
    coordinator = users.get("branch_coordinator")
    return [
        LoadedBranch(
            name=f"{places.name(key)}{ASSOCIATION}", place_key=key, opened_on=today - timedelta(days=500),
            coordinator=coordinator if coordinator and coordinator.place_key == key else None,
            members=[*_volunteers(mine, served, today, seed), *_elders(mine, served, today)],
        )
        for key, mine in sorted(by_village.items())
    ]  # fmt: skip


def _volunteers(
    visitors: Sequence[Visitor], served: dict[int, list[Person]], today: date, seed: int
) -> list[LoadedMember]:
    draws = draws_for(seed, "time bank", np.array([one.pk for one in visitors]))
    ages, skills = draws.between("age", 48, 74), draws.below("skill", len(SKILLS))
    insured = draws.between("insured", 20, 380)
    return [
        LoadedMember(
            name=one.name, sex=one.sex, birth_date=today - timedelta(days=int(ages[at]) * 365 + 40),
            joined_on=today - timedelta(days=450), user=one.user, visitor=one, skills=(SKILLS[int(skills[at])],),
            speaks=tuple(one.speaks), insured_until=today + timedelta(days=int(insured[at])),
            given=_given(draws[at : at + 1], served.get(one.pk, []), today),
        )
        for at, one in enumerate(visitors)
    ]  # fmt: skip


def _given(draws: Draws, persons: Sequence[Person], today: date) -> tuple[LoadedService, ...]:
    """About one service a month over a year; the last ones are banked by today."""
    rows = []
    for month in range(12):
        if not draws.chance(f"serves {month}", 0.85)[0]:
            continue
        day = today - timedelta(days=30 * (12 - month) + int(draws.below(f"day {month}", 20)[0]))
        hour = int(draws.between(f"hour {month}", 8, 16)[0])
        at = datetime.combine(day, time(hour), CITY_ZONE)
        what = SERVICES[int(draws.below(f"what {month}", len(SERVICES))[0])]
        length = LENGTHS[int(draws.below(f"length {month}", len(LENGTHS))[0])]
        person = persons[int(draws.below(f"who {month}", len(persons))[0])] if persons else None
        rows.append(LoadedService(person, what, at, length))
    return tuple(rows)


def _elders(visitors: Sequence[Visitor], served: dict[int, list[Person]], today: date) -> list[LoadedMember]:
    """One elder of each branch is a member too."""
    persons = [person for one in visitors for person in served.get(one.pk, [])[:1] if person.birth_date is not None]
    return [
        LoadedMember(
            name=person.name, sex=person.sex, birth_date=person.birth_date or today, person=person,
            joined_on=today - timedelta(days=300), is_volunteer=False,
        )
        for person in persons[:2]
    ]  # fmt: skip


def _fill_pots(branches: Sequence[LoadedBranch], by: Actor) -> None:
    """Every county has put hours into its pot, and the pool of each branch got some."""
    counties = Counter(one.place_key // 10**6 * 10**6 for one in branches)
    for county, count in sorted(counties.items()):
        minutes = 2 * count * POOL_MINUTES
        services.fill_grant_pot(place_key=county, minutes=minutes, reason="年度资助", key=f"演示 {county}", by=by)
    for uid in Branch.objects.order_by("pk").values_list("uid", flat=True):
        services.grant_to_pool(branch_uid=uid, minutes=POOL_MINUTES, reason="年度资助", key=f"演示 {uid}", by=by)


def _what_waits(branch: Branch, users: dict[str, User], served: dict[int, list[Person]], by: Actor) -> None:
    """In the village of the demonstration accounts: a service in every state, an application, an offer."""
    if branch.coordinator is None:
        branch.coordinator = users.get("branch_coordinator")
        branch.save(update_fields=["coordinator"])
    known = set(Member.objects.filter(person__isnull=False).values_list("person_id", flat=True))
    township = branch.place_key // TOWNSHIP
    near = [one for rows in served.values() for one in rows if one.place_key // TOWNSHIP == township]
    new = [one for one in near if one.pk not in known and one.birth_date and one.life_status != Person.DEAD][:6]
    elders = list(branch.members.filter(person__isnull=False))
    elders += [
        services.add_member(branch_uid=branch.uid, entrant=services.Entrant(person_uid=one.uid), by=by) for one in new
    ]
    volunteer = Volunteer.objects.filter(member__user=users["volunteer"]).first()
    if volunteer is None or not elders:
        return
    services.offer(volunteer_uid=volunteer.uid, service="company", days=[0, 2, 4], from_hour=8, until_hour=18, by=by)
    for number, state in enumerate(("open", "open", "agreed", "done", "confirmed", "disputed", "cancelled")):
        _one_service(elders[number % len(elders)], volunteer, state, number, by)
    newcomer = services.add_member(
        branch_uid=branch.uid, by=by, entrant=services.Entrant(name="武秀云", sex="2", birth_date=date(1969, 3, 8))
    )
    services.apply(member_uid=newcomer.uid, application=services.Application(skills=("cooking",)), by=by)


def _one_service(member: Member, volunteer: Volunteer, state: str, number: int, by: Actor) -> None:
    """One service, brought as far as `state`."""
    starts = datetime.combine(civil_date() + timedelta(days=number + 1), time(9), CITY_ZONE)
    wanted = Ask(SERVICES[number % len(SERVICES)], starts, 60)
    request = services.ask(member_uid=member.uid, wanted=wanted, by=by)
    if state == "open":
        return
    order = services.agree(request_uid=request.uid, volunteer_uid=volunteer.uid, by=by)
    if state == "cancelled":
        services.cancel(uid=order.uid, reason="老人临时外出", by=by)
    if state in ("done", "confirmed", "disputed"):
        _carry_on(order, state, number, by)


def _carry_on(order: Order, state: str, number: int, by: Actor) -> None:
    begin = datetime.combine(civil_date() - timedelta(days=number), time(9), CITY_ZONE)
    services.report_done(uid=order.uid, started_at=begin, ended_at=begin + timedelta(minutes=65), by=by)
    if state in ("confirmed", "disputed"):
        services.confirm(uid=order.uid, proof="sign", by=by)
    if state == "disputed":
        services.dispute(uid=order.uid, words="老人说那天只来了半小时。", by=by)
