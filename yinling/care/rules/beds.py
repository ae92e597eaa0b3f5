"""Who may have a home bed, whether its services will be enough this month, when an answer is late."""

import datetime as dt
from dataclasses import dataclass

from yinling.kernel.reasons import Reason, Words

APPLIED, APPROVED, STANDING = "applied", "approved", "standing"


@dataclass(frozen=True)
class Ability:
    """The level of ability in force: None where nobody has assessed the person. `verified`: of the scale's reading."""

    level: int | None
    title: Words | None = None
    is_expired: bool = False


@dataclass(frozen=True)
class Criteria:
    """Levels that may have a home bed, and whether somebody has compared them with their source."""

    levels: tuple[int, ...]
    verified: bool


@dataclass(frozen=True)
class Judged:
    """`refusal`: what stands against it by a verified rule. `warnings`: what the county should look at."""

    refusal: Reason | None
    warnings: tuple[Reason, ...]


def judge(ability: Ability, criteria: Criteria) -> Judged:
    """Hold a person's ability against the criteria. Criteria that nobody has verified only warn."""
    if ability.level is None:
        return Judged(None, (Reason("There is no assessment of ability in force. Have it assessed first."),))
    found: list[Reason] = []
    if ability.is_expired:
        found.append(Reason("The assessment of ability has run out. Have it assessed again."))
    if ability.level in criteria.levels:
        return Judged(None, tuple(found))
    against = Reason(
        "The level of ability is {level}; a home bed is meant for the levels {levels}.",
        level=ability.title or str(ability.level), levels=[str(one) for one in criteria.levels],
    )  # fmt: skip
    return Judged(against, tuple(found)) if criteria.verified else Judged(None, (against, *found))


def why_not_applied(*, is_dead: bool, has_bed: bool, lives_in_home: bool, judged: Judged) -> Reason | None:
    """Whether a home bed may be applied for."""
    if is_dead:
        return Reason("A death is registered for this person. No home bed is set up.")
    if has_bed:
        return Reason("This person has a home bed already. Close it before another one is applied for.")
    if lives_in_home:
        return Reason("This person lives in a home, where a bed is theirs already. A home bed is for those at home.")
    return judged.refusal


def why_not_decided(*, state: str, is_own: bool, is_approved: bool, reason: str) -> Reason | None:
    """Whether somebody may decide: another person than the one who entered it, and a refusal says why."""
    if state != APPLIED:
        return Reason("This application was decided already.")
    if is_own:
        return Reason("You entered this application yourself. Somebody else in the county decides on it.")
    if not is_approved and len(reason.strip()) < 4:
        return Reason("Say why it is refused, so that the family can answer.")
    return None


def why_not_set_up(*, state: str, contract: str, begins_on: dt.date, decided_on: dt.date | None) -> Reason | None:
    """Whether a bed may go into use."""
    if state != APPROVED:
        return Reason("Only an approved home bed is set up. Have the county decide first.")
    if not contract.strip():
        return Reason("Enter the number of the contract that the family signed.")
    if decided_on and begins_on < decided_on:
        return Reason(
            "It was approved on {decided}; it cannot begin on {begins}.", decided=decided_on, begins=begins_on
        )
    return None


def why_not_called(*, state: str, called_at: dt.datetime, at: dt.datetime) -> Reason | None:
    """Whether a call may be written down."""
    if state != STANDING:
        return Reason("This home bed is not in use. Calls are written down for beds in use.")
    if called_at > at:
        return Reason("The call lies in the future. Check the time.")
    return None


def why_not_answered(
    *, is_answered: bool, called_at: dt.datetime, answered_at: dt.datetime, at: dt.datetime
) -> Reason | None:
    """Whether an answer may be written down."""
    if is_answered:
        return Reason("This call was answered already.")
    if answered_at < called_at:
        return Reason("The answer cannot lie before the call.")
    if answered_at > at:
        return Reason("The answer lies in the future. Check the time.")
    return None


def why_not_closed(*, state: str, on: dt.date, begins_on: dt.date | None) -> Reason | None:
    """Whether a bed may close."""
    if state not in (APPLIED, APPROVED, STANDING):
        return Reason("This home bed is closed already.")
    if begins_on and on < begins_on:
        return Reason("It began on {begins}; it cannot end on {day}.", begins=begins_on, day=on)
    return None


def will_be_missed(*, done: int, needed: int, today: dt.date, last: dt.date, warn_days: int) -> bool:
    """Whether a month's services will hardly be enough: some are missing and its end is near, or more than one is
    needed on every day that is left."""
    missing, left = needed - done, (last - today).days + 1
    return missing > 0 and (left <= warn_days or missing > left)
