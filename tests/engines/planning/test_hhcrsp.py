"""The benchmark's own format, on the collection that lies in benchmarks/planning."""

import csv
import gzip
import json
from pathlib import Path

import pytest

from yinling.engines.planning.asking import refuse_nonsense
from yinling.engines.planning.checking import faults_of
from yinling.engines.planning.hhcrsp import UnreadableFile, plan_from, plan_to_json, problem_from

FOLDER = Path(__file__).resolve().parents[3] / "benchmarks" / "planning"


def an_instance(name: str) -> str:
    return gzip.decompress((FOLDER / "instances" / f"{name}.json.gz").read_bytes()).decode()


def test_the_published_optimum_of_the_toy_costs_what_is_published() -> None:
    problem = problem_from(an_instance("toy"))
    plan = plan_from((FOLDER / "sol_toy_optimal.json").read_text(), problem)
    best = {row["instance"]: row["best_published"] for row in csv.DictReader((FOLDER / "best_published.csv").open())}
    assert faults_of(problem, plan) == []
    assert plan.parts.cost == pytest.approx(float(best.get("toy", 334 / 3)), abs=1e-3)


def test_a_plan_goes_out_and_comes_back() -> None:
    problem = problem_from(an_instance("toy"))
    plan = plan_from((FOLDER / "sol_toy_optimal.json").read_text(), problem)
    assert plan_from(plan_to_json(plan), problem) == plan
    published = json.loads((FOLDER / "sol_toy_optimal.json").read_text())
    assert set(json.loads(plan_to_json(plan))) == set(published)


def test_the_extended_form_has_start_points_shifts_and_unwanted_carers() -> None:
    problem = problem_from(an_instance("001-cesena-p68-d6-i0.04-pt0.74-0.08-0.18-c6-6-3"))
    assert len({carer.start_place for carer in problem.carers}) > 1
    assert all(carer.shift_end < 2_000 for carer in problem.carers)
    assert any(visit.forbidden for visit in problem.visits)


def test_every_instance_of_the_collection_can_be_planned() -> None:
    names = sorted((FOLDER / "instances").glob("*.json.gz"))
    assert len(names) == 60
    for path in [path for path in names if path.stat().st_size < 60_000]:
        refuse_nonsense(problem_from(gzip.decompress(path.read_bytes()).decode()))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{", "This is no JSON: Expecting property name"),
        ("[]", "the file holds a list or a value, not an object"),
        ("{}", "the field 'central_offices' is missing"),
        ('{"central_offices": [], "patients": [], "caregivers": [], "distances": [["a"]]}', "could not convert"),
        ('{"central_offices": 4, "patients": [], "caregivers": []}', "not iterable"),
    ],
)
def test_a_file_of_another_kind_is_told_why(text: str, complaint: str) -> None:
    with pytest.raises(UnreadableFile, match=complaint.replace("(", r"\(")):
        problem_from(text)


def test_a_solution_of_another_kind_is_told_why() -> None:
    with pytest.raises(UnreadableFile, match="'routes'"):
        plan_from("{}", problem_from(an_instance("toy")))
