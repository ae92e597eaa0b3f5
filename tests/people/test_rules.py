"""What an entry must hold, what only raises a flag, what a correction changes. No database."""

import datetime as dt
from dataclasses import replace

import pytest

from yinling.engines.codes.resident_id import check_character
from yinling.people.rules import (
    Entry,
    age_on,
    changes,
    check,
    stays_first,
    why_not_dead,
    why_not_ended,
    why_not_merged,
    why_not_revealed,
    why_not_transferred,
)

TODAY = dt.date(2026, 11, 23)
FIRST_17 = "99010119420305162"
NUMBER = FIRST_17 + check_character(FIRST_17)
GOOD = Entry(name="舒桂香", place_key=431224100001, document_number=NUMBER)


def test_sex_and_birth_date_come_from_the_number_when_they_are_not_stated() -> None:
    checked = check(GOOD, TODAY)
    assert (checked.entry.sex, checked.entry.birth_date) == ("2", dt.date(1942, 3, 5))
    assert not checked.objections and not checked.flags


def test_a_stated_birth_date_that_differs_is_a_flag_and_stays() -> None:
    checked = check(replace(GOOD, birth_date=dt.date(1942, 5, 3)), TODAY)
    assert checked.flags == ("birth_date",)
    assert checked.entry.birth_date == dt.date(1942, 5, 3)
    assert not checked.objections


def test_a_lunar_date_is_no_conflict() -> None:
    assert not check(replace(GOOD, birth_date=dt.date(1942, 1, 19), birth_is_lunar=True), TODAY).flags


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "舒桂香2"}, "name"),
        ({"name": "香" * 61}, "name"),
        ({"document_number": NUMBER[:-1] + ("1" if NUMBER[-1] != "1" else "2")}, "document_number"),
        ({"document_number": "4.33E+17"}, "document_number"),
        ({"document_number": "", "birth_date": dt.date(2027, 1, 1)}, "birth_date"),
        ({"document_number": "", "birth_date": dt.date(1890, 1, 1)}, "birth_date"),
        ({"phone": "12"}, "phone"),
    ],
)
def test_what_cannot_stand_is_refused_with_its_field(change: dict[str, object], field: str) -> None:
    checked = check(replace(GOOD, **change), TODAY)
    assert [objection.field for objection in checked.objections] == [field]


def test_somebody_without_any_document_is_welcome() -> None:
    assert not check(Entry(name="舒桂香", place_key=1), TODAY).objections


def test_age_counts_full_years() -> None:
    assert age_on(dt.date(1942, 11, 24), TODAY) == 83
    assert age_on(dt.date(1942, 11, 23), TODAY) == 84


def test_what_is_not_stated_changes_nothing() -> None:
    held = replace(GOOD, phone="13900000417", living_arrangement="alone")
    assert changes(held, Entry(name="舒桂香", place_key=431224100001)) == {}


def test_another_spelling_of_the_same_name_changes_nothing() -> None:
    assert "name" not in changes(replace(GOOD, name="张云"), replace(GOOD, name="張雲"))


def test_a_stated_change_names_old_and_new() -> None:
    held = replace(GOOD, living_arrangement="spouse")
    assert changes(held, replace(GOOD, living_arrangement="alone")) == {"living_arrangement": ("spouse", "alone")}


def test_a_death_happens_once_after_the_birth_and_not_tomorrow() -> None:
    born = dt.date(1942, 3, 5)
    assert why_not_dead(TODAY, born, TODAY, is_dead=False) is None
    assert why_not_dead(TODAY, born, TODAY, is_dead=True)
    assert why_not_dead(TODAY + dt.timedelta(days=1), born, TODAY, is_dead=False)
    assert why_not_dead(dt.date(1940, 1, 1), born, TODAY, is_dead=False)


def test_a_look_needs_a_reason_one_can_understand() -> None:
    assert why_not_revealed("  a ")
    assert why_not_revealed("上门探访核对") is None


def test_files_with_two_valid_documents_are_two_persons() -> None:
    assert why_not_merged(same_file=False, both_documents_valid_and_different=True, is_merged=False)
    assert why_not_merged(same_file=False, both_documents_valid_and_different=False, is_merged=False) is None


def test_only_the_living_change_counties_one_journey_at_a_time() -> None:
    fine = {"from_county": 1, "to_county": 2, "is_dead": False, "is_on_the_way": False}
    assert why_not_transferred(**fine) is None
    for change in ({"to_county": 1}, {"is_dead": True}, {"is_on_the_way": True}):
        assert why_not_transferred(**{**fine, **change})


def test_the_file_with_a_document_stays_else_the_one_opened_first() -> None:
    early, late = dt.datetime(2021, 1, 1, tzinfo=dt.UTC), dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    assert stays_first(has_document=(True, False), opened_at=(late, early))
    assert not stays_first(has_document=(False, True), opened_at=(early, late))
    assert stays_first(has_document=(True, True), opened_at=(early, late))


def test_nothing_ends_before_it_began_or_after_today() -> None:
    began, today = dt.date(2024, 1, 1), dt.date(2026, 11, 23)
    assert why_not_ended(on=today, since=began, today=today) is None
    assert why_not_ended(on=dt.date(2023, 12, 31), since=began, today=today) is not None
    assert why_not_ended(on=dt.date(2026, 11, 24), since=began, today=today) is not None
