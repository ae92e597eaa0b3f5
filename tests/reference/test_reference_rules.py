"""What an upgrade does to dated values, and how working days are counted. No database."""

import datetime as dt
from typing import Any

import pytest

from yinling.reference.rules import Calendar, Kind, Period, closed_in_turn, differences, working_minutes

TODAY = dt.date(2026, 6, 1)
SPRING = {dt.date(2026, 2, 14): True, **{dt.date(2026, 2, d): False for d in range(16, 21)}}
CALENDAR = Calendar(SPRING, frozenset({2026}), ((510, 720), (870, 1050)))


def a_cap(value: int, since: str, until: str | None = None, **about: Any) -> Period:
    return Period(
        "cap", dt.date.fromisoformat(since), dt.date.fromisoformat(until) if until else None, {"value": value}, **about
    )


def kinds(loaded: list[Period], wanted: list[Period]) -> list[Kind]:
    return [d.kind for d in differences(loaded, wanted, TODAY)]


def test_the_same_file_again_changes_nothing() -> None:
    assert kinds([a_cap(100, "2024-01-01")], [a_cap(100, "2024-01-01")]) == []


def test_a_later_value_ends_the_one_before_it_and_keeps_it() -> None:
    found = differences([a_cap(100, "2024-01-01")], [a_cap(120, "2025-01-01")], TODAY)
    assert [d.kind for d in found] == [Kind.ENDED, Kind.ADDED]
    assert found[0].after == a_cap(100, "2024-01-01", "2025-01-01")


def test_a_file_with_both_values_closes_the_first_by_itself() -> None:
    wanted = [a_cap(120, "2025-01-01"), a_cap(100, "2024-01-01")]
    assert kinds([a_cap(100, "2024-01-01")], wanted) == [Kind.CHANGED, Kind.ADDED]
    assert kinds(closed_in_turn(wanted), wanted) == []


def test_a_corrected_value_is_a_change() -> None:
    assert kinds([a_cap(100, "2024-01-01")], [a_cap(110, "2024-01-01")]) == [Kind.CHANGED]


def test_a_key_that_the_file_no_longer_has_ends_today_once() -> None:
    found = differences([a_cap(100, "2024-01-01")], [], TODAY)
    assert found[0].kind is Kind.ENDED
    assert found[0].after is not None and found[0].after.valid_to == TODAY
    assert kinds([found[0].after], []) == []


def test_a_value_that_had_not_begun_is_removed() -> None:
    assert kinds([a_cap(100, "2030-01-01")], []) == [Kind.REMOVED]


def test_a_value_verified_here_stays_verified_until_it_changes() -> None:
    here = a_cap(100, "2024-01-01", verified=True)
    assert kinds([here], [a_cap(100, "2024-01-01")]) == []
    changed = differences([here], [a_cap(110, "2024-01-01")], TODAY)[0]
    assert changed.after is not None and not changed.after.verified


def test_values_that_overlap_in_a_file_are_a_fault() -> None:
    with pytest.raises(ValueError, match="overlaps"):
        closed_in_turn([a_cap(1, "2024-01-01", "2025-06-01"), a_cap(2, "2025-01-01")])
    with pytest.raises(ValueError, match="begins twice"):
        closed_in_turn([a_cap(1, "2024-01-01"), a_cap(2, "2024-01-01")])


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        ("2026-02-13", 1, "2026-02-14"),  # a Saturday worked to make up for the festival
        ("2026-02-13", 2, "2026-02-23"),  # the festival and its weekends are jumped over
        ("2026-02-23", -1, "2026-02-14"),
        ("2026-02-17", 0, "2026-02-23"),  # zero days on a day off is the next working day
        ("2026-03-02", 0, "2026-03-02"),
        ("2026-03-06", 1, "2026-03-09"),
    ],
)
def test_working_days_are_counted_over_weekends_and_holidays(start: str, count: int, expected: str) -> None:
    assert CALENDAR.after(dt.date.fromisoformat(start), count).isoformat() == expected


def test_a_year_without_holidays_counts_monday_to_friday_and_says_so() -> None:
    doubt = CALENDAR.doubt(dt.date(2026, 12, 1), dt.date(2027, 1, 5))
    assert doubt is not None and doubt.values["year"] == 2027
    assert CALENDAR.after(dt.date(2027, 10, 1), 1) == dt.date(2027, 10, 4)
    assert CALENDAR.doubt(dt.date(2026, 1, 1), dt.date(2026, 12, 31)) is None


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-03-02T09:00", "2026-03-02T10:30", 90),
        ("2026-03-02T11:30", "2026-03-02T15:00", 60),  # the midday break does not count
        ("2026-03-06T17:00", "2026-03-09T09:00", 60),  # nor does the weekend
        ("2026-02-14T08:30", "2026-02-23T08:30", 390),  # a worked Saturday, then the festival
        ("2026-03-02T20:00", "2026-03-02T23:00", 0),
        ("2026-03-02T10:30", "2026-03-02T09:00", -90),
    ],
)
def test_working_minutes_leave_out_breaks_nights_and_days_off(start: str, end: str, minutes: int) -> None:
    assert working_minutes(dt.datetime.fromisoformat(start), dt.datetime.fromisoformat(end), CALENDAR) == minutes


def test_a_count_without_end_is_an_error_and_not_a_loop() -> None:
    with pytest.raises(ValueError, match="ten years"):
        CALENDAR.after(dt.date(2026, 1, 1), 100_000)
