"""Groups of records: what may be joined, and what no chain may join."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from yinling.engines.linkage.clustering import cluster
from yinling.engines.linkage.comparing import Pairs

ROWS = 8
ONE_EDGE = st.tuples(st.integers(0, ROWS - 1), st.integers(0, ROWS - 1)).filter(lambda edge: edge[0] < edge[1])


def pairs(*edges: tuple[int, int]) -> Pairs:
    return Pairs(np.array([a for a, _ in edges], np.int64), np.array([b for _, b in edges], np.int64))


def grouped(numbers: list[int], merges: dict[tuple[int, int], float], apart: Pairs | None = None) -> list[int]:
    bits = np.array(list(merges.values()))
    return cluster(len(numbers), pairs(*merges), bits, apart or pairs(), np.array(numbers), rival_bits=6.0).tolist()


def test_a_chain_without_ids_is_one_group() -> None:
    assert grouped([0, 0, 0, 0], {(0, 1): 20, (1, 2): 20, (2, 3): 20}) == [0, 0, 0, 0]


def test_a_chain_between_two_ids_breaks_at_its_weakest_link() -> None:
    assert grouped([11, 0, 0, 22], {(0, 1): 30, (1, 2): 15, (2, 3): 25}) == [0, 0, 2, 2]


def test_a_record_between_two_ids_joins_neither_if_they_are_close_and_the_nearer_if_not() -> None:
    assert grouped([11, 0, 22], {(0, 1): 30, (1, 2): 27}) == [0, 1, 2]
    assert grouped([11, 0, 22], {(0, 1): 30, (1, 2): 20}) == [0, 0, 2]


def test_records_kept_apart_are_not_joined_through_a_third() -> None:
    assert grouped([0, 0, 0], {(0, 1): 30, (1, 2): 20}, apart=pairs((0, 2))) == [0, 0, 2]


def test_other_groups_are_untouched_by_a_quarrel() -> None:
    assert grouped([11, 0, 22, 0, 0], {(0, 1): 30, (1, 2): 29, (3, 4): 14}) == [0, 1, 2, 3, 3]


@given(
    numbers=st.lists(st.sampled_from([0, 0, 11, 22]), min_size=ROWS, max_size=ROWS),
    merges=st.dictionaries(ONE_EDGE, st.floats(13, 40), max_size=14),
    kept=st.lists(ONE_EDGE, max_size=5),
)
def test_no_group_ever_holds_two_ids_or_a_pair_kept_apart(
    numbers: list[int], merges: dict[tuple[int, int], float], kept: list[tuple[int, int]]
) -> None:
    root = grouped(numbers, merges, apart=pairs(*kept))
    for group in set(root):
        members = [row for row in range(ROWS) if root[row] == group]
        assert group == min(members)
        assert len({numbers[row] for row in members} - {0}) <= 1
        assert not [edge for edge in kept if edge[0] in members and edge[1] in members]
