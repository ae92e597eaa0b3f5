"""The engine inside Spark's `transformWithState`: rows and timers in, alerts out, one shard a key."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pandas as pd
from pyspark.sql.streaming import StatefulProcessor, StatefulProcessorHandle
from pyspark.sql.streaming.stateful_processor import ExpiredTimerInfo, TimerValues

from yinling.engines.signals.alerting import EVENTS, Alerts
from yinling.supervision.spark.layout import Layout
from yinling.supervision.spark.shards import Kept, Rows, Shard, begin, go_on

KEPT = "plan string, watermark long, timer long, state binary"
ALERTS = (
    "event string, rule string, subject long, level byte, at long, onset long, channel int, value double, late boolean"
)


class ShardProcessor(StatefulProcessor):
    """Keeps each shard as the engine's own bytes; a timer of it stands where time alone changes something next."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout

    def init(self, handle: StatefulProcessorHandle) -> None:
        """Spark calls this in every task."""
        self._handle = handle
        self._state = handle.getValueState("shard", KEPT)

    def handleInitialState(self, key: Any, initialState: pd.DataFrame, timerValues: TimerValues) -> None:
        """The roll call: a shard is there before its first reading."""
        self._keep(begin(self._layout, int(key[0]), int(initialState["begins"].iloc[0])))

    def handleInputRows(
        self, key: Any, rows: Iterator[pd.DataFrame], timerValues: TimerValues
    ) -> Iterator[pd.DataFrame]:
        """A micro-batch of a shard."""
        shard, timer = self._held(key)
        yield from _told(shard, shard.take(_rows(pd.concat(list(rows)))))
        self._handle.deleteTimer(timer)
        self._keep(shard)

    def handleExpiredTimer(
        self,
        key: Any,
        timerValues: TimerValues,
        expiredTimerInfo: ExpiredTimerInfo,
    ) -> Iterator[pd.DataFrame]:
        """Time has come to where this shard may change by it: everything received up to the watermark was handed in."""
        shard, _ = self._held(key)
        yield from _told(shard, shard.pass_time(timerValues.getCurrentWatermarkInMs()))
        self._keep(shard, after=expiredTimerInfo.getExpiryTimeInMs())  # Spark removes this one when we are done

    def close(self) -> None:
        """Nothing is held open."""

    def _held(self, key: Any) -> tuple[Shard, int]:
        kept = Kept(*self._state.get())
        return go_on(self._layout, int(key[0]), kept), kept.timer

    def _keep(self, shard: Shard, after: int = 0) -> None:
        """Remember the shard and set its timer, later than `after`."""
        kept = shard.kept(after)
        self._state.update((kept.plan, kept.watermark, kept.timer, kept.state))
        self._handle.registerTimer(kept.timer)


def _rows(frame: pd.DataFrame) -> Rows:
    return Rows(*(frame[name].to_numpy() for name in Rows.__dataclass_fields__))


def _told(shard: Shard, said: Iterable[Alerts]) -> Iterator[pd.DataFrame]:
    """Alerts as rows that mean the same outside the shard: rule and subject for the slot, channels of the register."""
    plan = shard.part.plan
    for alerts in said:
        if not len(alerts):
            continue
        rules = np.array([rule.key for rule in plan.rules], dtype=object)
        yield pd.DataFrame({
            "event": np.array(EVENTS, dtype=object)[alerts.event],
            "rule": rules[plan.slot_rule[alerts.slot]],
            "subject": plan.slot_subject[alerts.slot],
            "level": alerts.level,
            "at": alerts.at,
            "onset": alerts.onset,
            "channel": _of_register(shard, alerts),
            "value": alerts.value,
            "late": alerts.late,
        })  # fmt: skip


def _of_register(shard: Shard, alerts: Alerts) -> np.ndarray:
    """Channels as rows of the whole register, -1 for a composite."""
    channels = np.append(shard.part.channels, -1)
    return channels[alerts.channel].astype(np.int32)
