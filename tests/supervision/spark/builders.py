"""A random city for Spark: rules of every kind, devices in several care scopes, a stream as the store would hold it."""

import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from shutil import which
from typing import Any

import numpy as np

from yinling.benches.signals_differences import as_tuples
from yinling.benches.signals_worlds import HOUR, METRICS, a_register, a_rule, a_stream
from yinling.devices.telemetry import Readings as Received
from yinling.engines.signals.faults import FaultyRule
from yinling.engines.signals.parsing import rule_from
from yinling.engines.signals.planning import plan_for
from yinling.engines.signals.register import Readings, Register
from yinling.engines.signals.rules import Rule
from yinling.engines.signals.sharding import care_scopes
from yinling.engines.signals.state import new_state
from yinling.supervision.watching.judging import Judge
from yinling.supervision.watching.laying import Laid

NUMBERS = {metric: number for number, metric in enumerate(METRICS)} | {"latitude": 3, "longitude": 5}
SPARK = find_spec("pyspark") is not None and (which("java") is not None or "JAVA_HOME" in os.environ)
NO_SPARK = "NO SPARK ON THIS MACHINE: pip install 'yinling[spark]', and Java 17"
FLUSH_MS = 170
COLUMNS = ("device", "metric", "ts_ms", "value", "received_ms")


@dataclass(frozen=True)
class Stored:
    """A city and what its devices sent, in order of receipt; `begins` and `ends` are whole seconds around it."""

    rules: list[dict[str, Any]]
    register: Register
    received: Received
    begins: int
    ends: int

    @property
    def parsed(self) -> tuple[Rule, ...]:
        """The rules as the engine knows them."""
        return tuple(map(rule_from, self.rules))


def a_stored_city(
    chance: random.Random, readings: int, devices: int = 12, rules: int = 4, own: Sequence[dict[str, Any]] = ()
) -> Stored:
    """Random rules, and `own` ones, on a random stream. Times of receipt have milliseconds; smoke alone is vital."""
    chosen = [*own, *(rule for i in range(rules) if (rule := _a_rule(chance, f"rule_{i}")))]
    register = _in_care_scopes(chance, a_register(chance, devices))
    batches = list(a_stream(chance, register, readings, steps=40))
    begins = batches[0][0] // 1000 * 1000 - HOUR
    parts = [_received(chance, register, now, batch) for now, _, batch in batches]
    everything = Received(*(np.concatenate([getattr(part, name) for part in parts]) for name in COLUMNS))
    order = np.lexsort(
        tuple(getattr(everything, name) for name in ("value", "ts_ms", "metric", "device", "received_ms"))
    )
    received = everything.rows(order)
    ends = int(received.received_ms.max(initial=begins)) // 1000 * 1000 + HOUR
    return Stored(chosen, register, received, begins, ends)


def _a_rule(chance: random.Random, key: str) -> dict[str, Any] | None:
    """None where chance has drawn windows that leave nothing out."""
    rule = a_rule(chance, key)
    try:
        rule_from(rule)
    except FaultyRule:
        return None
    return rule


def _in_care_scopes(chance: random.Random, register: Register) -> Register:
    """Half of the devices at home; a person or a room lies in one care scope."""
    size = len(register.device_id)
    home = np.array([chance.random() < 0.5 for _ in range(size)])
    register.subjects["institution"] = np.where(home, -1, np.arange(size) % 4)  # type: ignore[index]
    register.subjects["household"] = np.where(home, np.arange(size) % 5, -1)  # type: ignore[index]
    kind, scope = care_scopes(register)
    for name in ("person", "room"):
        register.subjects[name] = kind.astype(np.int64) * 1_000 + scope  # type: ignore[index]
    return register


def _received(chance: random.Random, register: Register, now: int, batch: Readings) -> Received:
    """A batch as the store holds it: positions in two halves, received within the last seconds before `now`."""
    dice = np.random.default_rng(chance.randrange(2**32))
    device = register.device_id[register.channel_device[batch.channel]].astype(np.int32)
    metric = register.channel_metric[batch.channel].astype(np.int16)
    received = now - np.sort(dice.integers(0, 100, len(batch)))[::-1] * FLUSH_MS
    whole = Received(device, metric, batch.at, batch.value, received.astype(np.int64))
    place = np.flatnonzero(metric == NUMBERS["latitude"])
    assert batch.second is not None
    east = whole.rows(place)
    halves = Received(east.device, np.full(len(place), NUMBERS["longitude"], np.int16), east.ts_ms,
                      batch.second[place], east.received_ms)  # fmt: skip
    both = Received(*(np.concatenate([getattr(whole, name), getattr(halves, name)]) for name in COLUMNS))
    return both.rows(np.isfinite(both.value))


def laid_over(register: Register) -> Laid:
    """As the watcher lays a register out, for one that no table of devices stands behind."""
    column = np.arange(6, dtype=np.int16)
    channel = np.full((int(register.device_id.max()) + 1, 6), -1, np.int32)
    device = register.device_id[register.channel_device]
    channel[device, register.channel_metric] = np.arange(len(device))
    return Laid(register, column, channel, NUMBERS["latitude"], NUMBERS["longitude"])


def alerts_of_one_process(city: Stored, keys: frozenset[str]) -> list[str]:
    """What the watcher says of the rules with these keys, when it judges everything and then the time up to the end."""
    plan = plan_for(city.parsed, city.register)
    judge = Judge(city.parsed, laid_over(city.register), plan, new_state(plan, city.begins), city.begins)
    said = [one for flush in _flushes(city.received) for one in judge.take(flush)] + [*judge.pass_time(city.ends)]
    return sorted(str(event) for one in said for event in as_tuples(one.plan, one.alerts) if event[1] in keys)


def _flushes(received: Received) -> Iterator[Received]:
    """What one flush brought has one time of receipt."""
    begins = np.flatnonzero(np.diff(received.received_ms, prepend=-1))
    for first, last in zip(begins, [*begins[1:], len(received)], strict=True):
        yield received.rows(slice(int(first), int(last)))
