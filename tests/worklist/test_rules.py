"""Decisions of the worklist, without a database."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yinling.kernel.clock import CITY_ZONE
from yinling.worklist import rules
from yinling.worklist.rules import Delay, Group, Ladder, Step, Unit

from .builders import at, weekdays_only

LATE_LADDER = Ladder(
    "hazard",
    Delay(15, Unit.DAYS),
    (
        Step("township", "township_clerk", Delay(1, Unit.DAYS)),
        Step("county", "county_clerk", Delay(3, Unit.DAYS)),
        Step("city", "city_officer", Delay(7, Unit.DAYS)),
    ),
)


def test_three_working_days_from_a_friday_end_on_wednesday_at_the_close_of_office():
    due = rules.later(at("2026-11-20 10:00"), Delay(3, Unit.WORKING_DAYS), weekdays_only())
    assert due == at("2026-11-25 17:30")


def test_a_holiday_moves_the_end_and_the_day_of_receipt_does_not_count():
    due = rules.later(at("2026-11-20 08:00"), Delay(1, Unit.WORKING_DAYS), weekdays_only("2026-11-23"))
    assert due == at("2026-11-24 17:30")


def test_ten_minutes_at_night_are_ten_minutes():
    assert rules.later(at("2026-11-22 02:00"), Delay(10, Unit.MINUTES), weekdays_only()) == at("2026-11-22 02:10")


def test_four_working_hours_run_over_the_lunch_break_and_the_weekend():
    due = rules.later(at("2026-11-20 16:00"), Delay(4, Unit.WORKING_HOURS), weekdays_only())
    assert due == at("2026-11-23 11:00")  # 1.5 h on Friday, 2.5 h on Monday


def test_no_working_day_in_a_year_is_reported_as_broken_data():
    never = rules.Calendar(lambda day: False, ((dt.time(8), dt.time(12)),), CITY_ZONE)
    with pytest.raises(ValueError, match="holiday table"):
        rules.later(at("2026-11-20 16:00"), Delay(1, Unit.WORKING_DAYS), never)


@given(minutes=st.integers(1, 6000), start=st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2026, 12, 1)))
def test_working_minutes_counted_there_and_back_agree(minutes: int, start: dt.datetime):
    begin, clock = start.replace(tzinfo=CITY_ZONE, second=0, microsecond=0), weekdays_only("2026-10-01", "2026-10-02")
    assert rules.working_minutes(begin, rules.after_working_minutes(begin, minutes, clock), clock) == minutes


def test_a_pause_over_the_weekend_costs_a_working_duty_nothing():
    working = Ladder("review", Delay(10, Unit.WORKING_DAYS))
    due, clock = at("2026-11-25 17:30"), weekdays_only()
    moved = rules.due_after_pause(due, at("2026-11-20 17:30"), at("2026-11-23 08:30"), working, clock)
    assert moved == due


def test_a_pause_of_one_working_day_moves_the_end_by_one_working_day():
    working = Ladder("review", Delay(10, Unit.WORKING_DAYS))
    moved = rules.due_after_pause(
        at("2026-11-27 17:30"), at("2026-11-23 08:30"), at("2026-11-24 08:30"), working, weekdays_only()
    )
    assert moved == at("2026-11-30 17:30")


def test_a_pause_of_a_plain_duty_moves_it_by_plain_time():
    moved = rules.due_after_pause(
        at("2026-11-27 12:00"), at("2026-11-21 00:00"), at("2026-11-22 00:00"), LATE_LADDER, weekdays_only()
    )
    assert moved == at("2026-11-28 12:00")


@pytest.mark.parametrize(
    ("days_late", "level"), [(0, None), (1, "township"), (2, "township"), (3, "county"), (8, "city"), (90, "city")]
)
def test_a_late_duty_climbs_the_whole_ladder(days_late: int, level: str | None):
    due = at("2026-11-01 12:00")
    reached = rules.climb(LATE_LADDER, "village", 0, due, due + dt.timedelta(days=days_late), weekdays_only())
    assert (reached.step.level if reached else None) == level


def test_a_duty_of_the_county_skips_the_township():
    due = at("2026-11-01 12:00")
    reached = rules.climb(LATE_LADDER, "county", 0, due, due + dt.timedelta(days=8), weekdays_only())
    assert reached is not None
    assert (reached.number, reached.step.level, reached.next_at) == (1, "city", None)


def test_nothing_climbs_twice_at_the_same_instant():
    due = at("2026-11-01 12:00")
    moment = due + dt.timedelta(days=4)
    reached = rules.climb(LATE_LADDER, "village", 0, due, moment, weekdays_only())
    assert reached is not None
    assert rules.climb(LATE_LADDER, "village", reached.number, due, moment, weekdays_only()) is None


@pytest.mark.parametrize(
    ("due", "group"),
    [
        ("2026-11-23 14:07", Group.LATE),
        ("2026-11-23 23:59", Group.TODAY),
        ("2026-11-24 00:00", Group.WEEK),
        ("2026-11-29 23:59", Group.WEEK),
        ("2026-11-30 00:00", Group.LATER),
    ],
)
def test_groups_end_at_midnight_and_on_sunday(due: str, group: Group):
    assert rules.group_of(at(due), at("2026-11-23 14:08"), CITY_ZONE) == group


def test_a_pause_without_a_reason_is_refused():
    assert "reason" in str(rules.why_not_paused(False, "  "))
    assert rules.why_not_paused(False, "waits for the hospital") is None
