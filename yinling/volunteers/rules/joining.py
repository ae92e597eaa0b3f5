"""Who may become a volunteer, and whether they may serve today."""

import datetime as dt
from collections.abc import Collection

from yinling.kernel.reasons import Reason


def age_on(born: dt.date, day: dt.date) -> int:
    """Whole years on a day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def why_not_apply(age: int, least: int, *, guardian_agrees: bool) -> Reason | None:
    """Why somebody cannot apply; None when they can."""
    if age < least and not guardian_agrees:
        return Reason("Volunteers under {limit} need the consent of their guardian. Add it, or wait.", limit=least)
    return None


def why_not_accepted(state: str, passed: Collection[str], needed: Collection[str]) -> Reason | None:
    """Why an application cannot be accepted; None when it can."""
    if state not in ("applied", "suspended"):
        return Reason("Only an application, or a volunteer who was suspended, is accepted.")
    missing = sorted(set(needed) - set(passed))
    if missing:
        return Reason("{count} of the checks asked for are not passed yet. Enter them first.", count=len(missing))
    return None


def why_not_serve(state: str, *, is_insured: bool) -> Reason | None:
    """Why a volunteer may not take an order; None when they may."""
    if state != "active":
        return Reason("This volunteer is not active. Choose another, or accept the application first.")
    if not is_insured:
        return Reason("This volunteer has no insurance in force. Enter a new one first.")
    return None


def why_not_said(reason: str) -> Reason | None:
    """Why a reason is not one."""
    return None if reason.strip() else Reason("Say why, so that the record can be understood.")
