"""Columns and how they are put into order: by key first, by arrival second, with one fast sort."""

import numpy as np
from numpy.typing import NDArray

Int64 = NDArray[np.int64]
Int32 = NDArray[np.int32]
Index = NDArray[np.intp]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

NONE = -(2**61)  # a time that never was; differences with real times still fit 64 bits
NEVER = 2**61  # a time that never comes


def ordered_by(key: NDArray[np.integer]) -> Index:
    """Positions that put `key` (0 or above) into order, equal keys as they stood.

    Key and position share one 64-bit word, so that numpy's vectorised sort does the work.
    """
    size = len(key)
    if size < 2:
        return np.arange(size)
    bits = size.bit_length()
    if int(key.max()).bit_length() + bits > 62:
        return np.argsort(key, kind="stable")
    packed = (key.astype(np.int64) << bits) | np.arange(size)
    packed.sort()
    return packed & ((1 << bits) - 1)


def starts_of_runs(key: NDArray[np.integer]) -> Bools:
    """Where a new run of equal keys begins."""
    begins = np.empty(len(key), dtype=bool)
    begins[:1] = True
    np.not_equal(key[1:], key[:-1], out=begins[1:])
    return begins


def ranks(begins: Bools) -> Index:
    """The position of each row within its run."""
    position = np.arange(len(begins))
    return position - np.maximum.accumulate(np.where(begins, position, 0))


def rounds_of(rank: Index) -> list[Index]:
    """Rows of rank 0, rows of rank 1 and so on: within a round no key stands twice."""
    if not len(rank):
        return []
    most = int(rank.max())
    if most == 0:
        return [np.arange(len(rank))]
    order = ordered_by(rank)
    bounds = np.searchsorted(rank[order], np.arange(most + 2))
    return [order[bounds[i] : bounds[i + 1]] for i in range(most + 1)]


def spread(first: NDArray[np.integer], last: NDArray[np.integer]) -> tuple[Index, Index]:
    """The ranges [first, last) laid end to end: (which range, which member)."""
    size = (last - first).astype(np.intp)
    row = np.repeat(np.arange(len(first)), size)
    offset = np.arange(len(row)) - np.repeat(np.cumsum(size) - size, size)
    return row, np.repeat(first.astype(np.intp), size) + offset
