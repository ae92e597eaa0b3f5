"""The dated parameters of shifts, each with what holds where no pack states it."""

import datetime as dt

from yinling.reference.queries import parameter_or
from yinling.shifts.rules.doing import Limits
from yinling.shifts.rules.due import ShiftKind, shift_kinds

KINDS = (("night", "00:00", "08:00"), ("day", "08:00", "16:00"), ("evening", "16:00", "00:00"))
MEALS = ("07:30", "11:30", "17:30")
ROUNDS = {"night": 2, "day": 1, "evening": 1}
GRACE = {"turn": 30, "meal": 60, "medicine": 30, "patrol": 0}


def kinds(on: dt.date | None = None) -> tuple[ShiftKind, ...]:
    """The shifts of a day."""
    return shift_kinds(parameter_or("shift.kinds", KINDS, on))


def meal_times(on: dt.date | None = None) -> tuple[str, ...]:
    """When meals begin."""
    return tuple(parameter_or("shift.meal_times", MEALS, on))


def turn_minutes(on: dt.date | None = None) -> int:
    """Minutes between turns that a new plan proposes."""
    return int(parameter_or("shift.turn_minutes", 120, on))


def patrol_rounds(on: dt.date | None = None) -> dict[str, int]:
    """Patrols of each kind of shift."""
    return {str(key): int(count) for key, count in parameter_or("shift.patrol_rounds", ROUNDS.items(), on)}


def grace_minutes(on: dt.date | None = None) -> dict[str, int]:
    """Minutes after due before a task is called late, by kind."""
    return {str(key): int(count) for key, count in parameter_or("shift.grace_minutes", GRACE.items(), on)}


def limits(on: dt.date | None = None) -> Limits:
    """How early a task may be recorded, and how late sent."""
    plain = Limits()
    early = parameter_or("shift.early_minutes", plain.early_minutes, on)
    return Limits(int(early), int(parameter_or("shift.offline_hours", plain.offline_hours, on)))


def report_minutes(on: dt.date | None = None) -> int:
    """Minutes within which an incident is reported."""
    return int(parameter_or("incident.report_minutes", 60, on))


def assess_months(on: dt.date | None = None) -> int:
    """Months after which safety risks are assessed again."""
    return int(parameter_or("risk.assess_months", 12, on))


def risk_limits(on: dt.date | None = None) -> tuple[int, int]:
    """Answers with yes from which a risk is medium, and high."""
    medium, high = parameter_or("risk.limits", (1, 3), on)
    return int(medium), int(high)


def decisive(on: dt.date | None = None) -> frozenset[str]:
    """Answers that make a risk high alone."""
    return frozenset(parameter_or("risk.decisive", (), on))
