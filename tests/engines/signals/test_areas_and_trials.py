"""Alerts counted over an area, and a rule tried on history."""

import numpy as np

from tests.engines.signals.builders import MINUTE, NOON, Engine, a_rule, devices, readings
from yinling.engines.signals.areas import AreaState, Raised, areas_of_slots, raised_in_areas, step_areas
from yinling.engines.signals.stepping import step
from yinling.engines.signals.trying import try_rules

POWER_CUT = a_rule("cut", "area", raise_={"alerts_of": "silent", "at_least": 3, "within": "10m"})


def at(minute: float) -> int:
    return NOON + round(minute * MINUTE)


def raises(*pairs: tuple[str, float]) -> list[Raised]:
    return [Raised("silent", subject, 9, at(minute)) for subject, minute in pairs]


def test_three_subjects_within_ten_minutes_raise_for_the_area_and_it_ends_ten_minutes_after() -> None:
    state, told = step_areas(AreaState(), raises(("a", 1), ("a", 2), ("b", 3)), [POWER_CUT], at(5))
    assert told == []
    state, told = step_areas(state, raises(("c", 6), ("d", 7)), [POWER_CUT], at(8))
    assert [(alert.event, alert.at, alert.subjects) for alert in told] == [("raised", at(6), 3), ("updated", at(7), 4)]
    state, told = step_areas(state, [], [POWER_CUT], at(16.9))
    assert told == []
    state, told = step_areas(state, [], [POWER_CUT], at(30))
    assert [(alert.event, alert.at, alert.onset) for alert in told] == [("cleared", at(17), at(6))]


def test_three_subjects_too_far_apart_do_not() -> None:
    _, told = step_areas(AreaState(), raises(("a", 1), ("b", 6), ("c", 12)), [POWER_CUT], at(13))
    assert told == []


def test_alerts_of_a_shard_know_their_area() -> None:
    engine = Engine(devices(2), a_rule("silent"))
    _, alerts = step(engine.state, readings((0, 1, 1), (1, 2, 0)), engine.plan, at(2))
    area = areas_of_slots(engine.plan)
    assert raised_in_areas(engine.plan, area, alerts) == [Raised("silent", "device/1", 9, at(1))]


def test_a_rule_tried_on_history_tells_what_it_would_have_raised_on_whom_and_how_often() -> None:
    minutes = np.arange(0, 120)
    history = readings(*[(0, minute, float(minute % 30 == 5)) for minute in minutes], (1, 120, 1))
    (trial,) = try_rules([a_rule("smoke")], devices(2), history, history.at)
    assert (trial.raised, trial.subjects, trial.by_level["red"]) == (5, 2, 5)
    assert trial.most == ((1, 4), (2, 1))
    assert round(trial.a_day) == 60
    assert trial.events[0].key == f"device:1/smoke/{at(5)}"


def test_a_trial_without_history_raises_nothing() -> None:
    (trial,) = try_rules([a_rule("smoke")], devices(1), readings(), np.empty(0, np.int64))
    assert (trial.raised, trial.events) == (0, ())
