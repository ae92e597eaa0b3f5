"""The dated parameters of shifts, each with what holds where no pack states it."""

import datetime as dt

from yinling.reference.queries import MissingParameter, parameter
from yinling.shifts.rules.doing import Limits
from yinling.shifts.rules.due import ShiftKind, shift_kinds

KINDS = (("night", "00:00", "08:00"), ("day", "08:00", "16:00"), ("evening", "16:00", "00:00"))
MEALS = ("07:30", "11:30", "17:30")
ROUNDS = {"night": 2, "day": 1, "evening": 1}
GRACE = {"turn": 30, "meal": 60, "medicine": 30, "patrol": 0}


def kinds(on: dt.date | None = None) -> tuple[ShiftKind, ...]:
    """The shifts of a day."""
    try:
        return shift_kinds(parameter("shift.kinds", on))
    except MissingParameter:
        return shift_kinds(KINDS)


def meal_times(on: dt.date | None = None) -> tuple[str, ...]:
    """When meals begin."""
    try:
        return tuple(parameter("shift.meal_times", on))
    except MissingParameter:
        return MEALS


def turn_minutes(on: dt.date | None = None) -> int:
    """Minutes between turns that a new plan proposes."""
    try:
        return int(parameter("shift.turn_minutes", on))
    except MissingParameter:
        return 120


def patrol_rounds(on: dt.date | None = None) -> dict[str, int]:
    """Patrols of each kind of shift."""
    try:
        return {str(key): int(count) for key, count in parameter("shift.patrol_rounds", on)}
    except MissingParameter:
        return ROUNDS


def grace_minutes(on: dt.date | None = None) -> dict[str, int]:
    """Minutes after due before a task is called late, by kind."""
    try:
        return {str(key): int(count) for key, count in parameter("shift.grace_minutes", on)}
    except MissingParameter:
        return GRACE


def limits(on: dt.date | None = None) -> Limits:
    """How early a task may be recorded, and how late sent."""
    try:
        early, hours = parameter("shift.early_minutes", on), parameter("shift.offline_hours", on)
        return Limits(int(early), int(hours))
    except MissingParameter:
        return Limits()


def report_minutes(on: dt.date | None = None) -> int:
    """Minutes within which an incident is reported."""
    try:
        return int(parameter("incident.report_minutes", on))
    except MissingParameter:
        return 60


def assess_months(on: dt.date | None = None) -> int:
    """Months after which safety risks are assessed again."""
    try:
        return int(parameter("risk.assess_months", on))
    except MissingParameter:
        return 12


def risk_limits(on: dt.date | None = None) -> tuple[int, int]:
    """Answers with yes from which a risk is medium, and high."""
    try:
        medium, high = parameter("risk.limits", on)
        return int(medium), int(high)
    except MissingParameter:
        return 1, 3


def decisive(on: dt.date | None = None) -> frozenset[str]:
    """Answers that make a risk high alone."""
    try:
        return frozenset(parameter("risk.decisive", on))
    except MissingParameter:
        return frozenset()
