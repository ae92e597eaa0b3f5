"""Composites: from what lanes did to what is true of a subject, in order of time within each subject.

The outcome of a composite goes on as readings (1 true, 0 not) of a lane of its own, which adds `for` and schedule.
A composite is judged when one of its parts changes. A sequence, a pair or a count within a time holds until that time
after it was last complete; the others hold as long as their parts stand so.
"""

from dataclasses import dataclass, field

import numpy as np

from yinling.engines.signals.columns import (
    NONE,
    Bools,
    Index,
    Int64,
    ordered_by,
    ranks,
    rounds_of,
    spread,
    starts_of_runs,
)
from yinling.engines.signals.conditions import All, Joint, Leaf, Not
from yinling.engines.signals.conditions import Node as Tree
from yinling.engines.signals.flips import AGAIN, OFF, ON, Flips
from yinling.engines.signals.plan import Node, Plan
from yinling.engines.signals.state import State


@dataclass
class Outcomes:
    """Outcomes that changed, in order of time for each: row, time, 1 or 0."""

    row: list[Index] = field(default_factory=list)
    at: list[Int64] = field(default_factory=list)
    truth: list[np.ndarray] = field(default_factory=list)

    def add(self, row: Index, at: Int64, truth: np.ndarray) -> None:
        if len(row):
            self.row.append(row)
            self.at.append(at)
            self.truth.append(truth.astype(np.uint8))

    def columns(self) -> tuple[Index, Int64, np.ndarray]:
        if not self.row:
            return np.empty(0, np.intp), np.empty(0, np.int64), np.empty(0, np.uint8)
        return np.concatenate(self.row), np.concatenate(self.at), np.concatenate(self.truth)


def combine(plan: Plan, state: State, flips: Flips, watermark: int) -> Outcomes:
    """Outcomes of all composites after these flips, and after the time up to the watermark."""
    outcomes = Outcomes()
    flips = flips.rows(np.flatnonzero((plan.lanes.leaf[flips.lane] >= 0) & (flips.kind <= AGAIN)))
    leaf = plan.lanes.leaf[flips.lane].astype(np.intp)
    for node in plan.nodes:
        own = (leaf >= node.leaf_base) & (leaf < node.leaf_base + node.leaves * node.size)
        if own.any():
            mark = plan.lanes.mark[flips.lane[own]].astype(np.intp)
            judge(state, node, flips.rows(own), leaf[own], mark, outcomes)
        expire(state, node, watermark, outcomes)
    return outcomes


def judge(state: State, node: Node, flips: Flips, leaf: Index, mark: np.ndarray, outcomes: Outcomes) -> None:
    """Run the flips of one composite's leaves, one for each subject at a time."""
    subject = (leaf - node.leaf_base) % node.size
    order = np.lexsort((np.arange(len(leaf)), flips.lane, flips.at, subject))
    subject, leaf, mark, flips = subject[order], leaf[order], mark[order], flips.rows(order)
    for rows in rounds_of(ranks(starts_of_runs(subject))):
        _judge_round(state, node, subject[rows], leaf[rows], mark[rows], flips.rows(rows), outcomes)


def _judge_round(
    state: State, node: Node, subject: Index, leaf: Index, mark: np.ndarray, flips: Flips, outcomes: Outcomes
) -> None:
    row = node.base + subject
    at = np.maximum(flips.at, state.judged_at[row])
    _expire_rows(state, node, row, at, outcomes)
    came = flips.kind != OFF
    state.lit[leaf] += (flips.kind == ON).astype(np.int32) - (flips.kind == OFF).astype(np.int32)
    fresh = np.flatnonzero(came)
    _note(state, node, subject[fresh], leaf[fresh], mark[fresh], flips.at[fresh])
    truth = _stands(state, node, subject, at)
    changed = truth != (state.truth[row] != 0)
    state.truth[row], state.judged_at[row] = truth, at
    outcomes.add(row[changed], at[changed], truth[changed])


def _note(state: State, node: Node, subject: Index, leaf: Index, mark: np.ndarray, at: Int64) -> None:
    """A leaf came on: what that completes."""
    condition, row = node.condition, node.base + subject
    if condition.joint is Joint.SEQUENCE:
        done = _one_step_on(state, node, leaf, at)
    elif condition.joint is Joint.TOGETHER:
        state.lit_at[leaf] = np.maximum(state.lit_at[leaf], at)
        last = np.stack([state.lit_at[node.leaf_base + j * node.size + subject] for j in range(node.leaves)])
        done = last.max(axis=0) - last.min(axis=0) <= condition.within_ms if len(at) else np.empty(0, bool)
    elif condition.joint is Joint.COUNT and condition.within_ms:
        state.fired_at[mark] = np.maximum(state.fired_at[mark], at)
        which, member = spread(node.first_member[subject], node.first_member[subject + 1])
        fired = state.fired_at[node.members[member]]
        recent = (fired > at[which] - condition.within_ms) & (fired <= at[which])
        done = np.bincount(which[recent], minlength=len(at)) >= node.need[subject]
    else:
        return
    state.done_at[row[done]] = np.maximum(state.done_at[row[done]], at[done])


def _one_step_on(state: State, node: Node, leaf: Index, at: Int64) -> Bools:
    """The latest sequence that has come as far as each leaf goes on by one; True where that was the last step."""
    step = (leaf - node.leaf_base) // node.size
    first = step == 0
    previous = np.where(first, leaf, leaf - node.size)
    start = np.where(first, at, state.start_at[previous])
    follows = first | ((start != NONE) & (state.lit_at[previous] <= at) & (at - start <= node.condition.within_ms))
    moved = leaf[follows]
    state.start_at[moved], state.lit_at[moved] = start[follows], at[follows]
    return follows & (step == node.leaves - 1)


def _stands(state: State, node: Node, subject: Index, at: Int64) -> Bools:
    condition = node.condition
    if condition.within_ms:
        return state.done_at[node.base + subject] + condition.within_ms > at
    if condition.joint is Joint.COUNT:
        return state.lit[node.leaf_base + subject] >= node.need[subject]
    assert condition.tree is not None
    return _holds(state, node, condition.tree, subject)


def _holds(state: State, node: Node, tree: Tree, subject: Index) -> Bools:
    if isinstance(tree, Leaf):
        return state.lit[node.leaf_base + tree.index * node.size + subject] > 0
    if isinstance(tree, Not):
        return ~_holds(state, node, tree.part, subject)
    parts = np.stack([_holds(state, node, part, subject) for part in tree.parts])
    joined: Bools = np.logical_and.reduce(parts) if isinstance(tree, All) else np.logical_or.reduce(parts)
    return joined


def expire(state: State, node: Node, watermark: int, outcomes: Outcomes) -> None:
    """Composites within a time that are over by the watermark."""
    if node.condition.within_ms:
        row = np.flatnonzero(state.truth[node.base : node.base + node.size]) + node.base
        _expire_rows(state, node, row, np.full(len(row), watermark), outcomes)


def _expire_rows(state: State, node: Node, row: Index, until: Int64, outcomes: Outcomes) -> None:
    if not node.condition.within_ms:
        return
    end = np.maximum(state.done_at[row] + node.condition.within_ms, state.judged_at[row])
    over = np.flatnonzero((state.truth[row] != 0) & (end <= until))
    row, end = row[over], end[over]
    state.truth[row], state.judged_at[row] = 0, end
    outcomes.add(row, end, np.zeros(len(row)))


def in_rounds(row: Index) -> list[Index]:
    """Changes of outcomes as rounds in which no outcome stands twice."""
    order = ordered_by(row)
    return [order[rows] for rows in rounds_of(ranks(starts_of_runs(row[order])))]
