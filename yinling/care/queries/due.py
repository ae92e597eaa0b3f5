"""What the rules of due visits need to know: of one person with reasons, and of the whole city in columns."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.db import connection
from django.db.models import Q, QuerySet

from yinling.assessments.models import Level
from yinling.assessments.queries import current_levels
from yinling.care import parameters
from yinling.care.models import Pairing, Spell, Tier, VisitRules
from yinling.care.rules import due as rules
from yinling.care.rules.due import Due, FestivalOn, Known, Ruleset, SpellOn, Today, age_on
from yinling.care.rules.due_columns import age_on as age_column
from yinling.kernel.errors import Refused
from yinling.kernel.reasons import Reason, Words
from yinling.people.models import Category, Person, Whereabouts
from yinling.people.queries import file_ids
from yinling.places.queries import key_ranges
from yinling.reference.queries import special_days

ABILITY = "gbt_42195"  # the scale whose level the rules ask for
FESTIVALS_AHEAD = dt.timedelta(days=31)


def ruleset() -> tuple[VisitRules, Ruleset]:
    """The rules in force. Raises Refused while no pack has brought any."""
    found = VisitRules.objects.in_force()
    if found is None:
        raise Refused("No rules for visits are loaded. Ask the system administrator to load the city's pack.")
    return found, found.reading


def today(day: dt.date) -> Today:
    """What is on in the city on a day. Two or three statements."""
    spells = tuple(_spell(one) for one in Spell.objects.on(day).order_by("id"))
    return Today(day, parameters.visits_a_month(day), spells, tuple(_festivals(day)))


def _spell(one: Spell) -> SpellOn:
    return SpellOn(one.kind, str(one.pk), one.first_on, one.last_on, key_ranges([one.place_key]))


def _festivals(day: dt.date) -> list[FestivalOn]:
    """The first day of every holiday that lies near."""
    last = day + FESTIVALS_AHEAD
    found: dict[str, FestivalOn] = {}
    for year in sorted({day.year, last.year}):
        for one in special_days(year):
            if not one.is_working and day <= one.day <= last:
                found.setdefault(one.en, FestivalOn(one.en, Words(one.zh, one.en), one.day))
    return list(found.values())


@dataclass(frozen=True)
class Told:
    """Why a person is visited, or is not; the tier's words, and how often that is."""

    tier: Words | None
    due: tuple[Due, ...]
    why_not: Reason | None


def told(person: Person, day: dt.date) -> Told | None:
    """The rules on one person, with reasons. None while no rules are loaded."""
    found = VisitRules.objects.in_force()
    if found is None:
        return None
    read, known, on = found.reading, known_of(person, day), today(day)
    here = tuple(
        one for one in on.spells if any(low <= person.place_key <= high for low, high in one.ranges)
    )  # fmt: skip
    if no := rules.why_none(read, known):
        return Told(None, (), no)
    on = Today(day, on.per_month, here, on.festivals)
    return Told(rules.tier_of(read, known).title, tuple(rules.due(read, known, on)), None)


def known_of(person: Person, day: dt.date) -> Known:
    """What the rules ask of one person. Merged files count."""
    files = file_ids(person)
    held = Category.objects.holding(day).filter(person_id__in=files).values_list("category", "grade")
    level = current_levels(person, day).get(ABILITY)
    tier = Tier.objects.filter(person=person, superseded_at__isnull=True).first()
    away = Whereabouts.objects.filter(person_id__in=files, valid_to__isnull=True, superseded_at__isnull=True)
    return Known(
        frozenset(held), level.level if level else None,
        age_on(person.birth_date, day) if person.birth_date else None, tier.risk if tier else "",
        person.life_status != Person.DEAD and not away.exclude(kind="home").exists(),
    )  # fmt: skip


def frame(rows: QuerySet[Any, Any], schema: Mapping[str, Any]) -> pl.DataFrame:
    """The rows of a `values_list`, as the database has them: a million in a second or two."""
    sql, params = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return pl.DataFrame(cursor.fetchall(), schema=dict(schema), orient="row")


def persons_frame(read: Ruleset, day: dt.date) -> pl.DataFrame:
    """Everybody alive who may be visited: person, place_key, level, age, tier_by_hand, is_here."""
    living = Person.objects.current().living().filter(_candidates(read, day)).order_by()
    persons = frame(
        living.values_list("pk", "place_key", "birth_date"),
        {"person": pl.Int64, "place_key": pl.Int64, "birth_date": pl.Date},
    )
    levels = Level.objects.current().filter(scale=ABILITY, valid_to__isnull=True, valid_from__lte=day)
    tiers = Tier.objects.filter(superseded_at__isnull=True)
    away = Whereabouts.objects.filter(valid_to__isnull=True, superseded_at__isnull=True).exclude(kind="home")
    gone = frame(away.order_by().values_list("person_id"), {"person": pl.Int64}).unique().with_columns(gone=True)
    known = frame(levels.order_by().values_list("person_id", "level"), {"person": pl.Int64, "level": pl.Int64})
    by_hand = frame(tiers.order_by().values_list("person_id", "risk"), {"person": pl.Int64, "tier_by_hand": pl.String})
    joined = (
        persons.join(known, on="person", how="left").join(by_hand, on="person", how="left")
        .join(gone, on="person", how="left")
    )  # fmt: skip
    return joined.select(
        "person", "place_key", "level", age=age_column(day), tier_by_hand=pl.col("tier_by_hand").fill_null(""),
        is_here=pl.col("gone").is_null(),
    )  # fmt: skip


def _candidates(read: Ruleset, day: dt.date) -> Q:
    """Who may be in a group that is visited. The rules decide; this spares the database a million rows that cannot be.

    A line with a category needs the category, one with a level alone needs a level; age alone may be anybody's.
    """
    lines = [line for key in read.targets for line in read.groups[key].lines]
    if any(not line.category and line.level_from is None for line in lines):
        return Q()
    held = Category.objects.holding(day).filter(category__in={line.category for line in lines if line.category})
    merged = held.filter(person__canonical__isnull=False)
    levels = [line.level_from for line in lines if not line.category and line.level_from is not None]
    found = Q(pk__in=held.values("person_id")) | Q(pk__in=merged.values("person__canonical_id"))
    found |= Q(pk__in=Tier.objects.filter(superseded_at__isnull=True).values("person_id"))
    if levels:
        rows = Level.objects.current().filter(scale=ABILITY, valid_to__isnull=True, level__gte=min(levels))
        found |= Q(pk__in=rows.values("person_id"))
    return found


def categories_frame(read: Ruleset, day: dt.date) -> pl.DataFrame:
    """Who belongs to the categories that the rules ask for: person (the file that stands), category, grade."""
    asked = {line.category for group in read.groups.values() for line in group.lines if line.category}
    held = Category.objects.holding(day).filter(category__in=asked).order_by()
    schema = {"person": pl.Int64, "into": pl.Int64, "category": pl.String, "grade": pl.String}
    rows = frame(held.values_list("person_id", "person__canonical_id", "category", "grade"), schema)
    return rows.select(pl.coalesce("into", "person").alias("person"), "category", "grade")


def pairings_frame(day: dt.date) -> pl.DataFrame:
    """Who visits whom on a day: person, visitor. Whoever stands in goes before."""
    rows = frame(
        Pairing.objects.standing(day).filter(Q(visitor__ended_on__isnull=True) | Q(visitor__ended_on__gt=day))
        .order_by().values_list("person_id", "visitor_id", "ground"),
        {"person": pl.Int64, "visitor": pl.Int64, "ground": pl.String},
    )  # fmt: skip
    first = rows.sort(pl.col("ground") != Pairing.Ground.SUBSTITUTE, maintain_order=True)
    return first.unique("person", keep="first", maintain_order=True).select("person", "visitor")
