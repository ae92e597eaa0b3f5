"""The history: Parquet by the city's day and by shard, made from closed segments of the journal, read with DuckDB.

`history/day=2026-11-23/shard=3/0000000000000042.parquet` holds what segment 42 had of that day and shard. Writing a
file again writes the same; two files that hold the same reading are harmless, because every reader takes each once. So
a crash at any moment leaves nothing wrong behind.
"""

import datetime as dt
import os
from collections.abc import Mapping
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from yinling.devices.ingest.journal import Position, batches, segment_path, segments
from yinling.devices.ingest.options import Folders
from yinling.devices.ingest.readings import Readings, joined
from yinling.engines.signals.columns import Floats, Int64

SHARDS = 8
DAY_MS = 86_400_000
CITY_MS = 8 * 3_600_000  # Asia/Shanghai has had one offset since 1991
MERGE_FILES = 16
ROWS_TOGETHER = 50_000  # a reader of one device skips the rest by the smallest and largest device of each group
KEEP_JOURNAL_S = 48 * 3600.0
HOLD_AT_MOST_S = 7 * 24 * 3600.0
KEY = ["device", "metric", "ts_ms"]
ORDER = ["device", "metric", "at_ms"]


def first_open(folders: Folders) -> int:
    """The first segment of the journal that the history does not hold yet."""
    try:
        return int((folders.history / "done").read_text())
    except FileNotFoundError:
        return 0


def is_due(folders: Folders, before: int) -> bool:
    """Whether a closed segment waits."""
    done = first_open(folders)
    return any(done <= segment < before for segment in segments(folders.journal))


def take_in(folders: Folders, before: int) -> int:
    """Put every closed segment into the history; how many readings that were."""
    folders.history.mkdir(parents=True, exist_ok=True)
    taken, done = 0, first_open(folders)
    for segment in [s for s in segments(folders.journal) if done <= s < before]:
        own = joined(_of_segment(folders, segment))
        taken += len(own)
        for (day, shard), rows in _frame(own.once()).partition_by(["day", "shard"], as_dict=True).items():
            _write(rows, _folder(folders, _day(int(day)), int(shard)) / f"{segment:016}.parquet")
        _write_text(folders.history / "done", str(segment + 1))
    return taken


def _of_segment(folders: Folders, segment: int) -> list[Readings]:
    found = []
    for position, part in batches(folders.journal, Position(segment)):
        if position.segment != segment:
            break
        found.append(part)
    return found


def merge(folders: Folders, today: dt.date) -> int:
    """Make one file of many: of a day that is over, and of today's when they grow many. How many were merged."""
    merged = 0
    for day, folder in _days(folders):
        for shard in sorted(folder.iterdir()):
            files = sorted(shard.glob("*.parquet"))
            if len(files) >= MERGE_FILES or (len(files) > 1 and day < today - dt.timedelta(days=1)):
                rows = pl.concat([pl.read_parquet(file) for file in files]).unique(KEY, keep="first")
                target = shard / f"m{files[-1].stem.lstrip('m')}.parquet"
                _write(rows, target)
                for file in files:
                    if file != target:
                        file.unlink()
                merged += len(files)
    return merged


def forget(folders: Folders, today: dt.date, days_of: Mapping[int, int]) -> int:
    """Remove readings whose metric is kept for fewer days than they are old. How many files changed."""
    changed = 0
    shortest = min(days_of.values(), default=0)
    for day, folder in _days(folders):
        age = (today - day).days
        if not shortest or age <= shortest:
            continue
        over = [metric for metric, days in days_of.items() if age > days]
        for file in sorted(folder.glob("*/*.parquet")):
            rows = pl.read_parquet(file)
            kept = rows.filter(~pl.col("metric").is_in(over))
            changed += len(kept) < len(rows)
            if not len(kept):
                file.unlink()
            elif len(kept) < len(rows):
                _write(kept, file)
    return changed


def clear_journal(folders: Folders, now_s: float) -> int:
    """Remove segments that the history holds, that are old enough, and that no reader holds back. How many."""
    done, held = first_open(folders), _held_at(folders, now_s)
    removed = 0
    for segment in segments(folders.journal)[:-1]:  # never the last: its name says where the numbers go on
        path = segment_path(folders.journal, segment)
        following = segment + 1
        if segment < done and following <= held and now_s - path.stat().st_mtime > KEEP_JOURNAL_S:
            path.unlink()
            removed += 1
    return removed


def hold(folders: Folders, reader: str, position: Position) -> None:
    """A reader says how far it is: segments from there on stay, for a week at most."""
    folders.journal.mkdir(parents=True, exist_ok=True)
    _write_text(folders.journal / f"hold-{reader}", str(position))


def _held_at(folders: Folders, now_s: float) -> int:
    held = [path for path in folders.journal.glob("hold-*") if now_s - path.stat().st_mtime < HOLD_AT_MOST_S]
    return min((Position.parse(path.read_text()).segment for path in held), default=1 << 62)


def read(folders: Folders, device: int, metric: int, start_ms: int, end_ms: int) -> tuple[Int64, Floats]:
    """Times and values of one channel from `start_ms` up to `end_ms`, in order, each once.

    A reading from a clock that runs ahead stands at its arrival.
    """
    done = first_open(folders)
    open_at, open_value, open_ts = _from_journal(folders, done, device, metric)
    files = _files(folders, device, start_ms, end_ms)
    at, value, ts = _from_files(files, device, metric) if files else (open_at[:0], open_value[:0], open_ts[:0])
    at, value, ts = np.concatenate([at, open_at]), np.concatenate([value, open_value]), np.concatenate([ts, open_ts])
    _, first = np.unique(ts, return_index=True)
    first = first[(at[first] >= start_ms) & (at[first] < end_ms)]
    first = first[np.argsort(at[first], kind="stable")]
    return at[first], value[first]


def _from_journal(folders: Folders, done: int, device: int, metric: int) -> tuple[Int64, Floats, Int64]:
    parts = []
    for _, readings in batches(folders.journal, Position(done)):
        rows = np.flatnonzero((readings.device == device) & (readings.metric == metric))
        if len(rows):
            parts.append(readings.rows(rows))
    found = joined(parts)
    return np.minimum(found.ts_ms, found.received_ms), found.value, found.ts_ms


def _from_files(files: list[str], device: int, metric: int) -> tuple[Int64, Floats, Int64]:
    with duckdb.connect(config={"threads": 1}) as duck:
        asked = "SELECT at_ms, value, ts_ms FROM read_parquet(?) WHERE device = ? AND metric = ?"
        found = duck.execute(asked, [files, device, metric]).fetchnumpy()
    return np.asarray(found["at_ms"]), np.asarray(found["value"]), np.asarray(found["ts_ms"])


def _files(folders: Folders, device: int, start_ms: int, end_ms: int) -> list[str]:
    first, last = _day_number(start_ms), _day_number(max(start_ms, end_ms - 1))
    found: list[str] = []
    for number in range(first, last + 1):
        folder = _folder(folders, _day(number), device % SHARDS)
        found += [str(file) for file in sorted(folder.glob("*.parquet"))] if folder.is_dir() else []
    return found


def _frame(readings: Readings) -> pl.DataFrame:
    at_ms = np.minimum(readings.ts_ms, readings.received_ms)
    columns = {
        "device": readings.device, "metric": readings.metric, "at_ms": at_ms, "ts_ms": readings.ts_ms,
        "value": readings.value, "received_ms": readings.received_ms,
        "day": (at_ms + CITY_MS) // DAY_MS, "shard": readings.device % SHARDS,
    }  # fmt: skip
    return pl.DataFrame(columns)


def _write(rows: pl.DataFrame, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    kept = rows.drop("day", "shard", strict=False).sort(ORDER)
    kept.write_parquet(part, compression="zstd", row_group_size=ROWS_TOGETHER, statistics=True)
    _settle(part, path)


def _write_text(path: Path, text: str) -> None:
    part = path.with_suffix(".part")
    part.write_text(text)
    _settle(part, path)


def _settle(part: Path, path: Path) -> None:
    """Name a finished file only when it is on disk."""
    handle = os.open(part, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    os.replace(part, path)


def _folder(folders: Folders, day: dt.date, shard: int) -> Path:
    return folders.history / f"day={day}" / f"shard={shard}"


def _days(folders: Folders) -> list[tuple[dt.date, Path]]:
    return [(dt.date.fromisoformat(path.name[4:]), path) for path in sorted(folders.history.glob("day=*"))]


def _day_number(at_ms: int) -> int:
    return (at_ms + CITY_MS) // DAY_MS


def _day(number: int) -> dt.date:
    return dt.date(1970, 1, 1) + dt.timedelta(days=number)
