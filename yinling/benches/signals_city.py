"""A city of devices with rules of every kind in use, and its readings, for the bench `signals`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from yinling.engines.signals.parsing import rules_from_yaml
from yinling.engines.signals.register import Readings, Register
from yinling.engines.signals.rules import Rule, Scope

START = 1_780_322_400_000  # an evening: 1 June 2026, 22:00 in the city
# kind -> (share of devices, metrics)
KINDS: dict[str, tuple[float, tuple[str, ...]]] = {
    "smoke": (0.22, ("smoke", "battery")),
    "gas": (0.10, ("gas",)),
    "door": (0.18, ("open", "battery")),
    "bed_mat": (0.16, ("heart_rate", "in_bed")),
    "fall_radar": (0.06, ("fall",)),
    "sos": (0.08, ("sos",)),
    "wearable": (0.08, ("position", "battery")),
    "kitchen": (0.06, ("stove", "temperature")),
    "water": (0.06, ("flow",)),
}
METRICS = tuple(dict.fromkeys(metric for _, metrics in KINDS.values() for metric in metrics))
IN_HOMES, HOME_SIZE, HOUSEHOLD_SIZE = 0.3, 100, 3

RULES = """
rules:
- {key: smoke, version: 1, title: {zh: 烟雾, en: Smoke}, scope: household, family: smoke, never_suppressed: true,
   source: bench, verified: false, levels: {red: {raise: {metric: smoke, at_least: 1}}}}
- {key: gas, version: 1, title: {zh: 燃气, en: Gas}, scope: household, never_suppressed: true, source: bench,
   verified: false, levels: {orange: {raise: {metric: gas, above: 5}}, red: {raise: {metric: gas, above: 10}}}}
- {key: sos, version: 1, title: {zh: 求助, en: SOS}, scope: person, never_suppressed: true, source: bench,
   verified: false, levels: {red: {raise: {metric: sos, equals: 1}}}}
- {key: fall, version: 1, title: {zh: 跌倒, en: Fall}, scope: person, never_suppressed: true, source: bench,
   verified: false, levels: {red: {raise: {metric: fall, equals: 1}}}}
- {key: silent, version: 1, title: {zh: 失联, en: No data}, scope: device, source: bench, verified: false,
   levels: {blue: {raise: {metric: smoke, silent: 30m}}}}
- {key: silent_bed, version: 1, title: {zh: 失联, en: No data}, scope: device, source: bench, verified: false,
   levels: {blue: {raise: {metric: heart_rate, silent: 10m}}}}
- {key: silent_door, version: 1, title: {zh: 失联, en: No data}, scope: device, source: bench, verified: false,
   levels: {blue: {raise: {metric: battery, silent: 2h}}}}
- {key: heart, version: 1, title: {zh: 心率, en: Heart rate}, scope: person, source: bench, verified: false,
   gap: {after: 10m, policy: reset},
   levels: {yellow: {raise: {metric: heart_rate, above: 110, times: 3}, clear: {below: 100, times: 2}},
            red: {raise: {metric: heart_rate, outside: [40, 130], times: 3, of: 5}, clear: {between: [45, 120]}}}}
- {key: habit, version: 1, title: {zh: 异常, en: Unusual}, scope: person, source: bench, verified: false,
   levels: {blue: {raise: {metric: heart_rate, strays: 6, quiet_start: 20, times: 3}}}}
- {key: stove, version: 1, title: {zh: 忘关火, en: Stove left on}, scope: household, source: bench, verified: false,
   levels: {orange: {raise: {metric: stove, equals: 1, for: 2h}}}}
- {key: heating, version: 1, title: {zh: 升温, en: Heating up}, scope: household, source: bench, verified: false,
   levels: {yellow: {raise: {metric: temperature, rises: 5, per: 1m, over: 2m}}}}
- {key: door_at_night, version: 1, title: {zh: 夜间开门, en: Door open at night}, scope: household, source: bench,
   verified: false, schedule: [{from: "22:30", to: "05:30"}],
   levels: {yellow: {raise: {metric: open, equals: 1, for: 10m}}}}
- {key: wandering, version: 1, title: {zh: 走失, en: Left the area}, scope: person, source: bench, verified: false,
   levels: {orange: {raise: {metric: position, leaves: {radius_m: 800}, times: 2}, clear: {below: -50}}}}
- {key: battery, version: 1, title: {zh: 电量低, en: Battery low}, scope: device, source: bench, verified: false,
   levels: {blue: {raise: {metric: battery, below: 15}, clear: {above: 25}}}}
- {key: clock, version: 1, title: {zh: 时钟超前, en: Clock ahead}, scope: device, source: bench, verified: false,
   levels: {blue: {raise: {metric: battery, clock_ahead: 10m}}}}
- {key: flapping, version: 1, title: {zh: 抖动, en: Flapping}, scope: device, source: bench, verified: false,
   levels: {blue: {raise: {metric: flow, changes: 8, within: 10m}}}}
- {key: out_of_bed, version: 1, title: {zh: 夜间离床开门, en: Out of bed and door open}, scope: household,
   source: bench, verified: false, levels: {orange: {raise: {all: [{metric: open, equals: 1},
   {not: {metric: in_bed, equals: 1}}], for: 5m}}}}
- {key: left, version: 1, title: {zh: 离床后出门, en: Left the bed and the flat}, scope: household, source: bench,
   verified: false, levels: {yellow: {raise: {sequence: [{metric: in_bed, equals: 0}, {metric: open, equals: 1}],
   within: 5m}}}}
- {key: fire, version: 1, title: {zh: 多点烟感, en: Several detectors}, scope: institution, source: bench,
   verified: false, levels: {red: {raise: {count: {metric: smoke, at_least: 1}, at_least: 3, within: 10m}}}}
- {key: power, version: 1, title: {zh: 机构断网, en: Whole institution silent}, scope: institution, source: bench,
   verified: false, levels: {orange: {raise: {count: {metric: smoke, silent: 15m}, at_least: 5, share: 0.8}}}}
"""


@dataclass(frozen=True)
class City:
    """Register, rules, and what a reading of each channel looks like."""

    register: Register
    rules: tuple[Rule, ...]


def a_city(devices: int, seed: int) -> City:
    """Devices of nine kinds, a third of them in homes of a hundred."""
    dice = np.random.default_rng(seed)
    names, shares = tuple(KINDS), np.array([share for share, _ in KINDS.values()])
    kind = dice.choice(len(names), devices, p=shares / shares.sum()).astype(np.int16)
    parts = []
    for number, name in enumerate(names):
        own = np.flatnonzero(kind == number)
        parts += [(own, np.full(len(own), METRICS.index(word))) for word in KINDS[name][1]]
    device, metric = np.concatenate([d for d, _ in parts]), np.concatenate([m for _, m in parts])
    order = np.argsort(device, kind="stable")
    at_home = np.arange(devices) >= IN_HOMES * devices
    ids = np.arange(devices)
    register = Register(
        device_id=ids + 1,
        device_kind=kind,
        kinds=names,
        metrics=METRICS,
        channel_device=device[order].astype(np.int32),
        channel_metric=metric[order].astype(np.int16),
        subjects={
            Scope.PERSON: ids // 2,
            Scope.ROOM: ids // 4,
            Scope.HOUSEHOLD: np.where(at_home, ids // HOUSEHOLD_SIZE, ids // 4 + 10_000_000),
            Scope.INSTITUTION: np.where(at_home, -1, ids // HOME_SIZE),
        },
        latitude=np.full(devices, 27.55),
        longitude=np.full(devices, 110.0),
    )
    return City(register, rules_from_yaml(RULES, "bench"))


def readings_of(city: City, total: int, batch: int, per_second: int, seed: int) -> Iterator[tuple[int, Readings]]:
    """(now, batch) until `total`: each channel in turn at random, one in a thousand late, twice, or out of order."""
    dice = np.random.default_rng(seed)
    register, now = city.register, START
    for _ in range(total // batch):
        now += batch * 1000 // per_second
        channel = dice.integers(0, len(register.channel_device), batch).astype(np.int32)
        at = now - np.sort(dice.integers(0, batch * 1000 // per_second, batch))[::-1]
        late = dice.random(batch) < 0.001
        at[late] -= dice.integers(0, 600_000, int(late.sum()))
        yield now, Readings(channel, at, *_values(dice, register, channel, at))


def _values(
    dice: np.random.Generator, register: Register, channel: np.ndarray, at: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Ordinary values, with one event in some thousands."""
    metric, size = register.channel_metric[channel], len(channel)
    rare, usual = dice.random(size), dice.standard_normal(size)
    value = np.zeros(size)
    second = np.full(size, np.nan)
    makers: dict[str, Callable[[int, np.ndarray, np.ndarray], np.ndarray]] = {
        "battery": lambda n, z, r: np.where(r < 0.01, 10.0, 60 + 10 * z),
        "heart_rate": lambda n, z, r: 72 + 9 * z + np.where(r < 0.005, 60.0, 0.0),
        "gas": lambda n, z, r: np.where(r < 0.0002, 12.0, np.abs(z)),
        "temperature": lambda n, z, r: 22 + 0.5 * z,
        "open": lambda n, z, r: (r < 0.02).astype(float),
        "stove": lambda n, z, r: (r < 0.1).astype(float),
        "flow": lambda n, z, r: np.where(r < 0.05, 1.0, 0.0),
        "position": lambda n, z, r: 27.55 + 0.002 * z,
    }
    for name, make in makers.items():
        own = np.flatnonzero(metric == METRICS.index(name))
        value[own] = make(len(own), usual[own], rare[own])
    own = np.flatnonzero(metric == METRICS.index("in_bed"))
    value[own] = (at[own] // 1_800_000 + channel[own]) % 6 > 0  # half an hour out of bed every three
    for name in ("smoke", "fall", "sos"):
        own = np.flatnonzero(metric == METRICS.index(name))
        value[own] = rare[own] < 0.0002
    place = np.flatnonzero(metric == METRICS.index("position"))
    second[place] = 110.0 + 0.002 * usual[::-1][place]
    return value, second
