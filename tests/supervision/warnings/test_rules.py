"""Decisions over facts of the register, without a database."""

import datetime as dt
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from tests.supervision.warnings.builders import entries
from yinling.supervision.warnings.drawing import week_of
from yinling.supervision.warnings.facts import FACTS
from yinling.supervision.warnings.listening import CHANGES
from yinling.supervision.warnings.rules import (
    Fact,
    RegisterRule,
    Told,
    evidence,
    is_news,
    judge,
    register_rule,
    sentence_of,
)

AT = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
TODAY = dt.datetime(2026, 11, 22, 16, tzinfo=dt.UTC)
OVER_FACTS = [entry for entry in entries() if "fact" in entry["settings"]]


def the_rule(key: str) -> RegisterRule:
    return register_rule(next(entry for entry in OVER_FACTS if entry["key"] == key), FACTS)


def a_fact(value: float) -> Fact:
    return Fact("licence", UUID(int=7), 431224100000, value, ("institutions:licence", "x"), words={"day": "2026-12-01",
                "what": "食品经营许可证"})  # fmt: skip


@pytest.mark.parametrize("entry", OVER_FACTS, ids=lambda entry: entry["key"])
def test_every_rule_of_the_pack_can_be_read_and_its_changes_are_listened_to(entry: dict[str, Any]) -> None:
    rule = register_rule(entry, FACTS)
    assert set(rule.changes) <= set(CHANGES)


@pytest.mark.parametrize(("left", "level"), [(61, None), (60, 0), (31, 0), (30, 1), (1, 1), (0, 2), (-400, 2)])
def test_a_licence_warns_at_sixty_thirty_and_no_days(left: int, level: int | None) -> None:
    found = judge(the_rule("licence_running_out"), a_fact(left), AT, TODAY)
    assert (found.level if found else None) == level


def test_days_count_back_to_the_day_on_which_the_limit_was_reached() -> None:
    found = judge(the_rule("licence_running_out"), a_fact(20), AT, TODAY)
    assert found is not None and found.onset == TODAY - dt.timedelta(days=10)


def test_a_missing_carer_begins_now_because_nobody_knows_since_when() -> None:
    found = judge(the_rule("carers_below_ratio"), a_fact(4), AT, TODAY)
    assert found is not None and (found.level, found.onset) == (1, AT)


def test_what_is_told_is_not_told_again_until_it_is_graver() -> None:
    rule = the_rule("licence_running_out")
    found = judge(rule, a_fact(20), AT, TODAY)
    assert found is not None
    assert is_news(found, None, rule, AT)
    assert not is_news(found, Told(1, is_open=True), rule, AT)
    assert is_news(found, Told(0, is_open=True), rule, AT)


def test_what_was_settled_is_not_repeated_for_some_days() -> None:
    rule = the_rule("carers_below_ratio")
    found = judge(rule, a_fact(4), AT, TODAY)
    assert found is not None
    assert not is_news(found, Told(1, is_open=False, settled_at=AT - dt.timedelta(days=29)), rule, AT)
    assert is_news(found, Told(1, is_open=False, settled_at=AT - dt.timedelta(days=30)), rule, AT)


def test_the_evidence_says_it_in_both_languages_and_where_it_is_mended() -> None:
    rule = the_rule("licence_running_out")
    found = judge(rule, a_fact(20), AT, TODAY)
    assert found is not None
    assert sentence_of(rule.says, found).zh == "食品经营许可证有效期至2026-12-01，请办理延续并录入"
    assert evidence(rule, found)["mend"] == ["institutions:licence", "x"]


def changed(**settings: Any) -> dict[str, Any]:
    entry = OVER_FACTS[0]
    return {**entry, "settings": {**entry["settings"], **settings}}


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        (changed(fact="stars.aligned"), "nobody states the fact"),
        (changed(when="about"), "when is at_most or at_least"),
        (changed(colour="green"), "unknown settings colour"),
        ({**OVER_FACTS[0], "levels": {"blue": {"limit": 30}, "yellow": {"limit": 60}}}, "the stricter limit"),
        ({**OVER_FACTS[0], "levels": {"red": {"limit": 0}}}, "never by itself"),
    ],
)
def test_a_faulty_rule_is_named(entry: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        register_rule(entry, FACTS)


def test_a_rule_that_the_register_does_not_prove_may_be_red() -> None:
    entry = changed(is_proved_by_register=False)
    assert register_rule({**entry, "levels": {"red": {"limit": 0}}}, FACTS).limits == ((3, 0.0),)
    assert replace(the_rule("drill_overdue"), again_after_days=1).again_after_days == 1


def test_the_week_draws_each_sign_and_the_silence_over_midnight() -> None:
    zone = dt.timezone(dt.timedelta(hours=8))
    at = dt.datetime(2026, 11, 23, 9, 0, tzinfo=zone)
    last = dt.datetime(2026, 11, 22, 18, 0, tzinfo=zone)
    usual = [[7 <= hour < 9 or hour == 23 for hour in range(24)]] * 7
    week = week_of([last, last - dt.timedelta(hours=6)], usual, last, at)
    yesterday, today = week.rows[-2:]
    assert (len(yesterday.marks), len(today.marks), len(today.usual)) == (2, 0, 2)
    assert yesterday.silent is not None and today.silent is not None and week.rows[0].silent is None
    assert round(yesterday.silent.width + today.silent.width) == round((352 - 48) * 15 / 24)
