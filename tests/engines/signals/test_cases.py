"""One rule of every kind, with the tests that stand beside it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from yinling.engines.signals.cases import instant, why_case_fails
from yinling.engines.signals.parsing import rules_from_yaml
from yinling.engines.signals.rules import Rule

FILE = Path(__file__).with_name("rules.yaml")
LONG_MS = 6 * 3_600_000
RULES = rules_from_yaml(FILE.read_text(encoding="utf-8"), FILE.name)


def each_case() -> Iterator[Any]:
    for rule in RULES:
        for case in rule.tests:
            marks = [pytest.mark.heavy] if lasts_ms(case) > LONG_MS else []
            yield pytest.param(rule, case, id=f"{rule.key}: {case['case']}", marks=marks)


def lasts_ms(case: dict[str, Any]) -> int:
    """From the first reading to the end: the engine is asked every ten seconds in between."""
    times = [instant(reading["at"]) for reading in case.get("readings", ())]
    return (instant(case["until"]) if "until" in case else max(times, default=0)) - min(times, default=0)


@pytest.mark.parametrize(("rule", "case"), list(each_case()))
def test_a_rule_does_what_the_test_beside_it_says(rule: Rule, case: dict[str, Any]) -> None:
    assert why_case_fails(rule, case) is None


def test_a_case_that_does_not_hold_says_what_happened_instead() -> None:
    smoke = RULES[0]
    why = why_case_fails(smoke, {"case": "nothing", "readings": [{"at": "10:00", "smoke": 1}], "expect": []})
    assert why is not None
    assert "smoke, nothing: expected nothing, got [{" in why


def test_times_of_a_case_are_local_and_may_be_of_the_next_day() -> None:
    assert instant("+1 06:00") - instant("22:00") == 8 * 3_600_000
    assert instant(1320) == instant("22:00")
