"""Small random worlds for the engine `signals`: rules of every kind, and streams with everything that goes wrong."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from yinling.engines.signals.parsing import rule_from
from yinling.engines.signals.register import Readings, Register
from yinling.engines.signals.rules import Rule, Scope

START = 1_700_000_000_000
SECOND, MINUTE, HOUR = 1000, 60_000, 3_600_000
KINDS = ("smoke", "door", "bed_mat", "wearable")
METRICS = ("smoke", "open", "heart_rate", "position", "battery")
SENT_BY = {"smoke": (0, 4), "door": (1, 4), "bed_mat": (2,), "wearable": (3, 4)}
FAR = 0.01  # degrees; about a kilometre


@dataclass(frozen=True)
class World:
    """Rules, register, and the batches in order of arrival: (now, watermark, readings)."""

    rules: tuple[Rule, ...]
    register: Register
    batches: list[tuple[int, int, Readings]]


def a_world(chance: random.Random, readings: int, rules: int = 4, steps: int = 12) -> World:
    """A random world; times are whole seconds, so that limits are met exactly now and then."""
    register = a_register(chance, chance.randint(1, 12))
    chosen = tuple(rule_from(a_rule(chance, f"rule_{i}")) for i in range(chance.randint(1, rules)))
    return World(chosen, register, list(a_stream(chance, register, readings, steps)))


def a_register(chance: random.Random, devices: int) -> Register:
    """Devices of four kinds in a few rooms and two institutions."""
    kind = [chance.randrange(len(KINDS)) for _ in range(devices)]
    channels = [(device, metric) for device in range(devices) for metric in SENT_BY[KINDS[kind[device]]]]
    column = np.array(channels, dtype=np.int64)
    household = np.array([chance.randrange(-1, 2) for _ in range(devices)])
    return Register(
        device_id=np.arange(devices) * 7 + 100,
        device_kind=np.array(kind, np.int16),
        kinds=KINDS,
        metrics=METRICS,
        channel_device=column[:, 0].astype(np.int32),
        channel_metric=column[:, 1].astype(np.int16),
        subjects={
            Scope.PERSON: np.array([chance.randrange(-1, 2) for _ in range(devices)]),
            Scope.ROOM: np.array([chance.randrange(3) for _ in range(devices)]),
            Scope.HOUSEHOLD: household,
            Scope.INSTITUTION: np.array([chance.randrange(2) for _ in range(devices)]),
        },
        latitude=np.full(devices, 27.5),
        longitude=np.array([110.0 + chance.random() / 100 for _ in range(devices)]),
        consents={"vital_signs": np.array([chance.random() < 0.8 for _ in range(devices)])},
    )


def a_rule(chance: random.Random, key: str) -> dict[str, Any]:
    """A rule in plain data. Names of levels, scopes and conditions come up alike often."""
    vital = chance.random() < 0.15
    rule: dict[str, Any] = {
        "key": key, "version": 1, "title": {"zh": "规则", "en": key}, "source": "made up", "verified": False,
        "scope": chance.choice(["device", "person", "room", "household", "institution"]),
    }  # fmt: skip
    levels = chance.sample(["blue", "yellow", "orange", "red"], chance.choice([1, 1, 2, 3]))
    if vital:
        rule["never_suppressed"] = True
        rule["levels"] = {level: {"raise": {"metric": "smoke", "at_least": chance.choice([1, 2])}} for level in levels}
    else:
        rule["levels"] = {level: a_level(chance) for level in levels}
        if chance.random() < 0.4:
            rule["schedule"] = [a_window(chance) for _ in range(chance.randint(1, 2))]
    if chance.random() < 0.4:
        rule["gap"] = {"after": f"{chance.choice([1, 5, 20])}m", "policy": chance.choice(["hold", "reset", "raise"])}
    if chance.random() < 0.3:
        rule["dedupe"] = {"within": f"{chance.choice([2, 10])}m"}
    if chance.random() < 0.2:
        rule["consent"] = chance.choice(["vital_signs", "vital_signs", "position"])
    return rule


def a_window(chance: random.Random) -> dict[str, Any]:
    """At least half an hour long, which is longer than anything here lasts."""
    begins = chance.randrange(0, 1440, 10)
    ends = (begins + chance.choice([30, 60, 480, 1430])) % 1440
    window: dict[str, Any] = {"from": f"{begins // 60:02}:{begins % 60:02}", "to": f"{ends // 60:02}:{ends % 60:02}"}
    if chance.random() < 0.3:
        window["days"] = chance.sample(["mon", "tue", "wed", "thu", "fri", "sat", "sun"], chance.randint(1, 4))
    return window


def a_level(chance: random.Random) -> dict[str, Any]:
    """One atom with its clear, or a composite."""
    if chance.random() < 0.45:
        level: dict[str, Any] = {"raise": a_composite(chance)}
        if chance.random() < 0.3:
            level["clear"] = {"for": f"{chance.choice([30, 90])}s"}
        return level
    raising, clearing = an_atom(chance)
    return {"raise": raising} | ({"clear": clearing} if clearing else {})


def an_atom(chance: random.Random) -> tuple[dict[str, Any], dict[str, Any]]:
    """An atom and how it clears; an empty clear is the raise no longer true."""
    kind = chance.choice(["value", "value", "value", "rate", "silent", "fence", "baseline", "changes", "clock"])
    metric = chance.choice(METRICS[:3])
    if kind == "silent":
        return {"metric": metric, "silent": f"{chance.choice([3, 7, 25])}m"}, {}
    raising = {"metric": metric} | _main(chance, kind)
    if kind == "fence":
        raising["metric"] = "position"
    if chance.random() < 0.3:
        raising["devices"] = chance.sample(KINDS, 3)
    raising |= _refined(chance)
    clearing: dict[str, Any] = {}
    if kind == "value" and chance.random() < 0.5:
        clearing = chance.choice([{"below": 1}, {"at_most": 0}, {"equals": 0}, {"between": [0, 1]}])
    return raising, clearing | _refined(chance)


def _refined(chance: random.Random) -> dict[str, Any]:
    refined: dict[str, Any] = {}
    if chance.random() < 0.3:
        refined["times"] = chance.randint(1, 3)
        if chance.random() < 0.5:
            refined["of"] = refined["times"] + chance.randint(0, 3)
    if chance.random() < 0.35:
        refined["for"] = f"{chance.choice([30, 60, 300, 900])}s"
    return refined


def _main(chance: random.Random, kind: str) -> dict[str, Any]:
    if kind == "rate":
        over = {"over": f"{chance.choice([1, 5])}m"} if chance.random() < 0.6 else {}
        return {chance.choice(["rises", "falls"]): chance.choice([0.5, 1, 3]), "per": "1m"} | over
    if kind == "baseline":
        word = chance.choice(["strays", "strays_above", "strays_below"])
        return {word: chance.choice([1, 2.5]), "quiet_start": chance.randint(1, 4), "memory": 8, "floor": 0.25}
    if kind == "changes":
        return {"changes": chance.randint(1, 4), "within": f"{chance.choice([2, 10])}m"}
    if kind == "clock":
        return {"clock_ahead": f"{chance.choice([3, 30])}m"}
    if kind == "fence":
        circle: dict[str, Any] = {"radius_m": chance.choice([100, 400])}
        if chance.random() < 0.5:
            circle["centre"] = [27.5, 110.005]
        corners = {"corners": [[27.495, 110.0], [27.505, 110.001], [27.502, 110.01], [27.496, 110.008]]}
        return {chance.choice(["leaves", "enters"]): chance.choice([circle, corners])}
    number, word = (
        chance.choice([0, 1, 2, 3]),
        chance.choice(["above", "at_least", "below", "at_most", "equals", "range"]),
    )
    return {chance.choice(["between", "outside"]): [1, number + 1]} if word == "range" else {word: number}


def a_composite(chance: random.Random) -> dict[str, Any]:
    """Two or three leaves joined in one of the ways there are."""
    leaves = [a_leaf(chance) for _ in range(chance.randint(2, 3))]
    kind = chance.choice(["logic", "sequence", "together", "count"])
    lasting = {"for": f"{chance.choice([30, 120])}s"} if chance.random() < 0.3 else {}
    within = {"within": f"{chance.choice([1, 5, 15])}m"}
    if kind == "logic":
        parts = [{"not": leaf} if chance.random() < 0.3 else leaf for leaf in leaves]
        if len(parts) == 3 and chance.random() < 0.5:
            parts = [{chance.choice(["all", "any"]): parts[:2]}, parts[2]]
        return {chance.choice(["all", "any"]): parts} | lasting
    if kind == "count":
        needed: dict[str, Any] = chance.choice([{"at_least": 2}, {"share": 0.6}, {"at_least": 2, "share": 0.4}])
        return {"count": leaves[0]} | needed | (within if chance.random() < 0.6 else {}) | lasting
    return {kind: leaves} | within | lasting


def a_leaf(chance: random.Random) -> dict[str, Any]:
    raising, clearing = an_atom(chance)
    return raising | ({"clear": clearing} if clearing else {})


def a_stream(
    chance: random.Random, register: Register, readings: int, steps: int
) -> Iterator[tuple[int, int, Readings]]:
    """Readings of every channel, some channels dead for a while, some delivered late or twice or from the future."""
    dice = np.random.default_rng(chance.randrange(2**32))
    span = chance.choice([20 * MINUTE, 2 * HOUR, 30 * HOUR])
    channels, size = len(register.channel_device), readings
    start = START + chance.randrange(0, 7 * 24) * HOUR
    grid = chance.choice([SECOND, 30 * SECOND, MINUTE])
    at = start + dice.integers(0, span, size) // grid * grid
    channel = dice.integers(0, channels, size).astype(np.int32)
    dead = dice.integers(start, start + span, channels)
    alive = (at < dead[channel]) | (at > dead[channel] + span // 4)
    at, channel = at[alive], channel[alive]
    arrives = at + dice.integers(0, 3, len(at)) * SECOND * chance.choice([0, 1])
    held_back = dice.random(len(at)) < chance.choice([0, 0, 0.05, 0.3])
    arrives[held_back] += dice.integers(0, span // 4, int(held_back.sum()))
    ahead = dice.random(len(at)) < chance.choice([0, 0.02])
    at[ahead] += dice.integers(MINUTE, 24 * HOUR, int(ahead.sum()))
    again = np.flatnonzero(dice.random(len(at)) < 0.05)
    arrives = np.concatenate([arrives, arrives[again] + dice.integers(0, 10 * MINUTE, len(again))])
    at, channel = np.concatenate([at, at[again]]), np.concatenate([channel, channel[again]])
    value, second = _values(dice, register, channel)
    order = np.argsort(arrives, kind="stable")
    arrives, all_ = arrives[order], Readings(channel[order], at[order], value[order], second[order])
    yield from _batches(chance, arrives, all_, (start, span, grid), steps)


def _values(dice: np.random.Generator, register: Register, channel: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    value = dice.choice([0.0, 0.0, 0.0, 1.0, 1.0, 2.0, 3.0, 3.5], len(channel))
    value[dice.random(len(channel)) < 0.01] = np.nan
    second = np.full(len(channel), np.nan)
    place = np.flatnonzero(register.channel_metric[channel] == METRICS.index("position"))
    value[place] = 27.5 + (dice.random(len(place)) - 0.5) * FAR
    second[place] = 110.005 + (dice.random(len(place)) - 0.5) * FAR
    return value, second


def _batches(
    chance: random.Random, arrives: np.ndarray, readings: Readings, times: tuple[int, int, int], steps: int
) -> Iterator[tuple[int, int, Readings]]:
    """Cut at random times; some ticks bring nothing, some watermarks stay behind."""
    start, span, grid = times
    cuts = sorted(chance.randrange(start, start + span) for _ in range(steps))
    done = 0
    for cut in [*cuts, start + span + HOUR]:
        now = cut // grid * grid
        until = done if chance.random() < 0.2 else int(np.searchsorted(arrives, now, side="right"))
        behind = chance.choice([0, 0, 30 * SECOND, 10 * MINUTE])
        yield now, now - behind, readings.part(slice(done, max(done, until)))
        done = max(done, until)
