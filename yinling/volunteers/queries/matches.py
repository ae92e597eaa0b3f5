"""Requests and the volunteers who suit them."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q

from yinling.kernel.clock import CITY_ZONE, civil_date
from yinling.volunteers.models import Offer, Order, Request, Volunteer
from yinling.volunteers.rules.matching import TOWNSHIP, Candidate, Match, Slot, Wanted, matches

MOST = 10


@dataclass(frozen=True)
class Suited:
    """A volunteer who suits, and why."""

    volunteer: Volunteer
    match: Match


def matches_for(request: Request, most: int = MOST) -> list[Suited]:
    """Volunteers who suit a request, the best first. Four statements, however many volunteers there are."""
    member = request.member
    county = member.place_key // TOWNSHIP * TOWNSHIP
    among = Volunteer.objects.active().filter(member__place_key__range=(county, county + TOWNSHIP - 1))
    among = among.filter(insurances__valid_from__lte=civil_date(request.starts_at)).filter(
        insurances__valid_to__gte=civil_date(request.starts_at)
    )
    known = {one.pk: one for one in among.select_related("member__person", "member__branch").distinct()}
    wanted = Wanted(
        member.pk, member.place_key, request.service, request.starts_at.astimezone(CITY_ZONE), request.minutes,
        request.skill, request.speaks, request.sex, request.wished_id or 0,
        (member.person.household_id or 0) if member.person else 0,
    )  # fmt: skip
    offers, taken, served = _offers(request), _taken(request), _served(request)
    candidates = (_candidate(one, offers[one.pk], taken[one.pk], served, member.pk) for one in known.values())
    return [Suited(known[one.volunteer], one) for one in matches(wanted, candidates, most)]


def _candidate(
    one: Volunteer, offers: list[Slot], taken: list[tuple[dt.datetime, dt.datetime]], served: set[int], wanted: int
) -> Candidate:
    person = one.member.person
    slots = [*offers, Slot(frozenset(one.days), one.from_hour, one.until_hour)]
    return Candidate(
        one.pk, one.member_id, one.member.place_key, frozenset(one.skills), frozenset(one.speaks), one.member.sex,
        slots, (person.household_id or 0) if person else 0, taken,
        frozenset({wanted} if one.pk in served else ()),
    )  # fmt: skip


def _offers(request: Request) -> dict[int, list[Slot]]:
    found: dict[int, list[Slot]] = defaultdict(list)
    day = civil_date(request.starts_at)
    open_on = Q(valid_to__isnull=True) | Q(valid_to__gte=day)
    for one in Offer.objects.filter(open_on, ended_at__isnull=True, service=request.service):
        found[one.volunteer_id].append(
            Slot(frozenset(one.days), one.from_hour, one.until_hour, frozenset({one.service}))
        )
    return found


def _taken(request: Request) -> dict[int, list[tuple[dt.datetime, dt.datetime]]]:
    """Agreed services around the time asked for, by volunteer."""
    found: dict[int, list[tuple[dt.datetime, dt.datetime]]] = defaultdict(list)
    near = (request.starts_at - dt.timedelta(days=1), request.starts_at + dt.timedelta(days=1))
    rows = Order.objects.filter(state=Order.State.AGREED, starts_at__range=near)
    for volunteer, begin, minutes in rows.values_list("volunteer_id", "starts_at", "planned"):
        found[volunteer].append(
            (begin.astimezone(CITY_ZONE), begin.astimezone(CITY_ZONE) + dt.timedelta(minutes=minutes))
        )
    return found


def _served(request: Request) -> set[int]:
    """Volunteers who served this member before."""
    rows = Order.objects.filter(member=request.member, state=Order.State.BANKED)
    return set(rows.values_list("volunteer_id", flat=True).distinct())
