"""What is held in memory, and how it goes on: readings, time passing, new rules. No clock, no input, no output: the
same journal and the same changes give the same alerts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from yinling.devices.telemetry import Readings as Received
from yinling.engines.signals.alerting import Alerts
from yinling.engines.signals.areas import AreaAlert, AreaState, areas_of_slots, raised_in_areas, step_areas
from yinling.engines.signals.columns import Index
from yinling.engines.signals.interventions import carry, listen_from, release, withdraw
from yinling.engines.signals.plan import Plan
from yinling.engines.signals.register import no_readings
from yinling.engines.signals.rules import Rule, Scope
from yinling.engines.signals.state import State, new_state
from yinling.engines.signals.stepping import step
from yinling.supervision.watching.laying import Laid
from yinling.supervision.watching.pace import Pace, steps_of

CONSENT, RULE, DEVICE = "consent", "rule", "device"


@dataclass(frozen=True)
class Said:
    """What the engine said. Slots of `alerts` are those of `plan`. `why`: what ended each, where all are stopped."""

    plan: Plan
    alerts: Alerts
    areas: Sequence[AreaAlert] = ()
    why: Sequence[str] = ()


@dataclass
class Judge:
    """Rules laid over devices, with everything remembered. `watermark` (epoch ms): all up to then is judged.

    `hold`: a time that is not passed in parts. While devices find their way back to a door that was shut, readings are
    judged but silence is not; after it, whoever has not come back was silent since the last reading.
    """

    rules: tuple[Rule, ...]
    laid: Laid
    plan: Plan
    state: State
    watermark: int
    areas: AreaState = field(default_factory=AreaState)
    pace: Pace = field(default_factory=Pace)
    hold: tuple[int, int] = (0, 0)

    def __post_init__(self) -> None:
        self._area = areas_of_slots(self.plan)
        self._counts_areas = any(rule.scope is Scope.AREA for rule in self.rules)

    def take(self, received: Received) -> Iterator[Said]:
        """Judge what one flush of the journal holds. Flushes are never put together: where they were cut is on disk, so
        judging them again gives the same, and nothing waits for a second to be over."""
        at = self.pace.all_at(received.received_ms)
        for begins, rows in steps_of(at, self.pace.step_ms):
            yield from self.pass_time(begins)
            batch, now = self.laid.readings(received.rows(rows)), max(int(at[rows].max()), self.watermark)
            self.state, alerts = step(self.state, batch, self.plan, now, self.watermark)
            yield from self._said(alerts)

    def pass_time(self, until: int) -> Iterator[Said]:
        """Judge what time alone has done up to `until` (epoch ms), rounded down to a whole step."""
        until = until // self.pace.step_ms * self.pace.step_ms
        if until > self.watermark and not self.hold[0] <= until < self.hold[1]:
            self.watermark = until
            self.state, alerts = step(self.state, no_readings(), self.plan, until, until)
            yield from self._said(alerts)

    def change(self, rules: tuple[Rule, ...], laid: Laid, plan: Plan) -> Said:
        """Go on under other rules, or with other devices or consents. What is no longer watched is stopped."""
        before, self.rules, self.laid, self.plan = self.plan, rules, laid, plan
        self.__post_init__()
        self.state, stopped = carry(before, self.state, plan, self.watermark)
        return Said(before, stopped, why=why_stopped(before, plan, stopped))

    def withdraw(self, agreed: Mapping[int, frozenset[str]]) -> Iterator[Said]:
        """Stop at once whatever runs on a consent that these devices (by number) no longer have."""
        register = self.laid.register
        known = np.array(sorted(agreed), dtype=np.int64)
        known = known[np.isin(known, register.device_id)]
        rows = np.searchsorted(register.device_id, known)
        for purpose, given in register.consents.items():
            refused = np.array([purpose not in agreed[int(number)] for number in known], dtype=np.bool_)
            lost = rows[refused & given[rows]]
            if len(lost):
                given[lost] = False
                channels = self.laid.channels_of(lost, purpose)
                self.laid.forget(lost, channels)
                self.state, stopped = withdraw(self.plan, self.state, purpose, lost, channels, self.watermark)
                yield Said(self.plan, stopped, why=[CONSENT] * len(stopped))

    def begin_anew(self, pace: Pace, at: int) -> None:
        """Forget everything: time is counted otherwise from now on."""
        self.pace, self.watermark, self.areas = pace, at, AreaState()
        self.state = new_state(self.plan, at)

    def forgive_silence(self, before: int) -> None:
        """Nobody could be heard before then: silence is counted from there at the earliest."""
        self.state = listen_from(self.state, before)

    def let_go(self, slots: Index) -> None:
        """People are done with these alerts: what raised them may raise again."""
        self.state = release(self.plan, self.state, slots, self.watermark)

    def _said(self, alerts: Alerts) -> Iterator[Said]:
        areas: list[AreaAlert] = []
        if self._counts_areas:
            raised = raised_in_areas(self.plan, self._area, alerts) if len(alerts) else []
            self.areas, areas = step_areas(self.areas, raised, self.rules, self.watermark)
        if len(alerts) or areas:
            yield Said(self.plan, alerts, areas)


def why_stopped(before: Plan, after: Plan, stopped: Alerts) -> list[str]:
    """What ended each of these: a consent, the rule, or that the device is not there any more."""
    rules = {rule.key: rule for rule in after.rules}
    return [_why(before, after, int(slot), rules) for slot in stopped.slot]


def _why(before: Plan, after: Plan, slot: int, rules: Mapping[str, Rule]) -> str:
    rule = before.rules[before.slot_rule[slot]]
    if rules.get(rule.key) != rule:
        return RULE
    channels = before.lanes.channel[np.flatnonzero(before.lanes.slot == slot)]
    was = np.unique(before.register.channel_device[channels[channels >= 0]])
    _, old, new = np.intersect1d(before.register.device_id[was], after.register.device_id, return_indices=True)
    for purpose, given in before.register.consents.items():
        now = after.register.consents.get(purpose)
        if (given[was[old]] & (now is None or ~now[new])).any():
            return CONSENT
    return DEVICE
