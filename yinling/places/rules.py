"""Decisions about divisions: what a code is, from which day a change may hold, what fits under what. Pure."""

import datetime as dt

from yinling.kernel.reasons import Reason, Words

# The order of levels, biggest first, and their words.
LEVELS = {
    "city": Words("市", "city"),
    "county": Words("县（市、区）", "county"),
    "township": Words("乡镇（街道）", "township"),
    "village": Words("村（社区）", "village"),
}
LONGEST_NAME = 60
CODE_DIGITS = 12


def level_below(level: str) -> str | None:
    """The next smaller level; None below a village."""
    order = list(LEVELS)
    at = order.index(level) + 1
    return order[at] if at < len(order) else None


def why_not_from(name: str, on: dt.date, today: dt.date) -> Reason | None:
    """Why a change may not hold from a day: it is entered when it holds, because pages show today's names at once."""
    if on > today:
        return Reason(
            "The change of {place} is to hold from {on}; today is {today}. Enter it on that day, or put it into the "
            "pack's dated changes.",
            place=name, on=on, today=today,
        )  # fmt: skip
    return None


def why_not_standing(name: str, is_current: bool) -> Reason | None:
    """Why a division that has ended cannot be changed."""
    if is_current:
        return None
    return Reason("{place} has ended and stays as it was. Change its successor instead.", place=name)


def why_not_a_code(code: str) -> Reason | None:
    """Why this is no division code (GB/T 2260 with GB/T 10114: 6 digits, then 3, then 3)."""
    if len(code) == CODE_DIGITS and code.isascii() and code.isdigit() and code[0] != "0":
        return None
    return Reason(
        "{code} has {length} characters; a division code has {limit} digits. Copy it from the document.",
        code=code, length=len(code), limit=CODE_DIGITS,
    )  # fmt: skip


def why_not_a_name(name: str) -> Reason | None:
    """Why this is no name."""
    if not name:
        return Reason("A division needs a name. Copy it from the document.")
    if len(name) > LONGEST_NAME:
        return Reason(
            "The name has {length} characters; the limit is {limit}. Shorten it.", length=len(name), limit=LONGEST_NAME
        )
    return None


def why_not_under(name: str, level: str, parent: str, parent_level: str, *, parent_is_current: bool) -> Reason | None:
    """Why a division of one level may not lie under another."""
    if level_below(parent_level) != level:
        return Reason(
            "{place} is a {level}, {parent} is a {other}. A division lies under one of the next higher level: choose "
            "such a one.",
            place=name, level=LEVELS[level], parent=parent, other=LEVELS[parent_level],
        )  # fmt: skip
    return why_not_standing(parent, parent_is_current)


def why_not_merged(
    name: str, level: str, into: str, into_level: str, *, is_same: bool, into_is_current: bool
) -> Reason | None:
    """Why one division may not end in another."""
    if is_same:
        return Reason("{place} cannot be merged into itself. Choose the division that continues.", place=name)
    if level != into_level:
        return Reason(
            "{place} is a {level}, {into} is a {other}; only divisions of one level merge.",
            place=name, level=LEVELS[level], into=into, other=LEVELS[into_level],
        )  # fmt: skip
    return why_not_standing(into, into_is_current)
