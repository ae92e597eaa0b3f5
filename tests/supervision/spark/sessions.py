"""Spark on two cores of this machine. Imported only where Spark is."""

import os
import sys

from pyspark.sql import SparkSession

from yinling.supervision.spark.stream import SETTINGS


def a_session() -> SparkSession:
    """Two cores of this machine, nothing that listens outside it."""
    os.environ["PYSPARK_PYTHON"] = sys.executable
    own = {
        "spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "2", "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1", "spark.log.level": "ERROR",
    }  # fmt: skip
    builder = SparkSession.builder.master("local[2]").appName("test")
    for name, value in (SETTINGS | own).items():
        builder = builder.config(name, value)
    return builder.getOrCreate()
