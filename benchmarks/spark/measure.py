"""How many readings a second Spark judges on this machine (local[2]), and one process on the same readings.

Needs the optional group `spark` and Java 17:

    python benchmarks/spark/measure.py --devices 20000 --readings 2000000 --files 8 --shards 8

The first file is left out of the rate: it starts the workers and makes the plans. "One process" is the same code on one
shard in one Python process, without Spark. Both judge the same alerts or the script ends with code 1.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl
import yaml
from pyspark.errors import StreamingQueryException
from pyspark.sql import SparkSession

from yinling.benches.signals_city import METRICS, RULES, START, City, a_city, readings_of
from yinling.supervision.spark.layout import Layout, keep
from yinling.supervision.spark.shards import Rows, begin
from yinling.supervision.spark.stream import SETTINGS, Source, begun, judged, readings

SEED, FLUSH_MS, PER_SECOND, LAG_S = 5, 200, 50_000, 1
NUMBERS = {metric: number for number, metric in enumerate(METRICS)} | {"latitude": METRICS.index("position")}
STARTS, TOO_BUSY = 8, "failed to connect back"  # Spark gives a Python worker ten seconds, however busy the machine
NUMBERS |= {"longitude": len(METRICS)}


def main() -> int:
    """Both runs; one JSON line."""
    parser = argparse.ArgumentParser()
    for name, usual in (("devices", 20_000), ("readings", 2_000_000), ("files", 8), ("shards", 8)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    asked = parser.parse_args()
    city, rules = a_city(asked.devices, SEED), yaml.safe_load(RULES)["rules"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stored = stored_readings(city, asked.readings)
        alone = keep(folder / "alone", rules, city.register, NUMBERS, 1)
        one, one_s, judged_readings = in_one_process(alone, stored)
        layout = keep(folder / "layout", rules, city.register, NUMBERS, asked.shards)
        write(folder / "stored", stored, asked.files)
        spark, rates = in_spark(folder, layout)
    print(json.dumps({
        "devices": asked.devices, "readings": len(stored), "of far rules": judged_readings, "shards": asked.shards,
        "spark readings/s, batch by batch": rates, "spark readings/s": round(sum(rates[1:]) / max(1, len(rates) - 1)),
        "one process readings/s": round(len(stored) / one_s), "alerts": one, "alerts of spark": spark,
        "load": os.getloadavg()[0],
    }))  # fmt: skip
    return 0 if one == spark else 1


def stored_readings(city: City, total: int) -> pl.DataFrame:
    """As the store holds them; five flushes a second."""
    parts = []
    for now, batch in readings_of(city, total, PER_SECOND * FLUSH_MS // 1000, PER_SECOND, SEED):
        device = city.register.device_id[city.register.channel_device[batch.channel]]
        metric = city.register.channel_metric[batch.channel]
        columns = {"device": device, "metric": metric, "ts_ms": batch.at, "value": batch.value}
        whole = pl.DataFrame(columns | {"received_ms": np.full(len(batch), now)})
        place = metric == NUMBERS["latitude"]
        assert batch.second is not None
        halves = whole.filter(pl.Series(place)).with_columns(
            metric=pl.lit(NUMBERS["longitude"], pl.Int16), value=pl.Series(batch.second[place])
        )
        parts.append(pl.concat([whole, halves]))
    return pl.concat(parts).cast({"device": pl.Int32, "metric": pl.Int16})


def in_one_process(layout: Layout, stored: pl.DataFrame) -> tuple[int, float, int]:
    """Alerts, seconds, and how many readings concern a far rule."""
    began = time.perf_counter()
    rows = stored.join(pl.read_parquet(layout.channels), on=["device", "metric"])
    shard = begin(layout, 0, START)
    told = sum(map(len, shard.take(Rows(*(rows[name].to_numpy() for name in Rows.__dataclass_fields__)))))
    told += sum(map(len, shard.pass_time(int(stored["received_ms"].max()))))  # type: ignore[arg-type]
    return told, time.perf_counter() - began, len(rows)


def write(folder: Path, stored: pl.DataFrame, files: int) -> None:
    """In order of receipt; last a reading of nobody, so that Spark's time passes as far as ours."""
    folder.mkdir()
    end = int(stored["received_ms"].max()) + LAG_S * 1000  # type: ignore[arg-type]
    nobody = pl.DataFrame([[-1], [0], [0], [0.0], [end]], schema=stored.schema)
    cuts = [len(stored) * i // files for i in range(files + 1)]
    parts = [*(stored[cuts[i] : cuts[i + 1]] for i in range(files)), nobody]
    for number, part in enumerate(parts):
        path = folder / f"{number:016}.parquet"
        part.write_parquet(path)
        os.utime(path, (1_700_000_000 + number,) * 2)


def in_spark(folder: Path, layout: Layout) -> tuple[int, list[int]]:
    """Alerts, and readings a second of each batch that has readings."""
    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    own = {"spark.sql.shuffle.partitions": "2", "spark.driver.host": "127.0.0.1", "spark.log.level": "ERROR"}
    for name, value in (SETTINGS | own).items():
        builder = builder.config(name, value)
    spark, told = builder.getOrCreate(), []
    source = Source("parquet", str(folder / "stored"), LAG_S, {"maxFilesPerTrigger": "1"})
    alerts = judged(spark, readings(spark, source), layout, START, LAG_S)
    for _ in range(STARTS):
        query = begun(alerts, folder / "checkpoint", lambda batch, _: told.append(batch.count()), every=None)
        try:
            query.awaitTermination()
            break
        except StreamingQueryException as failure:
            if TOO_BUSY not in str(failure):
                raise
    steps = [each for each in query.recentProgress if each["numInputRows"] > 1]
    spark.stop()
    return sum(told), [round(each["numInputRows"] / each["durationMs"]["triggerExecution"] * 1000) for each in steps]


if __name__ == "__main__":
    raise SystemExit(main())
