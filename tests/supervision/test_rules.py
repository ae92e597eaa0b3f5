"""Decisions about alerts, without a database."""

import datetime as dt
from pathlib import Path

import pytest
import yaml

from yinling.engines.signals.cases import why_case_fails
from yinling.engines.signals.parsing import rule_from
from yinling.supervision import rules
from yinling.supervision.drawing import chart_of, runs_of
from yinling.supervision.rules import Record, Standing

AT = dt.datetime(2026, 11, 23, 14, 0, tzinfo=dt.UTC)
PACK = Path(__file__).parents[2] / "packs" / "national" / "rules"
OWN_WORDS = {"authority", "owner", "over", "settings"}


def standing(state: str = "raised", family: str = "kitchen", level: int = 2, **more: object) -> Standing:
    return Standing(state, family, level, **more)  # type: ignore[arg-type]


def shipped() -> list[dict[str, object]]:
    files = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(PACK.glob("*.yaml"))]
    return [entry for data in files for entry in data["rules"]]


def each_rule_on_readings() -> list[object]:
    """`no_data` waits for days, and the engine is asked every ten seconds of them."""
    on_readings = [entry for entry in shipped() if entry.get("over") != "register"]
    return [
        pytest.param(entry, id=str(entry["key"]), marks=[pytest.mark.heavy] if entry["key"] == "no_data" else [])
        for entry in on_readings
    ]


@pytest.mark.parametrize("entry", each_rule_on_readings())
def test_every_shipped_rule_does_what_its_own_tests_say(entry: dict[str, object]) -> None:
    rule = rule_from({word: value for word, value in entry.items() if word not in OWN_WORDS})
    assert [fault for case in rule.tests if (fault := why_case_fails(rule, case))] == []


def test_only_rules_for_smoke_gas_sos_and_falls_are_never_suppressed() -> None:
    for entry in shipped():
        assert bool(entry.get("never_suppressed")) == rules.is_never_suppressed(str(entry["family"])), entry["key"]


def test_the_same_finding_has_the_same_key() -> None:
    assert rules.key_of("device:a", "smoke", AT) == rules.key_of("device:a", "smoke", AT)
    assert rules.key_of("device:a", "smoke", AT) != rules.key_of("device:a", "smoke", AT + dt.timedelta(seconds=1))


@pytest.mark.parametrize("state", ["raised", "notified", "reopened"])
def test_what_waits_is_acknowledged(state: str) -> None:
    assert rules.why_not_acknowledge(standing(state)) is None


@pytest.mark.parametrize("state", ["acknowledged", "dispatched", "on_site", "resolved", "closed"])
def test_what_somebody_has_answered_is_not_acknowledged_again(state: str) -> None:
    assert rules.why_not_acknowledge(standing(state)) is not None


def test_nobody_is_sent_where_somebody_is_already() -> None:
    assert rules.why_not_dispatch(standing("on_site")) is not None
    assert rules.why_not_arrive(standing("on_site")) is not None
    assert rules.why_not_dispatch(standing("raised")) is None


def test_resolving_needs_an_answer_first_and_words() -> None:
    assert rules.why_not_resolve(standing("raised"), "done") is not None
    assert rules.why_not_resolve(standing("acknowledged"), "  ") is not None
    assert rules.why_not_resolve(standing("acknowledged"), "done") is None


@pytest.mark.parametrize("family", ["smoke", "gas", "sos", "fall"])
def test_smoke_gas_sos_and_falls_are_resolved_on_the_spot_only(family: str) -> None:
    assert rules.why_not_resolve(standing("acknowledged", family, 1), "done") is not None
    assert rules.why_not_resolve(standing("on_site", family, 3), "done") is None


def test_red_is_resolved_on_the_spot_only() -> None:
    assert rules.why_not_resolve(standing("dispatched", level=3), "done") is not None


def test_no_data_never_resolves() -> None:
    assert rules.why_not_resolve(standing("acknowledged", no_data=True), "seems fine") is not None
    assert rules.why_not_resolve(standing("on_site", no_data=True, was_on_site=True), "looked, fine") is None


def test_a_false_alarm_needs_a_cause_of_the_list() -> None:
    assert rules.why_not_false(standing(), "", ["cooking"]) is not None
    assert rules.why_not_false(standing(), "ghosts", ["cooking"]) is not None
    assert rules.why_not_false(standing("closed"), "cooking", ["cooking"]) is not None
    assert rules.why_not_false(standing(), "cooking", ["cooking"]) is None


def test_nobody_verifies_the_own_work() -> None:
    mine = standing("resolved", resolver="me")
    assert rules.why_not_verify(mine, "me", "", True) is not None
    assert rules.why_not_verify(mine, "you", "", True) is None
    assert rules.why_not_verify(mine, "you", "", False) is not None
    assert rules.why_not_verify(standing("raised"), "you", "", True) is not None


def test_closing_follows_verifying() -> None:
    assert rules.why_not_close(standing("resolved")) is not None
    assert rules.why_not_close(standing("closed")) is not None
    assert rules.why_not_close(standing("verified")) is None


def test_opening_again_needs_words() -> None:
    assert rules.why_not_reopen(standing("closed"), "") is not None
    assert rules.why_not_reopen(standing("raised"), "more") is not None
    assert rules.why_not_reopen(standing("closed"), "more") is None


def test_a_silence_has_reason_end_and_limit_and_never_covers_smoke() -> None:
    hour, later = dt.timedelta(hours=1), AT + dt.timedelta(hours=2)
    assert rules.why_not_silence("kitchen", later, "repair", AT) is None
    assert rules.why_not_silence("smoke", later, "repair", AT) is not None
    assert rules.why_not_silence("kitchen", later, " ", AT) is not None
    assert rules.why_not_silence("kitchen", AT - hour, "repair", AT) is not None
    assert rules.why_not_silence("kitchen", AT + dt.timedelta(days=31), "repair", AT) is not None


def test_rules_for_smoke_are_never_switched_off() -> None:
    assert rules.why_not_switch_off("gas", "noise") is not None
    assert rules.why_not_switch_off("kitchen", "") is not None
    assert rules.why_not_switch_off("kitchen", "no stoves here") is None


def test_red_pages_show_whom_to_telephone() -> None:
    assert rules.emergency_numbers("smoke", 3) == ("119", "120")
    assert rules.emergency_numbers("vital_signs", 3) == ("119", "120", "110")
    assert rules.emergency_numbers("smoke", 2) == ()


def test_evidence_keeps_the_onset_and_the_newest() -> None:
    rows = [{"at": n} for n in range(150)]
    merged = rules.merged_evidence(rows, [{"at": n} for n in range(140, 300)])
    assert len(merged) == rules.MOST_EVIDENCE
    assert merged[0] == {"at": 0} and merged[-1] == {"at": 299}


def test_a_rule_is_noisy_when_fewer_than_half_were_true_after_ten() -> None:
    assert Record(verified=10, right=4).is_noisy
    assert not Record(verified=9, right=0).is_noisy
    assert not Record(verified=10, right=5).is_noisy
    assert Record().precision is None and Record(delays=[3.0, 1.0, 2.0]).delay == 2.0


def test_readings_are_drawn_with_their_gaps_left_open() -> None:
    points = [(AT + dt.timedelta(minutes=n), float(n)) for n in (0, 1, 2, 3, 12, 13, 14)]
    assert [len(run) for run in runs_of(points)] == [4, 3]
    chart = chart_of(points, AT + dt.timedelta(minutes=2), 10.0, dt.UTC)
    assert chart is not None and len(chart.paths) == 2 and len(chart.wells) == 1 and chart.onset_words == "14:02"
    assert chart_of(points[:1], AT, None, dt.UTC) is None
