"""A rule with a fault is refused with its line, what was found, and what to write."""

import pytest

from tests.engines.signals.builders import a_rule
from yinling.engines.signals.conditions import Band, Measure
from yinling.engines.signals.faults import FaultyRule
from yinling.engines.signals.parsing import rules_from_yaml

TEXT = """rules:
  - key: heat
    version: 1
    title: {zh: 升温, en: Heat}
    scope: rom
    source: test
    verified: false
    levels:
      red:
        raise:
          metric: heat
          abov: 50
"""


def faults(**words: object) -> str:
    with pytest.raises(FaultyRule) as caught:
        a_rule(**words)  # type: ignore[arg-type]
    return str(caught.value)


def test_every_fault_is_named_with_its_line_and_a_suggestion() -> None:
    with pytest.raises(FaultyRule) as caught:
        rules_from_yaml(TEXT, "rules.yaml")
    assert str(caught.value).splitlines() == [
        "rules.yaml:5: scope: 'rom' is not one of them. Did you mean \"room\"?",
        "rules.yaml:10: levels.red.raise: one main word is needed, found none",
    ]


def test_unknown_words_lengths_and_numbers_are_told() -> None:
    assert 'levels.red.raise.fro: unknown word. Did you mean "for"?' in faults(
        raise_={"metric": "smoke", "above": 1, "fro": "5m"}
    )
    assert "expected a length of time such as 90s, 5m, 2h or 3d, found 'soon'" in faults(
        raise_={"metric": "smoke", "above": 1, "for": "soon"}
    )
    assert "expected a number, found 'hot'" in faults(raise_={"metric": "smoke", "above": "hot"})
    assert "metric is missing" in faults(raise_={"above": 1})
    assert "one main word is needed, found above, below" in faults(raise_={"metric": "smoke", "above": 1, "below": 9})


def test_what_would_never_fire_or_always_fire_is_refused() -> None:
    windows = [{"from": "22:00", "to": "23:00"}]
    assert "a condition lasts 120 min, a window only 60 min" in faults(
        schedule=windows, raise_={"metric": "smoke", "above": 1, "for": "2h"}
    )
    assert "leave the schedule away" in faults(schedule=[{"from": "00:00", "to": "24:00"}])
    assert "such a rule raises on one reading" in faults(
        never_suppressed=True, raise_={"metric": "smoke", "above": 1, "times": 2}
    )
    assert "silence has a length" in faults(raise_={"metric": "smoke", "silent": "5m", "times": 2})
    assert "an area counts alerts only" in faults(scope="area")


def test_a_rule_without_a_list_or_twice_is_refused() -> None:
    with pytest.raises(FaultyRule, match="expected a list under the word rules"):
        rules_from_yaml("smoke: 1", "rules.yaml")
    twice = TEXT.replace("rom", "room").replace("abov:", "above:")
    with pytest.raises(FaultyRule, match="heat stands there twice"):
        rules_from_yaml(twice + twice.removeprefix("rules:\n"), "rules.yaml")


def test_without_a_clear_the_other_values_clear() -> None:
    atom = a_rule(raise_={"metric": "smoke", "above": 3}).atoms[0]
    assert atom.measured.kind is Measure.VALUE
    assert not atom.raising.band.holds(3)
    assert atom.raising.band.holds(3.001)
    assert atom.clearing.band.holds(3)
    assert Band(1, 2, outside=True).holds(0)
