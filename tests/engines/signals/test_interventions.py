"""People close alerts, consent comes and goes, rules and devices change: nothing else is disturbed."""

import numpy as np

from tests.engines.signals.builders import MINUTE, NOON, Engine, a_rule, devices
from yinling.engines.signals.interventions import carry, consent, release, withdraw
from yinling.engines.signals.planning import plan_for

SMOKE = a_rule("smoke", never_suppressed=True)
HEART = a_rule("heart", raise_={"metric": "heart", "above": 100, "for": "5m"}, consent="vital_signs")


def at(minute: float) -> int:
    return NOON + round(minute * MINUTE)


def test_a_closed_alert_may_raise_again_with_an_onset_of_its_own() -> None:
    engine = Engine(devices(1), SMOKE)
    assert engine.step(1, (0, 1, 1)) == [("raised", 1, 1.0)]
    engine.state = release(engine.plan, engine.state, np.array([0]), at(5))
    assert engine.step(6, (0, 6, 1)) == [("raised", 1, 6.0)]
    assert engine.state.onset.tolist() == [at(6)]


def test_withdrawn_consent_stops_evaluation_and_the_alert_at_once() -> None:
    engine = Engine(devices(2, "heart", vital_signs=[True, True]), HEART)
    engine.step(1, (0, 1, 120), (1, 1, 120))
    assert engine.step(6) == [("raised", 1, 6.0), ("raised", 2, 6.0)]
    engine.state, alerts = consent(engine.plan, engine.state, "vital_signs", np.array([0]), np.array([False]), at(7))
    assert engine.words(alerts) == [("stopped", 1, 7.0)]
    assert engine.step(20, (0, 8, 130), (0, 19, 130)) == []
    engine.state, _ = consent(engine.plan, engine.state, "vital_signs", np.array([0]), np.array([True]), at(21))
    assert engine.step(30, (0, 22, 130), (0, 29, 130)) == [("raised", 1, 27.0)]


def test_what_may_be_judged_under_no_rule_any_more_is_stopped_though_its_rule_names_no_consent() -> None:
    rule = a_rule("fast", raise_={"metric": "heart", "above": 100, "for": "5m"})
    engine = Engine(devices(2, "heart"), rule)
    engine.step(1, (0, 1, 120), (1, 1, 120))
    assert engine.step(6) == [("raised", 1, 6.0), ("raised", 2, 6.0)]
    none = np.empty(0, np.intp)
    engine.state, alerts = withdraw(engine.plan, engine.state, "vital_signs", none, np.array([0]), at(7))
    assert engine.words(alerts) == [("stopped", 1, 7.0)]
    assert engine.step(20, (1, 19, 90)) == [("cleared", 2, 19.0)]


def test_withdrawal_in_the_middle_of_waiting_forgets_the_waiting() -> None:
    engine = Engine(devices(1, "heart", vital_signs=[True]), HEART)
    engine.step(1, (0, 1, 120))
    engine.state, alerts = consent(engine.plan, engine.state, "vital_signs", np.array([0]), np.array([False]), at(2))
    assert len(alerts) == 0
    assert engine.step(60) == []


def test_withdrawal_takes_the_composites_with_it() -> None:
    rule = a_rule(
        "both", "household", consent="vital_signs",
        raise_={"all": [{"metric": "heart", "above": 100}, {"metric": "open", "equals": 1}]},
    )  # fmt: skip
    engine = Engine(devices(1, "heart", "open", vital_signs=[True]), rule)
    assert engine.step(1, (0, 1, 120), (1, 1, 1)) == [("raised", 1, 1.0)]
    engine.state, alerts = consent(engine.plan, engine.state, "vital_signs", np.array([0]), np.array([False]), at(2))
    assert engine.words(alerts) == [("stopped", 1, 2.0)]
    assert engine.step(9, (0, 8, 120), (1, 8, 1)) == []


def test_a_new_device_and_a_new_rule_leave_waiting_counting_and_alerts_as_they_were() -> None:
    count = a_rule(
        "several", "household", raise_={"count": {"metric": "smoke", "at_least": 1}, "at_least": 3, "within": "10m"}
    )
    waiting = a_rule("waiting", raise_={"metric": "smoke", "equals": 0, "for": "5m"})
    engine = Engine(devices(3), SMOKE, count, waiting)
    engine.step(1, (0, 1, 1), (1, 1, 1), (2, 1, 0))
    new = plan_for([a_rule("first", raise_={"metric": "smoke", "silent": "1h"}), waiting, count, SMOKE], devices(5))
    engine.state, alerts = carry(engine.plan, engine.state, new, at(2))
    engine.plan = new
    assert len(alerts) == 0
    assert engine.step(6.5, (2, 6.5, 1)) == [
        ("raised", 3, 6.0),  # waiting since noon and a minute, on the third device
        ("cleared", 3, 6.5),
        ("raised", 1, 6.5),  # the third detector of the household
        ("raised", 3, 6.5),
    ]
    assert engine.step(7, (0, 7, 0)) == [("cleared", 1, 7.0)]


def test_a_rule_that_is_gone_stops_its_alerts() -> None:
    engine = Engine(devices(2), SMOKE)
    engine.step(1, (0, 1, 1))
    new = plan_for([a_rule("other")], devices(2))
    state, alerts = carry(engine.plan, engine.state, new, at(2))
    assert engine.words(alerts) == [("stopped", 1, 2.0)]
    assert not state.held.any()


def test_a_changed_test_starts_anew_but_the_same_plan_carries_every_byte_of_meaning() -> None:
    engine = Engine(devices(2, "heart", vital_signs=[True, True]), HEART)
    engine.step(1, (0, 1, 120))
    state, _ = carry(engine.plan, engine.state, plan_for([HEART], engine.plan.register), at(2))
    assert state.due.tolist() == engine.state.due.tolist()
    assert state.since.tolist() == engine.state.since.tolist()
    assert state.seen.tolist() == engine.state.seen.tolist()
