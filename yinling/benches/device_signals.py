"""Bench `signals`: the pure engine at a city's size, held against the oracle, and the silence watch against fixed days.

CPU seconds are those of this process, because others may share the machine. Readings are made before they are timed.
"""

import random
import time

import numpy as np

from yinling.benches.report import Report, Result
from yinling.benches.signals_city import KINDS, START, a_city, readings_of
from yinling.benches.signals_differences import differences
from yinling.benches.signals_silence import Point, compare, recall_at
from yinling.benches.signals_worlds import a_world
from yinling.engines.signals.alerting import RAISED
from yinling.engines.signals.faults import FaultyRule
from yinling.engines.signals.plan import Plan
from yinling.engines.signals.planning import plan_for
from yinling.engines.signals.register import Readings, Register, no_readings
from yinling.engines.signals.rules import Scope
from yinling.engines.signals.state import State, from_bytes, new_state, to_bytes
from yinling.engines.signals.stepping import step

SEED = 20_261_124
DEVICES, READINGS, BATCH = 1_000_000, 5_000_000, 100_000
QUICK_DEVICES, QUICK_READINGS = 200_000, 1_000_000
COMPARED, QUICK_COMPARED, A_WORLD = 10_000_000, 60_000, 4_000
ELDERS, QUICK_ELDERS = 10_000, 2_000
SILENT_AFTER_MS = 1_800_000


def run(quick: bool) -> Report:
    """Speed, absence, agreement, silence watch; `quick` takes a fifth of the devices and far fewer comparisons."""
    devices, readings = (QUICK_DEVICES, QUICK_READINGS) if quick else (DEVICES, READINGS)
    compared, elders = (QUICK_COMPARED, QUICK_ELDERS) if quick else (COMPARED, ELDERS)
    plan, results = _speed(devices, readings, quick)
    results += _absence(DEVICES)
    results += _agreement(compared, quick)
    results += _silence(elders)
    return Report(
        name="signals",
        sizes={
            "devices": devices,
            "kinds of devices": len(KINDS),
            "channels": len(plan.register.channel_device),
            "rules": len(plan.rules),
            "lanes": len(plan.lanes.atom),
            "readings": readings,
            "readings a batch": BATCH,
            "seed": SEED,
            "bars": f"set for {DEVICES:,} devices" if quick else "at full size",
        },
        results=results,
    )


def _speed(devices: int, total: int, quick: bool) -> tuple[Plan, list[Result]]:
    city = a_city(devices, SEED)
    started = time.process_time()
    plan = plan_for(city.rules, city.register)
    planned = time.process_time() - started
    state = new_state(plan, START)
    batches = list(readings_of(city, total + total // 5, BATCH, devices // 60, SEED))
    warm = len(batches) // 6
    for now, batch in batches[:warm]:
        state, _ = step(state, batch, plan, now)
    cpu, events, raised = 0.0, 0, np.zeros(len(plan.rules), np.int64)
    for now, batch in batches[warm:]:
        started = time.process_time()
        state, alerts = step(state, batch, plan, now)
        cpu += time.process_time() - started
        events += len(alerts)
        raised += np.bincount(plan.slot_rule[alerts.slot[alerts.event == RAISED]], minlength=len(raised))
    speed = total / cpu / 1e6
    started = time.process_time()
    again = from_bytes(to_bytes(state))
    through_bytes = time.process_time() - started
    return plan, [
        Result("readings in `step`", round(speed, 2), "M per CPU s", ">= 3", None if quick else speed >= 3),
        _plain("alert events of these readings", events, "events"),
        _plain("rules that raised", int((raised > 0).sum()), f"of {len(plan.rules)}"),
        _plain("tick without readings, all timers of all rules", _tick_ms(plan, again, batches[-1][0]), "CPU ms"),
        _plain("plan of rules and register", planned, "CPU s"),
        _plain("state to bytes and back", through_bytes, "CPU s"),
    ]


def _tick_ms(plan: Plan, state: State, now: int) -> float:
    times = []
    for second in range(1, 61):
        started = time.process_time()
        step(state, no_readings(), plan, now + second * 1000)
        times.append(time.process_time() - started)
    return float(np.median(times)) * 1000


def _absence(devices: int) -> list[Result]:
    """A million devices that report every ten minutes; one in a thousand stops. A tick every second for 55 minutes."""
    city = a_city(0, SEED)
    rules = [rule for rule in city.rules if rule.key == "silent"]
    plan = plan_for(rules, _one_kind(devices))
    state = new_state(plan, START)
    dice = np.random.default_rng(SEED)
    phase, stops = dice.integers(0, 600, devices), dice.random(devices) < 0.001
    channels = [np.flatnonzero(phase == second).astype(np.int32) for second in range(600)]
    delays, sweeps = [], []
    for second in range(3300):
        now = START + second * 1000
        own = channels[second % 600]
        own = own[~stops[own]] if second >= 600 else own
        state, _ = step(state, Readings(own, np.full(len(own), now), np.zeros(len(own))), plan, now, now - 1000)
        started = time.process_time()
        state, alerts = step(state, no_readings(), plan, now)
        sweeps.append(time.process_time() - started)
        delays += (now - alerts.at).tolist()
    worst, settled = max(delays, default=0) / 1000, np.array(sweeps[SILENT_AFTER_MS // 1000 + 1 :]) * 1000
    sweep = float(settled.max())
    return [
        Result("absence found after its limit, worst", worst, "s", "<= 5", worst <= 5),
        Result(f"absence sweep of a million, worst of {len(settled):,}", round(sweep, 3), "CPU ms", "<= 3", sweep <= 3),
        _plain("absence sweep of a million, median", float(np.median(settled)), "CPU ms"),
        _plain("absence sweep, worst in the limit's first period after an empty start", max(sweeps) * 1000, "CPU ms"),
        Result("absences found", len(delays), "devices", f"= {int(stops.sum())}", len(delays) == int(stops.sum())),
    ]


def _one_kind(devices: int) -> Register:
    number = np.arange(devices)
    return Register(
        device_id=number,
        device_kind=np.zeros(devices, np.int16),
        kinds=("smoke",),
        metrics=("smoke",),
        channel_device=number.astype(np.int32),
        channel_metric=np.zeros(devices, np.int16),
        subjects={Scope.HOUSEHOLD: number},
        latitude=np.full(devices, np.nan),
        longitude=np.full(devices, np.nan),
    )


def _agreement(total: int, quick: bool) -> list[Result]:
    """Random worlds of at most A_WORLD readings each, through engine and oracle."""
    chance, done, worlds, found = random.Random(SEED), 0, 0, 0
    while done < total:
        try:
            world = a_world(chance, chance.choice([100, 400, A_WORLD]))
        except FaultyRule:  # windows that leave nothing out
            continue
        found += len(differences(world, chance))
        done += sum(len(batch) for _, _, batch in world.batches)
        worlds += 1
    return [
        Result("differences from the oracle", found, f"in {done:,} readings", "= 0", found == 0),
        _plain("random worlds of rules and streams", worlds, "worlds"),
    ]


def _silence(elders: int) -> list[Result]:
    points = compare(elders, SEED)
    watch, fixed = (recall_at(points, method, 20) for method in ("silence watch", "fixed days"))
    return [
        _plain("silence watch: recall at 20 alarms per 1,000 elder-days", watch, "share of events"),
        _plain("fixed days: recall at 20 alarms per 1,000 elder-days", fixed, "share of events"),
        *(_plotted(point) for point in points),
    ]


def _plotted(point: Point) -> Result:
    """One point of the plot: recall over alarms."""
    what = f"{point.method} {point.setting:g}: recall at {point.alarms_per_1000_days:.1f} alarms per 1,000 elder-days"
    return _plain(what, point.recall, "share of events")


def _plain(what: str, value: float, unit: str) -> Result:
    return Result(what, round(value, 4), unit, "", None)
