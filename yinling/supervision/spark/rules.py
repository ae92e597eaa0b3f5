"""Which rules Spark may judge. Pure."""

from collections.abc import Sequence

from yinling.engines.signals.conditions import AlertsOf
from yinling.engines.signals.rules import Rule, Scope


def far(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """Rules that can wait for a micro-batch. The rest are direct: whatever is never suppressed (smoke, gas, SOS, fall),
    whatever reads the same metric, whatever counts alerts over an area, and the rules whose alerts those count."""
    vital = frozenset(metric for rule in rules if rule.never_suppressed for metric in rule.metrics)
    counted = {level.condition.rule for rule in rules for level in rule.levels if isinstance(level.condition, AlertsOf)}
    return tuple(
        rule for rule in rules if rule.scope is not Scope.AREA and rule.key not in counted and not rule.metrics & vital
    )
