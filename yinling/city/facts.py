"""The article's figures beside what this database counts.

Facts are data of the pack (`facts.yaml`); this file knows how to count those that the registers hold. A count is made
once, when the city is built, and kept with the build: a page that counts a million rows would be no page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db.models import Q

from yinling.assessments.models import Level as NeedLevel
from yinling.assessments.rules import SELF_CARE
from yinling.city.sites import PUBLIC_KINDS
from yinling.institutions.measures import PUBLIC_RESIDENTS, PUBLIC_SET_UP
from yinling.institutions.models import BedState, Institution, Stay
from yinling.kernel.clock import now, start_of
from yinling.kernel.scope import within
from yinling.organisations.models import Organisation
from yinling.people.models import Category, Person, Willingness
from yinling.places.models import Level, Place
from yinling.places.queries import city, key_ranges
from yinling.supervision.models import Alert
from yinling.web import words

_POPULATION, _CARE = date(2022, 12, 31), date(2025, 12, 31)
_BEGINNING = date(2021, 1, 1)
_ROUNDING = 0.05  # a percentage is printed with one decimal


@dataclass(frozen=True)
class Fact:
    """One figure of the pack. `bound`: at_least, nearly, or "" for exactly."""

    key: str
    zh: str
    en: str
    value: float | int | str
    unit: str
    mark: str
    source: str
    bound: str = ""


@dataclass(frozen=True)
class Compared:
    """A fact and what is counted here (None: nothing here counts it). `shrinks`: the count follows the scale."""

    fact: Fact
    counted: float | None
    shrinks: bool
    expected: float | None
    holds: bool | None

    @property
    def printed(self) -> str:
        """The fact as a page shows it."""
        return self._worded(self.fact.value) + ("+" if self.fact.bound == "at_least" else "")

    @property
    def shown(self) -> str:
        """The count as a page shows it."""
        return "—" if self.counted is None else self._worded(self.counted)

    def _worded(self, value: float | int | str) -> str:
        if isinstance(value, str):
            return value
        if self.fact.unit == "percent":
            return f"{words.number(value, 1)}%"
        return words.number(value / 100 if self.fact.unit == "fen" else value)


def facts() -> list[Fact]:
    """All facts of the city's pack, in its order; none where the pack has no such file."""
    return list(_facts(Path(settings.PACKS_DIR) / settings.CITY_PACK / "facts.yaml"))


@lru_cache(maxsize=2)
def _facts(path: Path) -> tuple[Fact, ...]:
    if not path.is_file():
        return ()
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))["facts"]
    return tuple(_fact(row) for row in rows)


def _fact(row: dict[str, Any]) -> Fact:
    title = row["title"]
    return Fact(
        row["key"], title["zh"], title["en"], row["value"], row["unit"], row["mark"], row["source"],
        row.get("bound", ""),
    )  # fmt: skip


def count_facts(scale: float) -> dict[str, float]:
    """Count every fact that the registers hold, by key."""
    return {key: counter(scale) for key, counter in _COUNTERS.items()}


def compare(fact: Fact, counted: float | None, scale: float) -> Compared:
    """Whether a count says what the fact says; counts of people are held against the scale's share of it."""
    shrinks = fact.key in _SHRINKING
    if counted is None or isinstance(fact.value, str):
        return Compared(fact, counted, shrinks, None, None)
    expected = round(fact.value * scale) if shrinks else fact.value
    if fact.bound == "at_least":
        return Compared(fact, counted, shrinks, expected, counted >= expected)
    slack = _ROUNDING / min(scale, 1.0) if fact.unit == "percent" else 0
    return Compared(fact, counted, shrinks, expected, abs(counted - expected) <= slack)


def _living(day: date, years: int) -> int:
    born = day.replace(year=day.year - years)
    alive = Q(died_on__isnull=True) | Q(died_on__gt=day)
    return Person.objects.current().filter(alive, birth_date__lte=born).count()


def _sites(kind: str) -> Callable[[float], float]:
    return lambda _: Institution.objects.filter(kind=kind).count()


def _divisions(level: str) -> Callable[[float], float]:
    return lambda _: Place.objects.at(level).filter(within(key_ranges([city().key]), "key")).count()


def _organisations(role: str) -> Callable[[float], float]:
    return lambda _: Organisation.objects.in_role(role, _CARE).count()


def _added() -> Any:
    """Beds of public homes that were set up since 2021: what the projects brought."""
    return BedState.objects.filter(valid_from__gte=_BEGINNING, bed__institution__kind__in=PUBLIC_KINDS)


def _occupancy(day: date) -> Callable[[float], float]:
    """Residents over the scale's share of the beds set up in public homes, in percent."""

    def count(scale: float) -> float:
        residents = sum(PUBLIC_RESIDENTS.count(day, now()).values())
        set_up = sum(PUBLIC_SET_UP.count(day, now()).values())
        return round(100 * residents / max(set_up * scale, 1), 2)

    return count


def _in_care(persons: set[int]) -> float:
    """The share of some persons who lived in a public home on the day of the care figures, in percent."""
    end = start_of(_CARE + timedelta(days=1))
    stays = Stay.objects.counting().filter(institution__kind__in=PUBLIC_KINDS, admitted_at__lt=end)
    there = set(stays.filter(Q(left_at__isnull=True) | Q(left_at__gte=end)).values_list("person", flat=True))
    return round(100 * len(persons & there) / max(len(persons), 1), 2)


def _alive(persons: Any) -> set[int]:
    alive = Q(died_on__isnull=True) | Q(died_on__gt=_CARE)
    return set(Person.objects.filter(alive, pk__in=persons).values_list("pk", flat=True))


def _dependent_in_care(_: float) -> float:
    """Of the destitute who cannot look after themselves."""
    unable = NeedLevel.objects.current().filter(scale=SELF_CARE, level__gte=1, valid_to__isnull=True)
    return _in_care(_alive(unable.values("person")))


def _willing_in_care(_: float) -> float:
    """Of those who last said that they want central care."""
    said = dict(Willingness.objects.order_by("asked_on", "id").values_list("person", "is_willing"))
    return _in_care(
        _alive(Willingness.objects.values("person")) & {who for who, is_willing in said.items() if is_willing}
    )


def _in_difficulty(_: float) -> float:
    held = Category.objects.filter(category="special_difficulty", valid_from__lte=_CARE, superseded_at__isnull=True)
    return held.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=_CARE)).count()


_SHRINKING = {"elders_60_2022", "elders_65_2022", "paired_elders", "early_warnings"}
_COUNTERS: dict[str, Callable[[float], float]] = {
    "early_warnings": lambda _: Alert.objects.filter(detected_at__lt=start_of(_CARE + timedelta(days=1))).count(),
    "elders_60_2022": lambda _: _living(_POPULATION, 60),
    "elders_65_2022": lambda _: _living(_POPULATION, 65),
    "county_units": _divisions(Level.COUNTY),
    "townships": _divisions(Level.TOWNSHIP),
    "villages": _divisions(Level.VILLAGE),
    "city_centres": _sites("city_centre"),
    "county_centres": _sites("county_centre"),
    "regional_homes": _sites("regional_home"),
    "village_points": _sites("village_point"),
    "projects": lambda _: _added().values("bed__institution", "valid_from").distinct().count(),
    "beds_added": lambda _: _added().count(),
    "nursing_beds_added": lambda _: _added().filter(bed__kind="nursing").count(),
    "public_occupancy_2022": _occupancy(_POPULATION),
    "public_occupancy_2024": _occupancy(date(2024, 12, 31)),
    "central_care_dependent": _dependent_in_care,
    "central_care_willing": _willing_in_care,
    "paired_elders": _in_difficulty,
    "charity_canteens": _organisations("canteen_charity"),
    "quality_operators": _organisations("operator"),
}
