"""Work of the register that nobody waits for."""

import datetime as dt
from typing import Any, Protocol
from uuid import UUID

from yinling.kernel import jobs
from yinling.kernel.actors import Actor, System
from yinling.kernel.clock import civil_date
from yinling.people.services.ageing import enter_ages
from yinling.people.services.expiring import ask_for_consents, ask_for_guardians
from yinling.people.services.lists import judge_edition

JUDGE, EXPIRY, AGES = "people.judge_edition", "people.expiry", "people.ages"
BATCH = 50  # each opens at most one duty: a batch stays well under 50 ms of writing
BY = System("people")


class Batches(Protocol):
    """Work in batches: what was done, and the last id looked at (None when there is no more)."""

    def __call__(self, *, on: dt.date, after: int, size: int, by: Actor) -> tuple[int, int | None]:
        """One batch."""
        ...


@jobs.kind(JUDGE)
def judge(progress: jobs.Progress) -> dict[str, Any]:
    """Who has left a department's list with its new edition; stopped half-way, it begins again and doubles nothing."""
    edition = judge_edition(import_uid=UUID(progress.arguments["import"]), by=BY)
    return {"left": edition.left if edition else 0}


@jobs.kind(EXPIRY)
def ask_again(progress: jobs.Progress) -> dict[str, Any]:
    """Ask again for consents and guardianships that run out. Argument: day (ISO), default today. Again changes
    nothing."""
    counts = {"consents": ask_for_consents, "guardians": ask_for_guardians}
    return {what: _all(ask, _day(progress), progress) for what, ask in counts.items()}


@jobs.kind(AGES)
def ages(progress: jobs.Progress) -> dict[str, Any]:
    """Enter who has reached a great age. Argument: day (ISO), default today. Again changes nothing."""
    return {"entered": _all(enter_ages, _day(progress), progress)}


def _all(work: Batches, day: dt.date, progress: jobs.Progress) -> int:
    """Batch after batch, until none is left."""
    count, after = 0, 0
    while True:
        progress.stop_if_asked()
        done, last = work(on=day, after=after, size=BATCH, by=BY)
        count += done
        progress.reach(count)
        if last is None:
            return count
        after = last


def _day(progress: jobs.Progress) -> dt.date:
    day = progress.arguments.get("day")
    return dt.date.fromisoformat(day) if day else civil_date()
