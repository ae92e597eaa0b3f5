"""Work of the worklist that nobody waits for."""

from typing import Any

from yinling.kernel import jobs
from yinling.kernel.actors import System
from yinling.worklist.services import escalate_due

PERIOD_S = 60  # an alert's first rung is minutes away


@jobs.kind("worklist.escalate")
def escalate(progress: jobs.Progress) -> dict[str, Any]:
    """Raise what is late; every minute."""
    return {"raised": escalate_due(by=System("worklist.escalate"))}
