"""Decisions about organisations. Pure."""

import datetime as dt

from yinling.engines.codes.uscc import read_uscc
from yinling.kernel.reasons import Reason


def checked_uscc(raw: str) -> str | Reason | None:
    """The code as it is kept; None for an empty cell; a reason when it cannot be one."""
    if not raw.strip():
        return None
    found = read_uscc(raw)
    return found if isinstance(found, Reason) else found.code


def why_no_change(*, since: dt.date, on: dt.date, status: str) -> Reason | None:
    """Why what is official cannot change on a day."""
    if status == "closed":
        return Reason("This organisation is closed. Reopen it before changing it.")
    if on < since:
        return Reason(
            "What is on file holds since {since}; a change cannot begin before it, on {on}. Enter a later day.",
            since=since,
            on=on,
        )
    return None


def why_no_merge(*, same: bool, merged: bool, into_merged: bool, codes: tuple[str | None, str | None]) -> Reason | None:
    """Why two records may not become one. `codes`: their credit codes."""
    if same:
        return Reason("A record cannot be merged into itself. Choose the other one.")
    if merged or into_merged:
        return Reason("One of the two is already merged into a third record. Open that one, or undo that merge first.")
    if all(codes) and codes[0] != codes[1]:
        return Reason(
            "They have different credit codes, {first} and {second}, so they are two legal persons. "
            "Correct the wrong code first.",
            first=codes[0],
            second=codes[1],
        )
    return None
