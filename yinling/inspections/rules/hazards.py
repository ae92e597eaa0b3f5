"""A hazard's life: found, notice, rectifying, submitted, re-checked, closed. What is refused, and why. Pure."""

import datetime as dt
from dataclasses import dataclass

from yinling.inspections.rules.checklists import LEVELS, MAJOR
from yinling.inspections.rules.inspecting import LEAST_REASON
from yinling.kernel.reasons import Reason

FOUND, RECTIFYING, SUBMITTED, CLOSED, VOID = "found", "rectifying", "submitted", "closed", "void"
OPEN = (FOUND, RECTIFYING, SUBMITTED)
LONGEST_TERM = dt.timedelta(days=366)
LEAST_WORDS = 4
PASS, RETURN = "pass", "return"


@dataclass(frozen=True)
class Fixings:
    """The five fixings of a notice: responsible person, measure, money (fen), deadline, contingency."""

    responsible: str
    measure: str
    money_fen: int
    due_on: dt.date
    contingency: str


def why_not_found(level: str, words: str, found_on: dt.date, today: dt.date) -> Reason | None:
    """Why a hazard cannot be written down."""
    if level not in ("", *LEVELS):
        return Reason("Grade the hazard general or major.")
    if len(words.strip()) < LEAST_WORDS:
        return Reason("Describe what was seen, in {least} characters or more.", least=LEAST_WORDS)
    if found_on > today:
        return Reason("The day {day} is still to come. Enter the day on which it was seen.", day=found_on)
    return None


def why_no_notice(state: str, level: str, fixings: Fixings, today: dt.date) -> Reason | None:
    """Why a notice cannot be issued."""
    if state != FOUND:
        return Reason("This hazard has its notice already. Return the work, or extend the deadline, instead.")
    if level not in LEVELS:
        return Reason("Grade the hazard first: general or major.")
    for words, reason in (
        (fixings.responsible, Reason("Name the person responsible for the work.")),
        (fixings.measure, Reason("Say what must be done.")),
        (fixings.contingency, Reason("Say what protects residents until the work is done.")),
    ):
        if not words.strip():
            return reason
    if fixings.money_fen < 0:
        return Reason("Money cannot be less than nothing. Enter 0 where the work costs nothing.")
    return why_not_due(fixings.due_on, today)


def why_not_due(due_on: dt.date, today: dt.date) -> Reason | None:
    """Why a day cannot be a deadline."""
    if due_on < today:
        return Reason("The deadline {day} is over; today is {today}. Choose a later day.", day=due_on, today=today)
    if due_on - today > LONGEST_TERM:
        return Reason("The deadline {day} is more than a year ahead. Choose an earlier day.", day=due_on)
    return None


def why_not_submitted(state: str, words: str, pictures: int, *, is_picture_needed: bool) -> Reason | None:
    """Why work cannot be handed in."""
    if state == FOUND:
        return Reason("The notice has not been issued yet. Wait for it; it says what must be done.")
    if state != RECTIFYING:
        return Reason("There is nothing to hand in: the hazard waits for its re-check, or is closed.")
    if len(words.strip()) < LEAST_WORDS:
        return Reason("Say what was done, in {least} characters or more.", least=LEAST_WORDS)
    if is_picture_needed and not pictures:
        return Reason("The hazard was photographed. Attach a photo from the same angle, so that both can be compared.")
    return None


@dataclass(frozen=True)
class Rechecking:
    """What is known when somebody re-checks."""

    state: str
    has_found_it: bool
    has_submitted: bool
    works_there: bool
    interest: str
    verdict: str
    note: str


def why_not_rechecked(given: Rechecking) -> Reason | None:
    """Why this user cannot re-check, or not with this verdict."""
    if given.state != SUBMITTED:
        return Reason("No work waits for a re-check here.")
    if given.has_found_it:
        return Reason("You found this hazard. Somebody else re-checks it: a colleague of the county, township or city.")
    if given.has_submitted or given.works_there:
        return Reason("You work in this home, or handed the work in. Somebody from outside re-checks it.")
    if given.interest:
        return Reason("You declared an interest in this home: {why}. Somebody else re-checks.", why=given.interest)
    if given.verdict not in (PASS, RETURN):
        return Reason("Say whether the hazard is removed, or the work goes back.")
    if given.verdict == RETURN and len(given.note.strip()) < LEAST_WORDS:
        return Reason("Say what is still missing, so that the home knows what to do.")
    return None


@dataclass(frozen=True)
class Asked:
    """More time, as the home asks for it; `is_waiting`: an earlier request is undecided."""

    until: dt.date
    reason: str
    is_waiting: bool


def why_not_asked(state: str, due_on: dt.date | None, asked: Asked, today: dt.date) -> Reason | None:
    """Why no extension can be asked for."""
    if state != RECTIFYING or due_on is None:
        return Reason("Only work that is under way can be given more time.")
    if asked.is_waiting:
        return Reason("An extension is asked for already. Wait for the decision.")
    if asked.until <= due_on:
        return Reason(
            "The deadline is {due} already; {day} is not later. Choose a later day.", due=due_on, day=asked.until
        )
    if late := why_not_due(asked.until, today):
        return late
    if len(asked.reason.strip()) < LEAST_REASON:
        return Reason("Say why more time is needed. The county reads it.")
    return None


def why_not_decided(is_open: bool, is_own: bool) -> Reason | None:
    """Why an extension cannot be decided."""
    if not is_open:
        return Reason("This extension has been decided already.")
    if is_own:
        return Reason("You asked for this extension yourself. Somebody else decides.")
    return None


def why_not_major(state: str, level: str) -> Reason | None:
    """Why a hazard cannot be listed, reported upward, or shut part of a home."""
    if state not in OPEN:
        return Reason("This hazard is closed.")
    if level != MAJOR:
        return Reason("Only a major hazard is listed, reported upward or shuts part of a home. Grade it major first.")
    return None


def why_not_regraded(state: str, level: str, reason: str) -> Reason | None:
    """Why the grade cannot be set."""
    if state not in OPEN:
        return Reason("This hazard is closed.")
    if level not in LEVELS:
        return Reason("Grade the hazard general or major.")
    if len(reason.strip()) < LEAST_REASON:
        return Reason("Say by what it is graded so. Hard cases go before a panel of experts.")
    return None


def why_not_voided(state: str, reason: str) -> Reason | None:
    """Why a hazard cannot be taken away as a mistake."""
    if state != FOUND:
        return Reason("A hazard with a notice is not taken away. Close it by a re-check.")
    if len(reason.strip()) < LEAST_REASON:
        return Reason("Say why it was none. The reason stays on record.")
    return None


def is_overdue(state: str, due_on: dt.date | None, closed_on: dt.date | None, today: dt.date) -> bool:
    """Whether a hazard is, or was, past its deadline. Work handed in on time is not late while it waits."""
    if due_on is None or state == VOID:
        return False
    return (closed_on or today) > due_on


def is_repeat(earlier_found: dt.date | None, found_on: dt.date, months: int) -> bool:
    """Whether the same clause was broken in the same home not long before."""
    return earlier_found is not None and found_on - earlier_found <= dt.timedelta(days=months * 365 // 12)
