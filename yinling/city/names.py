"""Invented names: surnames by county, ethnic group and clan village; given names by years of birth and sex."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from yinling.city.draws import Draws, Flags, Ints, draws_for
from yinling.city.parameters import Parameters
from yinling.city.quotas import VillagePlan

_CLANS = 3


@dataclass(frozen=True)
class VillageKin:
    """Per village of the plan: its main ethnic group (position in `ethnic_codes`) and its three clan surnames."""

    main_group: Ints
    clans: Ints  # shape (villages, 3), positions in SurnameBook.names


@dataclass(frozen=True)
class SurnameBook:
    """All surnames, and for each pair (county, ethnic group) the weight of each."""

    names: pl.Series
    ethnic_codes: list[str]
    weights: list[list[float]]  # row: county * number of groups + group
    mixture: list[list[float]]  # row: county; weight of each ethnic group

    def pool(self, county: Ints, group: Ints) -> Ints:
        """The row of `weights` for each person."""
        return county * len(self.ethnic_codes) + group


def surname_book(parameters: Parameters) -> SurnameBook:
    """Read the surnames of the pack into one table of weights; a county's own surnames come first."""
    block = parameters.blocks["surnames"]
    codes = [code for code in block if code not in ("mark", "compound")]
    every = sorted(
        {name for code in codes for name in block[code]} | {n for c in parameters.counties for n in c.surnames}
    )
    names = every + list(block["compound"])
    weights, mixture = [], []
    for county in parameters.counties:
        shares = parameters.blocks["ethnic"][county.ethnic]
        mixture.append([shares.get(code, 0.0) for code in codes])
        for code in codes:
            weights.append(_weights(names, county.surnames, block[code], block["compound"]))
    return SurnameBook(pl.Series(names, dtype=pl.String), codes, weights, mixture)


def _weights(names: list[str], local: str, group: str, compound: list[str]) -> list[float]:
    weight = dict.fromkeys(names, 0.0)
    for rank, name in enumerate(group):
        weight[name] += 1.0 / (rank + 2)
    for rank, name in enumerate(local):
        weight[name] += 0.9 / (rank + 2)
    for name in compound:
        weight[name] = 0.001
    return [weight[name] for name in names]


def settle_villages(plan: VillagePlan, parameters: Parameters, book: SurnameBook, *, seed: int) -> VillageKin:
    """Give each village its main ethnic group and its clans."""
    draws = draws_for(seed, "village", plan.codes)
    main = draws.choice_by_group("main group", book.mixture, plan.county)
    pool = book.pool(plan.county, main)
    clans = [draws.choice_by_group(f"clan {position}", book.weights, pool) for position in range(_CLANS)]
    return VillageKin(main, np.stack(clans, axis=1))


def ethnic_groups(
    draws: Draws, village: Ints, plan: VillagePlan, parameters: Parameters, book: SurnameBook, kin: VillageKin
) -> Ints:
    """Each person's ethnic group, a position in `book.ethnic_codes`."""
    elsewhere = draws.choice_by_group("ethnic group", book.mixture, plan.county[village])
    is_main = draws.chance("of the main group", parameters.blocks["villages"]["home_village_homogeneity"])
    return np.where(is_main, kin.main_group[village], elsewhere)


def surnames(
    draws: Draws,
    village: Ints,
    group: Ints,
    is_man: Flags,
    plan: VillagePlan,
    parameters: Parameters,
    book: SurnameBook,
    kin: VillageKin,
) -> Ints:
    """Each person's surname, a position in `book.names`. Women marry in, so fewer carry a clan's name."""
    free = draws.choice_by_group("surname", book.weights, book.pool(plan.county[village], group))
    clan = kin.clans[village, draws.choice("which clan", [0.5, 0.3, 0.2])]
    share = parameters.blocks["villages"]["clan_share"]
    return np.where(draws.chance("of a clan", np.where(is_man, share, share / 3)), clan, free)


def given_names(draws: Draws, born: Ints, is_man: Flags, parameters: Parameters, tag: str = "given") -> pl.Series:
    """Given names of one or two characters. `born` are calendar years; another `tag` draws another name."""
    pools = parameters.given
    pool = np.zeros(len(born), dtype=np.int64)
    for sex in (1, 2):
        of_sex = [position for position, entry in enumerate(pools) if entry.sex == sex]
        years = [pools[position].until for position in of_sex]
        step = np.minimum(np.searchsorted(years, born), len(years) - 1)
        pool = np.where(is_man == (sex == 1), np.array(of_sex)[step], pool)
    first = _characters(draws, tag + " first", [entry.first for entry in pools], pool)
    second = _characters(draws, tag + " second", [entry.second for entry in pools], pool)
    is_single = draws.chance(tag + " single", parameters.blocks["single_given_share"]["value"])
    single = pl.Series(is_single)
    return pl.select(pl.when(single).then(second).otherwise(first + second)).to_series()


def _characters(draws: Draws, name: str, texts: list[str], pool: Ints) -> pl.Series:
    lengths = np.array([len(text) for text in texts])
    offsets = np.cumsum(lengths) - lengths
    alphabet = pl.Series(list("".join(texts)), dtype=pl.String)
    return alphabet.gather(offsets[pool] + draws.below(name, lengths[pool]))


def misheard(given: pl.Series, parameters: Parameters) -> pl.Series:
    """The given name as somebody writes it who only hears it; unchanged where no character has a homophone."""
    pairs = parameters.blocks["homophones"]["pairs"]
    return given.str.replace_many([pair[0] for pair in pairs], [pair[1] for pair in pairs])
