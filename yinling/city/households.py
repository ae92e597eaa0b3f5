"""Couples, homes and children. A household is known by the person number of its head (the husband in a couple)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from yinling.city.draws import Draws, Flags, Ints, draws_for
from yinling.city.lives import DIED_BEFORE, LIVING, NEVER, Lives, birth_years, day_number
from yinling.city.names import given_names
from yinling.city.parameters import Parameters

NEVER_MARRIED, MARRIED, WIDOWED, DIVORCED = 10, 20, 30, 40  # GB/T 2261.2
CHILD_PLACES = ("home", "same_township", "same_county", "same_city", "province", "guangdong", "zhejiang")


@dataclass
class Households:
    """One row per person, as in Lives. `marital` is the state before any death of the partner."""

    marital: Ints
    partner: Ints  # row of the husband or wife, -1 for none in the register
    head: Ints  # row of the head
    draws: Draws  # keyed by household: husband and wife draw the same
    children: Ints
    child_at_home: Flags
    children_away: Flags  # has children, and all of them live outside the city


def form_households(lives: Lives, parameters: Parameters, *, seed: int) -> Households:
    """Marry those who live in the same village, and give each household its children."""
    marital, partner = _marry(lives, parameters)
    rows = np.arange(len(marital))
    head = np.where((partner >= 0) & ~lives.is_man, partner, rows)
    draws = draws_for(seed, "household", lives.number[head])
    shares = parameters.shares
    childless = np.where(marital == NEVER_MARRIED, 0.97, 0.03)
    children = np.where(draws.chance("childless", childless), 0, 1 + draws.choice("children", [0.22, 0.40, 0.38]))
    at_home = (children > 0) & draws.chance("child at home", shares["child_at_home"])
    away = (children > 0) & ~at_home & draws.chance("children away", shares["children_away"])
    return Households(marital, partner, head, draws, children, at_home, away)


def marital_on(households: Households, lives: Lives, day: int) -> Ints:
    """Marital state on a day: whoever outlives the partner is widowed."""
    partner_death = np.where(households.partner >= 0, lives.death[households.partner], NEVER)
    lost = (households.marital == MARRIED) & (partner_death <= np.minimum(day, lives.death - 1))
    return np.where(lost, WIDOWED, households.marital)


def _marry(lives: Lives, parameters: Parameters) -> tuple[Ints, Ints]:
    draws, shares = lives.draws, parameters.shares
    age = (day_number(parameters.population_as_of) - lives.birth) // 365.25
    band = np.clip((age - 60) // 5, 0, len(shares["widowed_by_age"]) - 1).astype(np.int64)
    drawn = draws.unit("marital")
    never = np.where(lives.is_man, shares["never_married_men"], shares["never_married_women"])
    divorced = never + shares["divorced"]
    # men die earlier, so at the same age fewer of them are widowed
    widowed = divorced + np.array(shares["widowed_by_age"])[band] * np.where(lives.is_man, 0.55, 1.3)
    marital = np.select(
        [drawn < never, drawn < divorced, drawn < widowed], [NEVER_MARRIED, DIVORCED, WIDOWED], default=MARRIED
    )
    in_register = (marital == MARRIED) & (lives.cohort != DIED_BEFORE)
    wife_too_young = lives.is_man & (age < 63) & draws.chance("wife too young", shares["spouse_too_young"])
    partner = _pair(lives, in_register & lives.is_man & ~wife_too_young, in_register & ~lives.is_man)
    alone = in_register & (partner < 0) & ~lives.is_man & (lives.cohort == LIVING)
    return np.where(alone, WIDOWED, marital), partner


def _pair(lives: Lives, men: Flags, women: Flags) -> Ints:
    """The k-th oldest husband of a village marries its k-th oldest wife (ages a little stirred)."""
    stirred = lives.birth + lives.draws.normal("stir") * 500
    partner = np.full(len(men), -1, dtype=np.int64)
    men_rows, men_keys = _ranked(np.flatnonzero(men), lives.village, stirred)
    women_rows, women_keys = _ranked(np.flatnonzero(women), lives.village, stirred)
    _, at_men, at_women = np.intersect1d(men_keys, women_keys, assume_unique=True, return_indices=True)
    partner[men_rows[at_men]] = women_rows[at_women]
    partner[women_rows[at_women]] = men_rows[at_men]
    return partner


def _ranked(rows: Ints, village: Ints, value: np.ndarray) -> tuple[Ints, Ints]:
    rows = rows[np.lexsort((value[rows], village[rows]))]
    return rows, village[rows] * 100_000 + rank_within(village[rows])


def rank_within(group: Ints) -> Ints:
    """0, 1, 2 ... within each run of equal values; `group` is sorted."""
    changes = np.ones(len(group), dtype=bool)
    changes[1:] = np.diff(group) != 0
    return np.arange(len(group)) - np.maximum.accumulate(np.where(changes, np.arange(len(group)), 0))


def child_frame(
    order: int,
    rows: Ints,
    lives: Lives,
    households: Households,
    surname: pl.Series,
    phone: pl.Series,
    parameters: Parameters,
) -> pl.DataFrame:
    """The first (order 0) or second (order 1) child of each given row: relation, name, phone, place, lives with."""
    draws = households.draws[rows]
    tag = f"child {order}"
    is_son = draws.chance(tag + " sex", 0.55)
    born = (
        np.minimum(birth_years(lives.birth[households.head[rows]]) + draws.between(tag + " age", 21, 31), 1998) + order
    )
    at_home = households.child_at_home[rows] & (order == 0)
    away, near = households.children_away[rows], draws.choice(tag + " near", [0.2, 0.4, 0.25, 0.15]) + 1
    place = np.where(at_home, 0, np.where(away, 4 + draws.choice(tag + " far", [0.2, 0.6, 0.2]), near))
    return pl.DataFrame(
        {
            "person_no": lives.number[rows],
            "relation": pl.Series(["30", "20"]).gather(is_son.astype(np.int64)),  # GB/T 4761: son, daughter
            "name": surname.gather(rows) + given_names(draws, born, is_son, parameters, tag),
            "phone": phone,
            "kin_person_no": pl.Series([None] * len(rows), dtype=pl.Int64),
            "place": pl.Series(CHILD_PLACES).gather(place),
            "is_lives_with": at_home,
            "is_emergency_contact": np.full(len(rows), order == 0),
        }
    )
