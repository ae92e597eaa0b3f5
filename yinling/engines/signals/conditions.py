"""What a rule may ask of readings: values, frozen and already checked. `parsing` makes them from plain data.

Times are epoch milliseconds, lengths of time milliseconds (`_ms`), distances metres, positions degrees (WGS84).
"""

from dataclasses import dataclass
from enum import StrEnum
from math import inf


class Measure(StrEnum):
    """What is computed from a reading before it is tested."""

    VALUE = "value"  # the value as sent
    RATE = "rate"  # change since the reading at least `over_ms` ago, per `per_ms`
    FENCE = "fence"  # metres beyond the fence; negative inside
    BASELINE = "baseline"  # how far from this person's own habit at this hour, in usual deviations
    CHANGES = "changes"  # 1 where the value changed `count` times within `over_ms`, else 0
    CLOCK = "clock"  # seconds by which the device's clock is ahead
    SILENCE = "silence"  # no reading at all; tested by ticks only


@dataclass(frozen=True, slots=True)
class Band:
    """Values from `lowest` to `highest`, both included; `outside` asks for all the others."""

    lowest: float = -inf
    highest: float = inf
    outside: bool = False

    def holds(self, x: float) -> bool:
        return (self.lowest <= x <= self.highest) != self.outside

    def otherwise(self) -> "Band":
        """The other values."""
        return Band(self.lowest, self.highest, not self.outside)


@dataclass(frozen=True, slots=True)
class Side:
    """One way over: `times` of the last `of` tests lie in the band, and stay so for `lasting_ms`."""

    band: Band
    times: int = 1
    of: int = 1
    lasting_ms: int = 0


@dataclass(frozen=True, slots=True)
class Fence:
    """A circle (`radius_m` about `centre`, or about the person's own point), or a polygon of (latitude, longitude)."""

    radius_m: float = 0.0
    centre: tuple[float, float] | None = None
    corners: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure with its settings; those of other measures stay at their defaults."""

    kind: Measure
    over_ms: int = 0
    per_ms: int = 1
    count: int = 0
    fence: Fence | None = None
    quiet_start: int = 0  # readings in the same hour of day before the first verdict
    memory: int = 0  # readings that a habit is averaged over
    floor: float = 0.0  # the smallest deviation that counts as one


@dataclass(frozen=True, slots=True)
class Atom:
    """A condition on one metric of each matching device. No `devices`: every kind that sends the metric."""

    metric: str
    devices: tuple[str, ...]
    measured: Measured
    raising: Side
    clearing: Side


class Joint(StrEnum):
    """How the parts of a composite are put together."""

    LOGIC = "logic"  # AND, OR, NOT as they stand now
    SEQUENCE = "sequence"  # one after the other within `within_ms`
    TOGETHER = "together"  # all within `within_ms`, in any order
    COUNT = "count"  # so many distinct devices, or such a share of them, now or within `within_ms`


@dataclass(frozen=True, slots=True)
class Leaf:
    """The n-th atom of a composite: holds while it holds on any device of the subject."""

    index: int


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: "Node"


Node = Leaf | All | AnyOf | Not


@dataclass(frozen=True, slots=True)
class Composite:
    """Atoms joined over the devices of one subject; `raising` and `clearing` say how long each must last."""

    joint: Joint
    atoms: tuple[Atom, ...]
    tree: Node | None = None  # LOGIC only
    within_ms: int = 0
    at_least: int = 0  # COUNT: distinct devices
    share: float = 0.0  # COUNT: of all devices of the subject, 0 where `at_least` alone decides
    raising: Side = Side(Band(1.0, inf))
    clearing: Side = Side(Band(1.0, inf, outside=True))


@dataclass(frozen=True, slots=True)
class AlertsOf:
    """So many subjects with an alert of another rule within a time: for areas."""

    rule: str
    at_least: int
    within_ms: int


Condition = Atom | Composite | AlertsOf
