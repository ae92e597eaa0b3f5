"""The other scales, and instruments whose data would score wrongly."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from yinling.engines.scales.instruments import FaultyInstrument, Instrument, instrument_from
from yinling.engines.scales.scoring import AnswersRefused, level_for_total, record, score, why_not_recorded

PACK = Path(__file__).parents[3] / "packs" / "national"
SIX = ("S.1", "S.2", "S.3", "S.4", "S.5", "S.6")


def data_of(name: str) -> dict[str, Any]:
    return yaml.safe_load((PACK / "instruments" / f"{name}.yaml").read_text(encoding="utf-8"))


def the_scale(name: str) -> Instrument:
    return instrument_from(data_of(name))


@pytest.mark.parametrize(("cannot", "level"), [(0, 0), (1, 1), (2, 1), (3, 1), (4, 2), (5, 2), (6, 2)])
def test_a_destitute_person_who_cannot_do_so_many_of_six_things_has_this_level(cannot: int, level: int) -> None:
    answers = {key: 0 if place < cannot else 1 for place, key in enumerate(SIX)}
    assert score(the_scale("destitute_self_care"), answers).final_level == level


def test_an_unanswered_indicator_is_not_taken_as_cannot() -> None:
    with pytest.raises(AnswersRefused, match=r"S\.6 Bathe has no answer"):
        score(the_scale("destitute_self_care"), dict.fromkeys(SIX[:5], 1))


@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_a_level_on_the_old_scale_is_recorded_as_it_stands(level: int) -> None:
    result = record(the_scale("mzt_039_2013"), level)
    assert (result.instrument_key, result.final_level, result.total, result.answers) == ("mzt_039", level, None, {})


@pytest.mark.parametrize("level", [4, -1, True, "2", None])
def test_a_level_that_the_old_scale_lacks_is_refused(level: Any) -> None:
    with pytest.raises(AnswersRefused, match="has levels 0, 1, 2, 3"):
        record(the_scale("mzt_039_2013"), level)


def test_nothing_is_computed_on_the_old_scale() -> None:
    with pytest.raises(AnswersRefused, match="kept for old results only"):
        score(the_scale("mzt_039_2013"), {})
    assert not the_scale("mzt_039_2013").may_be_issued


def test_a_level_without_answers_is_not_accepted_on_the_scale_in_force() -> None:
    assert "scored from its items" in str(why_not_recorded(the_scale("gbt_42195_2022"), 2))


def test_an_impossible_total_is_a_bug_and_not_a_level() -> None:
    with pytest.raises(ValueError, match="must be 0 to 90"):
        level_for_total(the_scale("gbt_42195_2022"), 91)


def test_a_level_number_that_the_scale_lacks_is_not_found() -> None:
    assert the_scale("gbt_42195_2022").level(2).title.zh == "中度失能"
    with pytest.raises(KeyError):
        the_scale("gbt_42195_2022").level(5)


def gap_between_levels(data: dict[str, Any]) -> None:
    data["levels"][1]["lowest"] = 67


def overlap_of_levels(data: dict[str, Any]) -> None:
    data["levels"][1]["lowest"] = 65


def level_beyond_the_total(data: dict[str, Any]) -> None:
    data["levels"][0]["highest"] = 100


def item_left_out(data: dict[str, Any]) -> None:
    data["groups"][0]["items"].pop()


def item_twice(data: dict[str, Any]) -> None:
    data["groups"][1]["items"][0]["key"] = "B1.1"


def option_twice(data: dict[str, Any]) -> None:
    data["groups"][0]["items"][0]["options"].append({"score": 0, "zh": "又一项", "en": "Another"})


def rule_about_nothing(data: dict[str, Any]) -> None:
    data["level_changes"][0]["facts"] = ["is_tired"]


def agreement_with_no_answer(data: dict[str, Any]) -> None:
    data["circumstances"][0]["agrees_with"] = {"item": "B3.9", "score": 7}


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (gap_between_levels, "total 66 belongs to 0 levels"),
        (overlap_of_levels, "total 65 belongs to 2 levels"),
        (level_beyond_the_total, "level 0 ends at 100; the highest total is 90"),
        (item_left_out, "group B1 adds up to 28, stated 32"),
        (item_twice, "item B1.1 stands 2 times"),
        (option_twice, "score of B1.1 0 stands 2 times"),
        (rule_about_nothing, "asks for is_tired, which is no circumstance"),
        (agreement_with_no_answer, "refers to item B3.9, which has no such answer"),
    ],
)
def test_an_instrument_that_would_score_wrongly_is_not_loaded(
    spoil: Callable[[dict[str, Any]], None], says: str
) -> None:
    data = deepcopy(data_of("gbt_42195_2022"))
    spoil(data)
    with pytest.raises(FaultyInstrument) as fault:
        instrument_from(data)
    assert says in str(fault.value)


def test_every_instrument_of_the_national_pack_is_sound_and_listed() -> None:
    pack = yaml.safe_load((PACK / "pack.yaml").read_text(encoding="utf-8"))
    listed = {PACK / path for path in pack["files"]["instruments"]}
    assert listed == set((PACK / "instruments").glob("*.yaml"))
    for path in listed:
        instrument_from(yaml.safe_load(path.read_text(encoding="utf-8")))
