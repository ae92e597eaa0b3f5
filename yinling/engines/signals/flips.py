"""What lanes did in one step: came on, went off, came on again, or fell silent."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from yinling.engines.signals.columns import Bools, Floats, Index, Int64

ON, OFF, AGAIN, GAP = range(4)


@dataclass(frozen=True)
class Flips:
    """Columns in the order in which things happened to each lane."""

    lane: Index
    at: Int64
    kind: NDArray[np.int8]
    value: Floats  # NaN where time did it
    late: Bools

    def __len__(self) -> int:
        return len(self.lane)

    def rows(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> "Flips":
        return Flips(self.lane[rows], self.at[rows], self.kind[rows], self.value[rows], self.late[rows])


@dataclass
class Log:
    """Flips as they are found."""

    parts: list[Flips] = field(default_factory=list)

    def add(self, kind: int, lane: Index, at: Int64, value: Floats | None = None, late: bool = False) -> None:
        if len(lane):
            size = len(lane)
            values = np.full(size, np.nan) if value is None else value
            self.parts.append(Flips(lane, at, np.full(size, kind, np.int8), values, np.full(size, late)))

    def all(self) -> Flips:
        parts = self.parts or [_nothing()]
        names = ("lane", "at", "kind", "value", "late")
        return Flips(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def _nothing() -> Flips:
    return Flips(np.empty(0, np.intp), np.empty(0, np.int64), np.empty(0, np.int8), np.empty(0), np.empty(0, np.bool_))
