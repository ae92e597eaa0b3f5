"""The history: every reading once, by day and shard, kept as long as its metric is kept, found in under a second."""

import datetime as dt
import os
import time
from pathlib import Path

import numpy as np
import pytest

from yinling.devices import telemetry
from yinling.devices.ingest import history
from yinling.devices.ingest.journal import Journal, Position, segments
from yinling.devices.ingest.options import Folders
from yinling.devices.ingest.readings import Readings
from yinling.kernel.clock import CITY_ZONE

NOON = int(dt.datetime(2026, 11, 20, 12, 0, tzinfo=CITY_ZONE).timestamp() * 1000)
DAY = 86_400_000
MINUTE = 60_000
TODAY = dt.date(2026, 11, 23)


def readings(device: int, metric: int, at: list[int], value: list[float] | None = None, late_ms: int = 0) -> Readings:
    """Readings of one channel."""
    count, ts = len(at), np.array(at, np.int64)
    values = np.array(value if value is not None else range(count), np.float64)
    return Readings(
        np.full(count, device, np.int32), np.full(count, metric, np.int16), ts, values, ts + late_ms
    )  # fmt: skip


def journalled(folder: Path, *flushes: Readings) -> Folders:
    """A journal with these flushes in one closed segment."""
    journal = Journal(folder / "journal")
    for flush in flushes:
        journal.append(flush)
    journal.close()
    return Folders(folder)


def taken_in(folders: Folders) -> int:
    """Everything closed is moved into the history."""
    return history.take_in(folders, 1 << 60)


def channel(
    folders: Folders, device: int, metric: int, start: int = NOON - DAY, end: int = NOON + DAY
) -> list[tuple[int, float]]:
    at, value = history.read(folders, device, metric, start, end)
    return list(zip((at - NOON).tolist(), value.tolist(), strict=True))


@pytest.mark.parametrize("moved", [False, True])
def test_a_channel_is_read_in_order_each_reading_once_wherever_it_lies(tmp_path: Path, moved: bool) -> None:
    one = readings(3, 1, [NOON + MINUTE, NOON], [1.0, 0.0])
    folders = journalled(tmp_path, one, readings(3, 2, [NOON]), readings(11, 1, [NOON]), one)
    if moved:
        taken_in(folders)
    journalled(tmp_path, readings(3, 1, [NOON, NOON + 2 * MINUTE], [9.0, 2.0]))
    assert channel(folders, 3, 1) == [(0, 0.0), (MINUTE, 1.0), (2 * MINUTE, 2.0)]
    assert channel(folders, 3, 1, NOON + MINUTE, NOON + 2 * MINUTE) == [(MINUTE, 1.0)]
    assert channel(folders, 4, 1) == []


def test_days_are_the_city_s_and_shards_are_by_device(tmp_path: Path) -> None:
    midnight = NOON + DAY // 2
    folders = journalled(tmp_path, readings(3, 1, [midnight - 1, midnight]), readings(11, 1, [midnight]))
    assert taken_in(folders) == 3
    found = sorted(str(file.parent.relative_to(folders.history)) for file in folders.history.rglob("*.parquet"))
    assert found == ["day=2026-11-20/shard=3", "day=2026-11-21/shard=3"]
    assert taken_in(folders) == 0


def test_a_reading_from_a_clock_ahead_stands_at_its_arrival(tmp_path: Path) -> None:
    folders = journalled(tmp_path, readings(3, 1, [NOON + 100 * DAY], late_ms=-100 * DAY))
    assert channel(folders, 3, 1) == [(0, 0.0)]
    taken_in(folders)
    assert channel(folders, 3, 1) == [(0, 0.0)]


def test_a_crash_after_writing_and_before_noting_it_changes_nothing(tmp_path: Path) -> None:
    folders = journalled(tmp_path, readings(3, 1, [NOON, NOON + 1]))
    taken_in(folders)
    (folders.history / "done").unlink()
    taken_in(folders)
    assert channel(folders, 3, 1) == [(0, 0.0), (1, 1.0)]


def test_many_files_of_a_day_become_one_and_hold_the_same(tmp_path: Path) -> None:
    for number in range(5):
        folders = journalled(tmp_path, readings(3, 1, [NOON + number, NOON]))
        taken_in(folders)
    before = channel(folders, 3, 1)
    assert history.merge(folders, TODAY) == 5
    assert len(list(folders.history.rglob("*.parquet"))) == 1
    assert channel(folders, 3, 1) == before
    assert history.merge(folders, TODAY) == 0


def test_a_metric_is_forgotten_after_its_days_and_the_others_stay(tmp_path: Path) -> None:
    folders = journalled(tmp_path, readings(3, 1, [NOON]), readings(3, 22, [NOON]))
    taken_in(folders)
    assert history.forget(folders, dt.date(2026, 12, 20), {1: 730, 22: 30}) == 0
    assert history.forget(folders, dt.date(2026, 12, 21), {1: 730, 22: 30}) == 1
    assert channel(folders, 3, 22) == []
    assert channel(folders, 3, 1) == [(0, 0.0)]
    history.forget(folders, dt.date(2029, 1, 1), {1: 730, 22: 30})
    assert not list(folders.history.rglob("*.parquet"))


def test_the_journal_is_cleared_when_moved_and_old_and_nobody_holds_it(tmp_path: Path) -> None:
    for number in range(4):
        folders = journalled(tmp_path, readings(3, 1, [NOON + number]))
    taken_in(folders)
    later = time.time() + history.KEEP_JOURNAL_S + 10
    assert history.clear_journal(folders, time.time()) == 0
    history.hold(folders, "watch", Position(2, 40))
    os.utime(folders.journal / "hold-watch", (later, later))
    assert history.clear_journal(folders, later) == 1
    assert segments(folders.journal) == [2, 3, 4]
    history.hold(folders, "watch", Position(9, 0))
    os.utime(folders.journal / "hold-watch", (later, later))
    assert history.clear_journal(folders, later) == 2
    assert segments(folders.journal) == [4]  # the last stays: numbers go on from it


def test_a_day_of_one_channel_is_found_among_those_of_all(tmp_path: Path, settings: object) -> None:
    settings.TELEMETRY_DIR = tmp_path  # type: ignore[attr-defined]
    count = 100_000
    device = np.arange(count, dtype=np.int32) % 500
    for part in range(2):
        ts = NOON + np.arange(count, dtype=np.int64) * 40 + part
        one = Readings(device, np.full(count, 1, np.int16), ts, np.ones(count), ts)
        folders = journalled(tmp_path, one)
        taken_in(folders)
    start = dt.datetime.fromtimestamp(NOON / 1000, dt.UTC)
    found = telemetry.history(77, 1, start, start + dt.timedelta(hours=24))
    assert len(found.at_ms) == 400


def test_the_doors_read_what_the_process_writes(tmp_path: Path, settings: object) -> None:
    settings.TELEMETRY_DIR = tmp_path  # type: ignore[attr-defined]
    assert telemetry.last_values([1]) == []
    assert telemetry.health() == [(True, "ingest has not run here")]
    assert list(telemetry.journal_batches(Position())) == []
    journalled(tmp_path, readings(3, 1, [NOON]))
    ((position, found),) = telemetry.journal_batches(Position())
    assert len(found) == 1
    telemetry.hold("watch", position)
    assert list(telemetry.journal_batches(position)) == []
