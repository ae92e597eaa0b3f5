"""Draws: a number depends on its row and its name, on nothing else."""

import numpy as np
import pytest

from yinling.city.draws import draws_for
from yinling.city.quotas import share_out

ROWS = np.arange(200_000)


def test_a_row_draws_the_same_number_alone_and_among_others() -> None:
    every = draws_for(7, "person", ROWS).unit("sex")
    assert draws_for(7, "person", ROWS[[5, 99]]).unit("sex").tolist() == every[[5, 99]].tolist()


def test_another_name_or_seed_or_kind_draws_other_numbers() -> None:
    sex = draws_for(7, "person", ROWS).unit("sex")
    for other in (
        draws_for(7, "person", ROWS).unit("age"),
        draws_for(8, "person", ROWS).unit("sex"),
        draws_for(7, "village", ROWS).unit("sex"),
    ):
        assert abs(np.corrcoef(sex, other)[0, 1]) < 0.01


def test_draws_follow_their_distributions() -> None:
    draws = draws_for(7, "person", ROWS)
    assert np.histogram(draws.unit("u"), bins=10, range=(0, 1))[0] == pytest.approx(20_000, abs=700)
    assert draws.normal("n").std() == pytest.approx(1, abs=0.01)
    assert draws.exponential("e").mean() == pytest.approx(1, abs=0.02)
    assert np.bincount(draws.choice("c", [1, 3, 6])) / len(ROWS) == pytest.approx([0.1, 0.3, 0.6], abs=0.01)
    assert set(draws.between("b", 2, 4)) == {2, 3, 4}


def test_shares_add_up_and_a_part_never_exceeds_its_whole() -> None:
    whole = share_out(952, draws_for(7, "village", ROWS[:2777]).unit("size"))
    part = share_out(717, whole)
    assert (whole.sum(), part.sum()) == (952, 717)
    assert (part <= whole).all() and (part >= 0).all()
    assert share_out(0, np.zeros(3)).tolist() == [0, 0, 0]
