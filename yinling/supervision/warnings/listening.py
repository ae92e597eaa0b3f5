"""When facts change, the rules that judge them run: once a minute at most, however many changes come."""

import datetime as dt

from yinling.kernel import jobs
from yinling.kernel.actors import System
from yinling.kernel.models import Change
from yinling.supervision.warnings.jobs import PERIOD_S, WARN, WATCH_SILENCE
from yinling.supervision.warnings.judging import rules_in_force

BY = System("warnings")
CONSENT = "consent"  # what `people` calls it when one was given or withdrawn
CHANGES = (
    "institutions.licence_recorded", "institutions.staff_changed", "institutions.admitted", "institutions.discharged",
    "institutions.bed_state_set", "institutions.beds_added", "assessments.level_changed", "assessments.signed",
    "assessments.recorded", "inspections.signed", "inspections.hazard_closed", "inspections.hazard_voided",
    "inspections.extension_decided", "shifts.handed_over", "shifts.resident_not_seen", "shifts.closed",
)  # fmt: skip


def on_change(change: Change) -> None:
    """A fact may be another now: queue the rules that follow such changes, for the next full minute."""
    if any(change.type in rule.changes for rule in rules_in_force()):
        _queue(WARN, {"change": change.type}, change)


def on_consent(change: Change) -> None:
    """A consent was given or withdrawn: the silence watch looks at once who may be watched."""
    if CONSENT in change.data.get("fields", ()):
        _queue(WATCH_SILENCE, {"only": "consents"}, change)


def _queue(name: str, arguments: dict[str, str], change: Change) -> None:
    minute = int(change.recorded_at.timestamp()) // PERIOD_S + 1
    due = dt.datetime.fromtimestamp(minute * PERIOD_S, dt.UTC)
    jobs.start(name, arguments, by=BY, key=f"{name} {change.type} {minute}", not_before=due)
