"""The planning bench: what it searches, and which plans it keeps."""

from pathlib import Path

import pytest

from yinling.benches import planning
from yinling.benches.planning import Published, Run
from yinling.benches.planning_district import a_district
from yinling.engines.planning.asking import refuse_nonsense
from yinling.engines.planning.problem import Parts

TEN = Published("mankowska", "ten", 10, 100.0)


def a_run(cost: float, seed: int = 1, faults: int = 0) -> Run:
    return Run(TEN, seed, 60.0, 1_000, Parts(cost=cost), faults, f"plan of {cost}")


def test_the_whole_collection_is_searched() -> None:
    families = [row.family for row in planning.published()]
    assert {family: families.count(family) for family in set(families)} == {
        "mankowska": 35, "Italian": 10, "kummer": 10, "extended": 4,
    }  # fmt: skip
    assert {row.instance for row in planning.published()} >= set(planning.QUICK)


def test_only_plans_that_beat_the_published_cost_without_a_fault_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "FOLDER", tmp_path)
    planning._keep([a_run(100.0), a_run(98.0, faults=1)])
    assert [path.name for path in (tmp_path / "plans").iterdir()] == ["plans.csv"]
    planning._keep([a_run(99.0), a_run(98.5, seed=2)])
    planning._keep([a_run(98.9, seed=3)])
    assert (tmp_path / "plans" / "ten.json").read_text() == "plan of 98.5"
    assert (tmp_path / "plans" / "plans.csv").read_text().splitlines()[1:] == ["ten,98.5000,100.0,2,60.0,1000"]


def test_a_district_is_a_problem_that_can_be_planned() -> None:
    problem = a_district(50, 8, 3)
    refuse_nonsense(problem)
    assert (len(problem.visits), len(problem.carers)) == (50, 8)
    assert {len(visit.tasks) for visit in problem.visits} == {1, 2}
