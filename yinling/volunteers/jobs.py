"""Nightly work, as thin as a view."""

import datetime as dt

from yinling.kernel.actors import System
from yinling.kernel.jobs import Progress, kind
from yinling.volunteers.services import ask_for_insurance, bank_due, expire_due

BY = System("time bank")
BANK, CARE_FOR = "volunteers.bank", "volunteers.insurance"


@kind(BANK)
def bank(progress: Progress) -> dict[str, int]:
    """Bank what both sides confirmed and nobody disputed; let hours expire. Argument: day (ISO)."""
    day = dt.date.fromisoformat(progress.arguments["day"])
    return {"banked": bank_due(), "expired": expire_due(on=day)}


@kind(CARE_FOR)
def insurance(progress: Progress) -> dict[str, int]:
    """Open duties for insurances that end soon. Argument: day (ISO)."""
    return {"ending": ask_for_insurance(by=BY, on=dt.date.fromisoformat(progress.arguments["day"]))}
