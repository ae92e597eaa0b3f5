"""What is held in memory, and how it goes on: a second's readings, time passing, new rules. No clock, no input, no
output: the same journal and the same changes give the same alerts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from yinling.devices.telemetry import Readings as Received
from yinling.engines.signals.alerting import Alerts
from yinling.engines.signals.areas import AreaAlert, AreaState, areas_of_slots, raised_in_areas, step_areas
from yinling.engines.signals.columns import Index
from yinling.engines.signals.interventions import carry, listen_from, release
from yinling.engines.signals.plan import Plan
from yinling.engines.signals.planning import plan_for
from yinling.engines.signals.register import no_readings
from yinling.engines.signals.rules import Rule, Scope
from yinling.engines.signals.state import State, new_state
from yinling.engines.signals.stepping import step
from yinling.supervision.watching.laying import Laid, steps_of
from yinling.supervision.watching.pace import Pace


@dataclass(frozen=True)
class Said:
    """What the engine said. Slots of `alerts` are those of `plan`."""

    plan: Plan
    alerts: Alerts
    areas: Sequence[AreaAlert] = ()


@dataclass
class Judge:
    """Rules laid over devices, with everything remembered. `watermark` (epoch ms): all up to then is judged.

    `hold`: a time that is not passed in parts. While devices find their way back to a door that was shut, readings are
    judged but silence is not; after it, whoever has not come back was silent since the last reading.
    """

    rules: tuple[Rule, ...]
    laid: Laid
    state: State
    watermark: int
    areas: AreaState = field(default_factory=AreaState)
    pace: Pace = field(default_factory=Pace)
    hold: tuple[int, int] = (0, 0)

    def __post_init__(self) -> None:
        self.plan = plan_for(self.rules, self.laid.register)
        self._area = areas_of_slots(self.plan)
        self._counts_areas = any(rule.scope is Scope.AREA for rule in self.rules)

    def take(self, received: Received) -> Iterator[Said]:
        """Judge readings in the order in which they were received."""
        for begins, rows in steps_of(self.pace.all_at(received.received_ms), self.pace.step_ms):
            yield from self.pass_time(begins)
            batch = self.laid.readings(received.rows(rows))
            self.state, alerts = step(self.state, batch, self.plan, begins + self.pace.step_ms, self.watermark)
            yield from self._said(alerts)

    def pass_time(self, until: int) -> Iterator[Said]:
        """Judge what time alone has done up to `until` (epoch ms), rounded down to a whole step."""
        until = until // self.pace.step_ms * self.pace.step_ms
        if until > self.watermark and not self.hold[0] <= until < self.hold[1]:
            self.watermark = until
            self.state, alerts = step(self.state, no_readings(), self.plan, until, until)
            yield from self._said(alerts)

    def change(self, rules: tuple[Rule, ...], laid: Laid) -> Said:
        """Go on under other rules, or with other devices or consents. What is no longer watched is stopped."""
        before, self.rules, self.laid = self.plan, rules, laid
        self.__post_init__()
        self.state, stopped = carry(before, self.state, self.plan, self.watermark)
        return Said(before, stopped)

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
