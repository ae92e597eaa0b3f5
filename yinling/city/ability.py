"""How able each elder is (levels 0 to 4 of GB/T 42195-2022), and the answers that assessors wrote down."""

from __future__ import annotations

import numpy as np
import polars as pl

from yinling.city.draws import Draws, Flags, Ints
from yinling.city.lives import LIVING, Lives, day_number
from yinling.city.parameters import Parameters

_YEAR = 365.2425
_CHUNK = 50_000  # rows by 90 points: bounds the memory
ITEM_PREFIX = "B."


def draw_levels(lives: Lives, parameters: Parameters) -> Ints:
    """The level of each person at the end of 2022 (or at death), older people less able."""
    age = (day_number(parameters.population_as_of) - lives.birth) / _YEAR
    band = np.clip((age - 60) // 5, 0, len(parameters.bands) - 1).astype(np.int64)
    loss = np.array([unit.loss for unit in parameters.bands])[band]
    some = 1 + lives.draws.choice("level", parameters.blocks["levels"]["given_loss"])
    return np.where(lives.draws.chance("any loss", loss), some, 0)


def assessment_frame(lives: Lives, level: Ints, must: Flags, parameters: Parameters, today: int) -> pl.DataFrame:
    """The assessments of those assessed, one or two each. `must` are assessed in any case (central care).

    Columns: person_no, assessed_on, reason (first, regular), the 26 items (named B.1.1 ... B.4.5, points), total,
    initial_level, upgrade (null, dementia, risk_events), final_level. Nobody is assessed before 60 or after death.
    """
    rows = _assessed_rows(lives, level, must, parameters)
    draws, block = lives.draws[rows], parameters.blocks["assessment"]
    since, care = day_number(block["since"]), day_number(parameters.care_as_of)
    last_day = np.minimum(lives.death[rows] - 1, care)
    latest = since + draws.below("assessed", np.maximum(last_day - since, 1))
    alive = last_day > since
    again = alive & (latest - since > 400) & draws.chance("assessed before", 0.35)
    before = latest - 365 - draws.below("earlier", 35)
    better = np.maximum(level[rows] - draws.chance("was better", 0.4), 0)
    first = _assessments(lives.number[rows], before, better, draws, "first", parameters).filter(pl.Series(again))
    reason = np.where(again, 1, 0)
    second = _assessments(lives.number[rows], latest, level[rows], draws, "second", parameters)
    second = second.with_columns(pl.Series(["first", "regular"]).gather(reason).alias("reason")).filter(
        pl.Series(alive)
    )
    limit = pl.lit(today, dtype=pl.Int32).cast(pl.Date)
    return pl.concat([first, second]).filter(pl.col("assessed_on") <= limit).sort("person_no", "assessed_on")


def _assessed_rows(lives: Lives, level: Ints, must: Flags, parameters: Parameters) -> Ints:
    shares = np.array(parameters.shares["assessed"])
    is_older = day_number(parameters.population_as_of) - lives.birth >= 65 * _YEAR
    is_chosen = is_older & (lives.cohort == LIVING) & lives.draws.chance("is assessed", shares[level])
    return np.flatnonzero(is_chosen | must)


def _assessments(
    numbers: Ints, day: Ints, level: Ints, draws: Draws, name: str, parameters: Parameters
) -> pl.DataFrame:
    """Answers whose total lies in the band of the initial level; dementia or risk events lift the final one by one."""
    drawn = draws.unit(name + " upgrade")
    can_lift = level >= 2
    dementia, events = can_lift & (drawn < 0.06), can_lift & (drawn >= 0.06) & (drawn < 0.09)
    initial = level - (dementia | events)
    bands = np.array(parameters.blocks["assessment"]["bands"])
    total = draws.between(name + " total", bands[initial, 0], bands[initial, 1])
    maxima = parameters.blocks["assessment"]["maxima"]
    nobody = np.zeros((0, len(maxima)), dtype=np.int64)
    lost = np.concatenate(
        [nobody, *(_losses(90 - total[at], draws[at], name, parameters) for at in _chunks(len(total)))]
    )
    answers = {item: (top - lost[:, at]).astype(np.uint8) for at, (item, top) in enumerate(maxima.items())}
    upgrade = pl.Series([None, "dementia", "risk_events"]).gather(dementia + 2 * events)
    return pl.DataFrame(
        {
            "person_no": numbers,
            "assessed_on": pl.Series(day).cast(pl.Int32).cast(pl.Date),
            "reason": pl.Series(["first"]).gather(np.zeros(len(numbers), dtype=np.int64)),
            **answers,
            "total": total.astype(np.uint8),
            "initial_level": initial.astype(np.uint8),
            "upgrade": upgrade,
            "final_level": level.astype(np.uint8),
        }
    )


def _chunks(length: int) -> list[slice]:
    return [slice(start, start + _CHUNK) for start in range(0, length, _CHUNK)]


def _losses(points: Ints, draws: Draws, name: str, parameters: Parameters) -> Ints:
    """Points lost per item: each of the 90 points has a rank, hard items go first, and the first `points` are lost."""
    block = parameters.blocks["assessment"]
    maxima, hardness = list(block["maxima"].values()), list(block["hardness"].values())
    item = np.repeat(np.arange(len(maxima)), maxima)
    # the second point of an item goes later than its first
    later = np.concatenate([np.arange(top) * (1.8 / top) for top in maxima])
    noise = np.stack([draws.normal(f"{name} item {at}") for at in range(len(maxima))], axis=1) * 0.6
    priority = (np.array(hardness) + noise)[:, item] - later
    order = np.argsort(-priority, axis=1, kind="stable")
    is_lost = np.zeros(priority.shape, dtype=np.int64)
    np.put_along_axis(is_lost, order, np.arange(len(item)) < points[:, None], axis=1)
    return np.add.reduceat(is_lost, np.concatenate([[0], np.cumsum(maxima)[:-1]]), axis=1)
