"""Columns of polars from arrays of numpy: labels, gaps and days."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from yinling.city.draws import Flags, Ints


def labels(texts: Sequence[str | None], positions: Ints) -> pl.Series:
    """The text at each position."""
    return pl.Series(texts, dtype=pl.String).gather(positions)


def masked(values: pl.Series, keep: Flags | pl.Series) -> pl.Series:
    """The values where `keep` holds, else null."""
    return pl.select(pl.when(pl.Series(keep)).then(values)).to_series()


def dates(days: Ints) -> pl.Series:
    """Dates from days since 1970-01-01."""
    return pl.Series(days).cast(pl.Int32).cast(pl.Date)
