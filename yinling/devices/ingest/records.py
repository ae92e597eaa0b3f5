"""A record of the journal: one flush, checksummed, its columns one after the other.

Little-endian: 4 bytes magic, u32 length of the whole, u32 crc32 of everything after it, u32 rows, u64 number of the
flush, 8 bytes zero; then ts_ms i64, value f64, received_ms i64, device i32, metric i16, zeros up to a multiple of 8.
Whatever does not check is skipped to the next record that does: a torn tail, or a flipped byte in the middle.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from yinling.devices.ingest.readings import Readings

MAGIC = b"YLR1"
HEAD = struct.Struct("<4sIIIQQ")
CHECKED_FROM = 12  # magic, length and checksum themselves are not in the checksum
ROW_BYTES = 8 + 8 + 8 + 4 + 2
MOST_ROWS = 100_000  # so that a reader knows how much to look at


@dataclass(frozen=True)
class Record:
    """One flush as found: `end` is where the next one begins."""

    end: int
    number: int
    readings: Readings


def size_of(rows: int) -> int:
    """The bytes that a record of so many rows takes."""
    return HEAD.size + -(-rows * ROW_BYTES // 8) * 8


MOST_BYTES = size_of(MOST_ROWS)


def packed(readings: Readings, number: int) -> bytes:
    """A record."""
    rows, size = len(readings), size_of(len(readings))
    body = b"".join(
        (
            readings.ts_ms.astype("<i8", copy=False).tobytes(),
            readings.value.astype("<f8", copy=False).tobytes(),
            readings.received_ms.astype("<i8", copy=False).tobytes(),
            readings.device.astype("<i4", copy=False).tobytes(),
            readings.metric.astype("<i2", copy=False).tobytes(),
        )
    ).ljust(size - HEAD.size, b"\0")
    tail = struct.pack("<IQQ", rows, number, 0)
    return struct.pack("<4sII", MAGIC, size, zlib.crc32(body, zlib.crc32(tail))) + tail + body


def scan(data: bytes | memoryview, start: int = 0) -> Iterator[Record]:
    """Every record that checks, from `start` on."""
    held = bytes(data)
    while (start := held.find(MAGIC, start)) >= 0:
        record = _at(held, start)
        if record is None:
            start += len(MAGIC)
            continue
        yield record
        start = record.end


def _at(data: bytes, start: int) -> Record | None:
    """The record that begins here, None if it is torn or altered."""
    if start + HEAD.size > len(data):
        return None
    _, size, checksum, rows, number, _ = HEAD.unpack_from(data, start)
    end = start + size
    if rows > MOST_ROWS or size != size_of(rows) or end > len(data):
        return None
    if zlib.crc32(memoryview(data)[start + CHECKED_FROM : end]) != checksum:
        return None
    return Record(end, number, _columns(data, start + HEAD.size, rows))


def _columns(data: bytes, at: int, rows: int) -> Readings:
    wide = 8 * rows
    return Readings(
        ts_ms=np.frombuffer(data, "<i8", rows, at),
        value=np.frombuffer(data, "<f8", rows, at + wide),
        received_ms=np.frombuffer(data, "<i8", rows, at + 2 * wide),
        device=np.frombuffer(data, "<i4", rows, at + 3 * wide),
        metric=np.frombuffer(data, "<i2", rows, at + 3 * wide + 4 * rows),
    )
