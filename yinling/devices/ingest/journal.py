"""The journal: segment files that only grow, written by one process, read by any.

A segment's name is the number of its first flush, so names rise for ever. A start, a failure and a full segment each
begin a new one; what a crash left half written at the end of the last is cut off.
"""

import fcntl
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from yinling.devices.ingest import records
from yinling.devices.ingest.readings import Readings

SEGMENT_BYTES = 64 * 1024 * 1024
SEGMENT_S = 300.0
CHUNK_BYTES = 2 * records.MOST_BYTES
NAME = re.compile(r"(\d{16})\.journal")


@dataclass(frozen=True, order=True)
class Position:
    """How far somebody has read. Compares by age; `str()` and `parse` write it down and read it back."""

    segment: int = 0
    offset: int = 0

    def __str__(self) -> str:
        return f"{self.segment}:{self.offset}"

    @classmethod
    def parse(cls, text: str) -> "Position":
        """The position that `str()` wrote."""
        segment, _, offset = text.partition(":")
        return cls(int(segment), int(offset))


class AlreadyRunning(Exception):
    """Another process writes this journal."""


def segment_path(folder: Path, segment: int) -> Path:
    """Where a segment lies."""
    return folder / f"{segment:016}.journal"


def segments(folder: Path) -> list[int]:
    """The segments that are there, oldest first."""
    if not folder.is_dir():
        return []
    return sorted(int(found[1]) for name in os.listdir(folder) if (found := NAME.fullmatch(name)))


def newest(folder: Path) -> tuple[str, int]:
    """The last segment's name and size, found without reading: while both stay, nothing has been written."""
    try:
        name = max((name for name in os.listdir(folder) if name.endswith(".journal")), default="")
        return name, os.stat(f"{folder}/{name}").st_size if name else 0
    except FileNotFoundError:  # no journal yet, or cleared away since we looked
        return "", 0


def batches(folder: Path, after: Position) -> Iterator[tuple[Position, Readings]]:
    """Every flush after a position, with the position after it. Ends when the writer is caught up with.

    A position whose segment has been cleared away goes on with the oldest one that is left.
    """
    present = [segment for segment in segments(folder) if segment >= after.segment]
    for segment in present:
        start = after.offset if segment == after.segment else 0
        yield from _of_segment(folder, segment, start)


def _of_segment(folder: Path, segment: int, start: int) -> Iterator[tuple[Position, Readings]]:
    try:
        file = segment_path(folder, segment).open("rb", buffering=0)
    except FileNotFoundError:  # cleared away, or found empty at a start, since we looked
        return
    with file:
        while True:
            left = os.fstat(file.fileno()).st_size - start  # asking for a whole chunk costs one, however little comes
            if left <= 0:
                return
            data = os.pread(file.fileno(), min(left, CHUNK_BYTES), start)
            end = 0
            for record in records.scan(data):
                end = record.end
                yield Position(segment, start + end), record.readings
            if not end and len(data) < CHUNK_BYTES:
                return
            start += end or records.MOST_BYTES  # a whole chunk without a record that checks: look further on


class Journal:
    """The writer. `append` returns when the readings are on disk, or raises OSError and has written nothing."""

    def __init__(self, folder: Path, segment_bytes: int = SEGMENT_BYTES, segment_s: float = SEGMENT_S) -> None:
        self.folder = folder
        self._segment_bytes, self._segment_s = segment_bytes, segment_s
        self._file: IO[bytes] | None = None
        self._segment = self._offset = 0
        self._opened_at = 0.0
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = _locked(folder / "lock")
        self._next = _cut_torn_tail(folder)

    @property
    def position(self) -> Position:
        """Everything up to here is on disk."""
        return Position(self._segment, self._offset)

    @property
    def closed_before(self) -> int:
        """Segments below this one will never change again."""
        return self._next if self._file is None else self._segment

    def append(self, readings: Readings) -> Position:
        """Write one flush and wait for the disk."""
        try:
            file = self._file_for(records.size_of(len(readings)))
            for start in range(0, len(readings), records.MOST_ROWS):
                part = readings.rows(slice(start, start + records.MOST_ROWS))
                _write(file, records.packed(part, self._next + start // records.MOST_ROWS))
            os.fdatasync(file.fileno())
            self._offset = file.tell()
        except OSError:
            self._give_up_segment()
            raise
        self._next += -(-len(readings) // records.MOST_ROWS)
        return self.position

    def close_segment_if_old(self) -> None:
        """End a segment that has been open for long, so that its readings reach the history."""
        if self._file is not None and self._offset and time.monotonic() - self._opened_at > self._segment_s:
            self._close_segment()

    def close(self) -> None:
        """End the segment and let another process write."""
        self._close_segment()
        self._lock.close()

    def _file_for(self, size: int) -> IO[bytes]:
        if self._offset and self._offset + size > self._segment_bytes:
            self._close_segment()
        if self._file is None:
            self._segment, self._offset, self._opened_at = self._next, 0, time.monotonic()
            self._file = segment_path(self.folder, self._segment).open("wb", buffering=0)
            _sync_folder(self.folder)
        return self._file

    def _close_segment(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _give_up_segment(self) -> None:
        """After a failed write nobody knows what the page cache still holds: cut back, go on in a new segment."""
        if self._file is None:
            return
        try:
            os.ftruncate(self._file.fileno(), self._offset)
        except OSError:
            pass  # readers skip what does not check
        finally:
            self._close_segment()


def _locked(path: Path) -> IO[bytes]:
    lock = path.open("ab")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as taken:
        raise AlreadyRunning(f"Another process writes the journal in {path.parent}.") from taken
    return lock


def _cut_torn_tail(folder: Path) -> int:
    """Cut what follows the last whole record of the last segment; the number of the next flush."""
    present = segments(folder)
    if not present:
        return 1
    path, number, end = segment_path(folder, present[-1]), present[-1] - 1, 0
    for record in records.scan(path.read_bytes()):
        number, end = record.number, record.end
    with path.open("r+b") as file:
        if end < path.stat().st_size:
            file.truncate(end)
            os.fsync(file.fileno())
    return number + 1  # an empty segment keeps its name, and so the numbers go on


def _write(file: IO[bytes], data: bytes) -> None:
    """All of it; a disk that runs full takes a part first."""
    left = memoryview(data)
    while left:
        left = left[file.write(left) :]


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
