"""From the board to a plan in words, and back."""

import heapq
import itertools
from collections import defaultdict

import numpy as np

from yinling.engines.planning.board import Board, K, T
from yinling.engines.planning.problem import Plan, Problem, Stop


def routes_of(problem: Problem, board: Board) -> tuple[dict[str, tuple[Stop, ...]], tuple[str, ...]]:
    """Every carer's stops as they stand on the board, and the visits nobody makes."""
    names = [(visit.uid, n, task.service) for visit in problem.visits for n, task in enumerate(visit.tasks)]
    tasks = int(board.counts[T])
    after, start, minutes = (board.node[field].tolist() for field in ("after", "start", "minutes"))
    routes = {}
    for k, carer in enumerate(problem.carers):
        node, stops = after[tasks + k], []
        while node < tasks:
            uid, number, service = names[node]
            stops.append(Stop(uid, number, service, start[node], start[node] + minutes[node]))
            node = after[node]
        routes[carer.uid] = tuple(stops)
    undone = board.node["carer"][board.visit["first"][: len(problem.visits)]] < 0
    return routes, tuple(visit.uid for visit, out in zip(problem.visits, undone, strict=True) if out)


def chain_of(problem: Problem, board: Board, plan: Plan) -> tuple[np.ndarray, np.ndarray]:
    """The plan's routes as nodes (before, carer), and a key per visit. What has no place in the order is left out.

    The search keeps visits in one order that every route follows; a plan made by hand may wait crosswise (each of two
    double visits half before the other), and the first of such a knot is left out for the search to place.
    """
    tasks, carers = int(board.counts[T]), int(board.counts[K])
    node_of = _nodes(problem)
    order = _order(problem, plan)
    keys = np.arange(len(problem.visits), dtype=float) + len(problem.visits)
    for position, uid in enumerate(order):
        keys[node_of[uid][0]] = position
    routes = np.full((len(board.node), 2), -1, dtype=np.int64)
    for k, carer in enumerate(problem.carers):
        start, end = tasks + k, tasks + carers + k
        before = start
        for stop in plan.routes.get(carer.uid, ()):
            if stop.visit in order:
                node = node_of[stop.visit][1] + stop.task
                routes[node] = before, k
                before = node
        routes[start, 1], routes[end] = k, (before, k)
    return routes, keys


def _nodes(problem: Problem) -> dict[str, tuple[int, int]]:
    """Per visit its number and the node of its first task."""
    found, node = {}, 0
    for v, visit in enumerate(problem.visits):
        found[visit.uid] = (v, node)
        node += len(visit.tasks)
    return found


def _order(problem: Problem, plan: Plan) -> dict[str, int]:
    """The visits whole in the plan, each after all that any route has before it; knots are cut at their first visit."""
    needed = {visit.uid: len(visit.tasks) for visit in problem.visits}
    count: dict[str, int] = defaultdict(int)
    begins: dict[str, float] = {}
    for route in plan.routes.values():
        for stop in route:
            count[stop.visit] += 1
            begins[stop.visit] = min(stop.start, begins.get(stop.visit, stop.start))
    left = {uid for uid, n in count.items() if needed.get(uid) == n}
    order: dict[str, int] = {}
    while left:
        chains = [[stop.visit for stop in route if stop.visit in left] for route in plan.routes.values()]
        for uid in _free_first(chains, begins):
            order[uid] = len(order)
            left.discard(uid)
        if left:
            left.discard(min(left, key=lambda uid: (begins[uid], uid)))
    return order


def _free_first(chains: list[list[str]], begins: dict[str, float]) -> list[str]:
    """Visits one after another, each when nothing stands before it on any chain; stops at a knot."""
    followers: dict[str, list[str]] = defaultdict(list)
    waits: dict[str, int] = {uid: 0 for chain in chains for uid in chain}
    for chain in chains:
        for one, other in itertools.pairwise(chain):
            followers[one].append(other)
            waits[other] += 1
    ready = [(begins[uid], uid) for uid, n in waits.items() if n == 0]
    heapq.heapify(ready)
    done = []
    while ready:
        _, uid = heapq.heappop(ready)
        done.append(uid)
        for other in followers[uid]:
            waits[other] -= 1
            if waits[other] == 0:
                heapq.heappush(ready, (begins[other], other))
    return done
