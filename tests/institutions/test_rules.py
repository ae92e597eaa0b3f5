"""Decisions without a database."""

import datetime as dt

import pytest

from yinling.institutions import rules


@pytest.mark.parametrize(
    ("categories", "level", "age", "alone", "public", "priority"),
    [
        ({"destitute"}, None, 70, False, True, 1),
        ({"low_income"}, 2, 70, False, True, 2),
        ({"low_income"}, 0, 70, False, True, 4),
        (set(), 3, 70, False, True, 3),
        (set(), 1, 85, True, True, 3),
        (set(), 1, 70, True, True, 4),
        ({"destitute"}, 4, 70, False, False, 4),
    ],
)
def test_the_class_of_an_application(
    categories: set[str], level: int | None, age: int, alone: bool, public: bool, priority: int
) -> None:
    applicant = rules.Applicant(age, frozenset(categories), level, alone)
    found = rules.admission_class(applicant, public)
    assert found.priority == priority and found.reasons


@pytest.mark.parametrize(("left", "step"), [(61, None), (60, 60), (31, 60), (30, 30), (8, 30), (7, 7), (0, 0), (-9, 0)])
def test_reminders_come_at_sixty_thirty_seven_and_no_days(left: int, step: int | None) -> None:
    assert rules.step_reached(left, (60, 30, 7, 0)) == step


def test_a_broken_month_is_charged_by_days_and_rounded_down() -> None:
    month = dt.date(2026, 2, 1)
    assert rules.fee_for_month(280_000, month, dt.date(2025, 1, 1), None) == 280_000
    assert rules.fee_for_month(280_000, month, dt.date(2026, 2, 15), None) == 140_000
    assert rules.fee_for_month(280_000, month, dt.date(2026, 2, 1), dt.date(2026, 2, 2)) == 10_000
    assert rules.fee_for_month(280_000, month, dt.date(2026, 3, 1), None) == 0


def test_carers_are_counted_up() -> None:
    assert rules.carers_needed([0] * 15 + [2] * 6 + [4] * 3, (15, 6, 3)) == 3
    assert rules.carers_needed([4], (15, 6, 3)) == 1
