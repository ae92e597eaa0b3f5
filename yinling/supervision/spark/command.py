"""The command: rules and devices out of the database, the query, alerts back into the database."""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.streaming import StreamingQuery

from yinling.devices.queries import Mark, device_table, is_behind
from yinling.engines.signals.planning import plan_for
from yinling.engines.signals.register import Register
from yinling.supervision.models import Rule
from yinling.supervision.services.loading import device_rule, engine_words
from yinling.supervision.spark.layout import OtherShards, keep
from yinling.supervision.spark.rules import far
from yinling.supervision.spark.stream import Source, begun, judged, readings, session
from yinling.supervision.spark.telling import alerts_of
from yinling.supervision.watching.beats import now_ms
from yinling.supervision.watching.findings import words_of, write
from yinling.supervision.watching.judging import Said
from yinling.supervision.watching.laying import lay
from yinling.supervision.watching.waiting import until_done

LOOK_S, PAUSE_S = 1.0, 10.0
SEGMENT_LAG_S, KAFKA_LAG_S = 600, 10


@dataclass(frozen=True)
class Today:
    """Rules in force and devices, as read at one time. `numbers`: of metrics, by key."""

    rules: list[dict[str, Any]]
    register: Register
    numbers: dict[str, int]
    versions: list[tuple[str, str]]
    mark: Mark


def today() -> Today:
    """As they stand now."""
    table, rows = device_table(), list(_rules())
    numbers = {metric.key: metric.number for metric in table.metrics}
    versions = [(row.key, row.digest) for row in rows]
    return Today([engine_words(row.data) for row in rows], lay(table).register, numbers, versions, table.mark)


def has_changed(held: Today) -> bool:
    """Whether rules, devices or consents are others by now."""
    return list(_rules().values_list("key", "digest")) != held.versions or is_behind(held.mark)


def _rules() -> Any:
    return Rule.objects.current().filter(over=Rule.Over.DEVICES).order_by("key")


def run(words: Sequence[str], is_over: Callable[[], bool]) -> int:
    """Judge until told otherwise. What changes in rules, devices and consents is taken up by a new query from the same
    checkpoint."""
    asked = _asked(words)
    folder = Path(asked.folder)
    source = Source(asked.source, asked.path, asked.lag, dict(one.split("=", 1) for one in asked.option))
    spark = session()
    while not is_over():
        held = until_done(today, _say)
        try:
            query = _query(spark, source, held, folder, asked)
        except OtherShards as refusal:
            print(f"spark: {refusal}", file=sys.stderr)
            return 1
        while query.isActive and not is_over() and not until_done(lambda held=held: has_changed(held), _say):  # type: ignore[misc]
            _say_dropped(query)
            time.sleep(LOOK_S)
        query.stop()
        if query.exception() is not None:  # what it had not finished comes again
            print(f"spark: begins again in {PAUSE_S:.0f} s: {query.exception()}", file=sys.stderr)
            time.sleep(PAUSE_S)
    return 0


def _query(spark: SparkSession, source: Source, held: Today, folder: Path, asked: argparse.Namespace) -> StreamingQuery:
    layout = keep(folder / "layout", held.rules, held.register, held.numbers, asked.shards)
    alerts = judged(spark, readings(spark, source), layout, now_ms(), source.lag_s)
    return begun(alerts, folder / "checkpoint", _teller(held), asked.every)


def _teller(held: Today) -> Callable[[DataFrame, int], None]:
    """Writes a batch of alerts. Writing one twice is harmless, so a batch may come again."""
    plan = plan_for(far([device_rule(rule) for rule in held.rules]), held.register)

    def tell(alerts: DataFrame, number: int) -> None:
        rows = alerts.orderBy("at").collect()
        try:
            for word in until_done(lambda: list(words_of(Said(plan, alerts_of(plan, rows)))), _say):
                until_done(lambda word=word: write(word), _say)  # type: ignore[misc]
        finally:
            connection.close()  # the thread is Spark's, and may never come back

    return tell


def _say(why: str) -> None:
    print(f"spark: waits for {why}", file=sys.stderr)


def _say_dropped(query: StreamingQuery) -> None:
    """Readings that came later than `--lag` allows were not judged: nobody may overlook that."""
    states = (query.lastProgress or {}).get("stateOperators", [])
    if dropped := sum(int(one["numRowsDroppedByWatermark"]) for one in states):
        print(
            f"spark: {dropped} readings were handed in later than the lag and were not judged. Raise --lag.",
            file=sys.stderr,
        )


def _asked(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m yinling.supervision.spark")
    parser.add_argument("--folder", default=str(Path(settings.HOME) / "spark"), help="seen by every worker")
    parser.add_argument("--source", choices=("parquet", "kafka"), default="parquet")
    parser.add_argument("--path", default=str(Path(settings.TELEMETRY_DIR) / "history"), help="of the Parquet files")
    parser.add_argument("--option", action="append", default=[], metavar="NAME=VALUE", help="of Spark's source")
    parser.add_argument("--lag", type=int, help="seconds; 600 for files, 10 for Kafka")
    parser.add_argument("--shards", type=int, default=64, help="chosen once: state is kept by shard")
    parser.add_argument("--every", default="5 seconds", help="how often a batch begins")
    asked = parser.parse_args(list(words))
    asked.lag = asked.lag or (KAFKA_LAG_S if asked.source == "kafka" else SEGMENT_LAG_S)
    return asked
