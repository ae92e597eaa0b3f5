"""Nightly work, as thin as a view. By subject."""

import datetime as dt
import time
from collections.abc import Callable

from yinling.accounts.models import User
from yinling.care.models import Proposal
from yinling.care.services import beds, doubts, due, pairings, planning, plans, proposals, rounds
from yinling.kernel.actors import System
from yinling.kernel.clock import civil_date, now
from yinling.kernel.jobs import Progress, kind

BY = System("care")
BATCH = 100


# Plans and home beds

PLANS, BEDS = "care.plans", "care.beds"


@kind(PLANS)
def look_after_plans(progress: Progress) -> dict[str, int]:
    """Plan sessions ahead, ask for reviews, let partners' people in and out. Argument: day (ISO)."""
    day = _day(progress)
    return {
        "sessions": _all(lambda after: planning.plan_ahead(on=day, after=after, size=BATCH), progress),
        "reviews": _all(lambda after: plans.ask_for_reviews(on=day, after=after, size=BATCH, by=BY), progress),
        "let_in": _all(lambda after: plans.renew_letting_in(after=after, size=BATCH, by=BY), progress),
    }


@kind(BEDS)
def look_after_beds(progress: Progress) -> dict[str, int]:
    """Home beds whose services of the month will hardly be enough. Argument: day (ISO)."""
    day = _day(progress)
    return {"short": _all(lambda after: beds.ask_for_services(on=day, after=after, size=BATCH, by=BY), progress)}


def _day(progress: Progress) -> dt.date:
    day = progress.arguments.get("day")
    return dt.date.fromisoformat(day) if day else civil_date()


def _all(work: Callable[[int], tuple[int, int | None]], progress: Progress) -> int:
    """Batch after batch, until none is left."""
    count, after = 0, 0
    while True:
        progress.stop_if_asked()
        done, last = work(after)
        count += done
        if last is None:
            return count
        after = last


# Visits

DUE, DOUBTS, DISCHARGES = "care.due", "care.doubts", "care.discharges"


@kind(DUE)
def open_visits(progress: Progress) -> dict[str, int]:
    """Open the visits that fall due, take away what is not needed, ask about villages that are late. Argument: day."""
    day = _day(progress)
    done = due.open_due_visits(on=day, by=BY)
    late = due.ask_about_overdue(on=day, by=BY)
    return {"opened": done.opened, "voided": done.voided, "missed": done.missed, "villages": late}


@kind(DOUBTS)
def look_for_doubts(progress: Progress) -> dict[str, int]:
    """Visits that can hardly be true together. Argument: day (ISO)."""
    return {"doubts": doubts.look_at_night(on=_day(progress))}


@kind(DISCHARGES)
def ask_after_discharges(progress: Progress) -> dict[str, int]:
    """Every hour: who came home from hospital is visited within the rule's hours."""
    return {"asked": due.ask_after_discharges(at=now(), by=BY)}


# Pairings

PAIRINGS = "care.pairings"
LINES = 20
TELL_EVERY_S = 1.0


@kind(PAIRINGS)
def look_after_pairings(progress: Progress) -> dict[str, int]:
    """Let visitors in whose pairing has begun, out whose is over; renew the others. Argument: day (ISO)."""
    day = _day(progress)
    return {"grants": _all(lambda after: pairings.renew_grants(on=day, after=after, size=BATCH, by=BY), progress)}


@kind(proposals.WORK)
def propose(progress: Progress) -> dict[str, int]:
    """Work a proposal out. Argument: proposal (uid). Stopping leaves nothing behind."""
    found = Proposal.objects.get(uid=progress.arguments["proposal"])
    told = [0.0]

    def tell(done: int, total: int) -> None:
        if (moment := time.monotonic()) - told[0] >= TELL_EVERY_S:
            told[0] = moment
            progress.stop_if_asked()
            progress.reach(done, total)

    if found.state == Proposal.State.WORKING:
        proposals.work_out(found, tell)
    return {"lines": found.lines.count()}


@kind(proposals.APPLY)
def apply_proposal(progress: Progress) -> dict[str, int]:
    """Apply the chosen lines of a proposal. Argument: proposal (uid). Taken up again where it stopped."""
    found = Proposal.objects.get(uid=progress.arguments["proposal"])
    by = User.objects.filter(uid=progress.job.actor_uid).first() or BY
    done, total = 0, found.lines.filter(state="open").count()
    while found.state == Proposal.State.APPLYING and (count := proposals.apply_lines(found, size=LINES, by=by)):
        done += count
        progress.reach(done, total)
    return {"lines": done}


# Rounds


@kind(rounds.WORK)
def plan_rounds(progress: Progress) -> dict[str, list[str]]:
    """Plan a day of a division, block by block. Arguments: place, day (ISO). Stopped, it keeps the blocks done."""
    asked = progress.arguments
    by = User.objects.filter(uid=progress.job.actor_uid).first() or BY

    def go_on() -> bool:
        progress.stop_if_asked()
        return True

    made = rounds.plan_blocks(
        blocks=rounds.blocks_of(int(asked["place"])), day=dt.date.fromisoformat(asked["day"]), by=by,
        tell=progress.reach, go_on=go_on,
    )  # fmt: skip
    return {"plans": [str(one.uid) for one in made]}
