"""One shard in a worker: its part of the plan, its state, and how both go on. No Django, no Spark, no clock."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from yinling.engines.signals.alerting import Alerts
from yinling.engines.signals.columns import NEVER, Bools, Floats, Index, Int32, Int64
from yinling.engines.signals.interventions import carry
from yinling.engines.signals.plan import Plan
from yinling.engines.signals.planning import plan_for
from yinling.engines.signals.register import Readings, no_readings
from yinling.engines.signals.sharding import part_of
from yinling.engines.signals.state import State, from_bytes, new_state, to_bytes
from yinling.engines.signals.stepping import step
from yinling.supervision.spark.layout import POSITION, Layout, load
from yinling.supervision.watching.pace import SECOND_MS

PLANS_HELD = 1024  # of a worker: as many as it may have shards
LOOK_AGAIN_MS = 600_000  # a quiet shard hears of new rules, devices and consents within this time


@dataclass(frozen=True)
class Part:
    """The plan of one shard, and its channels as rows of the whole register."""

    plan: Plan
    channels: Int64


@dataclass(frozen=True)
class Rows:
    """Readings of a shard as Spark hands them over: channel of the shard, `is_longitude` for the second half of a
    position."""

    channel: Int32
    ts_ms: Int64
    value: Floats
    received_ms: Int64
    is_longitude: Bools

    def __len__(self) -> int:
        return len(self.channel)

    def rows(self, rows: Index | slice) -> "Rows":
        """Some of them."""
        return Rows(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


@dataclass(frozen=True)
class Kept:
    """What is remembered between micro-batches. `plan`: the layout that the state belongs to; `watermark` (epoch ms):
    everything up to then is judged; `timer`: when time alone changes something next."""

    plan: str
    watermark: int
    timer: int
    state: bytes


@dataclass
class Shard:
    """A shard while it is judged. Alerts come out with the slots of `plan`."""

    name: str
    part: Part
    state: State
    watermark: int

    def take(self, rows: Rows) -> Iterator[Alerts]:
        """Judge readings flush by flush, as the watcher does: what one flush brought has one time of receipt."""
        rows = _in_order(rows)
        begins = np.flatnonzero(np.diff(rows.received_ms, prepend=-1))
        for first, last in zip(begins, [*begins[1:], len(rows)], strict=True):
            received = int(rows.received_ms[first])
            yield from self.pass_time(received)
            batch, now = _positions(self.part.plan, rows.rows(slice(first, last))), max(received, self.watermark)
            self.state, alerts = step(self.state, batch, self.part.plan, now, self.watermark)
            yield alerts

    def pass_time(self, until: int) -> Iterator[Alerts]:
        """Judge what time alone has done up to `until`, rounded down to a whole second."""
        until = until // SECOND_MS * SECOND_MS
        if until > self.watermark:
            self.watermark = until
            self.state, alerts = step(self.state, no_readings(), self.part.plan, until, until)
            yield alerts

    def kept(self, after: int = 0) -> Kept:
        """To be remembered. Its timer is later than `after`."""
        return Kept(self.name, self.watermark, max(self._next_look(), after + SECOND_MS), to_bytes(self.state))

    def _next_look(self) -> int:
        """The last millisecond before the second by which time alone will have changed something."""
        due = int(self.state.soonest.min(initial=NEVER))
        due = min(max(due, self.watermark + SECOND_MS), self.watermark + LOOK_AGAIN_MS)
        return -(-due // SECOND_MS) * SECOND_MS - 1


def begin(layout: Layout, number: int, at: int) -> Shard:
    """A shard of which nothing has been heard yet: silence is counted from `at`."""
    part = part_for(layout, number)
    return Shard(layout.name, part, new_state(part.plan, at), at)


def go_on(layout: Layout, number: int, kept: Kept) -> Shard:
    """A shard as it was kept, under the rules and devices of today. Of what is no longer watched nobody is told: an
    alert that is open stays a duty."""
    part, state = part_for(layout, number), from_bytes(kept.state)
    if kept.plan != layout.name:
        before = part_for(replace(layout, name=kept.plan), number)
        state, _ = carry(before.plan, state, part.plan, kept.watermark)
    return Shard(layout.name, part, state, kept.watermark)


@lru_cache(maxsize=PLANS_HELD)
def part_for(layout: Layout, number: int) -> Part:
    """The plan of a shard. Made once in each worker."""
    rules, register = load(Path(layout.folder), layout.name)
    part, channels = part_of(register, number, layout.shards)
    return Part(plan_for(rules, part), channels)


def _in_order(rows: Rows) -> Rows:
    """By receipt. Spark keeps no order, so equal times are put into one that is the same after every restart."""
    order = np.lexsort((rows.value, rows.is_longitude, rows.ts_ms, rows.channel, rows.received_ms))
    return rows.rows(order)


def _positions(plan: Plan, rows: Rows) -> Readings:
    """As the engine takes them: the two halves of a position become one reading, a half alone is none."""
    register = plan.register
    metric = register.metrics.index(POSITION) if POSITION in register.metrics else -1
    is_position = register.channel_metric[rows.channel] == metric
    if not is_position.any():
        return Readings(rows.channel, rows.ts_ms, rows.value)
    north, east = np.flatnonzero(is_position & ~rows.is_longitude), np.flatnonzero(rows.is_longitude)
    _, first, other = np.intersect1d(_names(rows, north), _names(rows, east), return_indices=True)
    second = np.full(len(rows), np.nan)
    second[north[first]] = rows.value[east[other]]
    kept = ~is_position
    kept[north[first]] = True
    return Readings(rows.channel[kept], rows.ts_ms[kept], rows.value[kept], second[kept])


def _names(rows: Rows, some: Index) -> NDArray[np.void]:
    names = np.empty(len(some), dtype=[("channel", np.int32), ("at", np.int64)])
    names["channel"], names["at"] = rows.channel[some], rows.ts_ms[some]
    return names
