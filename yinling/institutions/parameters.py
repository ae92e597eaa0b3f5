"""Numbers of institutions that a city or a year changes, each with what it stands for where no pack states it."""

import datetime as dt
from dataclasses import dataclass

from yinling.reference.queries import Fact, fact_if_any


@dataclass(frozen=True)
class Limit:
    """So many months; `may_refuse` only where somebody has compared it with its source."""

    months: int
    may_refuse: bool


def offer_days(on: dt.date | None = None) -> int | None:
    """Days a family has to answer an offer of a bed; None: an offer does not lapse."""
    return _whole("admission.offer_days", on)


def hold_days(on: dt.date | None = None) -> int | None:
    """Days in hospital after which the home decides about the bed; None: nobody is asked."""
    return _whole("bed.hold_days_in_hospital", on)


def filing_days(on: dt.date | None = None) -> int | None:
    """Working days from the first resident in which a home is filed; None: nobody is reminded."""
    return _whole("institution.filing_working_days", on)


def agreement_days(on: dt.date | None = None) -> int | None:
    """Days before the end of a contract with a medical institution at which the first reminder comes."""
    return _whole("institution.agreement_warning_days", on)


def archive_years(on: dt.date | None = None) -> int | None:
    """Years that a resident's papers are kept after the agreement has ended."""
    return _whole("institution.archive_years", on)


def occupancy_target(on: dt.date | None = None) -> Fact | None:
    """Target of residents over beds set up in public homes, in percent."""
    return fact_if_any("institution.occupancy_target", on)


def nursing_target(on: dt.date | None = None) -> Fact | None:
    """Target of nursing beds over beds set up, in percent."""
    return fact_if_any("institution.nursing_bed_target", on)


def prepayment_limit(on: dt.date | None = None) -> Limit | None:
    """How many monthly fees may lie on the prepayment account."""
    return _limit(fact_if_any("fees.prepayment_months_limit", on))


def deposit_limit(on: dt.date | None = None) -> Limit | None:
    """How many monthly fees the deposit may come to."""
    return _limit(fact_if_any("fees.deposit_months_limit", on))


def _limit(found: Fact | None) -> Limit | None:
    return Limit(int(found.value), found.may_refuse) if found else None


def _whole(key: str, on: dt.date | None) -> int | None:
    found = fact_if_any(key, on)
    return int(found.value) if found else None
