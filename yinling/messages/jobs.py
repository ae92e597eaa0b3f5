"""Work of messages that nobody waits for: one job per try."""

from typing import Any

from yinling.kernel import jobs
from yinling.messages.services import JOB, attempt


@jobs.kind(JOB)
def send_one(progress: jobs.Progress) -> dict[str, Any]:
    """Try to deliver one message; a failed try queues the next one itself."""
    return {"state": attempt(progress.arguments["uid"]).state}
