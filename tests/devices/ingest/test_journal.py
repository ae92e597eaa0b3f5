"""The journal: whatever was written whole is read back, whatever was not is not there."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yinling.devices.ingest import records
from yinling.devices.ingest.journal import AlreadyRunning, Journal, Position, batches, newest, segment_path, segments
from yinling.devices.ingest.readings import Readings, joined

START = Position()


def some(count: int, first: int = 0) -> Readings:
    """Readings that can be told apart."""
    n = np.arange(first, first + count, dtype=np.int64)
    return Readings(n.astype(np.int32), (n % 30 + 1).astype(np.int16), n * 1000, n / 4, n * 1000 + 5)


def read(folder: Path, after: Position = START) -> list[int]:
    """The devices of everything after a position."""
    return joined([part for _, part in batches(folder, after)]).device.tolist()


def test_whether_something_was_written_is_seen_without_reading(tmp_path: Path) -> None:
    assert newest(tmp_path / "none yet") == ("", 0)
    journal = Journal(tmp_path, segment_bytes=500)
    seen = [newest(tmp_path)]
    for flush in range(4):  # the third begins a segment
        journal.append(some(7, flush))
        seen.append(newest(tmp_path))
    assert newest(tmp_path) == seen[-1]
    assert len(set(seen)) == 5 and len(segments(tmp_path)) > 1


@given(st.lists(st.integers(1, 40), min_size=1, max_size=5), st.data())
@settings(max_examples=60)
def test_torn_at_any_byte_every_whole_flush_is_kept_and_writing_goes_on(sizes: list[int], data: st.DataObject) -> None:
    with TemporaryDirectory() as name:
        folder, ends = Path(name), [0]
        journal = Journal(folder)
        for number, size in enumerate(sizes):
            ends.append(journal.append(some(size, number * 100)).offset)
        journal.close()
        path = segment_path(folder, 1)
        cut = data.draw(st.integers(0, ends[-1]))
        path.write_bytes(path.read_bytes()[:cut])
        whole = sum(end <= cut for end in ends[1:])
        expected = [d for number, size in enumerate(sizes[:whole]) for d in some(size, number * 100).device.tolist()]
        assert read(folder) == expected
        again = Journal(folder)
        assert path.stat().st_size == ends[whole]
        again.append(some(3, 9000))
        again.close()
        assert read(folder) == [*expected, 9000, 9001, 9002]


@given(st.data())
@settings(max_examples=40)
def test_a_flipped_byte_costs_one_flush_and_no_other(data: st.DataObject) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        journal = Journal(folder)
        ends = [0, *(journal.append(some(7, number * 100)).offset for number in range(3))]
        journal.close()
        path = segment_path(folder, 1)
        raw = bytearray(path.read_bytes())
        at = data.draw(st.integers(0, ends[-1] - 1))
        raw[at] ^= data.draw(st.integers(1, 255))
        path.write_bytes(raw)
        hit = next(number for number in range(3) if at < ends[number + 1])
        left = [d for number in range(3) if number != hit for d in some(7, number * 100).device.tolist()]
        padding_is_checked_too = read(folder)
        assert padding_is_checked_too == left


def test_a_reader_goes_on_where_it_stopped_and_over_the_end_of_a_segment(tmp_path: Path) -> None:
    journal = Journal(tmp_path, segment_bytes=records.size_of(5) * 2)
    journal.append(some(5))
    seen = list(batches(tmp_path, Position()))
    assert [len(part) for _, part in seen] == [5]
    after = Position.parse(str(seen[-1][0]))
    assert not list(batches(tmp_path, after))
    for number in range(1, 6):
        journal.append(some(5, number * 100))
    assert len(segments(tmp_path)) == 3
    assert read(tmp_path, after) == [d for n in range(1, 6) for d in some(5, n * 100).device.tolist()]
    positions = [position for position, _ in batches(tmp_path, Position())]
    assert positions == sorted(positions)
    assert journal.position == positions[-1]
    journal.close()


def test_more_than_a_record_holds_is_written_as_several(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.append(some(records.MOST_ROWS + 10))
    assert [len(part) for _, part in batches(tmp_path, Position())] == [records.MOST_ROWS, 10]
    journal.close()


def test_every_start_opens_a_new_segment_and_numbers_rise_for_ever(tmp_path: Path) -> None:
    for _ in range(3):
        journal = Journal(tmp_path)
        journal.append(some(2))
        journal.close()
    Journal(tmp_path).close()
    assert segments(tmp_path) == [1, 2, 3]


def test_two_processes_cannot_write_one_journal(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    with pytest.raises(AlreadyRunning):
        Journal(tmp_path)
    journal.close()
    Journal(tmp_path).close()


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """A disk that runs full, as far as this process can tell."""
    held = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, held[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, held)


def test_a_full_disk_refuses_the_flush_keeps_what_was_there_and_takes_the_flush_later(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.append(some(10))
    with files_of_at_most(records.size_of(10) + 50), pytest.raises(OSError):
        journal.append(some(10, 100))
    assert read(tmp_path) == some(10).device.tolist()
    with files_of_at_most(20), pytest.raises(OSError):
        journal.append(some(10, 100))
    journal.append(some(10, 100))
    journal.close()
    assert read(tmp_path) == [*some(10).device.tolist(), *some(10, 100).device.tolist()]


def test_repeats_are_taken_once_as_they_first_came() -> None:
    twice = joined([some(4), some(4)])
    changed = Readings(twice.device, twice.metric, twice.ts_ms, np.arange(8.0), twice.received_ms)
    assert changed.once().value.tolist() == [0, 1, 2, 3]
