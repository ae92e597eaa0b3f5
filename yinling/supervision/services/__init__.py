"""Writes of supervision: load rules, raise, answer, settle, keep quiet, tell."""

from yinling.supervision.services.answering import acknowledge_alert, arrive, attach_photo, dispatch_alert, note_alert
from yinling.supervision.services.bulk import load_alerts
from yinling.supervision.services.loading import load_rules, rule_differences
from yinling.supervision.services.naming import name_noisy_rules
from yinling.supervision.services.quieting import end_silence, silence, switch_rule
from yinling.supervision.services.raising import Finding, note_signal, raise_alert
from yinling.supervision.services.settling import (
    close_alert,
    mark_false_alarm,
    reopen_alert,
    resolve_alert,
    verify_alert,
)
from yinling.supervision.services.telling import ask_again, tell

__all__ = [
    "Finding", "acknowledge_alert", "arrive", "ask_again", "attach_photo", "close_alert", "dispatch_alert",
    "end_silence", "load_alerts", "load_rules", "mark_false_alarm", "name_noisy_rules", "note_alert", "note_signal",
    "raise_alert", "reopen_alert", "resolve_alert", "rule_differences", "silence", "switch_rule", "tell",
    "verify_alert",
]  # fmt: skip
