"""Real Spark, two local cores: over micro-batches, a failure and a restart the alerts are those of one process."""

import math
import os
import random
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.supervision.spark.builders import (
    COLUMNS,
    NO_SPARK,
    NUMBERS,
    SPARK,
    Stored,
    a_stored_city,
    alerts_of_one_process,
)
from yinling.supervision.spark.layout import Layout, keep
from yinling.supervision.spark.rules import far

if not SPARK:
    pytest.skip(NO_SPARK, allow_module_level=True)

from pyspark.sql import SparkSession

from tests.supervision.spark.sessions import a_session
from yinling.supervision.spark.stream import Source, begun, judged, parsed, readings

SHARDS, LAG_S, FILES = 4, 10, 5
STARTS = 5  # Spark gives a Python worker ten seconds: not enough beside a whole suite
TOO_BUSY = "failed to connect back"
SILENT = {
    "key": "silent", "version": 1, "title": {"zh": "失联", "en": "Silent"}, "scope": "device", "source": "made up",
    "verified": False, "levels": {"yellow": {"raise": {"metric": "battery", "silent": "25m"}}},
}  # fmt: skip
OPEN = {
    "key": "open", "version": 1, "title": {"zh": "门未关", "en": "Open"}, "scope": "household", "source": "made up",
    "verified": False, "levels": {"orange": {"raise": {"metric": "open", "at_least": 1, "for": "90s"}}},
}  # fmt: skip


def store(folder: Path, city: Stored) -> None:
    """The stream as closed segments: files in order of receipt. The last says that ingest goes on for an hour more."""
    folder.mkdir()
    table = pl.DataFrame({name: getattr(city.received, name) for name in COLUMNS})
    nobody = pl.DataFrame([[-1], [0], [0], [0.0], [city.ends + LAG_S * 1000]], schema=table.schema)
    cuts = [len(table) * i // FILES for i in range(FILES + 1)]
    parts = [table[a:b] for a, b in pairwise(cuts)] + [nobody]
    for number, part in enumerate(parts):
        path = folder / f"{number:016}.parquet"
        part.write_parquet(path)
        os.utime(path, (1_700_000_000 + number,) * 2)


class Failing:
    """Takes batches of alerts; fails once, after it has written one."""

    def __init__(self, fails_at: int) -> None:
        self.batches: dict[int, list[Any]] = {}
        self.fails_at = fails_at

    def __call__(self, alerts: Any, number: int) -> None:
        self.batches[number] = alerts.collect()
        if number == self.fails_at:
            self.fails_at = -1
            raise RuntimeError("the machine went away")

    @property
    def events(self) -> list[str]:
        """As the engine's tests write events."""
        return sorted(_as_told(row) for rows in self.batches.values() for row in rows)


def _as_told(row: Any) -> str:
    value = None if row.value is None or math.isnan(row.value) else row.value
    return str((row.event, row.rule, row.subject, row.level, row.at, row.onset, row.channel, row.late, value))


def _run(spark: SparkSession, folder: Path, layout: Layout, begins: int, tell: Failing) -> list[int]:
    """Take what is there, a file a batch; how many rows each batch dropped as too late."""
    source = Source("parquet", str(folder / "stored"), LAG_S, {"maxFilesPerTrigger": "1"})
    for _ in range(STARTS):
        alerts = judged(spark, readings(spark, source), layout, begins, LAG_S)
        query = begun(alerts, folder / "checkpoint", tell, every=None)
        try:
            query.awaitTermination()
            break
        except Exception as failure:
            if TOO_BUSY not in str(failure):
                raise
    return [int(each["stateOperators"][0]["numRowsDroppedByWatermark"]) for each in query.recentProgress]


def test_alerts_over_batches_a_failure_and_a_restart_are_those_of_one_process(
    tmp_path: Path, sessions: list[SparkSession]
) -> None:
    city = a_stored_city(random.Random(11), 4_000, devices=60, rules=12, own=(SILENT, OPEN))
    keys = frozenset(rule.key for rule in far(city.parsed))
    expected = alerts_of_one_process(city, keys)
    assert {"silent", "open"} <= keys
    assert len(expected) > 100
    store(tmp_path / "stored", city)
    layout, tell = keep(tmp_path / "layout", city.rules, city.register, NUMBERS, SHARDS), Failing(fails_at=2)

    sessions.append(a_session())
    with pytest.raises(Exception, match="the machine went away"):
        _run(sessions[-1], tmp_path, layout, city.begins, tell)
    sessions[-1].stop()
    sessions.append(a_session())
    dropped = _run(sessions[-1], tmp_path, layout, city.begins, tell)

    assert tell.events == expected
    assert sum(dropped) == 0
    assert len(tell.batches) > FILES


def test_readings_of_kafka_are_json_and_what_cannot_be_read_is_nobodys(sessions: list[SparkSession]) -> None:
    sessions.append(a_session())
    good = '{"device": 7, "metric": 2, "ts_ms": 1700000000000, "value": 36.5, "received_ms": 1700000000500}'
    rows = parsed(sessions[-1].createDataFrame([(good,), ("{",)], "value string")).collect()
    assert tuple(rows[0]) == (7, 2, 1_700_000_000_000, 36.5, 1_700_000_000_500)
    assert rows[1].device is None
