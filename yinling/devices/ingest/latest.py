"""The last value of every channel, in one file that the writer and any reader map into memory.

A row a device, a cell a metric of its profile. Cells carry their metric, so a cell whose profile has changed reads as
nothing. The file is a cache: it is brought up to date from the journal when the process starts.

Whoever writes through a map into a file's hole on a full disk is killed by the kernel (SIGBUS). So a block is asked
for before it is first written; where there is no room, the last value stays what it was.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from yinling.devices.ingest.readings import Readings
from yinling.devices.ingest.register import Register
from yinling.engines.signals.columns import Int32

CELL = np.dtype([("ts_ms", "<i8"), ("received_ms", "<i8"), ("value", "<f8"), ("metric", "<i2"), ("_", "V6")])
CELLS = 16  # metrics of one profile
GROWTH = 65_536
BLOCK_ROWS = 8  # devices in a page of 4,096 bytes


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
        self._has_room = np.zeros(len(self._cells) // BLOCK_ROWS, np.bool_)

    def take(self, readings: Readings, register: Register) -> None:
        """Bring the cells of these readings up to date; an older reading changes nothing."""
        if not len(readings):
            return
        size = len(register.profile)
        if len(self._cells) < size:
            self._cells = _mapped(self._path, size, "r+")
            self._has_room = np.zeros(len(self._cells) // BLOCK_ROWS, np.bool_)
        device, metric = readings.device, readings.metric
        known = (device < size) & (metric < len(register.lowest))
        profile = register.profile[np.where(known, device, 0)]
        column = register.column[profile, np.where(known, metric, 0)]
        at_ms = np.minimum(readings.ts_ms, readings.received_ms)  # a clock ahead must not shut everything else out
        rows = np.flatnonzero(known & (profile >= 0) & (column >= 0) & (column < CELLS))
        rows = rows[np.argsort(at_ms[rows], kind="stable")]  # of several for one cell the newest is written last
        before = self._cells[device[rows], column[rows]]
        rows = rows[(before["metric"] != metric[rows]) | (before["ts_ms"] <= at_ms[rows])]
        rows = rows[self._room_for(device[rows])]
        cells = np.zeros(len(rows), CELL)
        cells["ts_ms"], cells["received_ms"] = at_ms[rows], readings.received_ms[rows]
        cells["value"], cells["metric"] = readings.value[rows], metric[rows]
        self._cells[device[rows], column[rows]] = cells

    def _room_for(self, device: Int32) -> NDArray[np.bool_]:
        """Which of these devices' rows are on disk, now that the missing blocks were asked for."""
        block = device // BLOCK_ROWS
        missing = np.unique(block[~self._has_room[block]])
        if len(missing):
            self._ask_for(missing)
        return self._has_room[block]

    def _ask_for(self, blocks: Int32) -> None:
        size = BLOCK_ROWS * CELLS * CELL.itemsize
        with self._path.open("r+b") as file:
            for run in np.split(blocks, np.flatnonzero(np.diff(blocks) != 1) + 1):
                try:
                    os.posix_fallocate(file.fileno(), int(run[0]) * size, len(run) * size)
                except OSError:
                    return  # no room: the next reading asks again
                self._has_room[run] = True


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
    whole: NDArray[np.void] = np.asarray(np.memmap(path, CELL, mode))  # type: ignore[call-overload]
    return whole.reshape(-1, CELLS)  # a plain array: each look into a memmap makes another memmap
