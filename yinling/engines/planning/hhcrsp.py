"""The benchmark's own format (Mankowska 2014; Ceschia 2025): instances in, plans in and out, as text.

`UnreadableFile` says in a sentence what is wrong with a file that is not of this format.
"""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from yinling.engines.planning.checking import parts_of
from yinling.engines.planning.problem import Carer, Plan, Problem, Stop, Task, Visit, Weights

THIRD = Weights(1 / 3, 1 / 3, 1 / 3, 1 / 3)


class UnreadableFile(ValueError):
    """Not a file of this format; the message says where it differs."""


def problem_from(text: str) -> Problem:
    """An instance of the collection. Raises UnreadableFile."""
    data = _data(text)
    try:
        depots = data.get("departing_points") or data["central_offices"]
        depot = {point["id"]: i for i, point in enumerate(depots)}
        patients = enumerate(data["patients"], start=len(depots))
        visits = [_visit(row, row.get("distance_matrix_index", place)) for place, row in patients]
        carers = [_carer(row, depot) for row in data["caregivers"]]
        return Problem(visits, carers, {"car": np.array(data["distances"], dtype=float)}, THIRD)
    except KeyError as missing:
        raise UnreadableFile(f"This is no instance of the benchmark: the field {missing} is missing.") from missing
    except (TypeError, ValueError, AttributeError) as error:
        raise UnreadableFile(f"This is no instance of the benchmark: {error}.") from error


def _data(text: str) -> Mapping[str, Any]:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise UnreadableFile(f"This is no JSON: {error}.") from error
    if not isinstance(data, dict):
        raise UnreadableFile("This is no instance of the benchmark: the file holds a list or a value, not an object.")
    return data


def _visit(row: dict[str, Any], place: int) -> Visit:
    sync = row.get("synchronization") or {}
    low, high = sync["distance"] if sync.get("type") == "sequential" else (0.0, 0.0)
    tasks = tuple(Task(part["service"], float(part["duration"])) for part in row["required_caregivers"])
    opens, closes = row["time_window"]
    forbidden = frozenset(row.get("incompatible_caregivers", ()))
    return Visit(row["id"], place, float(opens), float(closes), tasks, (float(low), float(high)), forbidden=forbidden)


def _carer(row: dict[str, Any], depot: Mapping[str, int]) -> Carer:
    place = row.get("distance_matrix_index", depot.get(row.get("starting_point_id", ""), 0))
    start, end = row.get("working_shift", (0.0, float("inf")))
    return Carer(row["id"], frozenset(row["abilities"]), place, place, float(start), float(end))


def plan_to_json(plan: Plan) -> str:
    """The plan in the benchmark's solution format."""
    order = sorted({(stop.start, stop.visit) for route in plan.routes.values() for stop in route})
    routes = [{"caregiver_id": uid, "locations": [_stop(stop) for stop in route]} for uid, route in plan.routes.items()]
    return json.dumps({"routes": routes, "global_ordering": list(dict.fromkeys(uid for _, uid in order))}, indent=1)


def _stop(stop: Stop) -> dict[str, str | float]:
    return {
        "patient_id": stop.visit, "service_id": stop.service,
        "arrival_time": stop.start, "departure_time": stop.end,
    }  # fmt: skip


def plan_from(text: str, problem: Problem) -> Plan:
    """A plan read from the benchmark's solution format, with its cost as the checker finds it."""
    data = _data(text)
    try:
        rows = [(row["caregiver_id"], at) for row in data["routes"] for at in row["locations"]]
        numbers = _task_numbers(problem, [at for _, at in rows])
        routes: dict[str, list[Stop]] = {row["caregiver_id"]: [] for row in data["routes"]}
        for (carer, at), number in zip(rows, numbers, strict=True):
            start, end = float(at["arrival_time"]), float(at["departure_time"])
            routes[carer].append(Stop(at["patient_id"], number, at["service_id"], start, end))
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableFile(
            f"This is no solution of the benchmark: {error} is missing or not as it should be."
        ) from error
    made = {at["patient_id"] for _, at in rows}
    left_out = tuple(visit.uid for visit in problem.visits if visit.uid not in made)
    plan = Plan({carer: tuple(stops) for carer, stops in routes.items()}, left_out)
    return replace(plan, parts=parts_of(problem, plan))


def _task_numbers(problem: Problem, rows: list[dict[str, Any]]) -> list[int]:
    """Which of its visit's tasks each row is: the one of its service; of two alike, the earlier is the first."""
    free: dict[tuple[str, str], list[int]] = defaultdict(list)
    for visit in problem.visits:
        for number, task in enumerate(visit.tasks):
            free[visit.uid, task.service].append(number)
    numbers = [0] * len(rows)
    for n in sorted(range(len(rows)), key=lambda n: float(rows[n]["arrival_time"])):
        left = free[rows[n]["patient_id"], rows[n]["service_id"]]
        numbers[n] = left.pop(0) if left else 0
    return numbers
