"""Fifty admissions at the same instant to ten beds, from several processes, on a real database of their own."""

import pytest

from yinling.benches import _homes, beds


def fifty_at_once(environment: dict[str, str]) -> beds.Outcome:
    return beds._measure(environment, rounds=2)


def held_and_refused(got: beds.Outcome) -> bool:
    return got.right == 2 and got.counts == {"admitted": 20, "refused": 80} and got.overlaps == 0


def test_fifty_admissions_to_ten_beds_on_sqlite_give_ten_stays_and_forty_refusals(tmp_path: object) -> None:
    assert held_and_refused(fifty_at_once({"YINLING_HOME": str(tmp_path)}))


@pytest.mark.postgresql
def test_fifty_admissions_to_ten_beds_on_postgresql_give_ten_stays_and_forty_refusals() -> None:
    if not _homes.is_reachable():
        pytest.skip("NO POSTGRESQL ON THIS MACHINE")
    with _homes.a_database() as place:
        assert held_and_refused(fifty_at_once(place))
