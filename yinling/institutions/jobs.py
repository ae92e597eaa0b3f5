"""Nightly work, as thin as a view."""

import datetime as dt

from yinling.institutions.services import (
    ask_about_held_beds,
    ask_for_filings,
    let_offers_lapse,
    remind_of_certificates,
    remind_of_licences,
)
from yinling.kernel.actors import System
from yinling.kernel.jobs import Progress, kind

BY = System("institutions")


@kind("institutions.licences")
def licences(progress: Progress) -> dict[str, int]:
    """Open duties for licences about to run out. Argument: day (ISO), default today."""
    return {"opened": remind_of_licences(by=BY, on=_day(progress))}


@kind("institutions.certificates")
def certificates(progress: Progress) -> dict[str, int]:
    """Open duties for staff certificates about to run out. Argument: day (ISO), default today."""
    return {"opened": remind_of_certificates(by=BY, on=_day(progress))}


@kind("institutions.terms")
def terms(progress: Progress) -> dict[str, int]:
    """Filings, beds kept for hospital stays, offers without an answer. Argument: day (ISO), default today."""
    day = _day(progress)
    return {
        "filings": ask_for_filings(by=BY, on=day), "held": ask_about_held_beds(by=BY, on=day),
        "lapsed": let_offers_lapse(by=BY, on=day),
    }  # fmt: skip


def _day(progress: Progress) -> dt.date | None:
    day = progress.arguments.get("day")
    return dt.date.fromisoformat(day) if day else None
