"""Which pairs are worth comparing: records that share a key, of one of several kinds.

A pair missed by every kind is never seen again, so the kinds overlap: each survives other mistakes.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yinling.engines.linkage.comparing import Pairs
from yinling.engines.linkage.records import Encoded

Ints = NDArray[np.int64]
Hashes = NDArray[np.uint64]

# More records than this under one key: a village clerk's phone, or a made-up number. It tells nobody apart.
LARGEST_BLOCK = 120


@dataclass(frozen=True)
class Candidates:
    """Pairs to compare, and how many blocks were too large to use."""

    pairs: Pairs
    blocks_too_large: int


def candidates(records: Encoded) -> Candidates:
    """All pairs of `records` that share a key, each once, in order of row numbers."""
    codes: list[Ints] = []
    too_large = 0
    for keys, rows in _keys(records):
        found, skipped = _pairs_sharing(keys, rows, len(records))
        codes.append(found)
        too_large += skipped
    unique = _sorted_unique(np.concatenate(codes))
    return Candidates(Pairs(unique // len(records), unique % len(records)), too_large)


def _keys(records: Encoded) -> Iterator[tuple[Hashes, Ints]]:
    """Kinds of key as (key, row); a row may have several keys of a kind."""
    year = records.birth.solar // 10_000
    documents = records.documents
    yield _known(_mixed(documents.number), documents.number)
    yield _known(_mixed(_document_text(records)), documents.length)
    yield _known(_mixed(records.phone), records.phone)
    for sound in (records.sound, records.dialect):
        yield _several(
            [
                _known(_mixed(sound, date), sound, _complete(date))
                for date in (records.birth.solar, records.birth.lunar, records.birth_in_document.solar)
            ]
        )
        yield _known(_mixed(sound, records.village), sound, records.village)
    yield _known(_mixed(records.sound, year, records.township), records.sound, year, records.township)
    yield _several(
        [
            _known(_mixed(date, records.village), _complete(date), records.village)
            for date in (records.birth.solar, records.birth_in_document.solar)
        ]
    )
    surname = records.name[:, 0].astype(np.int64)
    yield _known(
        _mixed(surname, records.birth.solar, records.township),
        surname,
        _complete(records.birth.solar),
        records.township,
    )
    yield _known(_mixed(records.household, year), records.household, year)


def _document_text(records: Encoded) -> Ints:
    """Birth date and serial of the ID as written: what a slip in the division or the check character leaves alone."""
    return records.documents.text[:, 6:17].astype(np.int64) @ 37 ** np.arange(11, dtype=np.int64)


def _complete(date: Ints) -> Ints:
    return np.where(date % 100 > 0, date, 0)


def _mixed(*parts: NDArray[np.int64] | Hashes) -> Hashes:
    """One well-spread 64-bit key of several numbers (the finisher of SplitMix64 between them)."""
    key = np.zeros(len(parts[0]), np.uint64)
    for part in parts:
        key = (key ^ part.astype(np.uint64)) + np.uint64(0x9E3779B97F4A7C15)
        key = (key ^ (key >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        key = (key ^ (key >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        key = key ^ (key >> np.uint64(31))
    return key


def _known(keys: Hashes, *parts: NDArray[np.int64] | Hashes) -> tuple[Hashes, Ints]:
    known = np.ones(len(keys), bool)
    for part in parts:
        known &= part != 0
    rows = np.flatnonzero(known)
    return keys[rows], rows


def _several(kinds: list[tuple[Hashes, Ints]]) -> tuple[Hashes, Ints]:
    return np.concatenate([keys for keys, _ in kinds]), np.concatenate([rows for _, rows in kinds])


def _pairs_sharing(keys: Hashes, rows: Ints, count: int) -> tuple[Ints, int]:
    """Codes (smaller row x count + larger row) of all pairs with one key, and the number of blocks left out."""
    order = np.argsort(keys)
    keys, rows = keys[order], rows[order]
    start, size = _runs(keys)
    usable = (size > 1) & (size <= LARGEST_BLOCK)
    found: list[Ints] = [np.zeros(0, np.int64)]
    for block_size in np.unique(size[usable]).tolist():
        first = start[size == block_size]
        a, b = np.triu_indices(block_size, k=1)
        one, other = rows[first[:, None] + a].ravel(), rows[first[:, None] + b].ravel()
        codes = np.minimum(one, other) * count + np.maximum(one, other)
        found.append(codes[one != other])
    return np.concatenate(found), int((size > LARGEST_BLOCK).sum())


def _runs(keys: Hashes) -> tuple[Ints, Ints]:
    """Start and length of every run of equal `keys`."""
    is_start = np.ones(len(keys), bool)
    is_start[1:] = keys[1:] != keys[:-1]
    start = np.flatnonzero(is_start)
    return start, np.diff(np.append(start, len(keys)))


def _sorted_unique(codes: Ints) -> Ints:
    codes.sort()
    return codes[_runs(codes.view(np.uint64))[0]]
