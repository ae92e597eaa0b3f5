"""Reasons: sentences for people, kept apart from their values."""

import copy
import json
import pickle
from datetime import date

import pytest

from yinling.kernel.reasons import Reason, Words


def too_far(distance_m: int = 840) -> Reason:
    return Reason("Checked in {distance_m} m away; the limit is {limit_m} m.", distance_m=distance_m, limit_m=300)


def test_a_reason_reads_as_an_english_sentence() -> None:
    assert str(too_far()) == "Checked in 840 m away; the limit is 300 m."


def test_the_msgid_and_the_values_stay_apart_for_the_translator() -> None:
    assert too_far().text == "Checked in {distance_m} m away; the limit is {limit_m} m."
    assert dict(too_far().values) == {"distance_m": 840, "limit_m": 300}


def test_a_value_may_be_called_text_or_self() -> None:
    assert str(Reason("{text} and {self}", **{"text": "this", "self": "that"})) == "this and that"


def test_equal_reasons_are_one_key() -> None:
    assert too_far() == too_far()
    assert too_far() != too_far(distance_m=841)
    assert len({too_far(), too_far()}) == 1


def test_a_reason_with_a_list_in_it_can_still_be_hashed() -> None:
    assert hash(Reason("{rows}", rows=[1, 2])) == hash(Reason("{rows}", rows=[1, 2]))


def test_a_reason_cannot_be_changed() -> None:
    reason = too_far()
    with pytest.raises(AttributeError):
        reason.text = "All is well."  # type: ignore[misc]
    with pytest.raises(TypeError):
        reason.values["limit_m"] = 900  # type: ignore[index]


def test_a_translation_with_a_wrong_placeholder_still_says_something() -> None:
    assert "840" in too_far().formatted("签到处离登记住址 {distance} 米")


def test_a_sentence_without_values_may_hold_braces() -> None:
    assert str(Reason("A code in braces: {x}")) == "A code in braces: {x}"


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda reason: pickle.loads(pickle.dumps(reason))])
def test_a_reason_survives_copies_and_worker_processes(copied) -> None:
    assert copied(too_far()) == too_far()


def test_a_reason_survives_json_with_its_bilingual_words() -> None:
    reason = Reason("{why}: since {day}", why=Words("昏迷", "In a coma"), day=date(2026, 1, 2))
    again = Reason.from_data(json.loads(json.dumps(reason.as_data())))
    assert str(again) == "In a coma: since 2026-01-02"
    assert again.values["why"].in_language("zh-hans") == "昏迷"
    assert again.values["why"].in_language("en-gb") == "In a coma"
