"""Alerts as Spark hands them over, back in the engine's columns under the plan of the whole city. No Django, no Spark.

Rows whose rule or subject the plan no longer knows are left out: nobody watches them any more.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from yinling.engines.signals.alerting import EVENTS, Alerts
from yinling.engines.signals.plan import Plan


def alerts_of(plan: Plan, rows: Sequence[Any]) -> Alerts:
    """These rows (columns of `processor.ALERTS`) in their order."""
    slots = [_slot(plan, row.rule, row.subject) for row in rows]
    known = [(slot, row) for slot, row in zip(slots, rows, strict=True) if slot >= 0]

    def column(name: str, kind: Any) -> Any:
        return np.array([getattr(row, name) for _, row in known], dtype=kind)

    return Alerts(
        np.array([EVENTS.index(row.event) for _, row in known], np.int8),
        np.array([slot for slot, _ in known], np.int32),
        column("level", np.int8),
        column("at", np.int64),
        column("onset", np.int64),
        column("channel", np.int32),
        column("value", np.float64),
        column("late", np.bool_),
    )


def _slot(plan: Plan, rule: str, subject: int) -> int:
    """Where the plan holds the alert of this rule about this subject, -1 nowhere."""
    for number, each in enumerate(plan.rules):
        if each.key == rule:
            first, last = plan.slot_base[number], plan.slot_base[number + 1]
            at = int(np.searchsorted(plan.slot_subject[first:last], subject))
            return int(first) + at if at < last - first and plan.slot_subject[first + at] == subject else -1
    return -1
