"""Decisions about duty, without a database."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml

from yinling.rosters import rules
from yinling.rosters.rules import Pattern, Span

ZONE = dt.timezone(dt.timedelta(hours=8))
MONDAY = dt.date(2026, 11, 23)
CASES = yaml.safe_load((Path(__file__).parent / "duty.yaml").read_text())
DAY_SHIFT = Pattern(480, 1080, "every", 1)


def day(number: int) -> Span:
    """The day shift of the first, second … day."""
    return rules.span_of(DAY_SHIFT, MONDAY + dt.timedelta(days=number - 1), ZONE)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_users_serve_in_turn(case: dict[str, Any]):
    key = {letter: number for number, letter in enumerate("ABCZ")}
    busy = {key[user]: [day(n) for n in days] for user, days in case.get("busy", {}).items()}
    for user, nights in case.get("nights", {}).items():
        busy.setdefault(key[user], []).extend(Span(day(n).ends_at, day(n + 1).starts_at) for n in nights)
    spans = [day(n) for n in range(1, case["days"] + 1)]
    users = [key[letter] for letter in case["users"]]
    slots = rules.fill_in_turn(spans, case.get("needed", 1), users, busy, key.get(case.get("after", "")))
    assert ["-" if s.user is None else "ABCZ"[s.user] for s in slots] == case["served"]


def test_a_night_shift_ends_on_the_next_day_and_touches_the_morning_without_overlap():
    night = rules.span_of(Pattern(1200, 1920, "every", 1), MONDAY, ZONE)
    assert night.ends_at == dt.datetime(2026, 11, 24, 8, tzinfo=ZONE)
    assert not night.overlaps(day(2))
    assert night.overlaps(rules.span_of(Pattern(420, 600, "every", 1), MONDAY + dt.timedelta(days=1), ZONE))


@pytest.mark.parametrize(("days", "served"), [("every", 7), ("working", 4), ("off", 3)])
def test_a_holiday_counts_as_a_day_off(days: str, served: int):
    holiday = MONDAY + dt.timedelta(days=2)
    working = lambda d: d.weekday() < 5 and d != holiday  # noqa: E731
    assert len(rules.days_of(Pattern(0, 60, days, 1), MONDAY, MONDAY + dt.timedelta(days=6), working)) == served


def test_a_plan_needs_people_and_days_that_lie_ahead():
    week = MONDAY + dt.timedelta(days=6)
    assert rules.why_no_plan(MONDAY, week, MONDAY, [1]) is None
    assert "limit is 92" in str(rules.why_no_plan(MONDAY, MONDAY + dt.timedelta(days=92), MONDAY, [1]))
    assert "lies before" in str(rules.why_no_plan(week, MONDAY, MONDAY, [1]))
    assert "is over" in str(rules.why_no_plan(MONDAY, week, week, [1]))
    assert "Nobody is chosen" in str(rules.why_no_plan(MONDAY, week, MONDAY, []))


def test_a_turn_lasts_a_day_at_most_and_ends_after_it_starts():
    start = dt.datetime(2026, 11, 23, 8, tzinfo=ZONE)
    assert rules.why_not_on(Span(start, start + dt.timedelta(hours=24)), "") is None
    assert "25 hours" in str(rules.why_not_on(Span(start, start + dt.timedelta(hours=25)), ""))
    assert "ends before" in str(rules.why_not_on(Span(start, start), ""))
    assert "夜班" in str(rules.why_not_on(Span(start, start + dt.timedelta(hours=1)), "夜班"))
