"""Random rules on random streams: engine and oracle never differ, and neither bytes nor shards change a thing."""

import random

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from yinling.benches.signals_differences import as_tuples, differences
from yinling.benches.signals_worlds import World, a_world
from yinling.engines.signals.faults import FaultyRule
from yinling.engines.signals.plan import Plan
from yinling.engines.signals.planning import plan_for
from yinling.engines.signals.register import Readings
from yinling.engines.signals.sharding import care_scopes, part_of
from yinling.engines.signals.state import new_state, to_bytes
from yinling.engines.signals.stepping import step


def world_of(chance: random.Random, readings: int) -> World | None:
    """None where chance has drawn windows that leave nothing out."""
    try:
        return a_world(chance, readings)
    except FaultyRule:
        return None


@pytest.mark.heavy
@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=False), st.integers(20, 250))
def test_engine_and_oracle_agree_on_any_world(chance: random.Random, size: int) -> None:
    world = world_of(chance, size)
    assume(world is not None)
    assert world is not None
    assert differences(world, chance) == []


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.heavy) for seed in range(20, 400, 20))])
def test_engine_and_oracle_agree_on_worlds_that_stay_the_same(seed: int) -> None:
    for each in range(seed, seed + 20):
        chance = random.Random(each)
        if world := world_of(chance, 150):
            assert differences(world, chance) == [], f"world {each}"


@pytest.mark.parametrize("seed", range(30))
def test_two_shards_give_the_alerts_of_one_machine(seed: int) -> None:
    world = world_of(random.Random(seed), 200)
    if world is None:
        return
    register = world.register
    # a person or room that spans two care scopes would span two shards: here each lies in one
    kind, scope = care_scopes(register)
    alone = kind.astype(np.int64) * 1_000_000 + scope
    for name in list(register.subjects):
        if name not in ("institution", "household"):
            register.subjects[name] = alone  # type: ignore[index]
    register.subjects["household"] = np.where(register.subjects["institution"] >= 0, alone, -1)  # type: ignore[index]
    whole = events_of(plan_for(world.rules, register), world.batches, np.arange(len(register.channel_device)))
    parts = []
    for shard in range(2):
        part, channels = part_of(register, shard, 2)
        parts += events_of(plan_for(world.rules, part), world.batches, channels)
    assert sorted(map(str, parts)) == sorted(map(str, whole))


def events_of(plan: Plan, batches: list[tuple[int, int, Readings]], channels: np.ndarray) -> list[tuple[object, ...]]:
    """Events without the channel, which has another number in each shard."""
    found: list[tuple[object, ...]] = []
    state = new_state(plan, batches[0][0] - 1000)
    for now, watermark, batch in batches:
        own = np.flatnonzero(np.isin(batch.channel, channels))
        second = None if batch.second is None else batch.second[own]
        rows = np.searchsorted(channels, batch.channel[own]).astype(np.int32)
        part = Readings(rows, batch.at[own], batch.value[own], second)
        state, alerts = step(state, part, plan, now, watermark)
        found += [event[:6] + event[7:] for event in as_tuples(plan, alerts)]
    return found


def test_the_same_batches_leave_the_same_bytes() -> None:
    world = a_world(random.Random(5), 300)
    plan = plan_for(world.rules, world.register)
    written = []
    for _ in range(2):
        state = new_state(plan, world.batches[0][0] - 1000)
        for now, watermark, batch in world.batches:
            state, _ = step(state, batch, plan, now, watermark)
        written.append(to_bytes(state))
    assert written[0] == written[1]
