"""The board on which a plan is made: the problem and one plan, as a few arrays for the compiled part.

Nodes are the tasks 0..T-1, then every carer's start T..T+K-1 and end T+K..T+2K-1. A node's `before` and `after` chain
the routes; `carer` is -1 for a task that nobody does. Starts and ends belong to two visits of their own, V and V+1,
with the keys minus and plus infinity.
"""

from typing import NamedTuple

import numpy as np

from yinling.engines.planning.company import good_company
from yinling.engines.planning.problem import MANDATORY, Problem, Task

NODE = np.dtype(
    [
        ("place", "i8"),
        ("visit", "i8"),
        ("minutes", "f8"),
        ("opens", "f8"),
        ("closes", "f8"),
        ("late_weight", "f8"),
        ("ables", "i8"),
        ("before", "i8"),
        ("after", "i8"),
        ("carer", "i8"),
        ("start", "f8"),
        ("leave", "f8"),
    ],
    align=True,
)
VISIT = np.dtype(
    [
        ("first", "i8"),
        ("second", "i8"),
        ("gap_min", "f8"),
        ("gap_max", "f8"),
        ("skip", "f8"),
        ("may_skip", "i8"),
        ("queued", "i8"),
        ("key", "f8"),
    ],
    align=True,
)
CARER = np.dtype(
    [
        ("mode", "i8"),
        ("ended", "i8"),
        ("shift_start", "f8"),
        ("shift_end", "f8"),
        ("break_from", "f8"),
        ("break_minutes", "f8"),
    ],
    align=True,
)
LOG = np.dtype(
    [("kind", "i8"), ("index", "i8"), ("a", "i8"), ("b", "i8"), ("c", "i8"), ("x", "f8"), ("y", "f8")], align=True
)

SIZES = T, K, V, LOGGED, WAITING, ENDING, HOLDER, SHRUNK, EARLIER = range(9)
SUMS = TRAVEL, LATE, LATEST, OVERTIME, LIKING, SKIPPED = range(6)


class Board(NamedTuple):
    node: np.ndarray
    visit: np.ndarray
    carer: np.ndarray
    travel: np.ndarray  # mode, place, place
    may: np.ndarray  # task, carer
    liking: np.ndarray  # task, carer: cost
    near: np.ndarray  # task: the tasks that stand well beside it
    able: np.ndarray  # task: the carers who may, `ables` of them
    weights: np.ndarray  # of the sums
    sums: np.ndarray  # of the plan as it stands
    kept: np.ndarray  # the sums before the move
    counts: np.ndarray
    heap: np.ndarray  # visits to be timed again
    ends: np.ndarray  # carers whose way home is to be timed again
    log: np.ndarray  # how to undo the move
    random: np.ndarray


def board_of(problem: Problem, seed: int, neighbours: int) -> Board:
    """The problem with an empty plan. `neighbours`: how many tasks each task knows as good company."""
    nt, nk, nv = sum(len(visit.tasks) for visit in problem.visits), len(problem.carers), len(problem.visits)
    tasks = [task for visit in problem.visits for task in visit.tasks]
    task_visit = np.array([v for v, visit in enumerate(problem.visits) for _ in visit.tasks], dtype=np.int64)
    may, liking = _suiting(problem, tasks, task_visit)
    node = _nodes(problem, tasks, task_visit)
    node["ables"][:nt] = may.sum(axis=1)
    visit = _visits(problem, task_visit)
    weights = problem.weights
    sums = np.zeros(6)
    sums[SKIPPED] = visit["skip"].sum()
    counts = np.zeros(9, dtype=np.int64)
    counts[:3], counts[HOLDER] = (nt, nk, nv), -1
    travel = np.stack([np.ascontiguousarray(m, dtype=float) for m in problem.travel.values()])
    return Board(
        node=node,
        visit=visit,
        carer=_carers(problem),
        travel=travel,
        may=may,
        liking=liking,
        near=good_company(node[:nt], travel[0], may, neighbours),
        able=np.argsort(~may, axis=1, kind="stable").astype(np.int64),
        weights=np.array([weights.travel, weights.late, weights.latest, weights.overtime, 1.0, 1.0]),
        sums=sums,
        kept=np.zeros(7),
        counts=counts,
        heap=np.zeros(nv + 2, np.int64),
        ends=np.zeros(nk + 1, np.int64),
        log=np.zeros(12 * len(node) + 64, dtype=LOG),
        random=np.random.SeedSequence(seed).generate_state(2, np.uint64),
    )


def _nodes(problem: Problem, tasks: list[Task], task_visit: np.ndarray) -> np.ndarray:
    visits, carers = problem.visits, problem.carers
    nt, nk, nv = len(tasks), len(carers), len(visits)
    node = np.zeros(nt + 2 * nk, dtype=NODE)
    node["before"] = node["after"] = node["carer"] = -1
    node["minutes"][:nt] = [task.minutes for task in tasks]
    for field in ("place", "opens", "closes", "late_weight"):
        node[field][:nt] = np.array([getattr(visit, field) for visit in visits])[task_visit]
    node["visit"][:nt] = task_visit
    node["start"][:nt] = node["leave"][:nt] = node["opens"][:nt]
    starts, ends = np.arange(nt, nt + nk), np.arange(nt + nk, nt + 2 * nk)
    node["place"][starts], node["place"][ends] = [c.start_place for c in carers], [c.end_place for c in carers]
    node["visit"][starts], node["visit"][ends] = nv, nv + 1
    node["carer"][starts] = node["carer"][ends] = np.arange(nk)
    node["after"][starts], node["before"][ends] = ends, starts
    node["start"][starts] = node["leave"][starts] = [c.shift_start for c in carers]
    return node


def _visits(problem: Problem, task_visit: np.ndarray) -> np.ndarray:
    visits, nv = problem.visits, len(problem.visits)
    visit = np.zeros(nv + 2, dtype=VISIT)
    visit["first"][:nv] = np.searchsorted(task_visit, np.arange(nv))
    visit["second"] = -1
    visit["second"][:nv] = [visit["first"][v] + 1 if len(one.tasks) == 2 else -1 for v, one in enumerate(visits)]
    visit["gap_min"][:nv], visit["gap_max"][:nv] = [v.gap[0] for v in visits], [v.gap[1] for v in visits]
    visit["skip"][:nv] = [MANDATORY if v.prize is None else v.prize for v in visits]
    visit["may_skip"][:nv] = [v.prize is not None for v in visits]
    visit["key"][nv:] = -np.inf, np.inf
    return visit


def _carers(problem: Problem) -> np.ndarray:
    carer = np.zeros(len(problem.carers), dtype=CARER)
    modes = {name: m for m, name in enumerate(problem.travel)}
    carer["mode"] = [modes[c.mode] for c in problem.carers]
    for field in ("shift_start", "shift_end", "break_from", "break_minutes"):
        carer[field] = [getattr(c, field) for c in problem.carers]
    return carer


def _suiting(problem: Problem, tasks: list[Task], task_visit: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Who may do which task, and what it costs to like or dislike it: task, carer."""
    carers = problem.carers
    skilled = {s: np.array([s in c.services for c in carers]) for s in {t.service for t in tasks}}
    may = np.array([skilled[task.service] for task in tasks]).reshape(len(tasks), len(carers))
    liking = np.zeros(may.shape)
    index = {carer.uid: k for k, carer in enumerate(carers)}
    for i, v in enumerate(task_visit):
        for uid in problem.visits[v].forbidden:
            may[i, index[uid]] = False
        for uid, cost in problem.visits[v].liking.items():
            liking[i, index[uid]] = cost
    return may, liking
