"""Who is visited when, and why: one person and one day in, the visits that are due out. Pure.

`care/rules/due_columns.py` says the same of a million at once, from the same reading of the same file; a test holds
the two against each other.
"""

import datetime as dt
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yinling.kernel.reasons import Reason, Words

N_ = str  # marks a msgid for the catalogue
REGULAR, FESTIVAL, OWN = "regular", "festival", "own"
COLD, HEAT = "cold", "heat"
WEEK, FORTNIGHT, MONTH = "week", "fortnight", "month"
PERIODS = (WEEK, FORTNIGHT, MONTH)
WHY = {
    WEEK: N_("Visited every week: {tier} ({groups})."),
    FORTNIGHT: N_("Visited every two weeks: {tier} ({groups})."),
    MONTH: N_("Visited every month: {tier} ({groups})."),
    COLD: N_("One more visit in the cold, from {first} to {last}: {tier}."),
    HEAT: N_("One more visit in the heat, from {first} to {last}: {tier}."),
    FESTIVAL: N_("A visit before {festival} on {day}: {tier}."),
}
WHY_EVENT = {
    "discharge": N_("Discharged from hospital on {day}: a visit within {hours} hours."),
    "alert": N_("After an alert on {day}: a visit within {hours} hours."),
    "retrofit": N_("Call-back after the home was adapted on {day}: within {hours} hours."),
    "wish": N_("Asked for on {day}: a visit within {hours} hours."),
}
NO_TARGET = N_("In none of the groups that are visited: {groups}.")
NOT_HERE = N_("Registered as dead, or in a home, in hospital or away: no visit is due.")


@dataclass(frozen=True)
class Line:
    """One way to belong to a group; every word given must hold. Empty words ask nothing."""

    category: str = ""
    grades: tuple[str, ...] = ()
    level_from: int | None = None
    age_from: int | None = None


@dataclass(frozen=True)
class Group:
    """A group of persons, in words, and the ways to belong to it."""

    title: Words
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Tier:
    """A tier of risk: combinations of groups of which one must hold. None: whoever is left."""

    key: str
    title: Words
    combinations: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Extra:
    """More visits in a spell (every so many days) or before a festival (within so many days), for some tiers."""

    days: int
    tiers: tuple[str, ...]
    name: str = ""


@dataclass(frozen=True)
class Ruleset:
    """A file of rules, read."""

    groups: Mapping[str, Group]
    targets: tuple[str, ...]
    tiers: tuple[Tier, ...]
    regular: Mapping[str, str]
    spells: Mapping[str, Extra]
    festivals: tuple[Extra, ...]
    events: Mapping[str, int]

    def tier(self, key: str) -> Tier:
        """A tier by its key; the last one for a key that the file no longer has."""
        return next((one for one in self.tiers if one.key == key), self.tiers[-1])


@dataclass(frozen=True)
class Known:
    """What is known of a person on a day. `is_here`: alive, and in no home, hospital or elsewhere."""

    categories: frozenset[tuple[str, str]] = frozenset()  # category, grade
    level: int | None = None
    age: int | None = None
    tier_by_hand: str = ""
    is_here: bool = True


@dataclass(frozen=True)
class SpellOn:
    """A spell that is on: its kind, days, what tells it from others, and where (ranges of place keys)."""

    kind: str
    mark: str
    first_on: dt.date
    last_on: dt.date
    ranges: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class FestivalOn:
    """A holiday that lies ahead: the English name the rules know it by, its words, its first day."""

    name: str
    title: Words
    day: dt.date


@dataclass(frozen=True)
class Today:
    """A day, how many visits a month there are, and what is on."""

    day: dt.date
    per_month: int = 1
    spells: tuple[SpellOn, ...] = ()
    festivals: tuple[FestivalOn, ...] = ()


@dataclass(frozen=True)
class Due:
    """One visit that is due. `period` with the rule makes asking twice harmless."""

    rule: str
    period: str
    opens_on: dt.date
    due_on: dt.date
    why: Reason


@dataclass(frozen=True)
class Period:
    """A stretch of days with a name."""

    key: str
    first: dt.date
    last: dt.date


def age_on(born: dt.date, day: dt.date) -> int:
    """Full years of age."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def read(data: Mapping[str, Any]) -> Ruleset:
    """The rules of a pack's file. Raises KeyError, TypeError or ValueError naming what is wrong."""
    groups = {one["key"]: Group(_words(one["title"]), tuple(map(_line, one["when"]))) for one in data["groups"]}
    tiers = tuple(
        Tier(one["key"], _words(one["title"]), tuple(tuple(names) for names in one["any"])) for one in data["tiers"]
    )
    found = Ruleset(
        groups, tuple(data["targets"]), tiers, dict(data["regular"]),
        {kind: Extra(int(one["every_days"]), tuple(one["tiers"])) for kind, one in data.get("spells", {}).items()},
        tuple(Extra(int(f["days_before"]), tuple(f["tiers"]), f["name"]) for f in data.get("festivals", ())),
        {kind: int(one["hours"]) for kind, one in data.get("events", {}).items()},
    )  # fmt: skip
    _check(found)
    return found


def _words(title: Mapping[str, str]) -> Words:
    return Words(title["zh"], title["en"])


def _line(given: Mapping[str, Any]) -> Line:
    if unknown := set(given) - {"category", "grades", "level_from", "age_from"}:
        raise ValueError(f"unknown words {sorted(unknown)}")
    if not given:
        raise ValueError("a line without a word would take everybody in")
    return Line(
        given.get("category", ""), tuple(map(str, given.get("grades", ()))), given.get("level_from"),
        given.get("age_from"),
    )  # fmt: skip


def _check(found: Ruleset) -> None:
    """Every name leads somewhere, and the last tier takes whoever is left."""
    named = {name for tier in found.tiers for names in tier.combinations for name in names} | set(found.targets)
    if unknown := named - set(found.groups):
        raise ValueError(f"unknown groups {sorted(unknown)}")
    keys = {tier.key for tier in found.tiers}
    extras = [*found.spells.values(), *found.festivals]
    if keys != set(found.regular) or {name for one in extras for name in one.tiers} - keys:
        raise ValueError(f"tiers are {sorted(keys)}; regular, spells and festivals speak of others")
    if found.tiers[-1].combinations or set(found.regular.values()) - set(PERIODS):
        raise ValueError(f"the last tier takes whoever is left; periods are {', '.join(PERIODS)}")
    if any(one.days < 1 for one in extras) or any(hours < 1 for hours in found.events.values()):
        raise ValueError("days and hours are 1 or more")


def groups_of(rules: Ruleset, known: Known) -> list[str]:
    """The groups a person belongs to, in the file's order."""
    return [key for key, group in rules.groups.items() if any(_holds(line, known) for line in group.lines)]


def _holds(line: Line, known: Known) -> bool:
    if line.category and not any(
        category == line.category and (not line.grades or grade in line.grades) for category, grade in known.categories
    ):
        return False
    if line.level_from is not None and (known.level is None or known.level < line.level_from):
        return False
    return line.age_from is None or (known.age is not None and known.age >= line.age_from)


def tier_of(rules: Ruleset, known: Known) -> Tier:
    """The tier of a person who is visited: set by hand, else the first that fits."""
    if known.tier_by_hand:
        return rules.tier(known.tier_by_hand)
    mine = set(groups_of(rules, known))
    fitting = (tier for tier in rules.tiers if any(mine.issuperset(names) for names in tier.combinations))
    return next(fitting, rules.tiers[-1])


def why_none(rules: Ruleset, known: Known) -> Reason | None:
    """Why nobody visits this person by the rules; None where somebody does."""
    if not known.is_here:
        return Reason(NOT_HERE)
    if known.tier_by_hand or set(groups_of(rules, known)) & set(rules.targets):
        return None
    return Reason(NO_TARGET, groups=_titles(rules, rules.targets))


def due(rules: Ruleset, known: Known, today: Today) -> list[Due]:
    """The visits of the periods that a day lies in. `today.spells`: those where the person lives."""
    if why_none(rules, known) is not None:
        return []
    tier = tier_of(rules, known)
    mine = [key for key in groups_of(rules, known) if key in rules.targets or _speaks_for(rules, tier, key)]
    every = rules.regular[tier.key]
    span = period(every, today.day, today.per_month)
    why = Reason(WHY[every], tier=tier.title, groups=_titles(rules, mine))
    found = [Due(REGULAR, span.key, span.first, span.last, why)]
    for spell in today.spells:
        extra = rules.spells.get(spell.kind)
        if extra and tier.key in extra.tiers:
            span = spell_period(spell, extra.days, today.day)
            why = Reason(WHY[spell.kind], first=spell.first_on, last=spell.last_on, tier=tier.title)
            found.append(Due(spell.kind, span.key, span.first, span.last, why))
    for feast, extra in festivals_near(rules, today):
        if tier.key in extra.tiers:
            span = festival_period(feast, extra.days)
            why = Reason(WHY[FESTIVAL], festival=feast.title, day=feast.day, tier=tier.title)
            found.append(Due(FESTIVAL, span.key, span.first, span.last, why))
    return found


def _speaks_for(rules: Ruleset, tier: Tier, group: str) -> bool:
    return any(group in names for names in tier.combinations)


def _titles(rules: Ruleset, keys: Sequence[str]) -> Words:
    titles = [rules.groups[key].title for key in keys]
    return Words("、".join(one.zh for one in titles), ", ".join(one.en for one in titles))


def period(every: str, day: dt.date, per_month: int = 1) -> Period:
    """The week, fortnight (from Mondays) or part of the month that a day lies in."""
    if every == MONTH:
        return _part_of_month(day, max(per_month, 1))
    length = 7 if every == WEEK else 14
    number = (day.toordinal() - 1) // length  # 1 January of the year 1 was a Monday
    first = dt.date.fromordinal(number * length + 1)
    return Period(f"{every[0]}{number}", first, first + dt.timedelta(days=length - 1))


def _part_of_month(day: dt.date, parts: int) -> Period:
    length = monthrange(day.year, day.month)[1]
    part = next(n for n in range(parts) if day.day <= (n + 1) * length // parts)
    first = day.replace(day=part * length // parts + 1)
    return Period(f"m{day:%Y-%m}.{part + 1}", first, day.replace(day=(part + 1) * length // parts))


def spell_period(spell: SpellOn, every: int, day: dt.date) -> Period:
    """The stretch of a spell that a day lies in; the last one ends with the spell."""
    number = (day - spell.first_on).days // every
    first = spell.first_on + dt.timedelta(days=number * every)
    last = min(first + dt.timedelta(days=every - 1), spell.last_on)
    return Period(f"{spell.mark}.{number}", first, last)


def festivals_near(rules: Ruleset, today: Today) -> list[tuple[FestivalOn, Extra]]:
    """Festivals so near that visits before them are due."""
    by_name = {extra.name: extra for extra in rules.festivals}
    near = [(feast, by_name[feast.name]) for feast in today.festivals if feast.name in by_name]
    return [(feast, one) for feast, one in near if dt.timedelta(0) < feast.day - today.day <= dt.timedelta(one.days)]


def festival_period(feast: FestivalOn, days_before: int) -> Period:
    """The days before a festival."""
    first, last = feast.day - dt.timedelta(days=days_before), feast.day - dt.timedelta(days=1)
    return Period(feast.day.isoformat(), first, last)
