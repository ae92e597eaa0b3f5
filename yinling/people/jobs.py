"""Work of the register that nobody waits for."""

from typing import Any
from uuid import UUID

from yinling.kernel import jobs
from yinling.kernel.actors import System
from yinling.people.services.lists import judge_edition

JUDGE = "people.judge_edition"


@jobs.kind(JUDGE)
def judge(progress: jobs.Progress) -> dict[str, Any]:
    """Who has left a department's list with its new edition; stopped half-way, it begins again and doubles nothing."""
    edition = judge_edition(import_uid=UUID(progress.arguments["import"]), by=System("people"))
    return {"left": edition.left if edition else 0}
