"""Keys under which a database finds the records worth comparing with a new one.

Plain text and stable for ever, unlike the hashes that `blocking` uses within one run. Each kind survives another
mistake. Neither ID number nor phone is ever in a key: the caller has blind indexes for those.
"""

from dataclasses import asdict

import numpy as np
import polars as pl

from yinling.engines.linkage.matching import Record
from yinling.engines.linkage.records import SCHEMA, encode


def blocking_keys(record: Record) -> list[str]:
    """The keys of one record, at most seven: store them beside it, and look a new record's keys up among them."""
    return blocking_key_columns(pl.DataFrame([asdict(record)], schema=SCHEMA))["key"].to_list()


def blocking_key_columns(frame: pl.DataFrame) -> pl.DataFrame:
    """`record_id` and `key`, up to seven distinct rows per record, for a frame with the columns of `records.SCHEMA`."""
    records = encode(frame)
    told, printed, lunar = records.birth.solar, records.birth_in_document.solar, records.birth.lunar
    sound = frame["pinyin"].str.to_lowercase().str.replace_all(r"[^a-z?]", "")
    columns = pl.DataFrame(
        {
            "record_id": records.record_id,
            "sound": sound.set(sound == "", None),
            "told": np.where(told % 100 > 0, told, 0),
            "printed": np.where(printed != told, printed, 0),
            "lunar": np.where(lunar != printed, lunar, 0),
            "year": told // 10_000,
            "village": records.village,
            "township": records.township,
        }
    ).with_columns(pl.col("told", "printed", "lunar", "year", "village", "township").replace(0, None))
    kinds = [
        _key("name-born", "sound", "told"),
        _key("name-born", "sound", "printed"),
        _key("name-born", "sound", "lunar"),
        _key("name-village", "sound", "village"),
        _key("name-year-township", "sound", "year", "township"),
        _key("born-village", "told", "village"),
        _key("born-village", "printed", "village"),
    ]
    found = pl.concat([columns.select("record_id", kind.alias("key")) for kind in kinds]).drop_nulls()
    return found.sort("record_id", maintain_order=True)


def _key(kind: str, *parts: str) -> pl.Expr:
    """`kind:part:part`, null where a part is unknown."""
    return pl.concat_str([pl.lit(kind), *(pl.col(part).cast(pl.String) for part in parts)], separator=":")
