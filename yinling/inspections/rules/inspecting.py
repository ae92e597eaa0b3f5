"""What may be done to an inspection, and why not. Pure."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from yinling.inspections.rules.checklists import Checklist
from yinling.kernel.reasons import Reason

YES, NO, NOT_APPLICABLE = "yes", "no", "na"
ANSWERS = (YES, NO, NOT_APPLICABLE)
PLANNED, STARTED, FIRST_SIGNED, SIGNED, VOID = "planned", "started", "first_signed", "signed", "void"
OPEN = (PLANNED, STARTED, FIRST_SIGNED)
SELF_CHECK = "self_check"
LEAST_REASON = 4
LONGEST_AHEAD = dt.timedelta(days=366)


@dataclass(frozen=True)
class Answered:
    """The answer to one item, with what was seen."""

    answer: str
    note: str = ""


def why_not_planned(planned_on: dt.date, today: dt.date, closed_on: dt.date | None) -> Reason | None:
    """Why no inspection can be planned."""
    if closed_on is not None:
        return Reason("This home closed on {day}. There is nothing to inspect.", day=closed_on)
    if planned_on < today:
        return Reason("The day {day} is over; today is {today}. Plan from today on.", day=planned_on, today=today)
    if planned_on - today > LONGEST_AHEAD:
        return Reason("The day {day} is more than a year ahead. Plan nearer to it.", day=planned_on)
    return None


def why_not_edited(state: str) -> Reason | None:
    """Why an inspection is closed to the pen."""
    if state == SIGNED:
        return Reason("This inspection is signed and stays as it is. Plan a follow-up to look again.")
    if state == VOID:
        return Reason("This inspection is void. Plan a new one.")
    return None


def why_not_answered(state: str, answer: str) -> Reason | None:
    """Why an answer cannot be kept."""
    if closed := why_not_edited(state):
        return closed
    if answer not in ANSWERS:
        return Reason("Answer in order, not in order, or not applicable.")
    return None


def replaces(stands: Answered, stands_at: dt.datetime, late: Answered, late_at: dt.datetime, *, is_own: bool) -> bool:
    """Whether an answer that was given without a signal replaces the one on record.

    Of one's own answers the later one counts. Another inspector's stands, unless the late one is graver.
    """
    if is_own:
        return late_at > stands_at
    return late.answer == NO and stands.answer != NO


def missing(checklist: Checklist, found: Mapping[str, Answered]) -> list[Reason]:
    """What keeps a complete inspection from being one: open items, and items not in order without a word."""
    gaps = [
        Reason("{item}: no answer yet", item=item.text) for key, item in checklist.items.items() if key not in found
    ]
    silent = [key for key, one in found.items() if one.answer == NO and not one.note.strip()]
    return gaps + [
        Reason("{item}: not in order, and no word on what was seen", item=checklist.items[key].text)
        for key in silent
        if key in checklist.items
    ]


@dataclass(frozen=True)
class Signing:
    """What is known when somebody wants to sign."""

    state: str
    gaps: tuple[Reason, ...]
    is_refused_entry: bool
    has_signed: bool
    works_there: bool
    kind: str
    interest: str
    digest_seen: str
    digest_now: str


def why_not_signed(given: Signing) -> Reason | None:
    """Why this inspector cannot sign now."""
    if closed := why_not_edited(given.state):
        return closed
    if given.works_there and given.kind != SELF_CHECK:
        return Reason("You work in this home. An inspection of it is signed by others.")
    if given.interest:
        return Reason("You declared an interest in this home: {why}. Another inspector signs.", why=given.interest)
    if given.has_signed:
        return Reason("You have signed already. The second signature is another inspector's.")
    if given.gaps and not given.is_refused_entry:
        return Reason(
            "{count} items are open, the first: {first}. Complete the checklist, then sign.",
            count=len(given.gaps), first=given.gaps[0],
        )  # fmt: skip
    if given.digest_seen != given.digest_now:
        return Reason("The inspection was changed after you opened this page. Look at it again, then sign.")
    return None


def signatures_needed(kind: str, stated: int) -> int:
    """Two inspectors at least, whatever is stated; a self-check is signed by one of the home."""
    return 1 if kind == SELF_CHECK else max(stated, 2)


def why_not_voided(state: str, reason: str) -> Reason | None:
    """Why an inspection cannot be taken away."""
    if state in (SIGNED, VOID):
        return why_not_edited(state)
    return why_no_reason(reason)


def why_no_reason(reason: str) -> Reason | None:
    """Why a stated reason is none."""
    if len(reason.strip()) < LEAST_REASON:
        return Reason("Say why, in {least} characters or more. The reason stays on record.", least=LEAST_REASON)
    return None


def result_of(answers: Mapping[str, Answered], *, is_refused_entry: bool, must_stop: bool) -> str:
    """The result of an inspection, as the official form names it."""
    if is_refused_entry:
        return "refused_entry"
    if not any(one.answer == NO for one in answers.values()):
        return "no_problem"
    return "suspended" if must_stop else "ordered"
