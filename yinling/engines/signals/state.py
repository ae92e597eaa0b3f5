"""What the engine remembers: plain columns that go to bytes and come back the same, bit by bit.

`step` works on these columns in place; whoever needs yesterday's state keeps its bytes.
"""

import json
import zlib
from dataclasses import dataclass, fields
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yinling.engines.signals.columns import NEVER, NONE, Floats, Index, Int64
from yinling.engines.signals.plan import BASELINE, CHANGES, RATE, Plan

GOLDEN = 0.6180339887498949  # its multiples fill 0 to 1 evenly
MAGIC = b"yinling-signals-1\n"
HOURS, MOST_CHANGES, RAISES_KEPT, BLOCK = 24, 16, 4, 64
COUNTS = ("readings", "bad", "ahead", "late", "repeats", "accepted")
READINGS, BAD, AHEAD, LATE, REPEATS, ACCEPTED = range(len(COUNTS))


@dataclass
class State:
    """Columns by channel (c), lane (l), slot (s), node outcome (n), leaf row (f), and tables of the measures.

    Times are epoch ms; NONE never was, NEVER never comes.
    """

    seen: Int64  # (c,) time of the last reading that was accepted
    quiet_lowest: Floats  # (c,) the plan's, or inf while a lane of the channel is not idle
    on: NDArray[np.uint8]  # (l,)
    bits: NDArray[np.uint32]  # (l,) last tests of the side that is open, newest lowest
    since: Int64  # (l,) since when they suffice
    due: Int64  # (l, filled up to whole blocks) when time alone changes the lane; for absence, not before
    soonest: Int64  # (blocks,) nothing in this block of 64 lanes is due before
    live: NDArray[np.uint8]  # (l,) 0 where consent is missing
    fell_silent: NDArray[np.uint8]  # (c,) 1 where a lane that watches silence is on
    rate_value: Floats
    rate_at: Int64
    last_value: Floats  # (changes,) NaN at first
    changed_at: Int64  # (changes, 16) ring of the last changes
    changed_next: NDArray[np.uint8]  # (changes,)
    habit: Floats  # (baselines, 24) by hour of day
    spread: Floats  # (baselines, 24) mean absolute deviation
    learnt: NDArray[np.int32]  # (baselines, 24) readings behind them
    raised_at: Int64  # (vital, 4) last raises, newest first: a repeat is known by its time
    truth: NDArray[np.uint8]  # (n,)
    done_at: Int64  # (n,) when a sequence, a pair or a count was last complete
    judged_at: Int64  # (n,)
    lit: NDArray[np.int32]  # (f,) lanes that are on
    lit_at: Int64  # (f,) last time that one came on
    start_at: Int64  # (f,) of the latest sequence that came as far as this leaf
    fired_at: Int64  # (marks,) last time that a counted device came on
    held: NDArray[np.uint16]  # (s, 4) lanes that are on, by level
    onset: Int64  # (s,) of the open alert
    told_at: Int64  # (s,) last event
    gap_at: Int64  # (s,) last gap told
    counts: Int64  # (6,) see COUNTS
    listening: Int64  # (1,) silence is counted from here at the earliest


def new_state(plan: Plan, now: int) -> State:
    """Nothing heard yet: silence is counted from `now`."""
    lanes, channels, slots = len(plan.lanes.atom), len(plan.first_lane) - 1, len(plan.slot_rule)
    rates, changes, habits = plan.sizes[RATE], plan.sizes[CHANGES], plan.sizes[BASELINE]
    live = live_lanes(plan)
    due = _first_looks(plan, live, now)
    return State(
        seen=_never_was(channels),
        quiet_lowest=plan.quiet_lowest.copy(),
        on=np.zeros(lanes, np.uint8),
        bits=np.zeros(lanes, np.uint32),
        since=_never_was(lanes),
        due=due,
        soonest=due.reshape(-1, BLOCK).min(axis=1),
        live=live,
        fell_silent=np.zeros(channels, np.uint8),
        rate_value=np.zeros(rates),
        rate_at=_never_was(rates),
        last_value=np.full(changes, np.nan),
        changed_at=np.full((changes, MOST_CHANGES), NONE),
        changed_next=np.zeros(changes, np.uint8),
        habit=np.zeros((habits, HOURS)),
        spread=np.zeros((habits, HOURS)),
        learnt=np.zeros((habits, HOURS), np.int32),
        raised_at=np.full((plan.vital_rows, RAISES_KEPT), NONE),
        truth=np.zeros(plan.outcomes, np.uint8),
        done_at=_never_was(plan.outcomes),
        judged_at=_never_was(plan.outcomes),
        lit=np.zeros(plan.leaf_rows, np.int32),
        lit_at=_never_was(plan.leaf_rows),
        start_at=_never_was(plan.leaf_rows),
        fired_at=_never_was(plan.mark_rows),
        held=np.zeros((slots, 4), np.uint16),
        onset=_never_was(slots),
        told_at=_never_was(slots),
        gap_at=_never_was(slots),
        counts=np.zeros(len(COUNTS), np.int64),
        listening=np.array([now], np.int64),
    )


def _first_looks(plan: Plan, live: NDArray[np.uint8], now: int) -> Int64:
    """When to look first whether a lane has fallen silent: block by block over its limit, so never at all at once."""
    lanes = len(plan.lanes.atom)
    due = np.full(-(-lanes // BLOCK) * BLOCK, NEVER)
    watching = np.flatnonzero(plan.lanes.silent & (live != 0))
    limit = plan.atoms.lasting[2 * plan.lanes.atom[watching].astype(np.intp)]
    due[watching] = now + (limit * (watching // BLOCK * GOLDEN % 1.0)).astype(np.int64)
    return due


def live_lanes(plan: Plan) -> NDArray[np.uint8]:
    """Lanes that may be evaluated: no consent needed, or consent given for the device (outcomes: by their leaves)."""
    lanes, register = plan.lanes, plan.register
    live = np.ones(len(lanes.atom), np.uint8)
    for row, name in enumerate(plan.consents):
        given = register.consents.get(name, np.zeros(len(register.device_id), np.bool_))
        needing = np.flatnonzero((lanes.consent == row) & (lanes.channel >= 0))
        live[needing] = given[register.channel_device[lanes.channel[needing]]]
    return live


def set_due(state: State, lane: Index, due: Int64) -> None:
    """When time alone will change these lanes."""
    state.due[lane] = due
    rows = np.flatnonzero(due < NEVER)
    np.minimum.at(state.soonest, lane[rows] // BLOCK, due[rows])


def due_lanes(state: State, first: int, last: int, until: int) -> Index:
    """Lanes from `first` to `last` that are due. Blocks that were only thought to be are put right."""
    block = np.flatnonzero(state.soonest[first // BLOCK : -(-last // BLOCK)] <= until) + first // BLOCK
    if not len(block):
        return block
    due = state.due.reshape(-1, BLOCK)[block]
    state.soonest[block] = due.min(axis=1)
    row, place = np.nonzero(due <= until)
    lane = block[row] * BLOCK + place
    return lane[(lane >= first) & (lane < last)]


def mark_busy(plan: Plan, state: State, lane: NDArray[np.intp]) -> None:
    """Channels of these lanes hand over every reading while a lane of theirs is not idle."""
    lane = lane[plan.lanes.channel[lane] >= 0]
    busy = lane[(state.on[lane] != 0) | (state.bits[lane] != 0)]
    channel = plan.lanes.channel[busy]
    state.quiet_lowest[channel] = inf
    state.fell_silent[channel[plan.lanes.silent[busy]]] = 1


def to_bytes(state: State) -> bytes:
    """A line of JSON that names the columns, the columns one after the other, a checksum at the end."""
    columns = {each.name: np.ascontiguousarray(getattr(state, each.name)) for each in fields(state)}
    header = {name: [column.dtype.str, list(column.shape)] for name, column in columns.items()}
    body = MAGIC + json.dumps(header).encode() + b"\n" + b"".join(column.tobytes() for column in columns.values())
    return body + zlib.crc32(body).to_bytes(4, "big")


class BrokenState(ValueError):
    """Bytes that are not a whole state."""


def from_bytes(data: bytes) -> State:
    """The state that `to_bytes` wrote. Raises BrokenState where a byte was lost or changed."""
    if not data.startswith(MAGIC) or zlib.crc32(data[:-4]) != int.from_bytes(data[-4:], "big"):
        raise BrokenState("These bytes are not a whole state of the engine. Take the state written before it.")
    end = data.index(b"\n", len(MAGIC))
    header: dict[str, Any] = json.loads(data[len(MAGIC) : end])
    position, columns = end + 1, {}
    for name, (kind, shape) in header.items():
        size = int(np.prod(shape)) * np.dtype(kind).itemsize
        columns[name] = np.frombuffer(data, np.dtype(kind), int(np.prod(shape)), position).reshape(shape).copy()
        position += size
    return State(**columns)


def _never_was(size: int) -> Int64:
    return np.full(size, NONE, np.int64)
