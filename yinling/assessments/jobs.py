"""Nightly work."""

from typing import Any

from yinling.assessments.services import remind
from yinling.kernel import jobs
from yinling.kernel.actors import System
from yinling.kernel.clock import civil_date

SYSTEM = System("assessments.expiry")
BATCH = 100  # each opens at most one duty: a batch stays well under 50 ms of writing


@jobs.kind("assessments.expiry")
def remind_of_expiry(progress: jobs.Progress) -> dict[str, Any]:
    """Ask for a new assessment where one runs out, ahead and at the end. Every night; again changes nothing."""
    cursor = progress.cursor or {"after": 0, "opened": 0}
    after: int | None = cursor["after"]
    opened = cursor["opened"]
    while after is not None:
        progress.stop_if_asked()
        count, after = remind(on=civil_date(), after=after, size=BATCH, by=SYSTEM)
        opened += count
        progress.reach(opened, cursor={"after": after or 0, "opened": opened})
    return {"opened": opened}
