"""Bench `linkage`: one million records with 8 % missing IDs, matched and held against the truth.

The error model (`error_model`, `population`) was written before the matcher and is not tuned to it; the seed below was
used neither in training the weights nor in choosing thresholds. Recall is over all true pairs of the file.
"""

import resource
import time

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yinling.benches.error_model import File, a_file
from yinling.benches.report import Report, Result
from yinling.engines.linkage.deciding import Outcome
from yinling.engines.linkage.linking import Links, link
from yinling.engines.linkage.matching import Record, match_one
from yinling.engines.linkage.records import clean_names
from yinling.engines.linkage.weights import Weights, shipped_weights
from yinling.kernel.names import name_key, name_readings

SEED = 20_261_123
ROWS, QUICK_ROWS = 1_000_000, 100_000
CANDIDATES, ENTRIES = 50, 200


def run(quick: bool) -> Report:
    """Generate, match, hold against the truth; `quick` takes a tenth of the rows."""
    rows = QUICK_ROWS if quick else ROWS
    file = a_file(rows, SEED)
    started = time.perf_counter()
    frame = with_pinyin(file.records)
    prepared = time.perf_counter()
    links = link(frame, shipped_weights())
    finished = time.perf_counter()
    missing = 100 * file.records["document"].null_count() / rows
    return Report(
        name="linkage",
        sizes={
            "records": rows,
            "persons": len(np.unique(file.person)),
            "true pairs": _pairs(file.person),
            "missing IDs %": round(missing, 2),
            "seed": SEED,
            "bars": "set for 1,000,000 records" if quick else "at full size",
        },
        results=[
            _result("matching time", finished - prepared, "s", "<= 30", finished - prepared <= 30, quick),
            *_against_truth(file, links, quick),
            _plain("names cleaned and read as pinyin, before matching", prepared - started, "s"),
            _plain("peak memory of the process, generator included", _peak_memory_mb(), "MB"),
            _plain("one record on entry among 50 candidates, p95", _entry_ms(frame, shipped_weights()), "ms"),
            *_two_line_rule(frame, file.person),
        ],
    )


def with_pinyin(records: pl.DataFrame) -> pl.DataFrame:
    """Names as comparison keys with their likeliest pinyin: what the register keeps beside every name."""
    names = clean_names(records["name"])
    keys = {name: name_key(name) for name in names.drop_nulls().unique().to_list()}
    sounds = {name: next(iter(name_readings(key)), "") for name, key in keys.items()}
    return records.with_columns(
        name=names.replace_strict(keys, default=None), pinyin=names.replace_strict(sounds, default=None)
    )


def _against_truth(file: File, links: Links, quick: bool) -> list[Result]:
    true, made, both = _agreement(file.person, links.canonical)
    review = links.outcome == Outcome.REVIEW
    same = file.person[links.left_id - 1] == file.person[links.right_id - 1]
    precision, recall = both / max(made, 1), both / true
    return [
        _result("auto-merge precision", precision, "share of merged pairs", ">= .9999", precision >= 0.9999, quick),
        _result("auto-merge recall", recall, "share of true pairs", ">= .965", recall >= 0.965, quick),
        _plain("pairs merged", made, "pairs"),
        _plain("false merges", made - both, "pairs"),
        _plain("review queue", int(review.sum()), "pairs"),
        _plain("review queue that is one person", float(same[review].mean()), "share"),
        _plain("true pairs merged or in the queue", (both + int((review & same).sum())) / true, "share of true pairs"),
    ]


def _two_line_rule(frame: pl.DataFrame, person: NDArray[np.int64]) -> list[Result]:
    """What the plain rule reaches on the same file: same ID as written, or same name, birth date and village."""
    row = pl.Series("row", np.arange(len(frame)))
    data = frame.with_columns(row, person=pl.Series(person))
    pairs = []
    for key in (["document"], ["name", "birth_year", "birth_month", "birth_day", "village_key"]):
        side = data.select("row", "person", *key).drop_nulls()
        pairs.append(side.join(side, on=key).filter(pl.col("row") < pl.col("row_right")).drop(key))
    found = pl.concat(pairs).unique(["row", "row_right"])
    right = found.filter(pl.col("person") == pl.col("person_right")).height
    return [
        _plain("two-line rule, precision", right / max(found.height, 1), "share of merged pairs"),
        _plain("two-line rule, recall", right / _pairs(person), "share of true pairs"),
    ]


def _entry_ms(frame: pl.DataFrame, weights: Weights) -> float:
    """95th percentile of matching one new record with 50 candidates at hand (the database look-up is not in it)."""
    sample = [Record(**row) for row in frame.head(CANDIDATES + 1).to_dicts()]
    times = []
    for _ in range(ENTRIES):
        started = time.perf_counter()
        match_one(sample[0], sample[1:], weights)
        times.append(time.perf_counter() - started)
    return float(np.percentile(times, 95)) * 1000


def _agreement(person: NDArray[np.int64], canonical: NDArray[np.int64]) -> tuple[int, int, int]:
    """True pairs, merged pairs, and pairs that are both: closures counted, not edges."""
    together = person * (int(canonical.max()) + 1) + canonical
    return _pairs(person), _pairs(canonical), _pairs(together)


def _pairs(group: NDArray[np.int64]) -> int:
    size = np.unique(group, return_counts=True)[1]
    return int((size * (size - 1) // 2).sum())


def _result(what: str, value: float, unit: str, bar: str, holds: bool, quick: bool) -> Result:
    """A figure with its bar, which is set for the full size and not judged on less."""
    return Result(what, round(value, 6), unit, bar, None if quick else holds)


def _plain(what: str, value: float, unit: str) -> Result:
    return Result(what, round(value, 4), unit, "", None)


def _peak_memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
