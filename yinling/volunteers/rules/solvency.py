"""Will the hours promised be served? A projection by year, from balances, ages and stated assumptions. Pure.

Each year: volunteers to come are the people of serving age times the share who serve; they give some hours each.
Promises fall due as holders reach the age from which hours are spent: of what they hold, a share is claimed a year.
Hours given in a year are banked and promised in turn (except what goes to the pool); hours claimed are served first
by the hours given in the same year. Coverage = hours to come / hours claimed. Years grow older, and die, by shares.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

YOUNGEST_BAND, OLDEST_BAND = 50, 100  # ages are counted in single years between these


@dataclass(frozen=True)
class Assumptions:
    """What is assumed; every one stands on the page. Shares are per cent, hours are per volunteer and year."""

    years: int = 15
    serves_from: int = 50
    serves_until: int = 74
    share_serving: float = 2.0
    hours_a_year: float = 60.0
    claims_from: int = 70
    share_claimed: float = 15.0
    pool_hours: float = 0.0  # hours a year served out of the pool to those on its list
    donated: float = 5.0  # per cent of hours given that go to the pool, so nobody holds them
    dies_60: float = 1.0  # per cent a year of those in their sixties, and so on
    dies_70: float = 3.0
    dies_80: float = 8.0
    dies_90: float = 20.0


@dataclass(frozen=True)
class Village:
    """One place at the start: people by age in years, minutes held by age of the holder."""

    key: int
    people: Mapping[int, int]
    held: Mapping[int, int] = field(default_factory=dict)
    serving: int = 0  # volunteers active today


@dataclass(frozen=True)
class Year:
    """One year of one place, in hours: what is promised at its start, given, claimed; and volunteers."""

    year: int
    promised: float
    given: float
    claimed: float
    volunteers: float

    @property
    def coverage(self) -> float | None:
        """Hours to come over hours claimed; None where nothing is claimed."""
        return self.given / self.claimed if self.claimed > 0 else None


def share_dying(age: int, a: Assumptions) -> float:
    """Share of an age that dies in a year."""
    if age < 60:
        return a.dies_60 / 200
    return {6: a.dies_60, 7: a.dies_70, 8: a.dies_80}.get(age // 10, a.dies_90) / 100


def older(people: Mapping[int, float], a: Assumptions) -> dict[int, float]:
    """The same people a year later. Those who enter the youngest age are as many as it held: the register knows
    only who is there already, so the coming years are assumed to be as large."""
    aged: dict[int, float] = {}
    for age, count in people.items():
        after = min(age + 1, OLDEST_BAND)
        aged[after] = aged.get(after, 0.0) + count * (1 - share_dying(age, a))
    if people:
        youngest = min(people)
        aged[youngest] = aged.get(youngest, 0.0) + people[youngest]
    return aged


def volunteers_to_come(people: Mapping[int, float], a: Assumptions) -> float:
    """Volunteers among people of serving age."""
    return sum(count for age, count in people.items() if a.serves_from <= age <= a.serves_until) * a.share_serving / 100


def project(village: Village, first_year: int, a: Assumptions) -> list[Year]:
    """The years of one place."""
    people: dict[int, float] = {age: float(count) for age, count in village.people.items()}
    held: dict[int, float] = {age: minutes / 60 for age, minutes in village.held.items()}
    years = []
    for number in range(a.years):
        volunteers = volunteers_to_come(people, a)
        given = volunteers * a.hours_a_year
        claims = {age: hours * a.share_claimed / 100 for age, hours in held.items() if age >= a.claims_from}
        claimed = sum(claims.values()) + a.pool_hours
        years.append(Year(first_year + number, sum(held.values()), given, claimed, volunteers))
        held = {age: hours - claims.get(age, 0.0) for age, hours in held.items()}
        _bank(held, people, given * (1 - a.donated / 100), a)
        people, held = older(people, a), _held_a_year_later(held, a)
    return years


def _bank(held: dict[int, float], people: Mapping[int, float], hours: float, a: Assumptions) -> None:
    """Spread the year's hours over the ages that served."""
    serving = {age: count for age, count in people.items() if a.serves_from <= age <= a.serves_until and count > 0}
    total = sum(serving.values())
    for age, count in serving.items():
        held[age] = held.get(age, 0.0) + hours * count / total


def _held_a_year_later(held: Mapping[int, float], a: Assumptions) -> dict[int, float]:
    """Balances grow older with their holders. Heirs and the pool keep what the dead held, at the age of children."""
    aged: dict[int, float] = {}
    for age, hours in held.items():
        after, dead = min(age + 1, OLDEST_BAND), hours * share_dying(age, a)
        aged[after] = aged.get(after, 0.0) + hours - dead
        heir = max(age - 25, YOUNGEST_BAND)
        aged[heir] = aged.get(heir, 0.0) + dead
    return aged


def together(places: Sequence[Sequence[Year]]) -> list[Year]:
    """The years of several places as one."""
    return [
        replace(
            rows[0], promised=sum(row.promised for row in rows), given=sum(row.given for row in rows),
            claimed=sum(row.claimed for row in rows), volunteers=sum(row.volunteers for row in rows),
        )
        for rows in zip(*places, strict=True)
    ]  # fmt: skip


def first_short(years: Sequence[Year]) -> int | None:
    """The first year in which more is claimed than is given; None when there is none."""
    return next((one.year for one in years if one.claimed > one.given), None)


def volunteers_missing(year: Year, a: Assumptions) -> int:
    """How many more volunteers that year needs, to serve what is claimed."""
    short = year.claimed - year.given
    return -int(-short // a.hours_a_year) if short > 0 and a.hours_a_year > 0 else 0
