"""Small registers, rules and batches in words."""

from typing import Any

import numpy as np

from yinling.engines.signals.alerting import EVENTS, Alerts
from yinling.engines.signals.parsing import rule_from
from yinling.engines.signals.plan import Plan
from yinling.engines.signals.planning import plan_for
from yinling.engines.signals.register import Readings, Register
from yinling.engines.signals.rules import Rule, Scope
from yinling.engines.signals.state import State, new_state
from yinling.engines.signals.stepping import step

NOON = 1_780_286_400_000  # 1 June 2026, 12:00 in the city
MINUTE = 60_000


def a_rule(key: str = "rule", scope: str = "device", **words: Any) -> Rule:
    """A rule with one red level that raises on `raise_` (default: smoke)."""
    raising = words.pop("raise_", {"metric": "smoke", "at_least": 1})
    level = {"raise": raising} | ({"clear": words.pop("clear")} if "clear" in words else {})
    data = {
        "key": key, "version": 1, "title": {"zh": "规则", "en": key}, "scope": scope, "source": "test",
        "verified": False, "levels": {"red": level},
    }  # fmt: skip
    return rule_from(data | words)


def devices(count: int, *metrics: str, household: int = 1, first_id: int = 1, **consents: list[bool]) -> Register:
    """So many devices, each with all of the metrics, one person each, all in one household and area 9."""
    names = metrics or ("smoke",)
    number = np.arange(count)
    return Register(
        device_id=number + first_id,
        device_kind=np.zeros(count, np.int16),
        kinds=("device",),
        metrics=names,
        channel_device=np.repeat(number, len(names)).astype(np.int32),
        channel_metric=np.tile(np.arange(len(names)), count).astype(np.int16),
        subjects={
            Scope.PERSON: number + 100,
            Scope.HOUSEHOLD: np.full(count, household),
            Scope.AREA: np.full(count, 9),
        },
        latitude=np.full(count, np.nan),
        longitude=np.full(count, np.nan),
        consents={name: np.array(given) for name, given in consents.items()},
    )


def readings(*rows: tuple[int, float, float]) -> Readings:
    """(channel, minutes after noon, value) in order of arrival."""
    channel, minute, value = (np.array(column) for column in zip(*rows, strict=True)) if rows else (np.empty(0),) * 3
    return Readings(channel.astype(np.int32), NOON + (minute * MINUTE).astype(np.int64), value.astype(np.float64))


class Engine:
    """A plan with its state, stepped by minutes after noon. Events come back as (event, subject, minute)."""

    def __init__(self, register: Register, *rules: Rule) -> None:
        self.plan: Plan = plan_for(rules, register)
        self.state: State = new_state(self.plan, NOON)

    def step(self, minute: float, *rows: tuple[int, float, float], watermark: float | None = None) -> list[Any]:
        until = None if watermark is None else NOON + round(watermark * MINUTE)
        now = NOON + round(minute * MINUTE)
        self.state, alerts = step(self.state, readings(*rows), self.plan, now, until)
        return self.words(alerts)

    def words(self, alerts: Alerts) -> list[Any]:
        subject, at = self.plan.slot_subject[alerts.slot], (alerts.at - NOON) / MINUTE
        return [(EVENTS[alerts.event[i]], int(subject[i]), float(at[i])) for i in range(len(alerts))]
