"""The search between two looks at the clock: moves under a temperature, and the plan's times made anew. Compiled."""

import numpy as np

from yinling.engines.planning.board import LIKING, LOGGED, SKIPPED, TRAVEL, Board, K, T, V
from yinling.engines.planning.compiling import compiled, entry
from yinling.engines.planning.edits import begin, cost, find_latest, queue_earlier, rand, road, settle, undo
from yinling.engines.planning.moves import any_move
from yinling.engines.planning.placing import fill, place

JOBS = RESTORE, FILL, PLACE, ANNEAL = range(4)


@compiled
def anneal(
    b: Board,
    heat: float,
    moves: int,
    free: float,
    shares: np.ndarray,
    best: float,
    routes: np.ndarray,
    keys: np.ndarray,
) -> tuple[int, float]:
    """So many moves at one temperature. Returns how many were taken, and the best cost; its plan to routes, keys."""
    now = cost(b)
    taken = 0
    for _ in range(moves):
        begin(b)
        limit = now - heat * np.log(rand(b) + 1e-300)
        if any_move(b, free, shares) and settle(b, limit):
            taken += 1
            now = cost(b)
            if now < best - 1e-9:
                best = now
                keep(b, routes, keys)
        else:
            undo(b)
    return taken, best


@compiled
def keep(b: Board, routes: np.ndarray, keys: np.ndarray) -> None:
    """Write the plan down: per node the one before and the carer, per visit its key."""
    for i in range(len(b.node)):
        routes[i, 0], routes[i, 1] = b.node[i].before, b.node[i].carer
    for v in range(b.counts[V]):
        keys[v] = b.visit[v].key


@compiled
def restore(b: Board, routes: np.ndarray, keys: np.ndarray) -> None:
    """Make the plan that was written down."""
    for i in range(len(b.node)):
        b.node[i].before, b.node[i].carer = routes[i, 0], routes[i, 1]
        if routes[i, 1] >= 0 and routes[i, 0] >= 0:
            b.node[routes[i, 0]].after = i
    for v in range(b.counts[V]):
        b.visit[v].key = keys[v]


@compiled
def refresh(b: Board) -> None:
    """Times and sums from nothing: removes what rounding has gathered."""
    b.sums[:] = 0.0
    for i in range(len(b.node)):
        node = b.node[i]
        if node.carer < 0:
            node.start = node.leave = node.opens
        elif not b.counts[T] <= i < b.counts[T] + b.counts[K]:
            node.start = node.leave = -1e9
            b.sums[TRAVEL] += road(b, node.carer, node.before, i)
            if i < b.counts[T]:
                b.sums[LIKING] += b.liking[i, node.carer]
    begin(b)
    for v in range(b.counts[V]):
        b.counts[LOGGED] = 0
        if b.node[b.visit[v].first].carer < 0:
            b.sums[SKIPPED] += b.visit[v].skip
        else:
            queue_earlier(b, b.visit[v].first)
    for k in range(b.counts[K]):
        queue_earlier(b, b.counts[T] + b.counts[K] + k)
    settle(b, np.inf)
    find_latest(b)


@compiled
def rekey(b: Board, order: np.ndarray, last: np.ndarray) -> None:
    """New keys by the clock, in the order of the old ones, so that every route keeps its own. `last`: per carer."""
    last[:] = -np.inf
    for n in range(len(order)):
        visit = b.visit[order[n]]
        i, j = visit.first, visit.second
        if b.node[i].carer < 0:
            continue
        key = b.node[i].start
        if j >= 0:
            key = max(0.5 * (key + b.node[j].start), last[b.node[j].carer] + 1e-3)
        key = max(key + 1e-3 * rand(b), last[b.node[i].carer] + 1e-3)
        last[b.node[i].carer] = key
        if j >= 0:
            last[b.node[j].carer] = key
        visit.key = key


@entry
def work(
    b: Board,
    job: int,
    order: np.ndarray,
    heat: float,
    moves: int,
    free: float,
    shares: np.ndarray,
    best: float,
    routes: np.ndarray,
    keys: np.ndarray,
    costs: np.ndarray,
) -> tuple[int, float]:
    """The one door, so that everything is compiled once.

    RESTORE makes the plan in routes and keys; FILL gives out the visits of `order` that nobody makes, by a quick
    guess; PLACE takes each visit of `order` to its best place (`costs` are the last one's); these three return the
    cost and write the plan to routes and keys. ANNEAL searches; `order` is every visit by key.
    """
    if job == ANNEAL:
        rekey(b, order, costs[0])
        refresh(b)
        return anneal(b, heat, moves, free, shares, best, routes, keys)
    if job == RESTORE:
        restore(b, routes, keys)
    elif job == FILL:
        fill(b, order)
    else:
        for n in range(len(order)):
            place(b, order[n], costs)
    refresh(b)
    keep(b, routes, keys)
    return 0, cost(b)
