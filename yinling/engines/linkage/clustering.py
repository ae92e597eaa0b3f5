"""From pairs to persons, without chaining: a group never holds two valid IDs, nor two records that must stay apart."""

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from yinling.engines.linkage.comparing import Pairs

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Bits = NDArray[np.float64]


def cluster(count: int, merges: Pairs, bits: Bits, apart: Pairs, number: Ints, rival_bits: float) -> Ints:
    """For every one of `count` rows the lowest row of its group.

    `merges`: pairs that may be merged, with their evidence `bits`; `apart`: pairs that must not share a group;
    `number`: valid ID per row, 0 for none. Where a chain of merges would join two IDs or two records kept apart, the
    strongest merges stand, and a record that fits two ID holders nearly equally (within `rival_bits`) joins neither.
    """
    root = _components(count, merges)
    contested = _contested(root, apart, number)
    if not contested.any():
        return root
    rows = np.flatnonzero(contested[root])
    disputed = np.flatnonzero(contested[root[merges.left]])
    disputed = disputed[_without_rivals(merges.take(disputed), bits[disputed], number, rival_bits)]
    disputed = disputed[np.lexsort((merges.right[disputed], merges.left[disputed], -bits[disputed]))]
    inside = apart.take(contested[root[apart.left]] & (root[apart.left] == root[apart.right]))
    root[rows] = rows
    _merge_strongest_first(root, rows, merges.take(disputed), inside, number)
    return root


def _components(count: int, merges: Pairs) -> Ints:
    """Connected components by repeated lowering of roots; each round halves the longest chain."""
    root = np.arange(count)
    while True:
        lowest = np.minimum(root[merges.left], root[merges.right])
        before = root.copy()
        np.minimum.at(root, before[merges.left], lowest)
        np.minimum.at(root, before[merges.right], lowest)
        root = root[root]
        if np.array_equal(root, before):
            return root


def _contested(root: Ints, apart: Pairs, number: Ints) -> Flags:
    """By root: groups with two different IDs, or with two records that must stay apart."""
    contested = np.zeros(len(root), bool)
    contested[root[apart.left][root[apart.left] == root[apart.right]]] = True
    holders = np.flatnonzero(number > 0)
    order = holders[np.lexsort((number[holders], root[holders]))]
    same_group = root[order[1:]] == root[order[:-1]]
    contested[root[order[1:]][same_group & (number[order[1:]] != number[order[:-1]])]] = True
    return contested


def _without_rivals(merges: Pairs, bits: Bits, number: Ints, rival_bits: float) -> Flags:
    """False for merges of a record without ID to any but the holder that it clearly fits best."""
    best: dict[int, dict[int, float]] = defaultdict(dict)
    edges = list(zip(merges.left.tolist(), merges.right.tolist(), bits.tolist(), strict=True))
    ends = [(a, b) if number[b] > 0 else (b, a) for a, b, _ in edges]
    for (row, holder), (_, _, weight) in zip(ends, edges, strict=True):
        if number[row] == 0 and number[holder] > 0:
            known = best[row]
            known[int(number[holder])] = max(weight, known.get(int(number[holder]), weight))
    chosen = {row: _clear_winner(known, rival_bits) for row, known in best.items()}
    return np.array(
        [number[row] > 0 or number[holder] == 0 or chosen[row] == int(number[holder]) for row, holder in ends], bool
    )


def _clear_winner(bits_by_number: dict[int, float], rival_bits: float) -> int:
    """The ID that leads by at least `rival_bits`, else 0."""
    (number, first), *others = sorted(bits_by_number.items(), key=lambda item: -item[1])
    return number if not others or first - others[0][1] >= rival_bits else 0


def _merge_strongest_first(root: Ints, rows: Ints, merges: Pairs, apart: Pairs, number: Ints) -> None:
    """Join groups edge by edge, unless the union would break a promise; `root` is changed in place."""
    members = {int(row): [int(row)] for row in rows}
    numbers = {int(row): {int(number[row])} - {0} for row in rows}
    foes: dict[int, set[int]] = defaultdict(set)
    for a, b in zip(apart.left.tolist(), apart.right.tolist(), strict=True):
        foes[a].add(b)
        foes[b].add(a)
    for a, b in zip(merges.left.tolist(), merges.right.tolist(), strict=True):
        one, other = sorted((int(root[a]), int(root[b])))
        if one == other or len(numbers[one] | numbers[other]) > 1:
            continue
        if any(foes[row].intersection(members[other]) for row in members[one]):
            continue
        members[one] += members.pop(other)
        numbers[one] |= numbers.pop(other)
        root[members[one]] = one
