"""Cases that a policy officer can read."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from yinling.engines.planning.pairing.problem import Elder, Problem, Visitor
from yinling.engines.planning.pairing.solving import solve

CASES = yaml.safe_load((Path(__file__).parent / "cases.yaml").read_text(encoding="utf-8"))
SETS = ("speaks", "skills", "forbidden")


def _values(row: dict[str, Any]) -> dict[str, Any]:
    return {name: frozenset(value) if name in SETS else value for name, value in row.items()}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_the_case_comes_out_as_written(case: dict[str, Any]) -> None:
    elders = [Elder(**_values(row)) for row in case["elders"]]
    solution = solve(Problem(elders, [Visitor(**_values(row)) for row in case["visitors"]]))
    if "pairs" in case:
        assert solution.pairs == case["pairs"]
    if "helpers" in case:
        assert {one.village: one.helpers for one in solution.villages} == case["helpers"]
    assert solution.helpers == case.get("count_of_helpers", sum(case.get("helpers", {}).values()))
    assert solution.helpers == solution.least_helpers
