"""The kin of the living: husband or wife, up to two children, or a nephew or niece for those without."""

from __future__ import annotations

import numpy as np
import polars as pl

from yinling.city.columns import labels, masked
from yinling.city.draws import Flags, Ints
from yinling.city.households import Households, child_frame
from yinling.city.identities import mobile_numbers
from yinling.city.lives import Lives
from yinling.city.names import given_names
from yinling.city.parameters import Parameters
from yinling.city.persons import PHONE_SLOTS
from yinling.city.quotas import VillagePlan


def kin_frame(
    lives: Lives,
    households: Households,
    persons: pl.DataFrame,
    surname: pl.Series,
    plan: VillagePlan,
    parameters: Parameters,
    is_here: Flags,
    now: int,
) -> pl.DataFrame:
    alive = is_here & (lives.death > now)
    ordinal = plan.ordinal[lives.village]
    parts = []
    for order in (0, 1):
        rows = np.flatnonzero(alive & (households.children > order))
        slot = lives.within[households.head[rows]] * PHONE_SLOTS + 1 + order
        phone = mobile_numbers(ordinal[rows], slot)
        parts.append(child_frame(order, rows, lives, households, surname, phone, parameters))
    has_spouse = (households.partner >= 0) & (lives.death[households.partner] > now)
    rows = np.flatnonzero(alive & has_spouse)
    parts.append(_spouse_frame(rows, lives, households, persons, is_here))
    rows = np.flatnonzero(alive & (households.children == 0))
    parts.append(_relative_frame(rows, lives, ordinal, surname, parameters, has_spouse[rows]))
    return pl.concat(parts).sort("person_no", "relation", "name", "phone")


def _spouse_frame(
    rows: Ints, lives: Lives, households: Households, persons: pl.DataFrame, is_here: Flags
) -> pl.DataFrame:
    partner = persons[households.partner[rows]]
    childless = households.children[rows] == 0
    return pl.DataFrame(
        {
            "person_no": lives.number[rows],
            "relation": labels(("10",), np.zeros(len(rows), dtype=np.int64)),
            "name": partner["name"],
            "phone": partner["phone"],
            "kin_person_no": masked(partner["person_no"], is_here[households.partner[rows]]),
            "place": labels(("home",), np.zeros(len(rows), dtype=np.int64)),
            "is_lives_with": np.ones(len(rows), dtype=bool),
            "is_emergency_contact": childless,
        }
    )


def _relative_frame(
    rows: Ints, lives: Lives, ordinal: Ints, surname: pl.Series, parameters: Parameters, has_spouse: Flags
) -> pl.DataFrame:
    """A nephew or niece for those without children; called first where there is no husband or wife."""
    draws = lives.draws[rows]
    is_man = draws.chance("relative's sex", 0.6)
    name = surname.gather(rows) + given_names(
        draws, 1960 + draws.below("relative born", 30), is_man, parameters, "relative"
    )
    return pl.DataFrame(
        {
            "person_no": lives.number[rows],
            "relation": labels(("80",), np.zeros(len(rows), dtype=np.int64)),
            "name": name,
            "phone": mobile_numbers(ordinal[rows], lives.within[rows] * PHONE_SLOTS + 3),
            "kin_person_no": pl.Series([None] * len(rows), dtype=pl.Int64),
            "place": labels(("same_township", "same_county"), draws.below("relative's place", 2)),
            "is_lives_with": np.zeros(len(rows), dtype=bool),
            "is_emergency_contact": ~has_spouse,
        }
    )
