"""From lanes to alerts: one open alert per rule and subject, told once, updated when it grows, never lost to a gap."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yinling.engines.signals.columns import NONE, Bools, Floats, Index, Int32, Int64, ranks, rounds_of, starts_of_runs
from yinling.engines.signals.flips import GAP, OFF, ON, Flips
from yinling.engines.signals.plan import Plan
from yinling.engines.signals.state import State

EVENTS = ("raised", "updated", "cleared", "no_data", "stopped")
RAISED, UPDATED, CLEARED, NO_DATA, STOPPED = range(len(EVENTS))


@dataclass(frozen=True)
class Alerts:
    """Events in order of time. `onset` (epoch ms) names the alert together with the slot (rule and subject).

    level: 0 blue to 3 red; of a cleared alert, its last. channel: what caused the event, -1 for a composite.
    value: the reading behind it, NaN where time did it. late: the reading came after newer ones.
    """

    event: NDArray[np.int8]
    slot: Int32
    level: NDArray[np.int8]
    at: Int64
    onset: Int64
    channel: Int32
    value: Floats
    late: Bools

    def __len__(self) -> int:
        return len(self.event)

    def rows(self, rows: Index | Bools) -> "Alerts":
        """Some of them."""
        return Alerts(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


@dataclass
class _Told:
    parts: list[Alerts] = field(default_factory=list)

    def add(self, event: int, rows: Bools, slot: Index, level: np.ndarray, onset: Int64, at: Int64, cause: Flips,
            channel: Int32) -> None:  # fmt: skip
        if rows.any():
            kind = np.full(int(rows.sum()), event, np.int8)
            self.parts.append(
                Alerts(
                    kind,
                    slot[rows].astype(np.int32),
                    level[rows].astype(np.int8),
                    at[rows],
                    onset[rows],
                    channel[rows],
                    cause.value[rows],
                    cause.late[rows],
                )
            )


def alerts_from(plan: Plan, state: State, flips: Flips) -> Alerts:
    """What these flips of lanes mean to their slots, in order of time within each slot."""
    if not len(flips):
        return no_alerts()
    direct = (plan.lanes.leaf[flips.lane] < 0) & (plan.lanes.target[flips.lane] < 0)
    flips = flips.rows(direct | (flips.kind == GAP))
    slot = plan.lanes.slot[flips.lane].astype(np.intp)
    order = np.lexsort((np.arange(len(slot)), flips.lane, flips.at, slot))
    slot, flips = slot[order], flips.rows(order)
    told = _Told()
    for rows in rounds_of(ranks(starts_of_runs(slot))):
        _tell(plan, state, slot[rows], flips.rows(rows), told)
    return _in_order(told.parts)


def _tell(plan: Plan, state: State, slot: Index, flips: Flips, told: _Told) -> None:
    """One flip for each of some distinct slots."""
    level, channel = plan.lanes.level[flips.lane], plan.lanes.channel[flips.lane]
    before = _top(state.held[slot])
    step = (flips.kind == ON).astype(np.int32) - (flips.kind == OFF).astype(np.int32)
    state.held[slot, level] = state.held[slot, level] + step
    after = _top(state.held[slot])
    opened, closed = (before < 0) & (after >= 0), (before >= 0) & (after < 0)
    state.onset[slot[opened]] = flips.at[opened]
    onset, last = state.onset[slot], state.told_at[slot]
    gap = flips.kind == GAP
    news = ~gap & (flips.kind != OFF) & (flips.late | (flips.at - last >= plan.remind_ms[plan.slot_rule[slot]]))
    updated = (before >= 0) & (after >= 0) & ((before != after) | news)
    silent = gap & (after >= 0) & (flips.at > state.gap_at[slot])
    state.gap_at[slot[silent]] = flips.at[silent]
    state.told_at[slot] = np.where(opened | updated, np.maximum(last, flips.at), last)
    not_before = np.maximum(flips.at, onset)
    told.add(RAISED, opened, slot, after, onset, flips.at, flips, channel)
    told.add(UPDATED, updated, slot, after, onset, flips.at, flips, channel)
    told.add(CLEARED, closed, slot, before, onset, not_before, flips, channel)
    told.add(NO_DATA, silent, slot, after, onset, flips.at, flips, channel)


def _top(held: NDArray[np.uint16]) -> NDArray[np.int64]:
    """The highest level with a lane that is on, -1 none."""
    return np.where(held.any(axis=1), 3 - np.argmax(held[:, ::-1] > 0, axis=1), -1)


def _in_order(parts: list[Alerts]) -> Alerts:
    if not parts:
        return no_alerts()
    names = Alerts.__dataclass_fields__
    everything = Alerts(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))
    return everything.rows(np.lexsort((np.arange(len(everything)), everything.slot, everything.at)))


def no_alerts() -> Alerts:
    nothing = np.empty(0, np.int64)
    kinds = (np.int8, np.int32, np.int8, np.int64, np.int64, np.int32, np.float64, np.bool_)
    columns: list[Any] = [nothing.astype(kind) for kind in kinds]
    return Alerts(*columns)


def reset_slots(state: State, slot: Index) -> None:
    """Nothing is open any more."""
    state.held[slot], state.onset[slot], state.told_at[slot], state.gap_at[slot] = 0, NONE, NONE, NONE
