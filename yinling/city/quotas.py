"""How many people of each kind live in each village: whole numbers that add up to the city's figure exactly.

Shares are cut by cumulative rounding: the n-th village receives the difference of two rounded running totals. So any
scale adds up, and a part (65 and over) never exceeds its whole (all elders) in any village.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from yinling.city.draws import Flags, Floats, Ints, draws_for
from yinling.city.parameters import Parameters


@dataclass(frozen=True)
class VillagePlan:
    """One entry per village, in the order of the codes. Counts are persons.

    elders and older (65 and over) live on population_as_of; the destitute and those with special difficulties live on
    care_as_of; died_before died between history_from and population_as_of; turning_60 comes into the register later.
    """

    codes: Ints
    ordinal: Ints  # 1 for the first village of the city
    county: Ints  # position in Parameters.counties
    township: Ints  # 9-digit code
    name: list[str]
    is_community: Flags
    elders: Ints
    older: Ints
    died_before: Ints
    turning_60: Ints
    special_difficulty: Ints
    destitute_dependent: Ints
    destitute_able: Ints
    dependent_and_willing: Ints
    able_and_willing: Ints


def plan_villages(divisions: pl.DataFrame, parameters: Parameters, *, seed: int, scale: float) -> VillagePlan:
    """Share the city's people out over its villages.

    `divisions` has the columns code12, name, level (city, county, township, village); only villages are used.
    `scale` is the share of the people to build, above 0 and at most 1.5. Raises ValueError outside that range.
    """
    if not 0 < scale <= 1.5:
        raise ValueError(f"The scale is {scale}; it must be above 0 and at most 1.5.")
    villages = divisions.filter(pl.col("level") == "village").sort("code12")
    codes = villages["code12"].cast(pl.Int64).to_numpy()
    county = np.array([parameters.county_position(str(code)[:6]) for code in codes], dtype=np.int64)
    is_community = codes % 1000 < 200
    weights = _village_weights(codes, county, is_community, parameters, seed)

    def total(count: float) -> int:
        return round(count * scale)

    hardship = parameters.blocks["hardship"]
    cohorts = parameters.blocks["cohorts"]
    elders = share_out(total(parameters.elders), weights)
    dependent_total, able_total = (hardship[kind]["value"] for kind in ("destitute_dependent", "destitute_able"))
    destitute = share_out(total(dependent_total + able_total), elders)
    dependent = share_out(total(dependent_total), destitute)
    able = destitute - dependent
    willing_share = hardship["central_care_of_dependent"]["value"]
    return VillagePlan(
        codes=codes,
        ordinal=np.arange(1, len(codes) + 1),
        county=county,
        township=codes // 1000,
        name=villages["name"].to_list(),
        is_community=is_community,
        elders=elders,
        older=share_out(total(parameters.elders_65_and_over), elders),
        died_before=share_out(total(cohorts["died_before"]), weights),
        turning_60=share_out(total(sum(cohorts["turning_60"].values())), weights),
        special_difficulty=share_out(total(hardship["special_difficulty"]["value"]), elders, offset=0.53),
        destitute_dependent=dependent,
        destitute_able=able,
        dependent_and_willing=share_out(round(willing_share * dependent.sum()), dependent),
        able_and_willing=share_out(total(hardship["able_and_willing"]["value"]), able),
    )


def _village_weights(codes: Ints, county: Ints, is_community: Flags, parameters: Parameters, seed: int) -> Floats:
    """Census population of the county, shared over its villages by an invented size."""
    block = parameters.blocks["villages"]
    size = np.exp(draws_for(seed, "village", codes).normal("size") * block["weight_spread"])
    size = np.where(is_community, size * block["community_weight"], size)
    of_county = np.bincount(county, weights=size, minlength=len(parameters.counties))
    population = np.array([unit.population for unit in parameters.counties], dtype=np.float64)
    return size / of_county[county] * population[county]


def share_out(total: int, weights: Floats | Ints, offset: float = 0.5) -> Ints:
    """Share `total` in proportion to the weights; no share exceeds its weight rounded up, if total <= sum(weights)."""
    running = np.concatenate([[0.0], np.cumsum(weights, dtype=np.float64)])
    if running[-1] == 0:
        return np.zeros(len(weights), dtype=np.int64)
    steps = np.floor(running * (total / running[-1]) + offset).astype(np.int64)
    steps[-1] = total
    steps[0] = 0
    return np.diff(steps)
