"""When things are due, and what may be recorded. No database."""

import datetime as dt
from uuid import UUID

import pytest

from yinling.kernel.clock import CITY_ZONE
from yinling.shifts.rules import doing, due, incidents, risks

DAY = dt.date(2026, 11, 23)
MIDNIGHT = dt.datetime(2026, 11, 23, tzinfo=CITY_ZONE)
ONE, TWO = UUID(int=1), UUID(int=2)
KINDS = due.shift_kinds([["night", "00:00", "08:00"], ["day", "08:00", "16:00"], ["evening", "16:00", "00:00"]])
NIGHT, MORNING, EVENING = (due.span_of(kind, DAY, MIDNIGHT) for kind in KINDS)


def at(text: str) -> dt.datetime:
    hour, minute = text.split(":")
    return MIDNIGHT + dt.timedelta(hours=int(hour), minutes=int(minute))


def times(slots: tuple[due.Slot, ...]) -> list[str]:
    return [slot.due_at.astimezone(CITY_ZONE).strftime("%H:%M") for slot in slots]


def test_an_evening_shift_ends_at_the_next_midnight() -> None:
    assert EVENING.ends_at == MIDNIGHT + dt.timedelta(days=1) and not EVENING.holds(EVENING.ends_at)


def test_a_shift_over_midnight_gives_the_medicines_of_both_days() -> None:
    span = due.span_of(due.ShiftKind("late", 20 * 60, 8 * 60), DAY, MIDNIGHT)
    assert times(due.at_times(span, MIDNIGHT, ["21:00", "06:00", "12:00"])) == ["21:00", "06:00"]


def test_turns_are_counted_from_midnight_and_lie_in_the_shift() -> None:
    assert times(due.every(MORNING, MIDNIGHT, 180)) == ["09:00", "12:00", "15:00"]
    assert times(due.every(NIGHT, MIDNIGHT, 240)) == ["00:00", "04:00"]


def test_two_rounds_a_night_are_due_at_the_end_of_each_half() -> None:
    assert times(due.rounds(NIGHT, 2)) == ["04:00", "08:00"] and due.rounds(NIGHT, 0) == ()


def a_plan(kind: str = due.TURN, slots: tuple[due.Slot, ...] = (), **more: object) -> due.Plan:
    begins = more.pop("begins_at", MIDNIGHT - dt.timedelta(days=1))
    return due.Plan(kind, ONE, ONE, slots, begins, **more)  # type: ignore[arg-type]


HERE = {ONE: due.Presence(MIDNIGHT - dt.timedelta(days=9))}


def test_nothing_is_due_for_a_resident_who_is_out_with_a_slip() -> None:
    slots = due.every(MORNING, MIDNIGHT, 120)
    out = {ONE: due.Presence(HERE[ONE].since, None, ((at("09:00"), at("13:00")),))}
    found = due.tasks_of([a_plan(slots=slots)], out)
    assert [task.due_at for task in found] == [at("08:00"), at("14:00")]


def test_nothing_is_due_before_the_plan_began_or_after_it_ended() -> None:
    slots = due.every(MORNING, MIDNIGHT, 120)
    plan = a_plan(slots=slots, begins_at=at("09:00"), ended_at=at("13:00"))
    assert [task.due_at for task in due.tasks_of([plan], HERE)] == [at("10:00"), at("12:00")]


def test_a_task_has_the_same_key_whoever_computes_it() -> None:
    slots = due.every(MORNING, MIDNIGHT, 120)
    first, again = due.tasks_of([a_plan(slots=slots)], HERE), due.tasks_of([a_plan(slots=slots)], HERE)
    assert [task.key for task in first] == [task.key for task in again] and len({t.key for t in first}) == 4


def test_a_task_is_late_only_after_its_grace_and_then_by_the_whole_time() -> None:
    task = due.tasks_of([a_plan(slots=due.every(MORNING, MIDNIGHT, 480))], HERE)[0]
    assert task.late_minutes(at("08:30"), 30) == 0 and task.late_minutes(at("08:31"), 30) == 31


def test_a_patrol_belongs_to_the_round_in_which_it_was_made() -> None:
    tasks = due.tasks_of([due.Plan(due.PATROL, TWO, None, due.rounds(NIGHT, 2), MIDNIGHT)], {})
    found = due.task_at(tasks, NIGHT, at("04:10"))
    assert found is not None and found.due_at == at("08:00") and due.task_at(tasks, NIGHT, at("09:00")) is None


LIMITS = doing.Limits()


@pytest.mark.parametrize(
    ("hours", "word"), [(-13, "more than 12 hours ago"), (1, "Set the clock"), (0, "")]
)  # fmt: skip
def test_the_time_a_phone_states_lies_between_half_a_day_ago_and_now(hours: int, word: str) -> None:
    said = doing.why_not_timed(at("12:00") + dt.timedelta(hours=hours), at("12:00"), LIMITS)
    assert (said is None) if not word else word in str(said)


def test_a_turn_two_hours_early_is_refused() -> None:
    said = doing.why_not_done("turn", "done", "", at("12:00"), at("10:00"), LIMITS)
    assert "60 minutes before" in str(said)
    assert doing.why_not_done("turn", "done", "", at("12:00"), at("11:10"), LIMITS) is None


def test_a_medicine_that_was_not_given_needs_a_word() -> None:
    assert doing.why_not_done("medicine", "held", " ", at("12:00"), at("12:00"), LIMITS) is not None
    assert doing.why_not_done("medicine", "held", "血压低", at("12:00"), at("12:00"), LIMITS) is None


def test_somebody_not_seen_without_a_word_refuses_the_hand_over() -> None:
    lines = {"101 1床": doing.Counted(True, False), "101 2床": doing.Counted(False, False)}
    said = doing.why_not_handed_over(lines, is_complete=True, has_begun=True)
    assert "101 2床" in str(said)
    lines["101 2床"] = doing.Counted(False, False, "说去菜园了")
    assert doing.why_not_handed_over(lines, is_complete=True, has_begun=True) is None


def test_whoever_is_out_with_a_slip_needs_no_word() -> None:
    lines = {"101 1床": doing.Counted(False, True)}
    assert doing.why_not_handed_over(lines, is_complete=True, has_begun=True) is None


def test_an_incident_is_late_after_its_hour() -> None:
    assert not incidents.is_late(at("10:00"), at("11:00"), 60) and incidents.is_late(at("10:00"), at("11:01"), 60)


def test_a_home_does_not_close_its_own_incident() -> None:
    assert incidents.why_not_closed("reviewed", reviewed_it=False, works_there=True) is not None
    assert incidents.why_not_closed("reviewed", reviewed_it=False, works_there=False) is None
    assert incidents.why_not_closed("reported", reviewed_it=False, works_there=False) is not None


def test_one_answer_makes_a_risk_medium_three_or_a_decisive_one_high() -> None:
    answers, decisive = ["fall.gait"], ["fall.happened"]
    assert risks.grade_of("fall", answers, decisive, (1, 3)) == "medium"
    assert risks.grade_of("lost", answers, decisive, (1, 3)) == "low"
    assert risks.grade_of("fall", ["fall.happened"], decisive, (1, 3)) == "high"
    assert risks.grade_of("fall", ["fall.a", "fall.b", "fall.c"], decisive, (1, 3)) == "high"


def test_a_risk_assessment_is_due_again_within_the_year() -> None:
    assert risks.next_due(dt.date(2026, 1, 31), DAY, 12) == dt.date(2027, 1, 28)
    assert risks.next_due(None, DAY, 12) == DAY
