"""What may be recorded, checked, counted and handed over, and why not. Pure."""

import datetime as dt
from dataclasses import dataclass

from yinling.kernel.reasons import Reason

DONE, PART, REFUSED, HELD = "done", "part", "refused", "held"
RESULTS = {
    "turn": (DONE, REFUSED), "meal": (DONE, PART, REFUSED), "medicine": (DONE, REFUSED, HELD), "patrol": (DONE,),
}  # fmt: skip
SEEN, OUT, NOT_SEEN = "seen", "out", "not_seen"
CLOCKS_APART = dt.timedelta(minutes=5)  # phones go ahead a little
LEAST_WORDS = 2


@dataclass(frozen=True)
class Limits:
    """Minutes before due from which a task may be done; hours after doing within which a phone may send it."""

    early_minutes: int = 60
    offline_hours: int = 12


def why_not_timed(done_at: dt.datetime, now: dt.datetime, limits: Limits) -> Reason | None:
    """Why a stated time of doing does not count."""
    if done_at > now + CLOCKS_APART:
        return Reason(
            "The phone says {done_at}; here it is {now}. Set the clock of the phone, then record again.",
            done_at=done_at, now=now,
        )  # fmt: skip
    if now - done_at > dt.timedelta(hours=limits.offline_hours):
        return Reason(
            "This was done at {done_at}, more than {hours} hours ago. Write it into the note of the hand-over.",
            done_at=done_at, hours=limits.offline_hours,
        )  # fmt: skip
    return None


def why_not_done(
    kind: str, result: str, note: str, due_at: dt.datetime, done_at: dt.datetime, limits: Limits
) -> Reason | None:
    """Why a task cannot be recorded so."""
    if result not in RESULTS[kind]:
        return Reason("Choose one of the results offered.")
    if due_at - done_at > dt.timedelta(minutes=limits.early_minutes):
        return Reason(
            "This is due at {due_at}; it can be done from {minutes} minutes before. Wait, or record the one before.",
            due_at=due_at, minutes=limits.early_minutes,
        )  # fmt: skip
    if kind == "medicine" and result != DONE and len(note.strip()) < LEAST_WORDS:
        return Reason("Say why the medicine was not given. Whoever prescribed it must know.")
    return None


@dataclass(frozen=True)
class Checking:
    """What is known when a second person confirms a medicine."""

    is_given: bool
    is_void: bool
    is_checked: bool
    gave_it: bool
    works_there: bool


def why_not_checked(given: Checking) -> Reason | None:
    """Why this second check does not count."""
    if given.is_void or not given.is_given:
        return Reason("This medicine was not given, so there is nothing to check.")
    if given.gave_it:
        return Reason("You gave this medicine yourself. The second check is a colleague's.")
    if not given.works_there:
        return Reason("The second check is made by somebody who works in this home.")
    return None


def why_not_taken_back(gave_it: bool, is_checked: bool, is_over: bool, reason: str) -> Reason | None:
    """Why a record stays."""
    if not gave_it:
        return Reason("Only whoever recorded this can take it back.")
    if is_checked:
        return Reason("A colleague has confirmed this medicine. Report an incident if something was wrong.")
    if is_over:
        return Reason("The shift is handed over and its records stay. Write the mistake into the next hand-over.")
    if len(reason.strip()) < LEAST_WORDS:
        return Reason("Say what was wrong. The reason stays on record.")
    return None


@dataclass(frozen=True)
class Counted:
    """One resident at the head count: seen or not, out with a slip or not, and what is said."""

    is_seen: bool
    is_out: bool
    note: str = ""

    @property
    def state(self) -> str:
        """seen, out or not_seen."""
        return SEEN if self.is_seen else OUT if self.is_out else NOT_SEEN


def why_not_handed_over(lines: dict[str, Counted], *, is_complete: bool, has_begun: bool) -> Reason | None:
    """Why a shift cannot be handed over. `lines` by the resident's bed."""
    if not has_begun:
        return Reason("This shift has not begun. Hand over the one that is running.")
    if not is_complete:
        return Reason(
            "Count every resident of the ward before you hand over. Somebody moved in or out since: look again."
        )
    silent = [bed for bed, one in lines.items() if one.state == NOT_SEEN and len(one.note.strip()) < LEAST_WORDS]
    if silent:
        return Reason(
            "{count} residents were not seen and nobody said where they are, the first: bed {bed}. "
            "Look for them; tick whom you have seen, or write what you know.",
            count=len(silent), bed=silent[0],
        )  # fmt: skip
    return None


def why_not_taken_over(handed_it: bool) -> Reason | None:
    """Why somebody cannot take over."""
    if handed_it:
        return Reason("You handed this shift over yourself. The colleague who comes after you takes over.")
    return None
