"""The engine against the oracle on random worlds, with the state sent through bytes at random points."""

import random
from collections import Counter
from typing import Any

import numpy as np

from yinling.benches.signals_worlds import World
from yinling.engines.signals.alerting import EVENTS, Alerts
from yinling.engines.signals.oracle.evaluating import Oracle
from yinling.engines.signals.plan import Plan
from yinling.engines.signals.planning import plan_for
from yinling.engines.signals.state import COUNTS, from_bytes, new_state, to_bytes
from yinling.engines.signals.stepping import step


def as_tuples(plan: Plan, alerts: Alerts) -> list[tuple[Any, ...]]:
    """Events in the oracle's words."""
    return [
        (
            EVENTS[alerts.event[i]],
            plan.rules[plan.slot_rule[alerts.slot[i]]].key,
            int(plan.slot_subject[alerts.slot[i]]),
            int(alerts.level[i]),
            int(alerts.at[i]),
            int(alerts.onset[i]),
            int(alerts.channel[i]),
            bool(alerts.late[i]),
            None if np.isnan(alerts.value[i]) else float(alerts.value[i]),
        )
        for i in range(len(alerts))
    ]


def differences(world: World, chance: random.Random) -> list[str]:
    """What engine and oracle disagree about, step by step; empty where they agree."""
    begin = world.batches[0][0] - 1000
    plan = plan_for(world.rules, world.register)
    state, oracle = new_state(plan, begin), Oracle(world.rules, world.register, begin)
    found: list[str] = []
    for number, (now, watermark, readings) in enumerate(world.batches):
        if chance.random() < 0.3:
            state = from_bytes(to_bytes(state))
        state, alerts = step(state, readings, plan, now, watermark)
        ours = as_tuples(plan, alerts)
        theirs = oracle.step(readings, now, watermark)
        for only, who in ((_without(ours, theirs), "engine"), (_without(theirs, ours), "oracle")):
            found += [f"step {number}, only {who}: {event}" for event in only]
        if dict(zip(COUNTS, state.counts.tolist(), strict=True)) != oracle.counts:
            found.append(f"step {number}: counts {state.counts.tolist()} against {oracle.counts}")
    return found


def _without(some: list[tuple[Any, ...]], others: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return list((Counter(some) - Counter(others)).elements())
