"""Two reports of one visit: which stands, field by field. Pure.

The report that the platform had first stands whole: when, where, what was found, what was done. What the later one says
otherwise is shown on its telephone and kept with its command. A later report of somebody else, or one that found
something graver, is never dropped: it becomes a visit of its own.
"""

from collections.abc import Mapping
from typing import Any

from yinling.care.rules.visits import FOUND, VisitReport

GRAVEST_FIRST: Mapping[str, tuple[str, ...]] = {"found": tuple(reversed(FOUND))}
FIELDS = ("way", "started_at", "ended_at", "has_contact", "found", "blocks", "actions", "signed", "next_on")


def fields_of(report: VisitReport) -> dict[str, Any]:
    """The fields of a report that are compared."""
    blocks = {block: sorted(codes) for block, codes in report.blocks.items()}
    return {
        "way": report.way, "started_at": report.started_at, "ended_at": report.ended_at,
        "has_contact": report.has_contact, "found": report.found if report.has_contact else "", "blocks": blocks,
        "actions": sorted(report.actions), "signed": report.signed, "next_on": report.next_on,
    }  # fmt: skip


def is_own_visit(*, same_visitor: bool, is_worse: bool, contact_stands: bool, contact_given: bool) -> bool:
    """Whether a later report becomes a visit of its own instead of giving way."""
    return not same_visitor or is_worse or (contact_given and not contact_stands)
