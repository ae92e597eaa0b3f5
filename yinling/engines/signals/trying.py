"""A rule tried on stored history before it goes live: the same `step`, ticks between, and what it would have said."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from yinling.engines.signals.alerting import EVENTS, RAISED, Alerts
from yinling.engines.signals.columns import Int64
from yinling.engines.signals.plan import Plan
from yinling.engines.signals.planning import plan_for
from yinling.engines.signals.register import Readings, Register
from yinling.engines.signals.rules import Level, Rule
from yinling.engines.signals.state import State, new_state
from yinling.engines.signals.stepping import step

DAY_MS = 86_400_000


@dataclass(frozen=True)
class Told:
    """One event in words that stand without the plan."""

    event: str
    rule: str
    scope: str
    subject: int
    level: Level
    at: int
    onset: int
    late: bool
    device: int | None
    value: float | None

    @property
    def key(self) -> str:
        """Scope, rule and onset: repeats of one alert share it."""
        return f"{self.scope}:{self.subject}/{self.rule}/{self.onset}"


@dataclass(frozen=True)
class Trial:
    """How often a rule would have raised, on how many subjects, how often a day, and on whom most."""

    rule: str
    raised: int
    subjects: int
    a_day: float
    by_level: dict[str, int]
    most: tuple[tuple[int, int], ...]  # (subject, raises), most first
    events: tuple[Told, ...]


def try_rules(
    rules: Sequence[Rule], register: Register, history: Readings, arrived: Int64, tick_ms: int = 60_000, most: int = 10
) -> tuple[Trial, ...]:
    """Run rules over history. `arrived` (epoch ms) is when each reading came in; `history` is in that order."""
    plan = plan_for(rules, register)
    if not len(history):
        return tuple(_trial(rule, [], 1, most) for rule in plan.rules)
    begin, end = int(arrived[0]), int(arrived[-1])
    events: list[Told] = []
    for _, alerts in run(plan, new_state(plan, begin), history, arrived, tick_ms):
        events += told(plan, alerts)
    days = max((end - begin) / DAY_MS, 1 / 24)
    return tuple(_trial(rule, [event for event in events if event.rule == rule.key], days, most) for rule in plan.rules)


def run(plan: Plan, state: State, history: Readings, arrived: Int64, tick_ms: int) -> Iterator[tuple[int, Alerts]]:
    """Step through history, a tick apart: (now, alerts)."""
    begin, end = int(arrived[0]), int(arrived[-1])
    done = 0
    for now in range(begin + tick_ms, end + 2 * tick_ms, tick_ms):
        until = int(np.searchsorted(arrived, now, side="right"))
        state, alerts = step(state, history.part(slice(done, until)), plan, now)
        done = until
        yield now, alerts


def told(plan: Plan, alerts: Alerts) -> list[Told]:
    """Events with the names of rule, subject and device."""
    register = plan.register
    events = []
    for i in range(len(alerts)):
        slot, channel = int(alerts.slot[i]), int(alerts.channel[i])
        rule = plan.rules[plan.slot_rule[slot]]
        events.append(
            Told(
                EVENTS[alerts.event[i]],
                rule.key,
                str(rule.scope),
                int(plan.slot_subject[slot]),
                Level(int(alerts.level[i])),
                int(alerts.at[i]),
                int(alerts.onset[i]),
                bool(alerts.late[i]),
                int(register.device_id[register.channel_device[channel]]) if channel >= 0 else None,
                None if np.isnan(alerts.value[i]) else float(alerts.value[i]),
            )
        )
    return events


def _trial(rule: Rule, events: list[Told], days: float, most: int) -> Trial:
    raised = [event for event in events if event.event == EVENTS[RAISED]]
    subjects, times = np.unique([event.subject for event in raised], return_counts=True)
    order = np.argsort(-times, kind="stable")[:most]
    return Trial(
        rule=rule.key,
        raised=len(raised),
        subjects=len(subjects),
        a_day=len(raised) / days,
        by_level={level.name.lower(): sum(event.level is level for event in raised) for level in Level},
        most=tuple((int(subjects[i]), int(times[i])) for i in order),
        events=tuple(events),
    )
