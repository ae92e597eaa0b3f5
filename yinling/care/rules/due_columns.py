"""Which visits are due, of a million persons at once: `rules/due.py` again, in columns. Pure.

`persons`: person, place_key, level (null), age (null), tier_by_hand (""), is_here. `categories`: person, category,
grade, one row each. Out: person, tier, rule, period, opens_on, due_on, one row for each visit due.
"""

import datetime as dt

import polars as pl

from yinling.care.rules import due as one
from yinling.care.rules.due import Line, Period, Ruleset, SpellOn, Today

OUT = {
    "person": pl.Int64, "tier": pl.String, "rule": pl.String, "period": pl.String, "opens_on": pl.Date,
    "due_on": pl.Date,
}  # fmt: skip
NEVER = pl.lit(False)


def due_columns(rules: Ruleset, persons: pl.DataFrame, categories: pl.DataFrame, today: Today) -> pl.DataFrame:
    """All visits of the periods that the day lies in."""
    visited = with_tiers(rules, persons, categories)
    parts = [_regular(rules, visited, today)]
    for spell in today.spells:
        if extra := rules.spells.get(spell.kind):
            there = visited.filter(pl.col("tier").is_in(extra.tiers) & _within(spell))
            parts.append(_rows(there, spell.kind, one.spell_period(spell, extra.days, today.day)))
    for feast, extra in one.festivals_near(rules, today):
        asked = visited.filter(pl.col("tier").is_in(extra.tiers))
        parts.append(_rows(asked, one.FESTIVAL, one.festival_period(feast, extra.days)))
    return pl.concat(parts)


def with_tiers(rules: Ruleset, persons: pl.DataFrame, categories: pl.DataFrame) -> pl.DataFrame:
    """Those who are visited, with their `tier`."""
    bits = {line: 1 << number for number, line in enumerate(_category_lines(rules))}
    known = persons.join(_masks(bits, categories), on="person", how="left").with_columns(pl.col("mask").fill_null(0))
    groups = known.with_columns(
        _any([_holds(line, bits) for line in group.lines]).alias(f"in {key}") for key, group in rules.groups.items()
    )
    is_target = (pl.col("tier_by_hand") != "") | _any([pl.col(f"in {key}") for key in rules.targets])
    return groups.filter(pl.col("is_here") & is_target).select("person", "place_key", _tier(rules).alias("tier"))


def _category_lines(rules: Ruleset) -> list[Line]:
    lines = (line for group in rules.groups.values() for line in group.lines if line.category)
    return list(dict.fromkeys(lines))


def _masks(bits: dict[Line, int], categories: pl.DataFrame) -> pl.DataFrame:
    """A bit for each line whose category a person has."""
    wanted = categories.filter(pl.col("category").is_in({line.category for line in bits}))
    held = pl.lit(0, pl.Int64)
    for line, bit in bits.items():
        is_so = pl.col("category") == line.category
        if line.grades:
            is_so &= pl.col("grade").is_in(line.grades)
        held |= pl.when(is_so).then(bit).otherwise(0)
    return wanted.select("person", mask=held).group_by("person").agg(pl.col("mask").bitwise_or())


def _holds(line: Line, bits: dict[Line, int]) -> pl.Expr:
    holds = pl.lit(True)
    if line.category:
        holds &= (pl.col("mask") & bits[line]) > 0
    if line.level_from is not None:
        holds &= (pl.col("level") >= line.level_from).fill_null(False)
    if line.age_from is not None:
        holds &= (pl.col("age") >= line.age_from).fill_null(False)
    return holds


def _any(conditions: list[pl.Expr]) -> pl.Expr:
    found = NEVER
    for condition in conditions:
        found |= condition
    return found


def _tier(rules: Ruleset) -> pl.Expr:
    """Set by hand, else the first that fits, else the last."""
    found = pl.lit(rules.tiers[-1].key)
    for tier in reversed(rules.tiers[:-1]):
        fits = _any([pl.all_horizontal(f"in {name}" for name in names) for names in tier.combinations])
        found = pl.when(fits).then(pl.lit(tier.key)).otherwise(found)
    by_hand = pl.lit(rules.tiers[-1].key)
    for tier in rules.tiers:
        by_hand = pl.when(pl.col("tier_by_hand") == tier.key).then(pl.lit(tier.key)).otherwise(by_hand)
    return pl.when(pl.col("tier_by_hand") != "").then(by_hand).otherwise(found)


def _within(spell: SpellOn) -> pl.Expr:
    return _any([pl.col("place_key").is_between(low, high) for low, high in spell.ranges])


def _regular(rules: Ruleset, visited: pl.DataFrame, today: Today) -> pl.DataFrame:
    parts = []
    for tier in rules.tiers:
        span = one.period(rules.regular[tier.key], today.day, today.per_month)
        parts.append(_rows(visited.filter(pl.col("tier") == tier.key), one.REGULAR, span))
    return pl.concat(parts)


def _rows(asked: pl.DataFrame, rule: str, span: Period) -> pl.DataFrame:
    return asked.select(
        "person",
        "tier",
        rule=pl.lit(rule),
        period=pl.lit(span.key),
        opens_on=pl.lit(span.first),
        due_on=pl.lit(span.last),
    )


def age_on(day: dt.date, birth: str = "birth_date") -> pl.Expr:
    """Whole years at a day; null where the birth is not known."""
    born = pl.col(birth)
    had = (born.dt.month() < day.month) | ((born.dt.month() == day.month) & (born.dt.day() <= day.day))
    return day.year - born.dt.year().cast(pl.Int64) - pl.when(had).then(0).otherwise(1)
