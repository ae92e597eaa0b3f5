"""The problem and the plan in words: who is to be visited, by whom, by which road. Plain values; minutes everywhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

MANDATORY = 1_000_000.0  # what a visit costs that must be made and that nobody makes: more than any road


@dataclass(frozen=True)
class Task:
    """One carer's part of a visit."""

    service: str
    minutes: float


@dataclass(frozen=True)
class Visit:
    """One door, one or two carers.

    With two tasks the second starts between `gap[0]` and `gap[1]` minutes after the first; (0, 0) is together.
    `opens` is hard (who is early waits), `closes` costs tardiness, `late_weight` times. `prize` is what the visit is
    worth if it may be left out, None if it must be made. `liking` is a cost per carer (negative: a welcome face),
    counted for each task; `forbidden` are carers not to be sent.
    """

    uid: str
    place: int
    opens: float
    closes: float
    tasks: tuple[Task, ...]
    gap: tuple[float, float] = (0.0, 0.0)
    prize: float | None = None
    late_weight: float = 1.0
    forbidden: frozenset[str] = frozenset()
    liking: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Carer:
    """Starts at a place when the shift starts, ends at a place; later than the shift's end is overtime.

    The break is taken after the first stop that ends at `break_from` or later.
    """

    uid: str
    services: frozenset[str]
    start_place: int
    end_place: int
    shift_start: float = 0.0
    shift_end: float = float("inf")
    break_from: float = float("inf")
    break_minutes: float = 0.0
    mode: str = "car"


@dataclass(frozen=True)
class Weights:
    """What a minute of each kind costs. `latest` weighs the largest tardiness of the plan."""

    travel: float = 1.0
    late: float = 1.0
    latest: float = 1.0
    overtime: float = 1.0


@dataclass(frozen=True)
class Problem:
    """`travel[mode][i, j]`: minutes from place i to place j (square, may be asymmetric)."""

    visits: Sequence[Visit]
    carers: Sequence[Carer]
    travel: Mapping[str, np.ndarray]
    weights: Weights = Weights()


@dataclass(frozen=True)
class Stop:
    """One task of a route: the visit's uid, which of its tasks (0 or 1), its service; start and end in minutes."""

    visit: str
    task: int
    service: str
    start: float
    end: float


@dataclass(frozen=True)
class Parts:
    """A plan's cost, part by part (minutes; `late` times each visit's late_weight), and the weighted sum."""

    travel: float = 0.0
    late: float = 0.0
    latest: float = 0.0
    overtime: float = 0.0
    liking: float = 0.0
    skipped: float = 0.0
    cost: float = 0.0


@dataclass(frozen=True)
class Plan:
    """Every carer's stops in order, and the visits nobody makes. `moves`: how many the search tried."""

    routes: Mapping[str, tuple[Stop, ...]]
    left_out: tuple[str, ...]
    parts: Parts = Parts()
    moves: int = 0
