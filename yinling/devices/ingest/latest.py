"""The last value of every channel, in one file that the writer and any reader map into memory.

A row a device, a cell a metric of its profile. Cells carry their metric, so a cell whose profile has changed reads as
nothing. The file is a cache: it is brought up to date from the journal when the process starts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from yinling.devices.ingest.readings import Readings
from yinling.devices.ingest.register import Register

CELL = np.dtype([("ts_ms", "<i8"), ("received_ms", "<i8"), ("value", "<f8"), ("metric", "<i2"), ("_", "V6")])
CELLS = 16  # metrics of one profile
GROWTH = 65_536


@dataclass(frozen=True)
class LastValue:
    """What a device said last about a metric."""

    device: int
    metric: int
    ts_ms: int
    value: float
    received_ms: int


class Latest:
    """The writer."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._cells = _mapped(path, 1, "r+")

    def take(self, readings: Readings, register: Register) -> None:
        """Bring the cells of these readings up to date; an older reading changes nothing."""
        if not len(readings):
            return
        size = len(register.profile)
        if len(self._cells) < size:
            self._cells = _mapped(self._path, size, "r+")
        device, metric = readings.device, readings.metric
        known = (device < size) & (metric < len(register.lowest))
        profile = register.profile[np.where(known, device, 0)]
        column = register.column[profile, np.where(known, metric, 0)]
        at_ms = np.minimum(readings.ts_ms, readings.received_ms)  # a clock ahead must not shut everything else out
        rows = np.flatnonzero(known & (profile >= 0) & (column >= 0) & (column < CELLS))
        rows = rows[np.argsort(at_ms[rows], kind="stable")]  # of several for one cell the newest is written last
        before = self._cells[device[rows], column[rows]]
        rows = rows[(before["metric"] != metric[rows]) | (before["ts_ms"] <= at_ms[rows])]
        cells = np.zeros(len(rows), CELL)
        cells["ts_ms"], cells["received_ms"] = at_ms[rows], readings.received_ms[rows]
        cells["value"], cells["metric"] = readings.value[rows], metric[rows]
        self._cells[device[rows], column[rows]] = cells


def read(path: Path, devices: Iterable[int]) -> list[LastValue]:
    """The last values of some devices, by device and metric."""
    if not path.exists():
        return []
    cells = np.memmap(path, CELL, "r").reshape(-1, CELLS)
    found = []
    for device in devices:
        if device < len(cells):
            held = sorted((cell for cell in cells[device] if cell["metric"]), key=lambda cell: int(cell["metric"]))
            found += [
                LastValue(device, int(c["metric"]), int(c["ts_ms"]), float(c["value"]), int(c["received_ms"]))
                for c in held
            ]
    return found


def _mapped(path: Path, rows: int, mode: str) -> NDArray[np.void]:
    """The file, grown to so many rows; what nobody has written takes no room on disk."""
    wanted = -(-rows // GROWTH) * GROWTH * CELLS * CELL.itemsize
    with path.open("ab") as file:
        if file.tell() < wanted:
            file.truncate(wanted)
    return np.memmap(path, CELL, mode).reshape(-1, CELLS)  # type: ignore[call-overload]
