"""Shards judged apart, in random micro-batches, through bytes: the alerts are those of one process. Without Spark."""

import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tests.supervision.spark.builders import NUMBERS, Stored, a_stored_city, alerts_of_one_process
from yinling.benches.signals_differences import as_tuples
from yinling.engines.signals.alerting import Alerts
from yinling.supervision.spark.layout import Layout, OtherShards, keep
from yinling.supervision.spark.rules import far
from yinling.supervision.spark.shards import Rows, Shard, begin, go_on

SHARDS = 3


def judged_in_shards(city: Stored, layout: Layout, chance: random.Random) -> list[str]:
    """Every shard for itself: cut anywhere, time passed anywhere up to what was handed in, sent through bytes."""
    table = pl.read_parquet(layout.channels)
    received = pl.DataFrame({name: getattr(city.received, name) for name in city.received.__dataclass_fields__})
    rows = received.join(table, on=["device", "metric"], how="inner", maintain_order="left")
    found: list[str] = []
    for number in range(SHARDS):
        own = rows.filter(pl.col("shard") == number)
        shard = begin(layout, number, city.begins)
        cuts = sorted(chance.randrange(city.begins, city.ends) for _ in range(chance.randint(1, 8)))
        for before, until in zip([0, *cuts], [*cuts, city.ends], strict=True):
            batch = own.filter((pl.col("received_ms") > before) & (pl.col("received_ms") <= until))
            batch = batch.sample(fraction=1.0, shuffle=True, seed=chance.randrange(1000))  # Spark keeps no order
            said = list(shard.take(_rows(batch))) if len(batch) else []
            if chance.random() < 0.6 or until == city.ends:
                said += shard.pass_time(until)
            found += [event for alerts in said for event in _told(shard, alerts)]
            shard = go_on(layout, number, shard.kept())
    return sorted(found)


def _rows(batch: pl.DataFrame) -> Rows:
    return Rows(*(batch[name].to_numpy() for name in Rows.__dataclass_fields__))


def _told(shard: Shard, alerts: Alerts) -> list[str]:
    """Events, with their channels as rows of the whole register."""
    events = as_tuples(shard.part.plan, alerts)
    channels = np.where(alerts.channel >= 0, shard.part.channels[alerts.channel], -1).tolist()
    return [str((*event[:6], channel, *event[7:])) for event, channel in zip(events, channels, strict=True)]


@pytest.mark.parametrize("seed", range(20))
def test_shards_in_micro_batches_give_the_alerts_of_one_process(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    city = a_stored_city(chance, 250)
    keys = frozenset(rule.key for rule in far(city.parsed))
    layout = keep(tmp_path, city.rules, city.register, NUMBERS, SHARDS)
    assert judged_in_shards(city, layout, chance) == alerts_of_one_process(city, keys)


def test_state_in_so_many_shards_is_not_read_under_another_number_of_them(tmp_path: Path) -> None:
    city = a_stored_city(random.Random(1), 20)
    keep(tmp_path, city.rules, city.register, NUMBERS, SHARDS)
    held = sorted(tmp_path.iterdir())
    with pytest.raises(OtherShards, match="kept in 3 shards; 5 were asked for"):
        keep(tmp_path, city.rules, city.register, NUMBERS, 5)
    assert sorted(tmp_path.iterdir()) == held


def test_a_worker_needs_no_django() -> None:
    said = "import sys, yinling.supervision.spark.shards; print('django' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
