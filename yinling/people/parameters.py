"""The dated parameters of the register, each with what holds while no pack states it."""

import datetime as dt

from yinling.people.rules import OLDEST
from yinling.reference.queries import parameter_or


def elder_age(on: dt.date | None = None) -> int:
    """Years from which somebody is an elder."""
    return int(parameter_or("people.elder_age", 60, on))


def special_ages(on: dt.date | None = None) -> tuple[int, int]:
    """Years from which somebody is of great age, and a centenarian."""
    old, oldest = parameter_or("people.special_ages", (80, 100), on)
    return int(old), int(oldest)


def oldest_plausible_age(on: dt.date | None = None) -> int:
    """Years above which a birth date is taken for a slip of the pen."""
    return int(parameter_or("people.oldest_plausible_age", OLDEST, on))


def consent_months(on: dt.date | None = None) -> int:
    """Months a consent counts that names no end."""
    return int(parameter_or("people.consent_months", 12, on))


def ask_again_days(on: dt.date | None = None) -> int:
    """Days before the end of a consent or guardianship at which somebody asks again."""
    return int(parameter_or("people.ask_again_days", 30, on))


def look_log_months(on: dt.date | None = None) -> int:
    """Months for which looks can be looked up."""
    return int(parameter_or("people.look_log_months", 36, on))


def receipt_working_days(on: dt.date | None = None) -> int:
    """Working days within which the other county answers a transfer."""
    return int(parameter_or("transfer.receipt_working_days", 5, on))
