"""Decisions about plans, sessions and home beds, without a database."""

import datetime as dt

import pytest

from yinling.care.rules import beds, plans
from yinling.care.rules.sessions import Calendar, Rhythm, month_span, session_days, why_not_held
from yinling.care.rules.templates import FaultyTemplate, template_from
from yinling.kernel.clock import now
from yinling.kernel.reasons import Words

D = dt.date
TERMS = ((D(2026, 3, 2), D(2026, 7, 3)), (D(2026, 9, 1), D(2027, 1, 22)))
WORKING = frozenset(
    D(2026, 1, 1) + dt.timedelta(days=day) for day in range(365)
    if (D(2026, 1, 1) + dt.timedelta(days=day)).weekday() < 5
)  # fmt: skip
CALENDAR = Calendar(TERMS, WORKING)


def days(times: int, per: str, when: str, first: dt.date, last: dt.date) -> list[tuple[dt.date, int]]:
    return session_days(Rhythm(times, per, when), first, last, CALENDAR)


def test_three_times_a_week_is_monday_wednesday_friday() -> None:
    found = days(3, "week", "all", D(2026, 11, 2), D(2026, 11, 8))
    assert [day.weekday() for day, _ in found] == [0, 2, 4]


def test_nine_times_a_week_goes_through_the_weekend_and_twice_on_two_days() -> None:
    found = days(9, "week", "all", D(2026, 11, 2), D(2026, 11, 8))
    assert len(found) == 9 and (D(2026, 11, 3), 2) in found and (D(2026, 11, 8), 1) in found


def test_a_day_off_is_left_out() -> None:
    calendar = Calendar((), WORKING - {D(2026, 10, 7)})
    assert not session_days(Rhythm(1, "week", "all"), D(2026, 10, 5), D(2026, 10, 11), calendar)


def test_sessions_of_the_term_stop_in_the_holidays_and_the_other_way_round() -> None:
    july = D(2026, 7, 6), D(2026, 8, 30)
    assert not days(2, "week", "term", *july) and len(days(2, "week", "holiday", *july)) == 16


def test_beyond_the_last_term_nobody_knows_the_holidays() -> None:
    assert not days(1, "week", "holiday", D(2027, 5, 1), D(2027, 6, 1))


def test_a_span_asked_in_two_pieces_gives_the_same_days() -> None:
    whole = days(3, "month", "all", D(2026, 10, 1), D(2026, 11, 30))
    pieces = days(3, "month", "all", D(2026, 10, 1), D(2026, 10, 17)) + days(
        3, "month", "all", D(2026, 10, 18), D(2026, 11, 30)
    )
    assert whole == pieces and len(whole) == 6


def test_more_a_month_than_days_of_term_are_several_a_day() -> None:
    found = days(8, "month", "term", D(2026, 7, 1), D(2026, 7, 31))
    assert len(found) == 8 and {day for day, _ in found} == {D(2026, 7, 1), D(2026, 7, 2), D(2026, 7, 3)}


def test_a_session_far_from_its_day_is_refused() -> None:
    asked = {"state": "planned", "plan_stands": True, "planned_on": D(2026, 11, 2), "today": D(2026, 11, 20)}
    assert why_not_held(**asked, held_on=D(2026, 11, 6), early_days=6) is None
    reason = why_not_held(**asked, held_on=D(2026, 11, 12), early_days=6)
    assert reason is not None and reason.values["limit"] == 6


def agreed(*given: plans.Given, guardian: bool = False, open_parts: tuple[Words, ...] = (), lines: int = 1) -> object:
    return plans.why_not_agreed(
        state="draft", lines=lines, open_parts=open_parts, given=given, purpose="care_plan",
        purpose_words=Words("同意", "the plan"), guardian=guardian, agreed_by="舒禾", on=D(2026, 11, 24),
    )  # fmt: skip


def a_consent(last: dt.date | None = None, by_guardian: bool = False, is_withdrawn: bool = False) -> plans.Given:
    return plans.Given("care_plan", D(2026, 1, 1), last, by_guardian, is_withdrawn)


def test_a_plan_is_agreed_under_a_consent_that_holds_today() -> None:
    assert agreed(a_consent(D(2026, 11, 24))) is None
    assert agreed() and agreed(a_consent(D(2026, 11, 23))) and agreed(a_consent(is_withdrawn=True))


def test_where_a_guardian_must_consent_the_persons_own_is_not_enough() -> None:
    assert "guardian" in str(agreed(a_consent(), guardian=True))
    assert agreed(a_consent(), a_consent(by_guardian=True), guardian=True) is None


def test_a_part_without_an_organisation_and_a_plan_without_services_are_not_agreed() -> None:
    assert "Nobody delivers" in str(agreed(a_consent(), open_parts=(Words("康复", "rehabilitation"),)))
    assert "no service" in str(agreed(a_consent(), lines=0))


def test_progress_counts_downwards_too() -> None:
    assert plans.progress(160, 140, 150) == 50 and plans.progress(4, 0, 5) == 0 and plans.progress(1, 4, 9) == 100


def test_a_month_after_the_last_of_january_is_the_last_of_february() -> None:
    assert plans.months_after(D(2026, 1, 31), 1) == D(2026, 2, 28) and plans.months_after(D(2026, 11, 30), 3) == D(
        2027, 2, 28
    )


def a_template(**changed: object) -> dict[str, object]:
    return {
        "key": "one", "version": "1", "title": {"zh": "一", "en": "One"}, "programme": "p", "verified": False,
        "programme_title": {"zh": "项", "en": "P"}, "valid_from": "2026-01-01", "role": "township_clerk",
        "consent": {"purpose": "care_plan"}, "review_months": 6, "parts": ["care"],
        "lines": [{"part": "care", "service": "household", "times": 1, "minutes": 60, "funding": "self"}],
    } | changed  # fmt: skip


def test_a_template_names_what_is_wrong_with_it() -> None:
    line = {"part": "care", "service": "household", "times": 1, "minutes": 60, "funding": "self"}
    for wrong, words in (
        ({"lines": [line | {"times": 32}]}, "1 to 31"), ({"lines": [line | {"days": "term"}]}, "terms"),
        ({"lines": [line | {"part": "meals"}]}, "meals"), ({"lines": [line | {"goals": [0]}]}, "goal"),
    ):  # fmt: skip
        with pytest.raises(FaultyTemplate, match=words):
            template_from(a_template(**wrong))


def test_a_template_of_another_age_is_not_offered_and_a_level_counts_most() -> None:
    one = template_from(a_template(fits={"scale": "s", "levels": [2], "categories": ["disabled"], "ages": [60, 130]}))
    assert one.score(levels={}, categories=(), age=8) < 0
    assert one.score(levels={"s": 2}, categories=(), age=80) > one.score(levels={}, categories=["disabled"], age=80) > 0


def test_criteria_that_nobody_verified_warn_and_verified_ones_refuse() -> None:
    able = beds.Ability(0, Words("能力完好", "Intact"))
    warned = beds.judge(able, beds.Criteria((2, 3, 4), verified=False))
    assert warned.refusal is None and warned.warnings
    assert beds.judge(able, beds.Criteria((2, 3, 4), verified=True)).refusal is not None
    assert beds.judge(beds.Ability(None), beds.Criteria((2,), verified=True)).refusal is None


def test_whoever_entered_a_home_bed_does_not_decide_on_it() -> None:
    asked = {"state": "applied", "is_approved": True, "reason": ""}
    assert beds.why_not_decided(**asked, is_own=True) and beds.why_not_decided(**asked, is_own=False) is None


def test_services_are_told_of_near_the_end_of_a_month_or_when_days_run_out() -> None:
    last = month_span(D(2026, 11, 5))[1]
    asked = {"needed": 4, "last": last, "warn_days": 10}
    assert not beds.will_be_missed(done=0, today=D(2026, 11, 5), **asked)
    assert beds.will_be_missed(done=3, today=D(2026, 11, 21), **asked)
    assert not beds.will_be_missed(done=4, today=last, **asked)
    assert beds.will_be_missed(done=0, needed=30, today=D(2026, 11, 5), last=last, warn_days=10)


def test_an_answer_before_the_call_is_refused() -> None:
    at = now()
    asked = {"is_answered": False, "called_at": at, "at": at}
    assert beds.why_not_answered(**asked, answered_at=at - dt.timedelta(minutes=1))
    assert beds.why_not_answered(**asked, answered_at=at) is None
