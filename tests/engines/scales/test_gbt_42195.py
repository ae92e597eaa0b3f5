"""The ability assessment of GB/T 42195-2022, case by case."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from yinling.engines.scales.instruments import Instrument, instrument_from
from yinling.engines.scales.scoring import AnswersRefused, level_for_total, score, why_not_scored

PACK = Path(__file__).parents[3] / "packs" / "national" / "instruments"
CASES = yaml.safe_load(Path(__file__).with_name("gbt_42195.yaml").read_text(encoding="utf-8"))
DATA = yaml.safe_load((PACK / "gbt_42195_2022.yaml").read_text(encoding="utf-8"))
SCALE: Instrument = instrument_from(DATA)
HIGHEST = {item.key: item.highest for item in SCALE.items}


def why(case: dict[str, Any]) -> str:
    return str(case.get("why", case))


def nothing_remarkable(**changed: Any) -> dict[str, Any]:
    return {fact.key: 0 if fact.is_count else False for fact in SCALE.circumstances} | changed


def answers_adding_up_to(total: int, **fixed: int) -> dict[str, int]:
    """Points taken off from the first item on, until the total is reached; fixed answers stay."""
    answers, excess = HIGHEST | fixed, sum((HIGHEST | fixed).values()) - total
    for key in (key for key in HIGHEST if key not in fixed):
        taken = min(answers[key], excess)
        answers[key], excess = answers[key] - taken, excess - taken
    return answers


def test_the_scale_has_26_items_in_groups_of_32_15_28_and_15_points() -> None:
    assert len(SCALE.items) == 26
    assert [group.highest for group in SCALE.groups] == [32, 15, 28, 15]
    assert SCALE.highest_total == 90
    assert [len(group.items) for group in SCALE.groups] == [8, 4, 9, 5]


def test_items_that_do_not_go_to_four_are_the_standards() -> None:
    others = {item.key: item.highest for item in SCALE.items if item.highest != 4}
    assert others == {"B2.4": 3, "B3.7": 1, "B3.8": 1, "B3.9": 2, "B4.1": 2, "B4.2": 2, "B4.4": 3}


def test_every_item_offers_each_score_from_its_highest_to_zero_in_two_languages() -> None:
    for item in SCALE.items:
        assert [option.score for option in item.options] == list(range(item.highest, -1, -1))
        assert all(option.title.zh and option.title.en for option in item.options)


def test_what_was_not_compared_with_the_standard_is_marked() -> None:
    assert SCALE.verified
    assert all(change.verified for change in SCALE.level_changes)
    assert not SCALE.stack_upgrades
    assert not SCALE.stack_upgrades_verified
    assert SCALE.validity is not None
    assert not SCALE.validity.verified
    assert [item.key for item in SCALE.items if not item.verified] == ["B1.3", "B1.4", "B4.4"]


@pytest.mark.parametrize("case", CASES["levels"], ids=lambda case: str(case["total"]))
def test_the_level_follows_from_the_total(case: dict[str, int]) -> None:
    result = score(SCALE, answers_adding_up_to(case["total"]), nothing_remarkable())
    assert (result.total, result.initial_level, result.final_level) == (case["total"], case["level"], case["level"])


@pytest.mark.parametrize("case", CASES["changes"], ids=why)
def test_circumstances_change_the_level_and_every_reason_is_kept(case: dict[str, Any]) -> None:
    answers = answers_adding_up_to(case["total"], **case.get("answers", {}))
    result = score(SCALE, answers, nothing_remarkable(**case["circumstances"]))
    assert (result.total, result.initial_level, result.final_level) == (case["total"], case["initial"], case["final"])
    assert list(map(str, result.reasons)) == case["reasons"]


@pytest.mark.parametrize("case", CASES["refused"], ids=why)
def test_answers_that_cannot_be_scored_are_refused_with_all_that_is_wrong(case: dict[str, Any]) -> None:
    answers = HIGHEST | case["answers"]
    circumstances = nothing_remarkable(**case.get("circumstances", {}))
    assert list(map(str, why_not_scored(SCALE, answers, circumstances))) == case["reasons"]
    with pytest.raises(AnswersRefused) as refusal:
        score(SCALE, answers, circumstances)
    assert list(map(str, refusal.value.reasons)) == case["reasons"]


def test_without_any_answer_all_26_items_and_all_circumstances_are_named() -> None:
    assert len(why_not_scored(SCALE, {}, {})) == 26 + len(SCALE.circumstances)


def test_the_result_holds_all_that_is_needed_to_replay_it() -> None:
    facts = nothing_remarkable(dementia_diagnosed=True)
    result = score(SCALE, answers_adding_up_to(70), facts)
    assert (result.instrument_key, result.instrument_version) == ("gbt_42195", "2022")
    assert score(SCALE, result.answers, result.circumstances) == result
    assert sum(result.sub_scores.values()) == result.total


def test_raises_stack_when_the_standard_is_found_to_say_so() -> None:
    stacking = instrument_from(DATA | {"stack_upgrades": {"value": True, "verified": True}})
    facts = nothing_remarkable(dementia_diagnosed=True, falls_30_days=2)
    assert score(stacking, answers_adding_up_to(70), facts).final_level == 3
    assert score(stacking, answers_adding_up_to(40), facts).final_level == 4  # never above the highest


all_answers = st.fixed_dictionaries(
    {item.key: st.sampled_from([option.score for option in item.options]) for item in SCALE.items}
)
all_facts = st.fixed_dictionaries(
    {fact.key: st.integers(0, 3) if fact.is_count else st.booleans() for fact in SCALE.circumstances}
)


@given(all_answers, all_facts)
def test_circumstances_never_lower_a_level_and_raise_it_by_one_unless_coma(
    answers: dict[str, int], facts: dict[str, Any]
) -> None:
    answers["B3.9"] = 0 if facts["in_coma"] else answers["B3.9"]
    result = score(SCALE, answers, facts)
    assert result.initial_level == level_for_total(SCALE, sum(answers.values()))
    assert result.initial_level <= result.final_level <= 4
    if facts["in_coma"]:
        assert result.final_level == 4
    else:
        assert result.final_level - result.initial_level <= 1


@given(all_answers, st.sampled_from(sorted(HIGHEST)))
def test_one_point_more_never_means_a_graver_level(answers: dict[str, int], key: str) -> None:
    better = answers | {key: min(answers[key] + 1, HIGHEST[key])}
    plain = nothing_remarkable()
    assert score(SCALE, better, plain).final_level <= score(SCALE, answers, plain).final_level
