"""A flush weighed as whole columns: what holds goes to the journal, what does not is counted by sender and kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from yinling.devices.ingest.faults import Fault, Faults
from yinling.devices.ingest.payloads import Rows
from yinling.devices.ingest.readings import Readings
from yinling.devices.ingest.register import NOT_IN_USE, WORD, Register
from yinling.engines.signals.columns import Bools, Floats, Index, Int32, Int64

AHEAD_MS = 60_000
EARLIEST_MS, LATEST_MS = 1_577_836_800_000, 4_102_444_800_000  # 2020 to 2100: outside, a clock has lost itself
NUMBERS = {int, float, bool}


@dataclass(frozen=True)
class Weighed:
    """What is left of a flush, and how many readings of each message there were and did not hold."""

    readings: Readings
    sent: NDArray[np.int64]
    refused: NDArray[np.int64]


def columns_of(rows: Rows, received_ms: int) -> tuple[Readings, Int32]:
    """Rows as readings, and the message of each. A value that is no number becomes none of the readings."""
    readings = Readings(
        np.array(rows.device, np.int32),
        np.array(rows.metric, np.int16),
        _times(rows.ts_ms),
        _floats(rows.value),
        np.full(len(rows.message), received_ms, np.int64),
    )
    return readings, np.array(rows.message, np.int32)


def _times(at: Sequence[Any]) -> Int64:
    """Times in milliseconds; what is no time becomes 0, which `weigh` takes for a clock that has lost itself."""
    if set(map(type, at)) == {int}:
        try:
            return np.array(at, np.int64)
        except OverflowError:
            pass
    return np.array([int(t) if type(t) in (int, float) and 0 <= t < LATEST_MS else 0 for t in at], np.int64)


def _floats(values: Sequence[Any]) -> Floats:
    """Values; a string, list or null becomes -inf, which no sensor reports and `weigh` names."""
    if set(map(type, values)) <= NUMBERS:
        try:
            return np.array(values, np.float64)
        except OverflowError:
            pass
    return np.array([_float(value) for value in values], np.float64)


def _float(value: object) -> float:
    if type(value) not in NUMBERS:
        return -np.inf
    try:
        return float(cast(float, value))
    except OverflowError:
        return np.nan


def weigh(
    readings: Readings, message: Int32, sender: Int32, register: Register, faults: Faults, messages: int
) -> Weighed:
    """Keep the readings that hold. `sender` by row: who sent it, below 0 for nobody we know."""
    ok = np.ones(len(readings), dtype=bool)
    device, metric = readings.device, readings.metric
    _drop(ok, (device < 0) | (device >= len(register.profile)), Fault.UNKNOWN_DEVICE, readings, sender, faults)
    unused = register.profile[np.where(ok, device, 0)] == NOT_IN_USE
    _drop(ok, ok & unused, Fault.UNKNOWN_DEVICE, readings, sender, faults)
    at = np.where(ok, device, 0)
    foreign = (sender != device) & ((register.gateway[at] != sender) | (sender < 0))
    _drop(ok, ok & foreign, Fault.NOT_ITS_GATEWAY, readings, sender, faults)
    known = (metric > 0) & (metric < len(register.lowest))
    _drop(ok, ok & ~known, Fault.UNKNOWN_METRIC, readings, device, faults)
    kind = np.where(ok, metric, 0)
    profile = np.where(ok, register.profile[at], 0)
    _drop(ok, ok & ~register.measured[profile, kind], Fault.NOT_MEASURED, readings, device, faults)
    bits = register.allowed[at, kind // WORD] >> (kind % WORD).astype(np.uint64)
    _drop(ok, ok & ((bits & np.uint64(1)) == 0), Fault.NO_CONSENT, readings, device, faults)
    _drop_values(ok, kind, readings, register, faults)
    kept = readings if ok.all() else readings.rows(ok)
    sent, refused = np.bincount(message, minlength=messages), np.bincount(message[~ok], minlength=messages)
    return Weighed(_with_good_times(kept, faults), sent, refused)


def _drop_values(ok: Bools, kind: NDArray[np.int16], readings: Readings, register: Register, faults: Faults) -> None:
    value, device = readings.value, readings.device
    _drop(ok, ok & (value == -np.inf), Fault.WRONG_TYPE, readings, device, faults)
    _drop(ok, ok & ~np.isfinite(value), Fault.NOT_A_NUMBER, readings, device, faults)
    outside = (value < register.lowest[kind]) | (value > register.highest[kind])
    _drop(ok, ok & outside, Fault.OUT_OF_RANGE, readings, device, faults)


def _with_good_times(readings: Readings, faults: Faults) -> Readings:
    """A clock that has lost itself is not believed; one that runs ahead is only counted. Neither loses a reading."""
    ts_ms, received = readings.ts_ms, readings.received_ms
    lost = (ts_ms < EARLIEST_MS) | (ts_ms >= LATEST_MS)
    if lost.any():
        _count(np.flatnonzero(lost), Fault.CLOCK_LOST, readings, readings.device, faults)
        ts_ms = np.where(lost, received, ts_ms)
    ahead = ts_ms > received + AHEAD_MS
    if ahead.any():
        _count(np.flatnonzero(ahead), Fault.CLOCK_AHEAD, readings, readings.device, faults)
    return Readings(readings.device, readings.metric, ts_ms, readings.value, received)


def _drop(ok: Bools, wrong: Bools, fault: Fault, readings: Readings, blamed: Int32, faults: Faults) -> None:
    rows = np.flatnonzero(wrong)
    if len(rows):
        _count(rows, fault, readings, blamed, faults)
        ok[rows] = False


def _count(rows: Index, fault: Fault, readings: Readings, blamed: Int32, faults: Faults) -> None:
    """One line a device and kind, whatever the number of readings."""
    devices, first, counts = np.unique(blamed[rows], return_index=True, return_counts=True)
    for device, at, times in zip(devices, rows[first], counts, strict=True):
        sample = f"d{readings.device[at]} metric {readings.metric[at]} at {readings.ts_ms[at]}"
        if fault is not Fault.NO_CONSENT:  # without consent the value itself is nobody's to see
            sample += f": {readings.value[at]:g}"
        faults.count(int(device), fault, sample, int(times))
