"""Readings as columns: what the journal holds and everybody downstream takes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yinling.engines.signals.columns import Floats, Index, Int32, Int64

Int16 = NDArray[np.int16]


@dataclass(frozen=True)
class Readings:
    """One row a reading: device (`Device.number`), metric (`Metric.number`), times in epoch milliseconds, value."""

    device: Int32
    metric: Int16
    ts_ms: Int64
    value: Floats
    received_ms: Int64

    def __len__(self) -> int:
        return len(self.device)

    def rows(self, rows: Index | NDArray[np.bool_] | slice) -> "Readings":
        """Some of them."""
        return Readings(
            self.device[rows], self.metric[rows], self.ts_ms[rows], self.value[rows], self.received_ms[rows]
        )

    def once(self) -> "Readings":
        """Each (device, metric, time) once, as it first came: repeats are harmless because everybody asks for this."""
        order = np.lexsort((self.ts_ms, self.metric, self.device))
        sorted_ = self.rows(order)
        new = np.ones(len(self), dtype=bool)
        new[1:] = (
            (np.diff(sorted_.device) != 0) | (np.diff(sorted_.metric) != 0) | (np.diff(sorted_.ts_ms) != 0)
        )  # lexsort is stable: the first of equals came first
        return sorted_.rows(new)


def no_readings() -> Readings:
    """None at all."""
    none = np.empty(0, np.int64)
    return Readings(np.empty(0, np.int32), np.empty(0, np.int16), none, np.empty(0), none)


def joined(parts: Sequence[Readings]) -> Readings:
    """Several end to end."""
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return no_readings()
    names = ("device", "metric", "ts_ms", "value", "received_ms")
    return Readings(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))
