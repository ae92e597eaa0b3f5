"""A small valley: builders with words, and random problems with every feature of the planner."""

from itertools import permutations, product

import numpy as np
from hypothesis import strategies as st

from yinling.engines.planning.checking import parts_of, times_for
from yinling.engines.planning.problem import Carer, Plan, Problem, Task, Visit, Weights

CARE, NURSING = "care", "nursing"


def a_visit(
    uid: str, place: int = 1, opens: float = 0, closes: float = 600, lasting: float = 30, needing: str = CARE, **more
) -> Visit:
    return Visit(uid, place, opens, closes, (Task(needing, lasting),), **more)


def a_visit_by_two(uid: str, place: int = 1, gap: tuple[float, float] = (0, 0), lasting: float = 30, **more) -> Visit:
    more = {"opens": 0, "closes": 600} | more
    return Visit(uid, place, tasks=(Task(CARE, lasting), Task(CARE, lasting)), gap=gap, **more)


def a_carer(uid: str, able: str = f"{CARE} {NURSING}", at: int = 0, **more) -> Carer:
    return Carer(uid, frozenset(able.split()), at, at, **more)


def on_a_road(*visits: Visit, carers: tuple[Carer, ...], **more) -> Problem:
    """Places in a row, ten minutes on foot from one to the next."""
    places = max([0, *(visit.place for visit in visits), *(carer.start_place for carer in carers)]) + 1
    at = np.arange(places, dtype=float)
    return Problem(visits, carers, {"car": 10 * abs(at[:, None] - at[None, :])}, **more)


@st.composite
def problems(draw, breaks: bool = True, tasks_at_most: int = 9) -> Problem:
    """Anything that can be asked: doubles, prizes, liking, forbidden carers, shifts, breaks, two modes."""
    minutes = st.integers(0, 120).map(float)
    places = draw(st.integers(2, 5))
    names = [f"c{n}" for n in range(draw(st.integers(1, 3)))]
    carers = []
    for name in names:
        able = draw(st.sampled_from([CARE, NURSING, f"{CARE} {NURSING}"]))
        more = {"break_from": draw(minutes), "break_minutes": draw(st.sampled_from([0.0, 30.0]))} if breaks else {}
        more |= {"shift_start": draw(minutes), "shift_end": 120 + draw(minutes), "mode": draw(st.sampled_from("ab"))}
        start, end = draw(st.integers(0, places - 1)), draw(st.integers(0, places - 1))
        carers.append(Carer(name, frozenset(able.split()), start, end, **more))
    visits, tasks = [], 0
    for n in range(draw(st.integers(1, 6))):
        parts = tuple(
            Task(draw(st.sampled_from([CARE, NURSING])), 5 + draw(minutes)) for _ in range(draw(st.integers(1, 2)))
        )
        tasks += len(parts)
        if tasks > tasks_at_most:
            break
        opens, low = draw(minutes), draw(st.sampled_from([0.0, 20.0]))
        visits.append(
            Visit(
                f"v{n}",
                draw(st.integers(0, places - 1)),
                opens,
                opens + draw(minutes),
                parts,
                gap=(low, low + draw(st.sampled_from([0.0, 15.0]))),
                prize=draw(st.sampled_from([None, None, 5.0, 200.0])),
                late_weight=draw(st.sampled_from([1.0, 10.0])),
                forbidden=frozenset(draw(st.sets(st.sampled_from(names), max_size=1))),
                liking={name: draw(st.sampled_from([-20.0, 15.0])) for name in draw(st.sets(st.sampled_from(names)))},
            )
        )
    roads = st.lists(st.integers(0, 60), min_size=places * places, max_size=places * places)
    travel = {mode: _shortest(np.array(draw(roads), dtype=float).reshape(places, places)) for mode in "ab"}
    weights = Weights(*(draw(st.sampled_from([0.5, 1.0, 2.0])) for _ in range(4)))
    return Problem(visits, carers, travel, weights)


def _shortest(road: np.ndarray) -> np.ndarray:
    """No way round is shorter than the way."""
    for place in range(len(road)):
        road = np.minimum(road, road[:, place, None] + road[None, place, :])
    return road


def least_cost(problem: Problem) -> float:
    """What the best plan costs, by trying every one: for half a dozen tasks at most."""
    tasks = [(visit.uid, n) for visit in problem.visits for n in range(len(visit.tasks))]
    best = float("inf")
    for hands in product(range(-1, len(problem.carers)), repeat=len(tasks)):
        if not _allowed(problem, dict(zip(tasks, hands, strict=True))):
            continue
        given = [[task for task, k in zip(tasks, hands, strict=True) if k == n] for n in range(len(problem.carers))]
        out = tuple(sorted({uid for (uid, _), k in zip(tasks, hands, strict=True) if k < 0}))
        for orders in product(*(permutations(route) for route in given)):
            names = {carer.uid: order for carer, order in zip(problem.carers, orders, strict=True)}
            routes = times_for(problem, names)
            if routes is not None:
                best = min(best, parts_of(problem, Plan(routes, out)).cost)
    return best


def _allowed(problem: Problem, hands: dict[tuple[str, int], int]) -> bool:
    for visit in problem.visits:
        found = [hands[visit.uid, n] for n in range(len(visit.tasks))]
        if all(k < 0 for k in found) and visit.prize is not None:
            continue
        if min(found) < 0 or len(set(found)) < len(found):
            return False
        if any(task.service not in problem.carers[k].services for task, k in zip(visit.tasks, found, strict=True)):
            return False
        if any(problem.carers[k].uid in visit.forbidden for k in found):
            return False
    return True
