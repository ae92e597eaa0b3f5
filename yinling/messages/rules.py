"""Decisions of messages: when to try again, and when not any more. Pure."""

import datetime as dt
import re

from yinling.kernel.reasons import Reason

WAITS = (  # after the first, second ... failed try; a gateway that is down for a night is tried through the night
    dt.timedelta(seconds=30),
    dt.timedelta(minutes=2),
    dt.timedelta(minutes=10),
    dt.timedelta(hours=1),
    dt.timedelta(hours=4),
    dt.timedelta(hours=12),
)


def next_try(tries: int, at: dt.datetime) -> dt.datetime | None:
    """When a message that failed for the `tries`-th time goes out again; None when it is given up."""
    return at + WAITS[tries - 1] if tries <= len(WAITS) else None


def may_succeed_later(status: int | None) -> bool:
    """Whether a gateway's answer (None: none at all) may differ later: no connection, overload, its own fault."""
    return status is None or status in (408, 425, 429) or status >= 500


MOBILE = re.compile(r"1[3-9]\d{9}")
NAME_THERE = re.compile(r"[A-Za-z0-9._@-]{1,64}")


def why_not_reached(way: str, address: str) -> Reason | None:
    """Why this is no address of that kind; empty is none at all, and right."""
    if not address:
        return None
    if way == "phone" and not MOBILE.fullmatch(address):
        return Reason("A mobile number has 11 digits and begins with 1. Correct it, or leave it empty.")
    if way != "phone" and not NAME_THERE.fullmatch(address):
        return Reason("This name has letters, digits and . _ @ - only, 64 at most. Copy it as it stands there.")
    return None
