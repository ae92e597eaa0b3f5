"""Work of the worklist that nobody waits for."""

import datetime as dt
from typing import Any

from yinling.kernel import jobs
from yinling.kernel.actors import System
from yinling.kernel.clock import civil_date
from yinling.worklist.services import escalate_due
from yinling.worklist.telling import remind_ahead, remind_of_today, send_digests

PERIOD_S = 60  # an alert's first rung is minutes away
BATCH = 50


@jobs.kind("worklist.escalate")
def escalate(progress: jobs.Progress) -> dict[str, Any]:
    """Raise what is late; every minute."""
    return {"raised": escalate_due(by=System("worklist.escalate"))}


@jobs.kind("worklist.remind")
def remind(progress: jobs.Progress) -> dict[str, Any]:
    """Tell of what falls due today or soon, one by one or as a digest. Every night; again sends nothing."""
    asked = progress.arguments.get("day")
    day = dt.date.fromisoformat(asked) if asked else civil_date()
    cursor = progress.cursor or {"part": 0, "after": 0, "told": 0}
    told = cursor["told"]
    for number, tell in enumerate((remind_of_today, remind_ahead)):
        if number < cursor.get("part", 0):
            continue
        after: int | None = cursor["after"] if number == cursor.get("part", 0) else 0
        while after is not None:
            progress.stop_if_asked()
            count, after = tell(day=day, after=after, size=BATCH)
            told += count
            reached = {"part": number, "after": after} if after is not None else {"part": number + 1, "after": 0}
            progress.reach(told, cursor={**reached, "told": told})
    return {"told": told, "digests": send_digests(day=day)}
