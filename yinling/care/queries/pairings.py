"""Reads of visitors and pairings: the register, loads, a person's history, possible visitors, a division's problem."""

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from yinling.care import parameters
from yinling.care.models import Pairing, Proposal, ProposalLine, Visit, Visitor, Wish
from yinling.engines.planning.pairing import problem as engine
from yinling.engines.planning.pairing.offering import Offer, offers_for
from yinling.kernel.actors import Actor
from yinling.kernel.clock import civil_date
from yinling.kernel.scope import within
from yinling.people.models import Person, Whereabouts
from yinling.people.queries import file_ids
from yinling.places.models import Place
from yinling.places.queries import key_ranges, tree

MONTH = dt.timedelta(days=28)
LATITUDE, METRES_A_DEGREE = math.radians(27.5), 111_320  # of the city: a plane is near enough for ways on foot
OFFERED, REFUSED = 12, 6


@dataclass(frozen=True)
class VisitorFilters:
    """What the register is narrowed to."""

    kind: str = ""
    state: str = ""
    text: str = ""

    @classmethod
    def from_address(cls, address: Mapping[str, str]) -> "VisitorFilters":
        """The filters in an address; what makes no sense is left out."""
        kind, state = address.get("kind", ""), address.get("state", "")
        return cls(
            kind if kind in Visitor.Kind.values else "", state if state in ("ended", "all") else "",
            address.get("q", "").strip()[:60],
        )  # fmt: skip


def visitors_for(by: Actor, filters: VisitorFilters | None = None) -> QuerySet[Visitor]:
    """Visitors the actor sees. Unordered."""
    asked = filters or VisitorFilters()
    found: QuerySet[Visitor] = Visitor.objects.visible_to(by).select_related("organisation")
    over = Q(ended_on__isnull=False, ended_on__lte=civil_date())
    found = found if asked.state == "all" else found.filter(over) if asked.state == "ended" else found.exclude(over)
    found = found.filter(kind=asked.kind) if asked.kind else found
    return found.filter(name__contains=asked.text) if asked.text else found


def visitor(uid: object, by: Actor) -> Visitor:
    """One visitor the actor sees. Raises NotFound."""
    return Visitor.objects.visible_to(by).select_related("organisation", "user").one(uid=uid)


def visits_a_month(persons: Iterable[int], on: dt.date) -> Counter[int]:
    """Visits that fell due in the last four weeks, by person: how often each is visited. Whoever is missing: once."""
    due = Visit.objects.filter(person_id__in=persons, due_on__gt=on - MONTH, due_on__lte=on)
    return Counter(due.exclude(state=Visit.State.VOID).values_list("person_id", flat=True))


def loads(visitors: Iterable[int], on: dt.date) -> dict[int, tuple[int, int]]:
    """Visitor -> persons paired with her, and the visits a month they need. Substitutes do not count."""
    pairs = list(
        Pairing.objects.standing(on).filter(visitor_id__in=visitors).exclude(ground=Pairing.Ground.SUBSTITUTE)
        .values_list("visitor_id", "person_id")
    )  # fmt: skip
    often = visits_a_month([person for _visitor, person in pairs], on)
    found: dict[int, tuple[int, int]] = {}
    for one, person in pairs:
        persons, visits = found.get(one, (0, 0))
        found[one] = persons + 1, visits + max(1, often[person])
    return found


def pairings_of(person: Person, by: Actor) -> list[Pairing]:
    """Who visits and has visited a person, the newest first."""
    found = Pairing.objects.visible_to(by).filter(person_id__in=file_ids(person)).select_related("visitor")
    return list(found.order_by("-valid_from", "-id")[:30])


def pairings_of_visitor(found: Visitor, by: Actor, on: dt.date) -> list[Pairing]:
    """Whom a visitor visits on a day or later, by name."""
    rows = Pairing.objects.visible_to(by).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), visitor=found)
    return list(rows.select_related("person", "visitor").order_by("person__name_key", "id"))


def person_to_pair(uid: object, by: Actor) -> Person:
    """A person the actor sees. Raises NotFound."""
    return Person.objects.visible_to(by).current().one(uid=uid)


def wish_of(person: Person) -> Wish | None:
    """What a person wishes, if they were asked."""
    return Wish.objects.filter(person=person).select_related("not_visitor").first()


def standing_pairing(person: Person, on: dt.date) -> Pairing | None:
    """A person's pairing that goes on; not a substitute's."""
    found = Pairing.objects.filter(person=person, valid_to__isnull=True).exclude(ground=Pairing.Ground.SUBSTITUTE)
    return found.select_related("visitor__user").first()


@dataclass(frozen=True)
class Candidate:
    """A possible visitor with what the engine says of her."""

    visitor: Visitor
    offer: Offer


def candidates(person: Person, by: Actor, on: dt.date) -> tuple[engine.Elder, list[Candidate]]:
    """The county's visitors for a person, ranked; the best of those who may, then the nearest of those who may not."""
    county = tree().above(person.place_key, "county")
    near: QuerySet[Visitor] = Visitor.objects.visible_to(by).active(on)
    if county is not None:
        near = near.filter(within(key_ranges([county.key])))
    known = {str(one.pk): one for one in near}
    made = {str(pk): visits for pk, (_persons, visits) in loads(list(map(int, known)), on).items()}
    points = _village_points({one.place_key for one in known.values()} | {person.place_key})
    elder = _elders([person], points, on)[0]
    values = _visitors(list(known.values()), points, on)
    offers = offers_for(elder, values, made, parameters.pairing_weights(on), parameters.pairing_limits(on))
    may = [one for one in offers if one.refusal is None][:OFFERED]
    others = sorted((one for one in offers if one.refusal is not None), key=lambda one: (one.way_m, one.visitor))
    return elder, [Candidate(known[one.visitor], one) for one in [*may, *others[:REFUSED]]]


def problem_for(place_key: int, on: dt.date) -> engine.Problem:
    """The problem of a division: whoever is visited regularly or paired and is at home; whoever visits there."""
    ranges = key_ranges([place_key])
    here = within(ranges, "person__place_key")
    paired = Pairing.objects.standing(on).filter(here).values_list("person_id", flat=True)
    due = Visit.objects.filter(here, due_on__gt=on - MONTH).exclude(state=Visit.State.VOID)
    wanted = set(paired) | set(due.values_list("person_id", flat=True))
    away = Whereabouts.objects.filter(here, valid_to__isnull=True, superseded_at__isnull=True).exclude(kind="home")
    wanted -= set(away.values_list("person_id", flat=True))
    people = Person.objects.filter(within(ranges)).current().living().order_by("place_key", "id")
    persons = [one for one in people if one.pk in wanted]
    visitors = list(Visitor.objects.active(on).filter(within(ranges)).order_by("place_key", "id"))
    points = _village_points({one.place_key for one in persons} | {one.place_key for one in visitors})
    return engine.Problem(
        _elders(persons, points, on), _visitors(visitors, points, on), parameters.pairing_weights(on),
        parameters.pairing_limits(on),
    )  # fmt: skip


Point = tuple[float, float]


def _village_points(keys: set[int]) -> dict[int, Point]:
    """Where villages lie, for those whose own position is not on file."""
    known = Place.objects.filter(key__in=keys, longitude__isnull=False, latitude__isnull=False)
    return {one.key: _plane(one.longitude or 0.0, one.latitude or 0.0) for one in known}


def _plane(longitude: float, latitude: float) -> Point:
    return longitude * METRES_A_DEGREE * math.cos(LATITUDE), latitude * METRES_A_DEGREE


def _where(one: Person | Visitor, points: Mapping[int, Point]) -> dict[str, Any]:
    if one.longitude is not None and one.latitude is not None:
        x_m, y_m = _plane(one.longitude, one.latitude)
        return {"x_m": x_m, "y_m": y_m}
    point = points.get(one.place_key)
    return {} if point is None else {"x_m": point[0], "y_m": point[1]}


def _elders(persons: Sequence[Person], points: Mapping[int, Point], on: dt.date) -> list[engine.Elder]:
    keys = [one.pk for one in persons]
    often, most = visits_a_month(keys, on), parameters.pairing_limits(on).helper_load
    wishes = {one.person_id: one for one in Wish.objects.filter(person_id__in=keys)}
    standing = Pairing.objects.filter(person_id__in=keys, valid_to__isnull=True)
    now = dict(standing.exclude(ground=Pairing.Ground.SUBSTITUTE).values_list("person_id", "visitor_id"))
    return [
        engine.Elder(
            str(one.pk), one.place_key, min(most, max(1, often[one.pk])), **_where(one, points),
            **_wished(wishes.get(one.pk)), household=str(one.household_id or ""), visitor=str(now.get(one.pk) or ""),
        )
        for one in persons
    ]  # fmt: skip


def _wished(wish: Wish | None) -> dict[str, Any]:
    if wish is None:
        return {}
    unwanted = frozenset({str(wish.not_visitor_id)} if wish.not_visitor_id else ())
    return {
        "speaks": frozenset(wish.speaks), "sex": wish.sex, "skills": frozenset(wish.skills), "forbidden": unwanted
    }  # fmt: skip


def _visitors(visitors: Sequence[Visitor], points: Mapping[int, Point], on: dt.date) -> list[engine.Visitor]:
    reach = parameters.pairing_reach(on)
    return [
        engine.Visitor(
            str(one.pk), one.place_key, one.monthly_load, **_where(one, points), speaks=frozenset(one.speaks),
            sex=one.sex, skills=frozenset(one.skills), household=str(one.household_id or ""), reach=reach[one.mode],
        )
        for one in visitors
    ]  # fmt: skip


def proposals_for(by: Actor) -> QuerySet[Proposal]:
    """Proposals the actor sees. Unordered."""
    return Proposal.objects.visible_to(by)


def proposal(uid: object, by: Actor) -> Proposal:
    """One proposal the actor sees. Raises NotFound."""
    return Proposal.objects.visible_to(by).one(uid=uid)


def lines_of(found: Proposal, by: Actor) -> QuerySet[ProposalLine]:
    """The changes a proposal makes. Unordered."""
    rows: QuerySet[ProposalLine] = ProposalLine.objects.visible_to(by).filter(proposal=found)
    return rows.select_related("person", "old", "new")
