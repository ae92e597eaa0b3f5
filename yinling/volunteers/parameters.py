"""The dated parameters of the time bank, each with what holds where no pack states it."""

import datetime as dt

from yinling.reference.queries import parameter_or
from yinling.volunteers.rules.serving import Limits
from yinling.volunteers.rules.solvency import Assumptions

CHECKS = ("identity", "health", "record")
CLOSE_KIN = ("10", "20", "30", "40", "50", "60")  # GB/T 4761


def limits(on: dt.date | None = None) -> Limits:
    """What counts, in minutes."""
    plain = Limits()
    return Limits(
        rounding=int(parameter_or("time_bank.rounding_minutes", plain.rounding, on)),
        shortest=int(parameter_or("time_bank.shortest_minutes", plain.shortest, on)),
        day=int(parameter_or("time_bank.hours_per_day_limit", plain.day // 60, on)) * 60,
        cap=int(parameter_or("time_bank.cap_hours", plain.cap // 60, on)) * 60,
        dispute_days=int(parameter_or("time_bank.dispute_days", plain.dispute_days, on)),
    )


def redeem_age(on: dt.date | None = None) -> int:
    """Age from which hours are spent."""
    return int(parameter_or("time_bank.redeem_age", 60, on))


def least_age(on: dt.date | None = None) -> int:
    """Age from which somebody serves without a guardian's consent."""
    return int(parameter_or("time_bank.volunteer_age", 18, on))


def close_kin(on: dt.date | None = None) -> frozenset[str]:
    """Relations among whom hours are given and inherited."""
    return frozenset(parameter_or("time_bank.close_kin", CLOSE_KIN, on))


def expiry_months(on: dt.date | None = None) -> int:
    """Months after which hours expire; 0: never."""
    return int(parameter_or("time_bank.expiry_months", 0, on))


def pool_list(on: dt.date | None = None) -> frozenset[str]:
    """Categories of persons whom the pool serves first."""
    return frozenset(parameter_or("time_bank.pool_list", ("destitute", "living_alone"), on))


def checks_needed(on: dt.date | None = None) -> tuple[str, ...]:
    """Checks a volunteer passes before serving."""
    return tuple(parameter_or("volunteer.checks", CHECKS, on))


def insurance_days(on: dt.date | None = None) -> int:
    """Days before the end of an insurance at which somebody renews it."""
    return int(parameter_or("volunteer.insurance_warning_days", 30, on))


def assumptions(on: dt.date | None = None) -> Assumptions:
    """What the projection assumes where nobody says otherwise."""
    plain = Assumptions()
    serves_from, serves_until = parameter_or("time_bank.serving_ages", (plain.serves_from, plain.serves_until), on)
    return Assumptions(
        serves_from=int(serves_from), serves_until=int(serves_until),
        share_serving=float(parameter_or("time_bank.share_serving", plain.share_serving, on)),
        hours_a_year=float(parameter_or("time_bank.hours_a_year", plain.hours_a_year, on)),
        claims_from=int(parameter_or("time_bank.claims_from", plain.claims_from, on)),
        share_claimed=float(parameter_or("time_bank.share_claimed", plain.share_claimed, on)),
    )  # fmt: skip
