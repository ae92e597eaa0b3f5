"""A batch before anything is evaluated: counted, ordered, and parted into accepted readings and late ones."""

from dataclasses import dataclass

import numpy as np

from yinling.engines.signals.columns import NONE, Bools, Floats, Index, Int32, Int64, ordered_by, starts_of_runs
from yinling.engines.signals.plan import Plan
from yinling.engines.signals.register import Readings
from yinling.engines.signals.state import ACCEPTED, AHEAD, BAD, LATE, READINGS, REPEATS, State


@dataclass(frozen=True)
class Taken:
    """Readings by channel and time. `before` is the channel's reading before each one, `new_channel` where another
    channel begins, `accepted` what is neither late nor a repeat, `source` the row in the batch.

    `second` and `ahead_ms` (how far in the future a reading was dated) are columns of the batch as it came.
    """

    channel: Index
    at: Int64
    value: Floats
    before: Int64
    new_channel: Bools
    accepted: Bools
    source: Index
    second: Floats | None
    ahead_ms: Int64 | None

    def __len__(self) -> int:
        return len(self.channel)

    def rows(self, rows: Index) -> "Taken":
        """Some of them."""
        channel = self.channel.take(rows)
        return Taken(
            channel,
            self.at.take(rows),
            self.value.take(rows),
            self.before.take(rows),
            starts_of_runs(channel),
            self.accepted.take(rows),
            self.source.take(rows),
            self.second,
            self.ahead_ms,
        )


@dataclass(frozen=True)
class Round:
    """One reading for each of some distinct lanes: row `of` of `taken` (None for outcomes of composites)."""

    lane: Index
    at: Int64
    value: Floats
    of: Index
    taken: Taken | None

    def rows(self, rows: Index | Bools) -> "Round":
        return Round(self.lane[rows], self.at[rows], self.value[rows], self.of[rows], self.taken)


def take(plan: Plan, state: State, batch: Readings, now: int) -> Taken:
    """The batch in order. Brings `state.seen` and the counts up to date."""
    state.counts[READINGS] += len(batch)
    batch = _without_bad(plan, state, batch)
    at, ahead_ms = batch.at, None
    ahead = at > now + plan.ahead_ms
    if ahead.any():
        state.counts[AHEAD] += int(np.count_nonzero(ahead))
        ahead_ms = np.where(ahead, at - now, 0)
        at = np.where(ahead, now, at)
    order, channel, at = _in_order(batch.channel, at)
    begins = starts_of_runs(channel)
    seen = state.seen.take(channel)
    before = np.empty_like(at)
    before[1:] = at[:-1]
    before[begins] = NONE - 1
    repeated = (at == before) | (at == seen)
    accepted = (at > seen) & ~repeated
    _count(state, accepted, repeated)
    ends = np.flatnonzero(np.append(begins[1:], True)) if len(at) else np.empty(0, np.intp)
    state.seen[channel[ends]] = np.maximum(at[ends], seen[ends])
    np.maximum(before, seen, out=before)
    return Taken(channel, at, batch.value.take(order), before, begins, accepted, order, batch.second, ahead_ms)


def _count(state: State, accepted: Bools, repeated: Bools) -> None:
    kept, twice = int(np.count_nonzero(accepted)), int(np.count_nonzero(repeated))
    state.counts[ACCEPTED] += kept
    state.counts[REPEATS] += twice
    state.counts[LATE] += len(accepted) - kept - twice


def _without_bad(plan: Plan, state: State, batch: Readings) -> Readings:
    """Readings of channels that exist, with finite values."""
    fit = np.isfinite(batch.value) & (batch.channel >= 0) & (batch.channel < len(state.seen))
    if fit.all():
        return batch
    state.counts[BAD] += len(batch) - int(np.count_nonzero(fit))
    second = None if batch.second is None else batch.second[fit]
    return Readings(batch.channel[fit], batch.at[fit], batch.value[fit], second)


def _in_order(channel: Int32, at: Int64) -> tuple[Index, Index, Int64]:
    """By channel, then time, then arrival. Only channels whose readings are not in order of time are sorted twice."""
    order = ordered_by(channel)
    by_channel, by_at = channel.take(order).astype(np.intp), at.take(order)
    begins = starts_of_runs(by_channel)
    back = np.flatnonzero((by_at[1:] < by_at[:-1]) & ~begins[1:]) + 1
    if len(back):
        run = np.cumsum(begins) - 1
        mixed = np.zeros(run[-1] + 1, np.bool_)
        mixed[run[back]] = True
        rows = np.flatnonzero(mixed[run])
        right = rows[np.lexsort((rows, by_at[rows], run[rows]))]
        order[rows], by_at[rows] = order[right], by_at[right]
    return order, by_channel, by_at
