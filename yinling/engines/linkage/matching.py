"""One record on entry: which persons of the register might it be?

The caller looks candidates up by `keys.blocking_keys` (an indexed text column), and by its own blind indexes of ID
number and phone, which never leave memory here. It then asks `match_one` for the likely ones with reasons.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yinling.engines.linkage.comparing import Levels, Pairs, compare
from yinling.engines.linkage.deciding import Hold, Outcome, decide, score
from yinling.engines.linkage.explaining import FieldEvidence, explain, why_held, why_merged
from yinling.engines.linkage.records import SCHEMA, Ints, encode
from yinling.engines.linkage.weights import Bits, Weights
from yinling.kernel.reasons import Reason


@dataclass(frozen=True, slots=True)
class Record:
    """One row of `records.SCHEMA`; None is unknown."""

    record_id: int
    name: str | None = None
    pinyin: str | None = None
    sex: str | None = None
    birth_year: int | None = None
    birth_month: int | None = None
    birth_day: int | None = None
    birth_is_doubtful: bool = False
    document: str | None = None
    phone: str | None = None
    village_key: int | None = None
    township_key: int | None = None
    address: str | None = None
    household_key: str | None = None
    spouse_record_id: int | None = None


@dataclass(frozen=True)
class Match:
    """A candidate that is, or may be, the person: evidence in bits, outcome, the overall sentence, the fields."""

    record_id: int
    bits: float
    outcome: Outcome
    reason: Reason | None
    evidence: list[FieldEvidence]


def match_one(
    record: Record,
    candidates: Sequence[Record],
    weights: Weights,
    *,
    register_size: int = 1_000_000,
    name_share: float | None = None,
) -> list[Match]:
    """Candidates worth showing, the likeliest first; at most one of them is AUTO.

    `register_size`: persons in the whole register, not only `candidates`. `name_share`: share of them with this name
    (0..1), where the caller knows it; a rare name then counts for more, a common one for less.
    Where two candidates would both be merged and have different IDs, or stand too close, none is: a clerk chooses.
    """
    if not candidates:
        return []
    records = encode(pl.DataFrame([asdict(r) for r in (record, *candidates)], schema=SCHEMA))
    pairs = Pairs(np.zeros(len(candidates), np.int64), np.arange(1, len(candidates) + 1))
    levels = compare(records, pairs)
    shares: Bits | None = None if name_share is None else np.full(len(pairs), max(name_share, 2 / register_size))
    bits = score(levels, weights, weights.prior_bits(register_size), shares)
    decisions = decide(records, pairs, levels, bits, weights)
    outcome, hold = _one_at_most(decisions.outcome, decisions.hold, bits, records.documents.number[1:], weights)
    return [
        Match(
            record_id=candidates[row].record_id,
            bits=float(bits[row]),
            outcome=Outcome(int(outcome[row])),
            reason=why_held(hold[row]) or why_merged(decisions.ground[row]),
            evidence=explain({field: int(values[row]) for field, values in levels.items()}, weights),
        )
        for row in np.argsort(-bits, kind="stable").tolist()
        if outcome[row] != Outcome.NO
    ]


def _one_at_most(
    outcome: Levels, hold: Levels, bits: Bits, number: Ints, weights: Weights
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Only the clear winner stays AUTO; with a rival close by, all wait for a clerk."""
    autos = np.flatnonzero(outcome == Outcome.AUTO)
    if len(autos) < 2:
        return outcome, hold
    best = autos[np.argmax(bits[autos])]
    same_person = (number == number[best]) & (number > 0)
    close = autos[(bits[autos] > bits[best] - weights.rival_bits) & ~same_person[autos]]
    outcome, hold = outcome.copy(), hold.copy()
    outcome[autos], hold[autos] = Outcome.REVIEW, Hold.RIVALS
    if not (close != best).any():
        outcome[best], hold[best] = Outcome.AUTO, Hold.NONE
    return outcome, hold
