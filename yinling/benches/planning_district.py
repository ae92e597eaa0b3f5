"""A large block for the planning bench: villages in a valley, start points among them, visits around the villages."""

import numpy as np

from yinling.engines.planning.problem import Carer, Problem, Task, Visit, Weights

SEED = 20_261_124
KM_PER_DEGREE = 1.0
SERVICES = ("talk", "wash", "nurse", "repair", "meal")


def a_district(visits: int, staff: int, start_points: int, seed: int = SEED) -> Problem:
    """So many visits, staff and start points. Minutes by motorbike, roads 1.4 times as long as the bird flies."""
    draw = np.random.default_rng(seed)
    villages = draw.uniform(0, 60, (start_points, 2))
    homes = villages[draw.integers(0, start_points, visits)] + draw.normal(0, 2.0, (visits, 2))
    at = np.concatenate([villages, homes])
    metres = 1_000 * 1.4 * np.hypot(*(at[:, None, :] - at[None, :, :]).transpose(2, 0, 1))
    travel = np.round(2.0 + metres / 500.0, 1)  # 30 km an hour, and two minutes to park and knock
    np.fill_diagonal(travel, 0.0)
    carers = [_carer(draw, n, n % start_points) for n in range(staff)]
    return Problem([_visit(draw, n, start_points + n) for n in range(visits)], carers, {"motorbike": travel}, Weights())


def _carer(draw: np.random.Generator, number: int, place: int) -> Carer:
    able = frozenset(draw.choice(SERVICES, 3, replace=False).tolist()) | {"talk"}
    start = float(draw.choice([420, 480, 540]))
    return Carer(
        f"c{number}", able, place, place, start, start + 480, break_from=720.0, break_minutes=30.0, mode="motorbike"
    )


def _visit(draw: np.random.Generator, number: int, place: int, opens: float | None = None) -> Visit:
    opens = float(draw.integers(480, 840)) if opens is None else opens
    services = draw.choice(SERVICES, 2 if draw.random() < 0.1 else 1, replace=False).tolist()
    tasks = tuple(Task(service, float(draw.choice([15, 20, 30]))) for service in services)
    gap = (0.0, 0.0) if draw.random() < 0.5 else (15.0, 45.0)
    return Visit(f"v{number}", place, opens, opens + 120.0, tasks, gap if len(tasks) == 2 else (0.0, 0.0))


def an_urgent_visit(problem: Problem, now: float, seed: int = SEED) -> Visit:
    """At one of the homes that are there, from now on."""
    place = problem.visits[seed % len(problem.visits)].place
    return Visit("urgent", place, now, now + 60.0, (Task("nurse", 30.0),), late_weight=10.0)
