"""Link a whole file: from columns of records to groups that are one person, and pairs that a clerk should see."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yinling.engines.linkage.blocking import candidates
from yinling.engines.linkage.clustering import cluster
from yinling.engines.linkage.comparing import Levels, Pairs, compare
from yinling.engines.linkage.deciding import Hold, Outcome, decide, name_shares, score
from yinling.engines.linkage.records import Ints, encode
from yinling.engines.linkage.weights import Bits, Weights


@dataclass(frozen=True)
class Links:
    """What became of a file.

    `record_id` and `canonical` are as long as the file: the canonical record of a group is that with the lowest id.
    The rest has one entry per pair that was merged or waits for review: record ids, evidence in bits, `Outcome`,
    `Ground`, `Hold`, and the levels per field, for `explaining.explain`.
    """

    record_id: Ints
    canonical: Ints
    left_id: Ints
    right_id: Ints
    bits: Bits
    outcome: Levels
    ground: Levels
    hold: Levels
    levels: dict[str, Levels]
    blocks_too_large: int

    def review(self) -> Ints:
        """Entries that wait for a clerk, the likeliest first."""
        rows = np.flatnonzero(self.outcome == Outcome.REVIEW)
        return rows[np.argsort(-self.bits[rows], kind="stable")]


def link(frame: pl.DataFrame, weights: Weights, *, register_size: int | None = None) -> Links:
    """Link the records of `frame` (columns: `records.SCHEMA`) with each other. Record ids must be distinct.

    `register_size`: where `frame` is only a roster with its candidates out of a larger register, the size of that
    register; two records that happen to agree are then likelier to be two persons.
    """
    records = encode(_in_order(frame))
    found = candidates(records)
    levels = compare(records, found.pairs)
    shares = name_shares(records.sound, found.pairs, weights.usual_share)
    bits = score(levels, weights, weights.prior_bits(register_size or len(records)), shares)
    decisions = decide(records, found.pairs, levels, bits, weights)
    merged = decisions.outcome == Outcome.AUTO
    root = cluster(
        len(records),
        found.pairs.take(merged),
        bits[merged],
        found.pairs.take(_kept_apart(decisions.hold)),
        records.documents.number,
        weights.rival_bits,
    )
    outcome, hold = _after_clustering(found.pairs, root, decisions.outcome, decisions.hold)
    shown = np.flatnonzero(outcome != Outcome.NO)
    return Links(
        record_id=records.record_id,
        canonical=records.record_id[root],
        left_id=records.record_id[found.pairs.left[shown]],
        right_id=records.record_id[found.pairs.right[shown]],
        bits=bits[shown],
        outcome=outcome[shown],
        ground=decisions.ground[shown],
        hold=hold[shown],
        levels={field: values[shown] for field, values in levels.items()},
        blocks_too_large=found.blocks_too_large,
    )


def _in_order(frame: pl.DataFrame) -> pl.DataFrame:
    """By record id, so that the lowest row of a group is its lowest id and the result does not hang on file order."""
    return frame if frame["record_id"].is_sorted() else frame.sort("record_id")


def _kept_apart(hold: Levels) -> NDArray[np.bool_]:
    return np.isin(hold, (Hold.CONFLICTING_DOCUMENTS, Hold.SPOUSES, Hold.TWINS))


def _after_clustering(pairs: Pairs, root: Ints, outcome: Levels, hold: Levels) -> tuple[Levels, Levels]:
    """Merges that the grouping refused wait for a clerk; pairs joined through a third record need no clerk."""
    together = root[pairs.left] == root[pairs.right]
    refused = (outcome == Outcome.AUTO) & ~together
    outcome = np.where(refused, Outcome.REVIEW, np.where(together, Outcome.AUTO, outcome)).astype(np.uint8)
    return outcome, np.where(refused & (hold == Hold.NONE), Hold.RIVALS, hold).astype(np.uint8)
