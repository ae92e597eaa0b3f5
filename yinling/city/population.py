"""The elders of the demonstration city, their kin, needs and assessments, as polars frames.

`build_people` is deterministic: the same divisions, parameters, seed, scale and today give the same frames. A village
depends on the seed, the scale and its own code only, so any villages can be built alone and come out the same.

As of: on population_as_of (2022-12-31) exactly `scale` x 952,000 elders of 60 and over live, of whom `scale` x 717,900
are 65 and over. On care_as_of (2025-12-31) exactly `scale` x 44,700 are in special difficulty. Those who died in 2021
and 2022, and those who reach 60 after 2022, are in the register besides (column `cohort`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from yinling.city.ability import assessment_frame, draw_levels
from yinling.city.columns import dates, labels
from yinling.city.draws import Flags, Ints
from yinling.city.hardship import Hardship, category_frame, find_hardship
from yinling.city.households import Households, form_households
from yinling.city.kinship import kin_frame
from yinling.city.lives import TURNING_60, Lives, day_number, live_lives
from yinling.city.parameters import Parameters
from yinling.city.persons import living_with, person_frame
from yinling.city.quotas import VillagePlan, plan_villages


@dataclass(frozen=True)
class People:
    """The frames of a city's people; all refer to `person_no` (whole number: village code and ordinal).

    persons: person_no, cohort (living_2022, died_before, turned_60_later), village_code, registered_village_code,
      surname, given, name, name_variant, variant_kind (misheard, former), id_kind (resident_id, passport,
      temporary: no document at all), id_number, old_id_number (15 digits), sex (GB/T 2261.1: 1 man, 2 woman),
      birth_date, birth_precision (day, year), birth_is_lunar, ethnic_group (GB/T 3304, two digits),
      marital (GB/T 2261.2), education (GB/T 4658), phone,
      phone_of (own, spouse, child, land_line, none), household_no (person_no of its head), address (group and house
      within the village), lon, lat (WGS84 degrees, invented), living (alone, spouse, children, relatives),
      spouse_no (husband or wife in the register), level (0 to 4 at the end of 2025 or at death), unable (self-care
      indicators of a destitute person, 0 to 6), is_destitute, is_dependent, is_willing, is_in_difficulty, death_date.
    kin: person_no, relation (GB/T 4761), name, phone, kin_person_no, place (home, same_township, ... guangdong),
      is_lives_with, is_emergency_contact. One to four rows for each living person.
    categories: see `hardship.category_frame`.
    wishes: person_no, asked_on, is_willing, asked_by (village, township), of the destitute.
    assessments: see `ability.assessment_frame`.
    """

    persons: pl.DataFrame
    kin: pl.DataFrame
    categories: pl.DataFrame
    wishes: pl.DataFrame
    assessments: pl.DataFrame


def build_people(
    divisions: pl.DataFrame,
    parameters: Parameters,
    *,
    seed: int,
    scale: float,
    today: date,
    villages: Sequence[str] | None = None,
) -> People:
    """Build the people of all villages, or of the villages with the given 12-digit codes.

    `divisions` as for `plan_villages`. Raises ValueError when today lies before care_as_of, the scale is out of range,
    or a village is not in the divisions.
    """
    if today < parameters.care_as_of:
        raise ValueError(f"The city's today is {today}; its history runs to {parameters.care_as_of} at least.")
    plan = plan_villages(divisions, parameters, seed=seed, scale=scale)
    lives = live_lives(plan, parameters, seed=seed, villages=_positions(plan, villages))
    households = form_households(lives, parameters, seed=seed)
    hardship, level = find_hardship(lives, households, draw_levels(lives, parameters), plan, parameters)
    now = day_number(today)
    is_here = (lives.cohort != TURNING_60) | (lives.birth + np.ceil(60 * 365.2425) <= now)
    here = pl.Series(is_here)
    living = living_with(lives, households, now)
    persons, surname = person_frame(lives, households, hardship, level, living, plan, parameters, seed, now)
    kin = kin_frame(lives, households, persons, surname, plan, parameters, is_here, now)
    categories = category_frame(lives, households, hardship, _categories_of(living, lives, households), parameters, now)
    assessments = assessment_frame(lives, level, hardship.is_willing, parameters, now)
    persons = persons.filter(here)
    known = persons.select("person_no")
    dropped = ~pl.col("spouse_no").is_in(known["person_no"].implode())
    persons = persons.with_columns(pl.when(~dropped).then("spouse_no").alias("spouse_no"))
    return People(
        persons=persons,
        kin=kin,
        categories=categories.join(known, on="person_no", how="semi", maintain_order="left"),
        wishes=_wish_frame(lives, hardship, parameters),
        assessments=assessments.join(known, on="person_no", how="semi", maintain_order="left"),
    )


def _positions(plan: VillagePlan, villages: Sequence[str] | None) -> Ints:
    if villages is None:
        return np.arange(len(plan.codes))
    wanted = np.array(sorted({int(code) for code in villages}), dtype=np.int64)
    positions = np.searchsorted(plan.codes, wanted)
    positions = np.minimum(positions, len(plan.codes) - 1)
    if missing := wanted[plan.codes[positions] != wanted].tolist():
        raise ValueError(f"Villages {missing} are not among the divisions.")
    return positions


def _categories_of(living: Ints, lives: Lives, households: Households) -> dict[str, Flags]:
    return {
        "living_alone": living == 0,
        "empty_nest": (living <= 1) & (households.children > 0),
        "left_behind": (living <= 1) & households.children_away,
    }


def _wish_frame(lives: Lives, hardship: Hardship, parameters: Parameters) -> pl.DataFrame:
    rows = np.flatnonzero(hardship.is_destitute)
    draws, care = lives.draws[rows], day_number(parameters.care_as_of)
    return pl.DataFrame(
        {
            "person_no": lives.number[rows],
            "asked_on": dates(care - 200 - draws.below("asked", 900)),
            "is_willing": hardship.is_willing[rows],
            "asked_by": labels(("village", "township"), draws.below("asked by", 2)),
        }
    )
