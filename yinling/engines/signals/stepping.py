"""`step`: a batch of readings and the time in, alerts out. The semantics stand in the package's docstring."""

import numpy as np

from yinling.engines.signals.alerting import Alerts, alerts_from
from yinling.engines.signals.columns import Index, ranks, rounds_of, spread
from yinling.engines.signals.combining import Outcomes, combine, in_rounds
from yinling.engines.signals.flips import Log
from yinling.engines.signals.intake import Round, Taken, take
from yinling.engines.signals.lanes import read, read_late, tick
from yinling.engines.signals.plan import Plan
from yinling.engines.signals.register import Readings
from yinling.engines.signals.state import State, mark_busy


def step(state: State, batch: Readings, plan: Plan, now: int, watermark: int | None = None) -> tuple[State, Alerts]:
    """Evaluate a batch (an empty one is a tick) at `now` (epoch ms).

    `watermark`: all readings up to then have been handed in; time alone changes nothing after it. Default: `now`.
    The state given is used up: its columns are changed in place and come back.
    """
    until = now if watermark is None else min(now, watermark)
    log = Log()
    taken = take(plan, state, batch, now)
    late = np.flatnonzero(~taken.accepted & plan.channel_vital[taken.channel])
    _deliver(plan, state, taken.rows(_needed(plan, state, taken)), log)
    _deliver_late(plan, state, taken.rows(late), log)
    tick(plan, state, 0, plan.lanes.split, until, log)
    if plan.nodes:
        _hand_on(plan, state, combine(plan, state, log.all(), until), log)
        tick(plan, state, plan.lanes.split, len(plan.lanes.atom), until, log)
    return state, alerts_from(plan, state, log.all())


def _needed(plan: Plan, state: State, taken: Taken) -> Index:
    """Leave out readings that cannot change anything: in the quiet band of a channel whose lanes are idle.

    Once a reading of a channel is needed, so are the later ones in the same batch.
    """
    channel, value = taken.channel, taken.value
    needed = (value < state.quiet_lowest.take(channel)) | (value > plan.quiet_highest.take(channel))
    if taken.ahead_ms is not None:
        needed |= taken.ahead_ms[taken.source] > 0
    needed &= taken.accepted
    position = np.arange(len(channel))
    latest = np.maximum.accumulate(np.where(needed, position, -1))
    begin = np.maximum.accumulate(np.where(taken.new_channel, position, 0))
    return np.flatnonzero((latest >= begin) & taken.accepted)


def _deliver(plan: Plan, state: State, taken: Taken, log: Log) -> None:
    """Readings to lanes, in rounds of one reading per channel; then see which channels are quiet again."""
    if not len(taken):
        return
    for r in _rounds(plan, state, taken):
        read(plan, state, r, log)
    touched = taken.channel[taken.new_channel]
    touched = touched[state.quiet_lowest[touched] != plan.quiet_lowest[touched]]
    state.quiet_lowest[touched] = plan.quiet_lowest[touched]
    state.fell_silent[touched] = 0
    _, member = spread(plan.first_lane[touched], plan.first_lane[touched + 1])
    mark_busy(plan, state, plan.lane_of[member])


def _deliver_late(plan: Plan, state: State, late: Taken, log: Log) -> None:
    if not len(late):
        return
    for r in _rounds(plan, state, late):
        read_late(plan, state, r, log)
        mark_busy(plan, state, r.lane)


def _rounds(plan: Plan, state: State, taken: Taken) -> list[Round]:
    """Every reading beside every lane that it concerns. A lane that watches silence is concerned only while on."""
    channel = taken.channel
    which, member = spread(plan.first_lane.take(channel), plan.first_lane.take(channel + 1))
    lane = plan.lane_of.take(member)
    silent = np.flatnonzero(state.fell_silent.take(channel))
    if len(silent):
        again, member = spread(plan.first_watch[channel[silent]], plan.first_watch[channel[silent] + 1])
        which, lane = np.concatenate([which, silent[again]]), np.concatenate([lane, plan.watch_of[member]])
    if plan.consents:
        live = np.flatnonzero(state.live.take(lane))
        which, lane = which[live], lane[live]
    everything = Round(lane, taken.at.take(which), taken.value.take(which), which, taken)
    rounds = rounds_of(ranks(taken.new_channel).take(which))
    return [everything] if len(rounds) == 1 else [everything.rows(rows) for rows in rounds]


def _hand_on(plan: Plan, state: State, outcomes: Outcomes, log: Log) -> None:
    """Outcomes of composites to their own lanes."""
    row, at, truth = outcomes.columns()
    live = state.live[plan.lanes.split + row] != 0
    row, at, truth = row[live], at[live], truth[live]
    for rows in in_rounds(row):
        value = truth[rows].astype(np.float64)
        read(plan, state, Round(plan.lanes.split + row[rows], at[rows], value, rows, None), log)
