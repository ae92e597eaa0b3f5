"""What the projection starts from: people by age, hours held by age, volunteers of today, place by place."""

from dataclasses import dataclass

from django.db.models import Count, OuterRef, QuerySet, Subquery

from yinling.kernel.actors import Actor
from yinling.kernel.clock import civil_date
from yinling.ledger.models import Account, Posting
from yinling.people.queries import births_by_place
from yinling.places.queries import UNIT, Division, tree
from yinling.volunteers.models import Member, Volunteer
from yinling.volunteers.permissions import Volunteers
from yinling.volunteers.rules.solvency import Assumptions, Village, Year, project, together


@dataclass(frozen=True)
class Projected:
    """A place with its years."""

    key: int
    name: str
    start: Village
    years: list[Year]


def last_of(division: Division) -> int:
    """The last place key below a division."""
    return division.key + UNIT[division.level] - 1  # type: ignore[index]  # a level is text in the tree


def villages_under(division: Division, by: Actor) -> list[Village]:
    """Villages of a division at the start: those that have a branch or people on file. Three statements."""
    span = (division.key, last_of(division))
    year = civil_date().year
    births = births_by_place(*span, by)
    held = _held_by_age(_members(by, span), year)
    rows = Volunteer.objects.active().visible_to(by, Volunteers.READ).filter(member__place_key__range=span)
    serving = dict(rows.values_list("member__place_key").annotate(count=Count("pk")))
    return [
        Village(
            key, {max(year - born, 0): count for born, count in births.get(key, {}).items()}, held.get(key, {}),
            serving.get(key, 0),
        )
        for key in sorted(births.keys() | held.keys() | serving.keys())
    ]  # fmt: skip


def _members(by: Actor, span: tuple[int, int]) -> QuerySet[Member]:
    return Member.objects.visible_to(by, Volunteers.READ).filter(place_key__range=span)


def _held_by_age(members: QuerySet[Member], year: int) -> dict[int, dict[int, int]]:
    """Place -> age -> minutes saved."""
    account = Account.objects.filter(owner_kind="time_member", owner_uid=OuterRef("uid"), kind="saved").values("pk")
    newest = Posting.objects.filter(account=OuterRef("account")).order_by("-seq").values("balance_after")[:1]
    rows = members.annotate(account=Subquery(account[:1])).annotate(balance=Subquery(newest))
    found: dict[int, dict[int, int]] = {}
    for place, born, balance in rows.values_list("place_key", "birth_date__year", "balance"):
        if balance:
            ages = found.setdefault(place, {})
            ages[year - born] = ages.get(year - born, 0) + balance
    return found


def grouped(villages: list[Village], division: Division) -> dict[int, list[Village]]:
    """Villages by the division's children (itself where it is a village)."""
    children = tree().children(division.key)
    if not children:
        return {division.key: villages}
    spans = {child.key: (child.key, last_of(child)) for child in children}
    return {
        key: [one for one in villages if low <= one.key <= high] for key, (low, high) in spans.items()
    }  # fmt: skip


def projected(villages: list[Village], division: Division, assumed: Assumptions) -> list[Projected]:
    """The division's children with their years, and before them the whole."""
    year = civil_date().year
    places = tree()
    parts = []
    for key, mine in grouped(villages, division).items():
        if mine:
            years = together([project(one, year, assumed) for one in mine])
            parts.append(Projected(key, places.name(key), _merged(key, mine), years))
    if not parts:
        return []
    whole = together([part.years for part in parts])
    return [Projected(division.key, division.name, _merged(division.key, villages), whole), *parts]


def _merged(key: int, villages: list[Village]) -> Village:
    people: dict[int, int] = {}
    held: dict[int, int] = {}
    for one in villages:
        for age, count in one.people.items():
            people[age] = people.get(age, 0) + count
        for age, minutes in one.held.items():
            held[age] = held.get(age, 0) + minutes
    return Village(key, people, held, sum(one.serving for one in villages))
