"""The automaton that every lane runs: two sides, each with a band, K of N, a length of time, and a schedule.

Off, a lane tests to come on; on, it tests to go off. `since` is from when the last tests suffice; `due` is when time
alone will change the lane. Lanes are distinct within every call, so whole columns move at once.
"""

import numpy as np
from numpy.typing import NDArray

from yinling.engines.signals.columns import NEVER, NONE, Bools, Floats, Index, Int64
from yinling.engines.signals.flips import AGAIN, GAP, OFF, ON, Log
from yinling.engines.signals.intake import Round
from yinling.engines.signals.measuring import measured
from yinling.engines.signals.plan import RATE, Plan
from yinling.engines.signals.state import State, due_lanes, mark_busy, set_due

HOLD, RESET, RAISE = range(3)


def read(plan: Plan, state: State, r: Round, log: Log) -> None:
    """Hand each lane its reading: first what time did before it, then the test. Idle lanes have no past to catch up."""
    _begin_anew_after_gaps(plan, state, r, log)
    on, bits = state.on.take(r.lane), state.bits.take(r.lane)
    busy = np.flatnonzero(on | (bits != 0))
    if len(busy) and advance(plan, state, r.lane[busy], r.at[busy], log):
        on[busy], bits[busy] = state.on[r.lane[busy]], state.bits[r.lane[busy]]
    atom = plan.lanes.atom.take(r.lane).astype(np.intp)
    x = measured(plan, state, r, atom)
    side = 2 * atom + on
    hit = plan.atoms.hits(side, x)
    changing = np.flatnonzero((hit | on.view(np.bool_) | (bits != 0)) & (x == x))
    if len(changing):
        some, on, bits = r.rows(changing), on[changing], bits[changing]
        _tell_again(plan, state, some, on, log)
        _test(plan, state, some, side[changing], on, bits, hit[changing], log)
        mark_busy(plan, state, some.lane)


def _test(
    plan: Plan,
    state: State,
    r: Round,
    side: Index,
    on: NDArray[np.uint8],
    bits: NDArray[np.uint32],
    hit: Bools,
    log: Log,
) -> None:
    """The outcome of a test joins the last ones; where they suffice for long enough, the lane goes over."""
    lane, at, atoms = r.lane, r.at, plan.atoms
    bits = ((bits << np.uint32(1)) | hit) & atoms.mask[side]
    meets = np.bitwise_count(bits) >= atoms.need[side]
    since = state.since[lane]
    since = np.where(meets, np.where(since == NONE, at, since), NONE)
    due = np.where(meets, since + atoms.lasting[side], NEVER)
    _keep_to_schedule(plan, lane, on, since, at, due)
    state.bits[lane], state.since[lane] = bits, since
    over = meets & (due <= at)
    set_due(state, lane, np.where(over, NEVER, due))
    up, down = np.flatnonzero(over & (on == 0)), np.flatnonzero(over & (on != 0))
    turn_on(plan, state, lane[up], at[up], log, r.value[up])
    turn_off(plan, state, lane[down], at[down], log, r.value[down])


def _keep_to_schedule(plan: Plan, lane: Index, on: np.ndarray, since: Int64, at: Int64, due: Int64) -> None:
    """Within a schedule a lane comes on inside a window and goes off with it. Changes `due` in place."""
    rows = np.flatnonzero(plan.lanes.scheduled[lane])
    if not len(rows):
        return
    atom = plan.lanes.atom[lane[rows]]
    schedule = plan.atoms.schedule[atom]
    waits = plan.timetable.matures(schedule, since[rows], plan.atoms.lasting[2 * atom.astype(np.intp)])
    rising = np.where(since[rows] == NONE, NEVER, waits)
    falling = np.minimum(due[rows], plan.timetable.ends(schedule, at[rows]))
    due[rows] = np.where(on[rows] == 0, rising, falling)


def _tell_again(plan: Plan, state: State, r: Round, on: NDArray[np.uint8], log: Log) -> None:
    """A rule that is never suppressed hears every reading that raises, also while it is on."""
    vital = np.flatnonzero(plan.lanes.vital[r.lane])
    if not len(vital):
        return
    r, already = r.rows(vital), on[vital] != 0
    raising = plan.atoms.hits(2 * plan.lanes.atom[r.lane].astype(np.intp), r.value)
    _remember_raise(plan, state, r.lane[raising], r.at[raising])
    again = r.rows(raising & already)
    log.add(AGAIN, again.lane, again.at, again.value)


def _remember_raise(plan: Plan, state: State, lane: Index, at: Int64) -> None:
    row = plan.lanes.extra[lane]
    state.raised_at[row, 1:] = state.raised_at[row, :-1]
    state.raised_at[row, 0] = at


def read_late(plan: Plan, state: State, r: Round, log: Log) -> None:
    """Late readings of rules that are never suppressed raise, or are merged; the same reading twice is harmless."""
    r = r.rows(plan.lanes.vital[r.lane])
    raising = plan.atoms.hits(2 * plan.lanes.atom[r.lane].astype(np.intp), r.value)
    known = (state.raised_at[plan.lanes.extra[r.lane]] == r.at[:, None]).any(axis=1)
    r = r.rows(raising & ~known)
    _remember_raise(plan, state, r.lane, r.at)
    off = state.on[r.lane] == 0
    log.add(AGAIN, r.lane[~off], r.at[~off], r.value[~off], late=True)
    turn_on(plan, state, r.lane[off], r.at[off], log, r.value[off], late=True)


def advance(plan: Plan, state: State, lane: Index, until: Int64, log: Log) -> bool:
    """What time did to these lanes up to `until` (by lane), if anything. Silence is left to ticks."""
    waiting = (state.due[lane] <= until) & ~plan.lanes.silent[lane]
    moved = bool(waiting.any())
    while waiting.any():
        lane, until = lane[waiting], until[waiting]
        fire(plan, state, lane, log)
        waiting = state.due[lane] <= until
    return moved


def fire(plan: Plan, state: State, lane: Index, log: Log) -> None:
    """Change lanes at the time at which they are due: on by lasting, off by lasting or with their window."""
    at, since = state.due[lane].copy(), state.since[lane]
    up = state.on[lane] == 0
    cleared = ~up & (since != NONE)
    cleared[cleared] = (
        since[cleared] + plan.atoms.lasting[2 * plan.lanes.atom[lane[cleared]].astype(np.intp) + 1] <= at[cleared]
    )
    shut = ~up & ~cleared
    turn_on(plan, state, lane[up], at[up], log)
    turn_off(plan, state, lane[cleared], at[cleared], log)
    turn_off(plan, state, lane[shut], at[shut], log, with_window=True)


def turn_on(
    plan: Plan, state: State, lane: Index, at: Int64, log: Log, value: Floats | None = None, late: bool = False
) -> None:
    """From now on the clearing side is tested; a schedule ends it with its window."""
    if not len(lane):
        return
    state.on[lane], state.bits[lane], state.since[lane] = 1, 0, NONE
    set_due(state, lane, _window_end(plan, lane, at))
    log.add(ON, lane, at, value, late)


def turn_off(
    plan: Plan, state: State, lane: Index, at: Int64, log: Log, value: Floats | None = None, with_window: bool = False
) -> None:
    """From now on the raising side is tested. What was true when its window ended is still true in the next one."""
    if not len(lane):
        return
    side = 2 * plan.lanes.atom[lane].astype(np.intp)
    silent = plan.lanes.silent[lane]
    kept = (state.since[lane] == NONE) & with_window & ~silent
    state.on[lane] = 0
    state.bits[lane] = np.where(kept, plan.atoms.mask[side], 0)
    state.since[lane] = np.where(kept | silent, at, NONE)
    set_due(state, lane, np.where(kept | silent, matures(plan, lane, at), NEVER))
    log.add(OFF, lane, at, value)


def matures(plan: Plan, lane: Index, since: Int64) -> Int64:
    """When lanes that are off come on, if they meet their test from `since` on."""
    atom = plan.lanes.atom[lane].astype(np.intp)
    due = since + plan.atoms.lasting[2 * atom]
    rows = np.flatnonzero(plan.lanes.scheduled[lane])
    if len(rows):
        lasting = plan.atoms.lasting[2 * atom[rows]]
        due[rows] = plan.timetable.matures(plan.atoms.schedule[atom[rows]], since[rows], lasting)
    return due


def _window_end(plan: Plan, lane: Index, at: Int64) -> Int64:
    due = np.full(len(lane), NEVER)
    rows = np.flatnonzero(plan.lanes.scheduled[lane])
    if len(rows):
        due[rows] = plan.timetable.ends(plan.atoms.schedule[plan.lanes.atom[lane[rows]]], at[rows])
    return due


def _begin_anew_after_gaps(plan: Plan, state: State, r: Round, log: Log) -> None:
    if r.taken is None or plan.first_reset == NEVER:
        return
    before = r.taken.before[r.of]
    rows = np.flatnonzero((r.at - before >= plan.first_reset) & (before != NONE))
    after = plan.atoms.reset_after[plan.lanes.atom[r.lane[rows]]]
    gone = r.at[rows] - before[rows] >= after
    rows, after = rows[gone], after[gone]
    if len(rows):
        at = before[rows] + after
        advance(plan, state, r.lane[rows], at, log)
        begin_anew(plan, state, r.lane[rows], at)


def begin_anew(plan: Plan, state: State, lane: Index, at: Int64) -> None:
    """Forget counting, waiting and the anchor of a rate; an alert stays."""
    on = state.on[lane] != 0
    state.bits[lane], state.since[lane] = 0, NONE
    set_due(state, lane, np.where(on, _window_end(plan, lane, at), NEVER))
    rated = lane[plan.atoms.kind[plan.lanes.atom[lane]] == RATE]
    state.rate_at[plan.lanes.extra[rated]] = NONE


def tick(plan: Plan, state: State, first: int, last: int, watermark: int, log: Log) -> None:
    """Everything that time did to lanes `first` to `last` up to the watermark."""
    lane = due_lanes(state, first, last, watermark)
    while len(lane):
        sleeping = plan.lanes.silent[lane] & (state.on[lane] == 0)
        _fall_silent(plan, state, lane[sleeping], watermark, log)
        awake = lane[~sleeping]
        awake = awake[state.due[awake] <= watermark]
        fire(plan, state, awake, log)
        mark_busy(plan, state, lane)
        lane = due_lanes(state, first, last, watermark)


def _fall_silent(plan: Plan, state: State, lane: Index, watermark: int, log: Log) -> None:
    """Lanes of absence and gaps whose time may have come: `due` was only a time before which it had not."""
    heard = np.maximum(np.maximum(state.seen[plan.lanes.channel[lane]], state.listening[0]), state.since[lane])
    due = matures(plan, lane, heard)
    set_due(state, lane, due)
    ripe = due <= watermark
    lane, due = lane[ripe], due[ripe]
    turn_on(plan, state, lane, due, log)
    watching = plan.lanes.target[lane] >= 0
    if watching.any():
        _gap(plan, state, lane[watching], due[watching], log)


def _gap(plan: Plan, state: State, lane: Index, at: Int64, log: Log) -> None:
    """A gap has come about at `at`: told where the lane it concerns is on, then its policy."""
    target, policy = plan.lanes.target[lane].astype(np.intp), plan.atoms.gap_policy[plan.lanes.atom[lane]]
    advance(plan, state, target, at, log)
    open_ = state.on[target] != 0
    log.add(GAP, target[open_], at[open_])
    resets = policy == RESET
    begin_anew(plan, state, target[resets], at[resets])
    raises = (policy == RAISE) & ~open_ & (state.since[target] == NONE)
    forced, when = target[raises], at[raises]
    state.bits[forced] = plan.atoms.mask[2 * plan.lanes.atom[forced].astype(np.intp)]
    state.since[forced] = when
    set_due(state, forced, matures(plan, forced, when))
    mark_busy(plan, state, target)
