"""Who there is, of what sex, born when, dead when. Days are counted from 1970-01-01 (numpy datetime64[D] as integers).

Three cohorts make the register: elders living on population_as_of, those who died before it (stays and visits of 2021
and 2022 refer to them), and those who reach 60 after it. A person's fate does not depend on the city's today.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from yinling.city.draws import Draws, Flags, Ints, draws_for
from yinling.city.parameters import Parameters
from yinling.city.quotas import VillagePlan

LIVING, DIED_BEFORE, TURNING_60 = 0, 1, 2
COHORTS = ("living_2022", "died_before", "turned_60_later")
_FIRST_ORDINAL = (0, 60_000, 80_000)
_PEOPLE_PER_VILLAGE = 100_000
NEVER = np.iinfo(np.int32).max  # a day that never comes: nobody's death, no end
_YEAR = 365.2425
_GOMPERTZ = 0.095  # a death rate grows by about a tenth with each year of age


@dataclass
class Lives:
    """One row per person, villages in order, cohorts in order within a village. `village` is a position in the plan."""

    village: Ints
    cohort: Ints
    within: Ints  # 0, 1, 2 ... within the village, over all cohorts
    number: Ints  # person number: village code * 100,000 + ordinal
    draws: Draws
    is_man: Flags
    birth: Ints
    death: Ints  # NEVER while no death is drawn


def day_number(day: date) -> int:
    """Days from 1970-01-01 to `day`."""
    return (day - date(1970, 1, 1)).days


def birth_years(birth: Ints) -> Ints:
    """The calendar year of each day number."""
    return birth.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970


def live_lives(plan: VillagePlan, parameters: Parameters, *, seed: int, villages: Ints) -> Lives:
    """Everybody of the given villages (positions in the plan)."""
    village, cohort, ordinal, within = _expand(plan, villages)
    number = plan.codes[village] * _PEOPLE_PER_VILLAGE + np.array(_FIRST_ORDINAL)[cohort] + ordinal
    draws = draws_for(seed, "person", number)
    birth, death, band = _dates(cohort, draws, ordinal < plan.older[village], parameters)
    is_man = draws.chance("sex", np.array([unit.male for unit in parameters.bands])[band])
    # where only the year is known the ID card says the first of January
    first_of_year = (birth_years(birth) - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)
    birth = np.where(is_uncertain(draws, parameters), first_of_year, birth)
    return Lives(village, cohort, within, number, draws, is_man, birth, death)


def _expand(plan: VillagePlan, villages: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    counts = np.stack([plan.elders, plan.died_before, plan.turning_60], axis=1)[villages]
    flat = counts.ravel()
    starts = np.repeat(np.cumsum(flat) - flat, flat)
    ordinal = np.arange(flat.sum()) - starts
    village = np.repeat(villages, counts.sum(axis=1))
    cohort = np.repeat(np.tile(np.arange(3), len(villages)), flat)
    of_village = counts.sum(axis=1)
    within = np.arange(flat.sum()) - np.repeat(np.cumsum(of_village) - of_village, of_village)
    return village, cohort, ordinal, within


def _dates(cohort: Ints, draws: Draws, is_older: Flags, parameters: Parameters) -> tuple[Ints, Ints, Ints]:
    """Birth and death days, and the age band by which sex is drawn."""
    as_of = day_number(parameters.population_as_of)
    bands = parameters.bands
    young = parameters.blocks["young_years"]["weights"]
    band = 1 + draws.choice("band", [unit.elders for unit in bands[1:]])
    band = np.where(is_older | (cohort != LIVING), band, 0)
    age = bands[0].first + 5 * band + draws.below("year of age", 5)
    age = np.where(band == 0, bands[0].first + draws.choice("young age", young), age)
    age = np.where(band == len(bands) - 1, 100 + np.minimum(draws.exponential("over 100") * 1.5, 9), age).astype(
        np.int64
    )
    birth = _anniversaries(parameters.population_as_of)[age] - draws.below("birthday", 365)
    rate = np.array([unit.deaths for unit in bands])[band]
    death = _death_after(draws, np.full(len(birth), as_of), rate, birth)

    gone = cohort == DIED_BEFORE
    lost_band = draws.choice("band at death", [unit.elders * unit.deaths for unit in bands])
    lost_day = as_of - draws.below("day of death", as_of - day_number(parameters.history_from) + 1)
    lost_age = (60 + 5 * lost_band + 5 * draws.unit("age at death")) * _YEAR
    coming = cohort == TURNING_60
    later_birth = _later_births(draws, parameters)
    later_death = _death_after(
        draws, later_birth + round(61 * _YEAR), np.full(len(birth), bands[0].deaths), later_birth
    )
    birth = np.select([gone, coming], [lost_day - lost_age.astype(np.int64) - 1, later_birth], birth)
    death = np.select([gone, coming], [lost_day, later_death], death)
    return birth, death, np.select([gone, coming], [lost_band, np.zeros_like(band)], band)


def _anniversaries(day: date) -> Ints:
    """The day numbers of the date 0, 1, 2 ... 119 years before."""
    return np.array([day_number(day.replace(year=day.year - age)) for age in range(120)])


def _later_births(draws: Draws, parameters: Parameters) -> Ints:
    years = parameters.blocks["cohorts"]["turning_60"]
    chosen = np.array(list(years))[draws.choice("year turning 60", list(years.values()))]
    return (chosen - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64) + draws.below(
        "birthday", 365
    )


def _death_after(draws: Draws, start: Ints, rate: np.ndarray, birth: Ints) -> Ints:
    """A day of death after `start`, where the yearly death rate is `rate` and grows (Gompertz)."""
    years = np.log1p(_GOMPERTZ * draws.exponential("lifetime") / rate) / _GOMPERTZ
    death = start + 1 + (years * _YEAR).astype(np.int64)
    return np.maximum(np.minimum(death, birth + round(113 * _YEAR)), start + 1)


def is_uncertain(draws: Draws, parameters: Parameters) -> Flags:
    """Whose birthday is known by its year only; the same persons at each call."""
    return draws.chance("uncertain birthday", parameters.shares["uncertain_birthday"])
