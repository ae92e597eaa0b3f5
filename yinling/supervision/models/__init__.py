"""Tables: rules with their switches and silences, alerts with their steps."""

from yinling.supervision.models.alerts import Alert, Step
from yinling.supervision.models.ruleset import Rule, Silence, Switch

__all__ = ["Alert", "Rule", "Silence", "Step", "Switch"]
