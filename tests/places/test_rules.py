"""What is decided about divisions, without a database."""

import datetime as dt

import pytest

from yinling.places import rules

TODAY = dt.date(2026, 11, 23)


def test_a_change_is_entered_on_the_day_it_holds_or_later() -> None:
    assert rules.why_not_from("卢峰镇", TODAY, TODAY) is None
    refused = rules.why_not_from("卢峰镇", TODAY + dt.timedelta(days=1), TODAY)
    assert refused is not None and "2026-11-24" in str(refused) and "2026-11-23" in str(refused)


@pytest.mark.parametrize(
    "code", ["431224100", "43122410000a", "4312241000000", "031224100000", "４３１２２４１０００００"]
)
def test_what_is_not_twelve_digits_is_no_code(code: str) -> None:
    refused = rules.why_not_a_code(code)
    assert refused is not None and "12 digits" in str(refused)


def test_a_township_lies_under_a_county_and_nothing_else() -> None:
    assert rules.why_not_under("卢峰镇", "township", "溆浦县", "county", parent_is_current=True) is None
    for level in ("city", "township", "village"):
        assert rules.why_not_under("卢峰镇", "township", "某地", level, parent_is_current=True)
    assert rules.why_not_under("卢峰镇", "township", "溆浦县", "county", parent_is_current=False)


def test_divisions_merge_into_others_of_their_level_that_still_stand() -> None:
    assert rules.why_not_merged("甲镇", "township", "乙镇", "township", is_same=False, into_is_current=True) is None
    assert rules.why_not_merged("甲镇", "township", "甲镇", "township", is_same=True, into_is_current=True)
    assert rules.why_not_merged("甲镇", "township", "乙县", "county", is_same=False, into_is_current=True)
    assert rules.why_not_merged("甲镇", "township", "乙镇", "township", is_same=False, into_is_current=False)


def test_nothing_lies_below_a_village() -> None:
    assert rules.level_below("city") == "county"
    assert rules.level_below("village") is None


def test_a_name_is_neither_missing_nor_longer_than_the_limit() -> None:
    assert rules.why_not_a_name("卢峰镇") is None
    assert rules.why_not_a_name("")
    assert "61" in str(rules.why_not_a_name("镇" * 61))
