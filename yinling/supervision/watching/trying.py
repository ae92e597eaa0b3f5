"""A rule over stored history, before it goes live: what it would have raised, on whom, how often."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from yinling.devices import telemetry
from yinling.devices.models import Device
from yinling.devices.queries import DeviceTable, device_table
from yinling.devices.telemetry import Readings
from yinling.engines.signals.alerting import RAISED
from yinling.engines.signals.columns import Index
from yinling.engines.signals.planning import plan_for
from yinling.engines.signals.rules import Rule
from yinling.engines.signals.state import new_state
from yinling.kernel.actors import Actor
from yinling.supervision.watching.findings import Word, words_of
from yinling.supervision.watching.judging import Judge
from yinling.supervision.watching.laying import LATITUDE, LONGITUDE, POSITION, Laid, joined, lay

MOST_CHANNELS = 2_000
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Trial:
    """`words`: what would have been raised, oldest first. `channels` were looked at, of `able` that the rule reads."""

    words: tuple[Word, ...]
    readings: int
    channels: int
    able: int
    days: float

    @property
    def a_day(self) -> float:
        """How often a day."""
        return len(self.words) / self.days

    @property
    def by_level(self) -> list[tuple[int, int]]:
        """How often at each level, the highest first."""
        return sorted(Counter(word.level for word in self.words).items(), reverse=True)

    @property
    def whom(self) -> list[tuple[Word, int]]:
        """One alert of each subject and how many it would have had, most first."""
        newest = {word.about.scope: word for word in self.words}
        return [(newest[scope], count) for scope, count in Counter(w.about.scope for w in self.words).most_common()]


def try_rule(rule: Rule, start: dt.datetime, end: dt.datetime, by: Actor) -> Trial:
    """Run a rule over what devices that the actor sees reported from `start` up to `end`. Writes nothing.

    Devices, places and consents are those of today: what nobody may evaluate any more is not tried either.
    """
    table = _seen_by(device_table(), by)
    able = _channels(table, rule)
    chosen = able[:MOST_CHANNELS]
    received = _history(table, chosen, start, end)
    silent = np.setdiff1d(np.arange(len(table.channel_device)), chosen)
    laid = lay(_without(table, silent))
    days = max((end - start) / DAY, 1 / 24)
    words = _judged(rule, laid, received, start, end)
    return Trial(words, len(received), len(chosen), len(able), days)


def _judged(rule: Rule, laid: Laid, received: Readings, start: dt.datetime, end: dt.datetime) -> tuple[Word, ...]:
    began = int(start.timestamp() * 1000)
    plan = plan_for((rule,), laid.register)
    judge = Judge((rule,), laid, plan, new_state(plan, began), began)
    said = [*judge.take(received), *judge.pass_time(int(end.timestamp() * 1000))]
    return tuple(word for one in said for word in words_of(one) if word.event == RAISED)


def _seen_by(table: DeviceTable, by: Actor) -> DeviceTable:
    """The table with the channels of devices that the actor sees."""
    seen = np.array(list(Device.objects.visible_to(by).values_list("number", flat=True)), dtype=np.int64)
    mine = np.isin(table.number, seen)
    return _without(table, np.flatnonzero(~mine[table.channel_device]))


def _without(table: DeviceTable, channels: Index) -> DeviceTable:
    keep = np.ones(len(table.channel_device), np.bool_)
    keep[channels] = False
    columns: dict[str, Any] = {
        name: getattr(table, name)[keep] for name in ("channel_device", "channel_metric", "interval_s")
    }
    return replace(table, **columns)


def _channels(table: DeviceTable, rule: Rule) -> Index:
    """Rows of the channels that the rule reads."""
    keys = {LATITUDE, LONGITUDE} if POSITION in rule.metrics else set()
    numbers = [metric.number for metric in table.metrics if metric.key in rule.metrics | keys]
    found = np.flatnonzero(np.isin(table.channel_metric, numbers))
    kinds = {kind for atom in rule.atoms for kind in atom.devices}
    if not kinds or any(not atom.devices for atom in rule.atoms):
        return found
    wanted = np.array([kind in kinds for kind in table.kinds], dtype=np.bool_)
    return found[wanted[table.kind[table.channel_device[found]]]]


def _history(table: DeviceTable, channels: Index, start: dt.datetime, end: dt.datetime) -> Readings:
    """What these channels reported, in order of time; when it arrived is not kept, so it counts as in time."""
    parts: Sequence[Readings] = [
        _channel(int(table.number[table.channel_device[row]]), int(table.channel_metric[row]), start, end)
        for row in channels
    ] or [_column(0, 0, np.empty(0, np.int64), np.empty(0))]
    everything = joined(parts)
    return everything.rows(np.argsort(everything.ts_ms, kind="stable"))


def _channel(device: int, metric: int, start: dt.datetime, end: dt.datetime) -> Readings:
    kept = telemetry.history(device, metric, start, end)
    return _column(device, metric, kept.at_ms, kept.value)


def _column(device: int, metric: int, at_ms: Any, value: Any) -> Readings:
    size = len(at_ms)
    return Readings(np.full(size, device, np.int32), np.full(size, metric, np.int16), at_ms, value, at_ms)
