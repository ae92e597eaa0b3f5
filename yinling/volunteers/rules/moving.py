"""Who may move hours to whom: redeem, gift, donate, inherit, expire; and who may act for whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yinling.kernel.reasons import Reason


@dataclass(frozen=True)
class Split:
    """Minutes that stay with the one who earned them, and those above the cap, which go to the pool."""

    kept: int
    donated: int


def split_at_cap(minutes: int, balance: int, cap: int) -> Split:
    """What of new minutes fits below the cap; the excess is donated."""
    kept = max(min(minutes, cap - balance), 0)
    return Split(kept, minutes - kept)


def why_not_redeemed(age: int, from_age: int, *, is_self: bool, is_spouse: bool) -> Reason | None:
    """Why a member's hours cannot be spent on this person; None when they can."""
    if not (is_self or is_spouse):
        return Reason("Hours are spent on oneself or one's spouse. For other kin, make them a gift of hours.")
    if age < from_age:
        return Reason("Hours are spent from the age of {limit}; the one served is {age}.", limit=from_age, age=age)
    return None


def why_not_moved(minutes: int, rounding: int) -> Reason | None:
    """Why an amount cannot be given; None when it can."""
    if minutes <= 0 or minutes % rounding:
        return Reason(
            "Hours are given in steps of {step} minutes; {minutes} were asked.", step=rounding, minutes=minutes
        )
    return None


def why_not_gifted(minutes: int, rounding: int, relation: str, allowed: frozenset[str]) -> Reason | None:
    """Why a gift cannot be made; None when it can. `relation`: GB/T 4761 as the register knows it, "" for none."""
    if reason := why_not_moved(minutes, rounding):
        return reason
    if relation not in allowed:
        return Reason(
            "Hours are given to close kin only, and the register knows of no such kinship between the two. "
            "Have the kinship entered on the person's page, or donate to the pool."
        )
    return None


def why_not_acted(*, is_self: bool, may_act: bool) -> Reason | None:
    """Why somebody may not act for a member; None when they may."""
    if is_self or may_act:
        return None
    return Reason("Only the member and the coordinator of the branch act here. Ask the coordinator.")


def expired(balance: int, credited_since: int) -> int:
    """Minutes that are too old: what is left after the younger credits are taken from the balance. The oldest hours
    are spent first, so a balance consists of the newest credits."""
    return max(balance - credited_since, 0)


def why_no_estate(held: int, shares: Mapping[int, int], kin: frozenset[int], *, is_dead: bool) -> Reason | None:
    """Why an estate cannot be settled like this; None when it can. Whatever no heir gets goes to the pool."""
    if not is_dead:
        return Reason("No death is registered for this member. Register it on the person's page first.")
    if any(minutes <= 0 for minutes in shares.values()):
        return Reason("Every heir named gets some hours. Leave out those who get none.")
    if sum(shares.values()) > held:
        return Reason(
            "The account holds {held} minutes; {asked} were shared out. Share out no more than it holds.",
            held=held, asked=sum(shares.values()),
        )  # fmt: skip
    if not set(shares) <= kin:
        return Reason("An heir is close kin of the dead by the register. Have the kinship entered, or leave it out.")
    return None


def served_first(is_on_list: Sequence[bool]) -> list[int]:
    """The order in which the pool serves requests (numbers of a list, oldest first): those on its list come first."""
    return sorted(range(len(is_on_list)), key=lambda at: (not is_on_list[at], at))
