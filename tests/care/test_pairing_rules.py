"""Who may be paired, and the reasons against."""

import datetime as dt
from dataclasses import replace

import pytest

from yinling.care.rules import pairings as rules

TODAY = dt.date(2026, 11, 24)
GOOD = rules.Pair(
    visitor="向春生", is_here=True, is_active=True, is_own_household=False, is_unwanted=False, is_paired=False,
    visits=4, free=4,
)  # fmt: skip


def test_a_pair_against_which_nothing_speaks_is_made() -> None:
    assert rules.why_not_pair(GOOD) is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"is_here": False}, "not at home"),
        ({"is_active": False}, "does not visit any more"),
        ({"is_own_household": True}, "one household"),
        ({"is_unwanted": True}, "does not want"),
        ({"is_paired": True}, "already"),
        ({"free": 3}, "room for {free} more visits"),
    ],
)
def test_each_reason_against_is_a_sentence(change: dict[str, object], words: str) -> None:
    no = rules.why_not_pair(replace(GOOD, **change))  # type: ignore[arg-type]
    assert no is not None and words in no.text


def test_who_stands_in_is_another_and_not_in_the_past() -> None:
    day = dt.timedelta(days=1)
    assert rules.why_not_substitute(TODAY, TODAY, TODAY, is_same=False) is None
    assert rules.why_not_substitute(TODAY, TODAY, TODAY, is_same=True) is not None
    assert rules.why_not_substitute(TODAY, TODAY - day, TODAY, is_same=False) is not None
    assert rules.why_not_substitute(TODAY - 2 * day, TODAY - day, TODAY, is_same=False) is not None


def test_a_visitor_has_a_name_and_a_load_that_can_be() -> None:
    assert rules.why_not_visitor("向春生", 8, TODAY, None) is None
    assert rules.why_not_visitor(" ", 8, TODAY, None) is not None
    assert rules.why_not_visitor("向春生", 201, TODAY, None) is not None
