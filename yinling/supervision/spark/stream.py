"""The query: readings from their source, laid out in shards, judged, handed on batch by batch."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as fn
from pyspark.sql.streaming import StreamingQuery

from yinling.supervision.spark.layout import Layout
from yinling.supervision.spark.processor import ALERTS, ShardProcessor

READING = "device int, metric short, ts_ms long, value double, received_ms long"
ROCKSDB = "org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider"
SETTINGS = {
    "spark.sql.streaming.stateStore.providerClass": ROCKSDB,  # timers need it
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
}


@dataclass(frozen=True)
class Source:
    """Where readings come from. `parquet`: files as the history writes them, below `path`. `kafka`: values are JSON
    with the same five columns; `options` are the connector's (servers, topic).

    `lag_s`: how much later than a newer one a reading may still be handed in. Parts of one closed segment lie in
    several files, so it is a segment's age and more for files; seconds for Kafka.
    """

    form: str
    path: str = ""
    lag_s: int = 600
    options: dict[str, str] = field(default_factory=dict)


def session(name: str = "yinling-signals") -> SparkSession:
    """A session with what the query needs. The cluster, memory and packages are `spark-submit`'s to say."""
    builder = SparkSession.builder.appName(name)
    for setting, value in SETTINGS.items():
        builder = builder.config(setting, value)
    return builder.getOrCreate()


def readings(spark: SparkSession, source: Source) -> DataFrame:
    """The stream of readings as they are stored."""
    if source.form == "kafka":
        raw = spark.readStream.format("kafka").options(**source.options).load()
        return parsed(raw.select(raw.value.cast("string").alias("value")))
    files = spark.readStream.schema(READING).options(**source.options)
    # merged files begin with a letter and hold nothing new
    return files.option("pathGlobFilter", "[0-9]*.parquet").option("recursiveFileLookup", "true").parquet(source.path)


def parsed(texts: DataFrame) -> DataFrame:
    """Readings in a column `value` of JSON. What cannot be read has no device, and so no channel."""
    return texts.select(fn.from_json("value", READING).alias("reading")).select("reading.*")


def judged(spark: SparkSession, stored: DataFrame, layout: Layout, begins_ms: int, lag_s: int) -> DataFrame:
    """Alerts of the far rules over these readings. `begins_ms`: silence is counted from then at the earliest."""
    channels = fn.broadcast(spark.read.parquet(str(layout.channels)))
    timed = stored.withColumn("received", fn.timestamp_millis("received_ms")).withWatermark(
        "received", f"{lag_s} seconds"
    )
    called = spark.range(layout.shards).select(
        fn.col("id").cast("int").alias("shard"), fn.lit(begins_ms).cast("long").alias("begins")
    )
    return (
        timed.join(channels, ["device", "metric"])
        .groupBy("shard")
        .transformWithStateInPandas(
            ShardProcessor(layout), ALERTS, "Append", "EventTime", initialState=called.groupBy("shard")
        )
    )


def begun(
    alerts: DataFrame, checkpoint: Path | str, tell: Callable[[DataFrame, int], None], every: str | None
) -> StreamingQuery:
    """The running query. `tell` gets each batch of alerts with its number; after a failure the last batch comes again.

    `every`: how often a batch begins ("2 seconds"); None takes what is there, and ends.
    """
    writing = alerts.writeStream.option("checkpointLocation", str(checkpoint)).foreachBatch(tell).outputMode("append")
    writing = writing.trigger(processingTime=every) if every else writing.trigger(availableNow=True)
    return writing.start()
