"""The cases that a policy officer can read, and what may never happen whatever the score."""

from typing import Any

import pytest

from tests.engines.linkage.people import CASES, a_valid_document, an_elder, as_frame
from yinling.engines.linkage.deciding import Outcome
from yinling.engines.linkage.linking import link
from yinling.engines.linkage.matching import match_one
from yinling.engines.linkage.weights import shipped_weights

WEIGHTS = shipped_weights()
MILLION = 1_000_000


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: str(case["case"]))
def test_a_pair_of_records_is_merged_asked_about_or_left_alone(case: dict[str, Any]) -> None:
    first = an_elder(1, **case.get("first", {}))
    second = an_elder(2, **case.get("second", {}))
    matches = match_one(first, [second], WEIGHTS)
    outcome = matches[0].outcome.name.lower() if matches else "no"
    assert outcome == case["outcome"], matches
    if "because" in case:
        assert str(matches[0].reason) == case["because"]


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: str(case["case"]))
def test_a_whole_file_is_decided_like_one_record_on_entry(case: dict[str, Any]) -> None:
    first = an_elder(**case.get("first", {}))
    second = an_elder(**case.get("second", {}))
    links = link(as_frame(first, second), WEIGHTS, register_size=MILLION)
    assert (links.canonical[1] == 1) == (case["outcome"] == "auto")


def test_every_field_is_explained_and_the_strongest_comes_first() -> None:
    (match,) = match_one(an_elder(1), [an_elder(2, phone=None)], WEIGHTS)
    assert {evidence.field for evidence in match.evidence} == set(WEIGHTS.bits)
    strengths = [abs(evidence.bits) for evidence in match.evidence]
    assert strengths == sorted(strengths, reverse=True)
    assert "A phone number is missing." in [str(evidence.reason) for evidence in match.evidence]


def test_place_dwelling_and_phone_together_say_no_more_than_their_cap() -> None:
    (match,) = match_one(an_elder(1), [an_elder(2)], WEIGHTS)
    home = sum(e.bits for e in match.evidence if e.field in ("place", "dwelling", "phone"))
    assert home == pytest.approx(WEIGHTS.home_cap_bits)


def test_a_record_that_fits_two_persons_is_left_to_a_clerk() -> None:
    nobody_in_particular = an_elder(1, document=None, phone=None, address=None, household_key=None)
    one = an_elder(2, phone=None, address=None, household_key=None)
    other = an_elder(3, document=a_valid_document("99010219500317004"), phone=None, address=None, household_key=None)
    matches = match_one(nobody_in_particular, [one, other], WEIGHTS)
    assert [match.outcome for match in matches] == [Outcome.REVIEW, Outcome.REVIEW]
    assert str(matches[0].reason).startswith("Not merged: the record fits more than one person.")


def test_a_rare_name_says_more_than_a_common_one() -> None:
    first, second = an_elder(1, document=None), an_elder(2, document=None, village_key=990109001001)
    (rare,) = match_one(first, [second], WEIGHTS, name_share=3e-6)
    (common,) = match_one(first, [second], WEIGHTS, name_share=1e-3)
    assert rare.bits - common.bits > 8


def test_no_candidates_give_no_match() -> None:
    assert match_one(an_elder(), [], WEIGHTS) == []


def test_records_said_to_be_husband_and_wife_are_never_merged() -> None:
    him, her = an_elder(1, document=None, spouse_record_id=2), an_elder(2, document=None)
    (match,) = match_one(him, [her], WEIGHTS)
    assert match.outcome == Outcome.REVIEW
    assert "husband and wife" in str(match.reason)
