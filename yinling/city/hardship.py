"""Who is in need: the destitute, those with special difficulties, and the other categories with their validity."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from yinling.city.draws import Flags, Floats, Ints
from yinling.city.households import NEVER_MARRIED, Households, rank_within
from yinling.city.lives import LIVING, NEVER, Lives, day_number
from yinling.city.parameters import Parameters
from yinling.city.quotas import VillagePlan

_YEAR = 365.2425
_SOURCES = {
    "destitute": "county civil affairs bureau",
    "low_income": "county civil affairs bureau",
    "low_income_edge": "county civil affairs bureau",
    "disabled": "county disabled persons' federation",
    "special_family_planning": "county health bureau",
    "preferential_treatment": "county veterans' affairs bureau",
}


@dataclass(frozen=True)
class Hardship:
    """One row per person. The destitute and those in special difficulty all live on care_as_of, to the quotas."""

    is_destitute: Flags
    is_dependent: Flags  # a destitute person who cannot look after himself or herself
    is_willing: Flags  # to be cared for in an institution
    is_in_difficulty: Flags
    was_destitute: Flags  # died before care_as_of
    unable: Ints  # of the six self-care indicators, 0 to 6; -1 where nobody asked


def find_hardship(
    lives: Lives, households: Households, level: Ints, plan: VillagePlan, parameters: Parameters
) -> tuple[Hardship, Ints]:
    """Fill each village's quotas with those worst off. Returns the hardship and the levels, raised for the dependent.

    Changes `lives.death`: whoever is counted on care_as_of lives until then.
    """
    draws, care = lives.draws, day_number(parameters.care_as_of)
    out_of_reach = np.where((lives.cohort != LIVING) | (lives.death <= care), 100.0, 0.0)
    alone = households.partner < 0
    lack = 3.0 * (households.marital == NEVER_MARRIED) + 2.0 * (households.children == 0) + 0.5 * alone
    quota = plan.destitute_dependent + plan.destitute_able
    destitute = _worst(lives.village, lack + 1.5 * draws.unit("destitute") - out_of_reach, quota)
    need = np.where(destitute, level + 1.5 * draws.unit("dependent"), -100.0)
    dependent = _worst(lives.village, need, plan.destitute_dependent)
    willing = _worst(lives.village, np.where(dependent, draws.unit("willing"), -100.0), plan.dependent_and_willing)
    able = destitute & ~dependent
    willing |= _worst(lives.village, np.where(able, draws.unit("willing"), -100.0), plan.able_and_willing)

    unable = np.where(dependent, 1 + draws.choice("unable", [0.2, 0.2, 0.15, 0.15, 0.15, 0.15]), -1)
    unable = np.where(able, 0, unable)
    level = np.where(unable >= 4, np.maximum(level, 3), np.where(unable >= 1, np.maximum(level, 2), level))
    age = (care - lives.birth) / _YEAR
    score = 2.0 * destitute + level + 1.5 * alone + 0.8 * (age >= 80) + 0.7 * households.children_away
    score += 2.0 * draws.unit("difficulty") - 50.0 * willing - out_of_reach
    in_difficulty = _worst(lives.village, score, plan.special_difficulty)

    spared = (destitute | in_difficulty) & (lives.death <= care)
    lives.death = np.where(spared, care + 1 + draws.below("spared", 2000), lives.death)
    was = ~destitute & (lives.death <= care) & draws.chance("was destitute", 0.03)
    return Hardship(destitute, dependent, willing, in_difficulty, was, unable), level


def _worst(village: Ints, score: Floats, quota: Ints) -> Flags:
    """The `quota[village]` highest scores of each village."""
    order = np.lexsort((-score, village))
    chosen = np.zeros(len(village), dtype=bool)
    chosen[order] = rank_within(village[order]) < quota[village[order]]
    return chosen


def category_frame(
    lives: Lives,
    households: Households,
    hardship: Hardship,
    living: dict[str, Flags],
    parameters: Parameters,
    today: int,
) -> pl.DataFrame:
    """Categories in force at some time between 2016 and today, one row each, with validity and source.

    Columns: person_no, category, detail (disability "kind/grade", else null), valid_from, valid_to (null: still in
    force), source. `living` has the present flags living_alone, empty_nest and left_behind.
    """
    draws, shares = lives.draws, parameters.shares
    destitute = hardship.is_destitute | hardship.was_destitute
    drawn = draws.unit("low income")
    poor, edge = drawn < shares["low_income"], drawn < shares["low_income"] + shares["low_income_edge"]
    eighty = lives.birth + np.ceil(80 * _YEAR).astype(np.int64)
    flags = {
        "destitute": destitute,
        "low_income": poor & ~destitute,
        "low_income_edge": edge & ~poor & ~destitute,
        "disabled": draws.chance("disabled", shares["disabled"]),
        "special_family_planning": (households.children == 0)
        & (households.marital != NEVER_MARRIED)
        & draws.chance("lost the only child", shares["special_family_planning"] / 0.03),
        "preferential_treatment": lives.is_man & draws.chance("served", 2 * shares["preferential_treatment"]),
        **living,
        "over_80": eighty <= np.minimum(lives.death - 1, today),
        "special_difficulty": hardship.is_in_difficulty,
    }
    kind = 1 + draws.choice("disability kind", parameters.blocks["disability"]["kinds"])
    grade = 1 + draws.choice("disability grade", parameters.blocks["disability"]["grades"])
    parts = []
    for category, flag in flags.items():
        rows = np.flatnonzero(flag)
        start = eighty[rows] if category == "over_80" else _starts(lives, category, rows, parameters)
        end = _ends(lives, category, rows, start)
        detail = [f"{k}/{g}" for k, g in zip(kind[rows], grade[rows], strict=True)] if category == "disabled" else None
        parts.append(_category_rows(lives.number[rows], category, detail, start, end))
    frame = pl.concat(parts).filter(pl.col("valid_from") <= _day(today))
    frame = frame.with_columns(pl.when(pl.col("valid_to") <= _day(today)).then("valid_to").alias("valid_to"))
    return frame.sort("person_no", "category")


def _starts(lives: Lives, category: str, rows: Ints, parameters: Parameters) -> Ints:
    """A first day between 2016 and the end of the person's life; special difficulty is surveyed in 2023 to 2025."""
    care = day_number(parameters.care_as_of)
    first = care - (1000 if category == "special_difficulty" else 3600)
    latest = np.minimum(lives.death[rows] - 30, care)
    return np.minimum(first + lives.draws[rows].below("from " + category, np.maximum(latest - first, 1)), latest)


def _ends(lives: Lives, category: str, rows: Ints, start: Ints) -> Ints:
    """Death ends everything; one low income in seven had ended before."""
    death = lives.death[rows]
    if not category.startswith("low_income"):
        return death
    draws = lives.draws[rows]
    ended = start + 365 + draws.below("until " + category, 1400)
    return np.where(draws.chance("ended " + category, 1 / 7), np.minimum(ended, death), death)


def _category_rows(numbers: Ints, category: str, detail: list[str] | None, start: Ints, end: Ints) -> pl.DataFrame:
    last = pl.Series(np.where(end >= NEVER, 0, end)).cast(pl.Int32).cast(pl.Date)
    return pl.DataFrame(
        {
            "person_no": numbers,
            "category": pl.Series([category]).gather(np.zeros(len(numbers), dtype=np.int64)),
            "detail": pl.Series(detail or [None] * len(numbers), dtype=pl.String),
            "valid_from": pl.Series(start).cast(pl.Int32).cast(pl.Date),
            "valid_to": pl.select(pl.when(pl.Series(end < NEVER)).then(last)).to_series(),
            "source": pl.Series([_SOURCES.get(category, "village survey")]).gather(
                np.zeros(len(numbers), dtype=np.int64)
            ),
        }
    )


def _day(number: int) -> pl.Expr:
    return pl.lit(number, dtype=pl.Int32).cast(pl.Date)
