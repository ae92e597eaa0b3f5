"""What the workers need to know, as files in a folder that all of them see: rules, devices, where each channel lies.

`plan-<digest>` holds rules and register as the watcher keeps them; `channels-<digest>-<shards>.parquet` names for every
device and metric that a far rule reads its shard and its channel there. What is not in it is not judged: that is how
vital metrics, strangers and what nobody has agreed to stay out.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from yinling.engines.signals.columns import Int32, Int64
from yinling.engines.signals.parsing import rule_from
from yinling.engines.signals.register import Register
from yinling.engines.signals.rules import Rule
from yinling.engines.signals.sharding import shard_of
from yinling.supervision.spark.rules import far
from yinling.supervision.watching.checkpoints import load_plan, save_plan

LATITUDE, LONGITUDE, POSITION = "latitude", "longitude", "position"


@dataclass(frozen=True)
class Layout:
    """Rules laid over devices in so many shards. `name` is the digest of both."""

    folder: str
    name: str
    shards: int

    @property
    def channels(self) -> Path:
        """The table of channels."""
        return Path(self.folder) / f"channels-{self.name}-{self.shards}.parquet"


class OtherShards(ValueError):
    """State is kept by shard: it cannot be read under another number of them."""


def keep(
    folder: Path, rules: Sequence[Mapping[str, Any]], register: Register, numbers: Mapping[str, int], shards: int
) -> Layout:
    """Write down the layout of today. `rules`: plain data of all rules over devices; `numbers`: of metrics, by key.

    Raises OtherShards where the folder's state was begun with another number of shards.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _settle_shards(folder / "shards.json", shards)
    chosen = {rule.key for rule in far([rule_from(rule) for rule in rules])}
    name = save_plan(folder, [dict(rule) for rule in rules if rule["key"] in chosen], register)
    layout = Layout(str(folder), name, shards)
    if not layout.channels.exists():
        part = layout.channels.with_suffix(".part")
        _channels(layout, numbers).write_parquet(part)
        part.replace(layout.channels)
    return layout


def load(folder: Path, name: str) -> tuple[tuple[Rule, ...], Register]:
    """Far rules and all devices of a layout."""
    rules, register = load_plan(folder, name)
    return tuple(map(rule_from, rules)), register


def _settle_shards(path: Path, shards: int) -> None:
    if not path.exists():
        path.write_text(json.dumps(shards))
    elif (begun := json.loads(path.read_text())) != shards:
        raise OtherShards(
            f"The state in {path.parent} is kept in {begun} shards; {shards} were asked for. "
            f"Ask for {begun}, or begin in a new folder."
        )


def _channels(layout: Layout, numbers: Mapping[str, int]) -> pl.DataFrame:
    """Device and metric (numbers of the store), shard, channel of the shard, second half of a position or not."""
    rules, register = load(Path(layout.folder), layout.name)
    wanted = frozenset(metric for rule in rules for metric in rule.metrics)
    shard = shard_of(register, layout.shards)[register.channel_device]
    read = np.isin(register.channel_metric, [row for row, key in enumerate(register.metrics) if key in wanted])
    table = pl.DataFrame({
        "device": register.device_id[register.channel_device].astype(np.int32),
        "metric": _stored(register, numbers)[register.channel_metric],
        "shard": shard.astype(np.int32),
        "channel": _within(shard, layout.shards),
        "is_longitude": np.zeros(len(shard), np.bool_),
    }).filter(pl.Series(read))  # fmt: skip
    north, east = numbers.get(LATITUDE, -1), numbers.get(LONGITUDE, -1)
    other = table.filter(pl.col("metric") == north).with_columns(
        pl.lit(east, pl.Int16).alias("metric"), pl.lit(value=True).alias("is_longitude")
    )
    return pl.concat([table, other])


def _stored(register: Register, numbers: Mapping[str, int]) -> np.ndarray:
    """By metric of the register, its number in the store. A position is stored as latitude and longitude."""
    keys = [LATITUDE if key == POSITION else key for key in register.metrics]
    return np.array([numbers[key] for key in keys], np.int16)


def _within(shard: Int64, shards: int) -> Int32:
    """The place of each channel among those of its shard: the order that `part_of` gives them."""
    place = np.empty(len(shard), np.int32)
    for number in range(shards):
        own = np.flatnonzero(shard == number)
        place[own] = np.arange(len(own))
    return place
