"""Where a visit fits best: a quick guess from the neighbours on a route, and a trial of every place. Compiled."""

import numpy as np

from yinling.engines.planning.board import SKIPPED, Board, K, T
from yinling.engines.planning.compiling import compiled
from yinling.engines.planning.edits import begin, cost, cut, drop, gate, key_of, link, rand, road, set_key, settle, undo


@compiled
def rough(b: Board, i: int, k: int, key: float) -> float:
    """What task i would cost carer k at that key, seen from its two neighbours only."""
    p = gate(b, k, key)
    q = b.node[p].after
    node = b.node[i]
    came = b.node[p].leave + road(b, k, p, i)
    start = max(came, node.opens)
    push = max(0.0, start + node.minutes + road(b, k, i, q) - b.node[q].start)
    detour = road(b, k, p, i) + road(b, k, i, q) - road(b, k, p, q)
    over = max(0.0, start + node.minutes - b.carer[k].shift_end)
    return detour + b.liking[i, k] + max(0.0, start - node.closes) + push + over + 0.1 * max(0.0, node.opens - came)


@compiled
def likely_carer(b: Board, i: int, key: float, but: int) -> int:
    """The carer to whom task i comes cheapest by the rough guess; -1 if nobody may."""
    best, least = -1, np.inf
    for n in range(b.node[i].ables):
        k = b.able[i, n]
        if k == but:
            continue
        c = rough(b, i, k, key)
        if c < least:
            best, least = k, c
    return best


@compiled
def fill(b: Board, order: np.ndarray) -> None:
    """Give every visit of the order that nobody makes to the likeliest carers, at the middle of its window."""
    for n in range(len(order)):
        v = order[n]
        i, j = b.visit[v].first, b.visit[v].second
        if b.node[i].carer >= 0:
            continue
        key = 0.5 * (b.node[i].opens + b.node[i].closes) + rand(b) * 0.01
        ki = likely_carer(b, i, key, b.node[i].carer)
        kj = likely_carer(b, j, key, ki) if j >= 0 else -1
        if ki < 0 or (j >= 0 and kj < 0):
            continue
        begin(b)
        put(b, v, i, gate(b, ki, key), j, kj, key)
        settle(b, np.inf)


@compiled
def put(b: Board, v: int, i: int, p: int, j: int, kj: int, key: float) -> None:
    """Visit v, made by nobody: task i after node p, the other, if any, to carer kj."""
    b.sums[SKIPPED] -= b.visit[v].skip
    set_key(b, v, key)
    link(b, i, p)
    if j >= 0:
        link(b, j, gate(b, kj, key))


@compiled
def take_out(b: Board, v: int) -> None:
    """Nobody makes visit v any more."""
    visit = b.visit[v]
    if b.node[visit.first].carer < 0:
        return
    begin(b)
    cut(b, visit.first)
    drop(b, visit.first)
    if visit.second >= 0:
        cut(b, visit.second)
        drop(b, visit.second)
    b.sums[SKIPPED] += visit.skip
    settle(b, np.inf)


@compiled
def middle(b: Board, p: int) -> float:
    """The key halfway between node p's and the next one's."""
    low, high = key_of(b, p), key_of(b, b.node[p].after)
    if low == -np.inf:
        return high - 5.0 if high < np.inf else 0.0
    return low + 5.0 if high == np.inf else 0.5 * (low + high)


@compiled
def place(b: Board, v: int, costs: np.ndarray) -> None:
    """Take visit v out and put it back where the plan costs least.

    `costs[0, k]`: the least cost of the plan with carer k on its first task, `costs[1, k]` on its second; infinite
    where k may not. For a double visit the partner at each place is the likeliest one, not every one.
    """
    take_out(b, v)
    costs[:, :] = np.inf
    nobody = b.node[b.visit[v].first].carer
    least, best_i, best_p, best_k, best_key = np.inf, nobody, nobody, nobody, 0.0
    for half in range(2):
        i, j = b.visit[v].first, b.visit[v].second
        if half == 1:
            i, j = j, i
        if i < 0:
            break
        for n in range(b.node[i].ables):
            k = b.able[i, n]
            p = b.counts[T] + k
            while p < b.counts[T] + b.counts[K]:
                key = middle(b, p)
                kj = likely_carer(b, j, key, k) if j >= 0 else -1
                c = trial(b, v, i, p, j, kj, key, costs[half, k]) if j < 0 or kj >= 0 else np.inf
                costs[half, k] = min(costs[half, k], c)
                if c < least:
                    least, best_i, best_p, best_k, best_key = c, i, p, kj, key
                p = b.node[p].after
    if best_p >= 0:
        begin(b)
        other = b.visit[v].first + b.visit[v].second - best_i if b.visit[v].second >= 0 else -1
        put(b, v, best_i, best_p, other, best_k, best_key)
        settle(b, np.inf)


@compiled
def trial(b: Board, v: int, i: int, p: int, j: int, kj: int, key: float, limit: float) -> float:
    """What the plan would cost with visit v there; infinite if more than the limit. The plan stays as it is."""
    begin(b)
    put(b, v, i, p, j, kj, key)
    c = cost(b) if settle(b, limit) else np.inf
    undo(b)
    return c
