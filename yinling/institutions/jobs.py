"""Nightly work, as thin as a view."""

import datetime as dt

from yinling.institutions.services import remind_of_certificates, remind_of_licences
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


def _day(progress: Progress) -> dt.date | None:
    day = progress.arguments.get("day")
    return dt.date.fromisoformat(day) if day else None
