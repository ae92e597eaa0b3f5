"""What may be done with a plan, and when it is due for a review."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from yinling.kernel.reasons import Reason, Words

DRAFT, STANDING, ENDED = "draft", "standing", "ended"


@dataclass(frozen=True)
class Given:
    """A consent as a rule needs it: what for, from when until when, and whether a guardian gave it."""

    purpose: str
    first: dt.date
    last: dt.date | None
    by_guardian: bool
    is_withdrawn: bool = False

    def holds(self, purpose: str, on: dt.date) -> bool:
        """Whether somebody may rely on it on a day."""
        return (
            self.purpose == purpose and not self.is_withdrawn and self.first <= on
            and (self.last is None or on <= self.last)
        )  # fmt: skip


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return dt.date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError(day)


def why_not_written(
    *, is_dead: bool, has_plan: bool, programme: Words, begins_on: dt.date, review_on: dt.date
) -> Reason | None:
    """Whether a plan may be begun."""
    if is_dead:
        return Reason("A death is registered for this person. No plan begins.")
    if has_plan:
        return Reason(
            "This person has a plan of the programme {programme} already. Change it, or end it first.",
            programme=programme,
        )
    return why_not_reviewed_on(begins_on, review_on)


def why_not_reviewed_on(begins_on: dt.date, review_on: dt.date) -> Reason | None:
    """Whether a review may be set on a day."""
    if review_on <= begins_on:
        return Reason("The review on {review} must come after {begins}.", review=review_on, begins=begins_on)
    return None


def why_not_changed(state: str) -> Reason | None:
    """Whether goals, services and parts may change."""
    return Reason("This plan has ended. Write a new one.") if state == ENDED else None


def why_not_a_goal(*, words: str, begins_on: dt.date, due_on: dt.date, start: object, target: object) -> Reason | None:
    """Whether this is a goal that somebody can measure."""
    if len(words.strip()) < 4:
        return Reason("Say in words what is to be better.")
    if due_on <= begins_on:
        return Reason("The day {day} must come after the plan begins on {begins}.", day=due_on, begins=begins_on)
    if start == target:
        return Reason("Start and target are both {value}. A goal says what changes.", value=str(start))
    return None


def why_not_measured(*, state: str, is_ended: bool, on: dt.date, begins_on: dt.date, today: dt.date) -> Reason | None:
    """Whether a value may be written down for a day."""
    if state != STANDING or is_ended:
        return Reason("The plan is not agreed, or this goal has ended. Nothing is measured under it.")
    if on > today:
        return Reason("{day} lies in the future. Enter the value on the day it was measured.", day=on)
    if on < begins_on:
        return Reason("The plan began on {begins}; {day} lies before. Values of before are its start.",
                      begins=begins_on, day=on)  # fmt: skip
    return None


def why_not_agreed(
    *, state: str, lines: int, open_parts: Sequence[Words], given: Sequence[Given], purpose: str, purpose_words: Words,
    guardian: bool, agreed_by: str, on: dt.date,
) -> Reason | None:  # fmt: skip
    """Whether a plan may be agreed on a day: it holds services, every part has its organisation, and consent stands."""
    if state != DRAFT:
        return Reason("Only a plan that is being written can be agreed. This one was agreed already, or has ended.")
    if not lines:
        return Reason("The plan holds no service yet. Add at least one.")
    if open_parts:
        return Reason("Nobody delivers {part} yet. Choose the organisation, or end the part.", part=open_parts[0])
    if not agreed_by.strip():
        return Reason("Enter who agrees: the person, or who speaks for them.")
    holding = [one for one in given if one.holds(purpose, on)]
    if not holding:
        return Reason(
            "No consent to {purpose} is in force on {day}. Record it on the person's page, then agree the plan.",
            purpose=purpose_words, day=on,
        )  # fmt: skip
    if guardian and not any(one.by_guardian for one in holding):
        return Reason(
            "The consent to {purpose} must be the guardian's own, given apart from other consents. "
            "Record it on the person's page and name the guardian.",
            purpose=purpose_words,
        )  # fmt: skip
    return None


def why_not_reviewed(*, state: str, on: dt.date, today: dt.date, words: str, next_on: dt.date | None) -> Reason | None:
    """Whether a review may be written down. `next_on` is None where the plan ends with it."""
    if state != STANDING:
        return Reason("Only an agreed plan is reviewed. Agree this one first, or write a new one.")
    if on > today:
        return Reason("{day} lies in the future. Enter the review after it was held.", day=on)
    if len(words.strip()) < 4:
        return Reason("Write what was found, in a few words.")
    if next_on is not None and next_on <= on:
        return Reason("The next review on {next} must come after {day}.", next=next_on, day=on)
    return None


def why_not_ended(*, state: str, reason: str, on: dt.date, begins_on: dt.date) -> Reason | None:
    """Whether a plan may end."""
    if state == ENDED:
        return Reason("This plan has ended already.")
    if len(reason.strip()) < 4:
        return Reason("Say why the plan ends.")
    if on < begins_on:
        return Reason("The plan begins on {begins}; it cannot end on {day}.", begins=begins_on, day=on)
    return None


def progress(start: float, target: float, value: float) -> int:
    """How far a measure has come from its start to its target, in percent, 0 to 100."""
    if start == target:
        return 100
    return max(0, min(100, round(100 * (value - start) / (target - start))))
