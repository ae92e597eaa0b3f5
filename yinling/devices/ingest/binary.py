"""The compact form: 16 bytes a reading instead of about 45, and no text to parse.

Little-endian. `YLB1`, u64 base time in epoch milliseconds, u16 devices, u16 metrics, u32 readings; the batch id, then
each device's user name, then each metric's key, as one byte of length and UTF-8 (an empty batch id is none); then the
columns: u16 place in the list of devices, u16 place in the list of metrics, i32 milliseconds after the base, f64 value.
An empty user name is the sender itself. It is told from JSON by its first four bytes, at every door.
"""

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yinling.devices.ingest.payloads import UNKNOWN, Unreadable
from yinling.engines.signals.columns import Floats, Int64

MAGIC = b"YLB1"
HEAD = struct.Struct("<4sQHHI")
ROW_BYTES = 2 + 2 + 4 + 8


@dataclass(frozen=True)
class Packed:
    """A message in the compact form: names once, then columns that point at them."""

    batch: str
    devices: Sequence[str]
    metrics: Sequence[str]
    device: NDArray[np.uint16]
    metric: NDArray[np.uint16]
    ts_ms: Int64
    value: Floats

    def numbers(
        self, names: Sequence[str], of: Callable[[str], int], places: NDArray[np.uint16], own: int = UNKNOWN
    ) -> Int64:
        """What a column of places stands for in the register; `own` for the empty name, UNKNOWN for a strange one."""
        known = np.array([of(name) if name else own for name in names], np.int64)
        if not len(places):
            return np.empty(0, np.int64)
        return known[places]


def pack(message: Packed) -> bytes:
    """Write a message."""
    base = int(message.ts_ms.min()) if len(message.ts_ms) else 0
    head = HEAD.pack(MAGIC, base, len(message.devices), len(message.metrics), len(message.value))
    names = b"".join(_counted(text) for text in (message.batch, *message.devices, *message.metrics))
    columns = (
        message.device.astype("<u2"), message.metric.astype("<u2"),
        (message.ts_ms - base).astype("<i4"), message.value.astype("<f8"),
    )  # fmt: skip
    return head + names + b"".join(column.tobytes() for column in columns)


def unpack(data: bytes) -> Packed:
    """Read a message. Raises Unreadable."""
    try:
        return _unpacked(data)
    except (struct.error, IndexError, UnicodeDecodeError, ValueError) as wrong:
        raise Unreadable(f"compact form: {wrong}") from wrong


def _unpacked(data: bytes) -> Packed:
    _, base, devices, metrics, rows = HEAD.unpack_from(data)
    names, at = [], HEAD.size
    for _ in range(1 + devices + metrics):
        end = at + 1 + data[at]
        names.append(data[at + 1 : end].decode())
        at = end
    if len(data) - at != rows * ROW_BYTES or base >= 1 << 62:
        raise Unreadable("compact form: its length does not fit its number of readings")
    device, metric = np.frombuffer(data, "<u2", rows, at), np.frombuffer(data, "<u2", rows, at + 2 * rows)
    if rows and (int(device.max()) >= devices or int(metric.max()) >= metrics):
        raise Unreadable("compact form: a column points past its list of names")
    offset, value = np.frombuffer(data, "<i4", rows, at + 4 * rows), np.frombuffer(data, "<f8", rows, at + 8 * rows)
    return Packed(
        names[0], names[1 : 1 + devices], names[1 + devices :], device, metric, offset.astype(np.int64) + base, value
    )


def _counted(text: str) -> bytes:
    raw = text.encode()
    if len(raw) > 255:
        raise ValueError(f"a name of {len(raw)} bytes; the limit is 255")
    return bytes([len(raw)]) + raw
