"""Rules over an area: so many subjects with an alert of another rule within a time.

An area spans shards, so these rules read the alerts of all of them, after `step`. Alerts are few: one at a time.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from yinling.engines.signals.alerting import RAISED, Alerts
from yinling.engines.signals.columns import Int64
from yinling.engines.signals.conditions import AlertsOf
from yinling.engines.signals.plan import Plan
from yinling.engines.signals.rules import Rule, Scope


@dataclass(frozen=True, slots=True)
class Raised:
    """An alert that somebody raised: rule, whose (any hashable name), in which area, when."""

    rule: str
    subject: str
    area: int
    at: int


@dataclass(frozen=True, slots=True)
class AreaAlert:
    """event: raised, updated, cleared. `subjects`: how many there were."""

    event: str
    rule: str
    area: int
    level: int
    at: int
    onset: int
    subjects: int


@dataclass
class _Count:
    """Of one level of one rule in one area: raises in order of time, and the last of each subject."""

    recent: deque[tuple[int, str]] = field(default_factory=deque)
    last: dict[str, int] = field(default_factory=dict)
    until: int | None = None  # holds until then


@dataclass
class AreaState:
    """Counts by (rule, level, area); open alerts by (rule, area): onset and level. Plain values, so pickle or JSON keep
    it."""

    counts: dict[tuple[str, int, int], _Count] = field(default_factory=dict)
    opened: dict[tuple[str, int], tuple[int, int]] = field(default_factory=dict)


def raised_in_areas(plan: Plan, area: Int64, alerts: Alerts) -> list[Raised]:
    """The raised alerts of one shard with their areas (`areas_of_slots`, once a plan); those in none are left out."""
    rows = np.flatnonzero(alerts.event == RAISED)
    slots = alerts.slot[rows]
    found = zip(slots.tolist(), area[slots].tolist(), alerts.at[rows].tolist(), strict=True)
    return [
        Raised(rule.key, f"{rule.scope}/{plan.slot_subject[slot]}", where, at)
        for slot, where, at in found
        if where >= 0
        for rule in (plan.rules[plan.slot_rule[slot]],)
    ]


def areas_of_slots(plan: Plan) -> Int64:
    """The area of every slot, by one of its devices; -1 none."""
    area = np.full(len(plan.slot_rule), -1, np.int64)
    slot, channel = plan.lanes.slot[: plan.lanes.split], plan.lanes.channel[: plan.lanes.split]
    area[slot] = plan.register.subject_ids(Scope.AREA)[plan.register.channel_device[channel]]
    return area


def step_areas(
    state: AreaState, raised: Iterable[Raised], rules: Sequence[Rule], watermark: int
) -> tuple[AreaState, list[AreaAlert]]:
    """Count what was raised, then let pass the time up to the watermark."""
    told: list[AreaAlert] = []
    chosen = [rule for rule in rules if rule.scope is Scope.AREA]
    for event in sorted(raised, key=lambda each: each.at):
        for rule in chosen:
            if _count(state, rule, event):
                _tell(state, rule, event.area, event.at, told)
    for rule in chosen:
        areas = sorted({area for key, _, area in state.counts if key == rule.key})
        for area in areas:
            for end in _ends(state, rule, area, watermark):
                _tell(state, rule, area, end, told)
    return state, sorted(told, key=lambda each: each.at)


def _count(state: AreaState, rule: Rule, event: Raised) -> bool:
    """Does the event concern the rule? If so it is counted, and complete counts hold on."""
    concerned = False
    for level in rule.levels:
        condition = level.condition
        if not isinstance(condition, AlertsOf) or condition.rule != event.rule:
            continue
        concerned = True
        count = state.counts.setdefault((rule.key, int(level.level), event.area), _Count())
        count.recent.append((event.at, event.subject))
        count.last[event.subject] = max(event.at, count.last.get(event.subject, event.at))
        while count.recent and count.recent[0][0] <= event.at - condition.within_ms:
            at, subject = count.recent.popleft()
            if count.last.get(subject) == at:
                del count.last[subject]
        if len(count.last) >= condition.at_least:
            count.until = max(event.at + condition.within_ms, count.until or 0)
    return concerned


def _ends(state: AreaState, rule: Rule, area: int, watermark: int) -> list[int]:
    """When counts of this area ended, up to the watermark."""
    ends = []
    for level in rule.levels:
        count = state.counts.get((rule.key, int(level.level), area))
        if count is not None and count.until is not None and count.until <= watermark:
            ends.append(count.until)
    return sorted(ends)


def _tell(state: AreaState, rule: Rule, area: int, at: int, told: list[AreaAlert]) -> None:
    holding = {
        int(level.level): len(count.last)
        for level in rule.levels
        if (count := state.counts.get((rule.key, int(level.level), area)))
        and count.until is not None
        and count.until > at
    }
    for (key, _, where), count in state.counts.items():
        if key == rule.key and where == area and count.until is not None and count.until <= at:
            count.until = None
    level, key_ = max(holding, default=-1), (rule.key, area)
    onset, before = state.opened.get(key_, (at, -1))
    if level < 0:
        if state.opened.pop(key_, None):
            told.append(AreaAlert("cleared", rule.key, area, before, at, onset, 0))
        return
    state.opened[key_] = (onset, level)
    told.append(AreaAlert("raised" if before < 0 else "updated", rule.key, area, level, at, onset, holding[level]))
