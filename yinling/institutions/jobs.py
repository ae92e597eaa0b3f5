"""Nightly work, as thin as a view."""

import datetime as dt

from yinling.institutions.services import remind_of_licences
from yinling.kernel.actors import System
from yinling.kernel.jobs import Progress, kind


@kind("institutions.licences")
def remind(progress: Progress) -> dict[str, int]:
    """Open duties for licences about to run out. Argument: day (ISO), default today."""
    day = progress.arguments.get("day")
    on = dt.date.fromisoformat(day) if day else None
    return {"opened": remind_of_licences(by=System("institutions"), on=on)}
