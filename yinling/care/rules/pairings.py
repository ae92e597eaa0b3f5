"""Whether somebody may visit a person, and the reasons against, as sentences. Pure."""

import datetime as dt
from dataclasses import dataclass

from yinling.kernel.reasons import Reason

MOST_LOAD = 200
AGAINST = {
    "household": Reason("They live in one household. Somebody else must visit."),
    "forbidden": Reason("The person does not want to be visited by {visitor}."),
    "village": Reason("One of the two has no position on file, and they live in different villages."),
    "distance": Reason("{metres} m on foot; the limit is {most} m."),
    "load": Reason("{visitor} has room for {free} more visits a month; {visits} are needed."),
}


@dataclass(frozen=True)
class Pair:
    """What decides about a pair. `free`: visits a month the visitor still has room for, the person's left out."""

    visitor: str
    is_here: bool
    is_active: bool
    is_own_household: bool
    is_unwanted: bool
    is_paired: bool
    visits: int
    free: int


def why_not_pair(pair: Pair) -> Reason | None:
    """Why a clerk may not pair the two. Distance and language are hers to judge; the page shows them."""
    if not pair.is_here:
        return Reason(
            "The person is not at home: dead, in a home, in hospital or away. Nobody can be paired with them."
        )
    if not pair.is_active:
        return Reason("{visitor} does not visit any more. Choose another visitor.", visitor=pair.visitor)
    if pair.is_paired:
        return Reason("{visitor} visits this person already.", visitor=pair.visitor)
    if pair.is_own_household:
        return AGAINST["household"]
    if pair.is_unwanted:
        return Reason(AGAINST["forbidden"].text, visitor=pair.visitor)
    if pair.visits > pair.free:
        return Reason(
            "{visitor} has room for {free} more visits a month; {visits} are needed. "
            "Choose another, or raise the load.",
            visitor=pair.visitor,
            free=pair.free,
            visits=pair.visits,
        )
    return None


def why_not_visitor(name: str, load: int, begins_on: dt.date, ended_on: dt.date | None) -> Reason | None:
    """Why a visitor cannot be entered like this."""
    if not name.strip():
        return Reason("Enter the visitor's name.")
    if not 0 <= load <= MOST_LOAD:
        return Reason("{load} visits a month cannot be; enter 0 to {most}.", load=load, most=MOST_LOAD)
    if ended_on is not None and ended_on < begins_on:
        return Reason("The last day lies before the first, {first}. Enter a later day.", first=begins_on)
    return None


def why_not_substitute(first: dt.date, last: dt.date, today: dt.date, *, is_same: bool) -> Reason | None:
    """Why nobody can stand in so."""
    if is_same:
        return Reason("Nobody stands in for themselves. Choose another visitor.")
    if last < first:
        return Reason("The last day lies before the first, {first}. Enter a later day.", first=first)
    if last < today:
        return Reason("The last day, {last}, is past. Enter a day from today on.", last=last)
    return None
