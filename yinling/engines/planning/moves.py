"""The moves of the search. Each edits the plan in place and says whether it did so; False may leave edits to undo.

Compiled.
"""

import numpy as np

from yinling.engines.planning.board import LIKING, SKIPPED, TRAVEL, Board, K, T, V
from yinling.engines.planning.compiling import compiled
from yinling.engines.planning.edits import (
    cut,
    drop,
    gate,
    key_of,
    link,
    pick,
    queue_earlier,
    rand,
    remember,
    road,
    set_key,
)


@compiled
def between(b: Board, p: int) -> float:
    """A key between node p's and the next one's; strictly, or the keys have run out of digits and it is one of them."""
    low, high = key_of(b, p), key_of(b, b.node[p].after)
    if low == -np.inf:
        low = min(high, 0.0) - 10.0 if high < np.inf else 0.0
    if high == np.inf:
        high = low + 10.0
    return low + (0.02 + 0.96 * rand(b)) * (high - low)


@compiled
def fits(b: Board, p: int, key: float) -> bool:
    """Does the key stand strictly between p's and the next one's? Two visits of one key could wait for each other."""
    return key_of(b, p) < key < key_of(b, b.node[p].after)


@compiled
def spot(b: Board, i: int, free: float) -> int:
    """A node after which task i could stand: beside one of its neighbours, or anywhere. -1 if none."""
    if rand(b) < free:
        p = b.counts[T] + b.able[i, pick(b, b.node[i].ables)]
        time = b.node[i].opens + rand(b) * (b.node[i].closes - b.node[i].opens)
        while b.node[p].after < b.counts[T] and b.node[b.node[p].after].start < time:
            p = b.node[p].after
        return p
    j = b.near[i, pick(b, b.near.shape[1])]
    k = b.node[j].carer
    if k < 0 or not b.may[i, k]:
        return -1
    return j if rand(b) < 0.5 else b.node[j].before


@compiled
def relocate(b: Board, v: int, free: float) -> bool:
    """Move a visit: one carer's task, or both of a double."""
    visit = b.visit[v]
    i = visit.first
    if b.node[i].ables == 0:
        return False
    if visit.second >= 0:
        return relocate_double(b, v, free)
    p = spot(b, i, free)
    if p < 0 or p == i:
        return False
    is_out = b.node[i].carer < 0
    if not is_out:
        if p == b.node[i].before:
            return False
        cut(b, i)
    key = between(b, p)
    if not fits(b, p, key):
        return False
    if is_out:
        b.sums[SKIPPED] -= visit.skip
    set_key(b, v, key)
    link(b, i, p)
    return True


@compiled
def relocate_pair(b: Board, i: int, free: float) -> bool:
    """Two visits by one, one after the other on a route, move together."""
    j = b.node[i].after
    if b.node[i].carer < 0 or j >= b.counts[T]:
        return False
    vi, vj = b.node[i].visit, b.node[j].visit
    if b.visit[vi].second >= 0 or b.visit[vj].second >= 0:
        return False
    p = spot(b, i, free)
    if p < 0 or p in (i, j) or p == b.node[i].before or not b.may[j, b.node[p].carer]:
        return False
    cut(b, i)
    cut(b, j)
    key = between(b, p)
    if not fits(b, p, key):
        return False
    set_key(b, vi, key)
    link(b, i, p)
    key = between(b, i)
    if not fits(b, i, key):
        return False
    set_key(b, vj, key)
    link(b, j, i)
    return True


@compiled
def relocate_double(b: Board, v: int, free: float) -> bool:
    """Both tasks to a new key: one to a spot of its own, the other, often, stays with its carer."""
    i, j = b.visit[v].first, b.visit[v].second
    if rand(b) < 0.5:
        i, j = j, i
    if b.node[i].ables == 0 or b.node[j].ables == 0:
        return False
    p = step_aside(b, i) if rand(b) < 0.3 and b.node[i].carer >= 0 else spot(b, i, free)
    if p < 0:
        return False
    ki, kj = b.node[p].carer, b.node[j].carer
    if kj < 0 or kj == ki or rand(b) < 0.5:
        kj = b.able[j, pick(b, b.node[j].ables)]
    if ki == kj:
        return False
    is_out = b.node[i].carer < 0
    if not is_out:
        while p in (i, j):
            p = b.node[p].before
        cut(b, i)
        cut(b, j)
    key = between(b, p)
    if not fits(b, p, key):
        return False
    if is_out:
        b.sums[SKIPPED] -= b.visit[v].skip
    set_key(b, v, key)
    link(b, i, p)
    link(b, j, gate(b, kj, key))
    return True


@compiled
def step_aside(b: Board, i: int) -> int:
    """The node after which task i would stand one step earlier or later on its route; -1 if it is there already."""
    p = b.node[i].before if rand(b) < 0.5 else b.node[i].after
    if p >= b.counts[T]:
        return -1
    return b.node[p].before if p == b.node[i].before else p


@compiled
def relocate_half(b: Board, v: int) -> bool:
    """One task of a double to another carer, at the same key; or the two carers change places."""
    i, j = b.visit[v].first, b.visit[v].second
    if b.node[i].carer < 0:
        return False
    if rand(b) < 0.5:
        i, j = j, i
    ki, kj = b.node[i].carer, b.node[j].carer
    if rand(b) < 0.2:
        if not (b.may[i, kj] and b.may[j, ki]):
            return False
        p, q = b.node[i].before, b.node[j].before
        cut(b, i)
        cut(b, j)
        link(b, i, q)
        link(b, j, p)
        return True
    k = b.able[i, pick(b, b.node[i].ables)]
    if k in (ki, kj):
        return False
    cut(b, i)
    link(b, i, gate(b, k, b.visit[v].key))
    return True


@compiled
def swap(b: Board, i: int) -> bool:
    """Two tasks change carers. A single takes the other's place; the task of a double keeps its key."""
    j = b.near[i, pick(b, b.near.shape[1])] if rand(b) < 0.7 else pick(b, b.counts[T])
    ki, kj = b.node[i].carer, b.node[j].carer
    if ki < 0 or kj < 0 or ki == kj or not b.may[i, kj] or not b.may[j, ki]:
        return False
    vi, vj = b.node[i].visit, b.node[j].visit
    if vi == vj or comes_twice(b, i, kj) or comes_twice(b, j, ki):
        return False
    p, q = b.node[i].before, b.node[j].before
    cut(b, i)
    cut(b, j)
    key_i, key_j = between(b, q), between(b, p)
    if not fits(b, q, key_i) or not fits(b, p, key_j):
        return False
    if b.visit[vi].second < 0:
        set_key(b, vi, key_i)
    if b.visit[vj].second < 0:
        set_key(b, vj, key_j)
    link(b, i, q if b.visit[vi].second < 0 else gate(b, kj, b.visit[vi].key))
    link(b, j, p if b.visit[vj].second < 0 else gate(b, ki, b.visit[vj].key))
    return True


@compiled
def comes_twice(b: Board, i: int, k: int) -> bool:
    """Would carer k then do both tasks of a double visit?"""
    visit = b.visit[b.node[i].visit]
    if visit.second < 0:
        return False
    other = visit.second if i == visit.first else visit.first
    return b.node[other].carer == k


@compiled
def swap_tails(b: Board, i: int) -> bool:
    """From a key on, two carers take each other's route."""
    j = b.near[i, pick(b, b.near.shape[1])]
    k, r = b.node[i].carer, b.node[j].carer
    if k < 0 or r < 0 or r == k:
        return False
    p, q = i, b.node[j].before
    if not crossable(b, p, q):
        q = gate(b, r, key_of(b, b.node[p].after) if rand(b) < 0.5 else key_of(b, p))
        if not crossable(b, p, q):
            return False
    x, y = b.node[p].after, b.node[q].after
    if not (may_all(b, x, r) and may_all(b, y, k)):
        return False
    hand_over(b, p, k, r)
    hand_over(b, q, r, k)
    end_k, end_r = b.counts[T] + b.counts[K] + k, b.counts[T] + b.counts[K] + r
    last_x, last_y = b.node[end_k].before, b.node[end_r].before
    remember(b, p)
    remember(b, q)
    remember(b, last_x)
    remember(b, last_y)
    chain(b, q, x, last_x, end_r)
    chain(b, p, y, last_y, end_k)
    come(b, p, k)
    come(b, q, r)
    return True


@compiled
def crossable(b: Board, p: int, q: int) -> bool:
    """May p be followed by what follows q, and q by what follows p? And is there anything to exchange?"""
    x, y = b.node[p].after, b.node[q].after
    if x >= b.counts[T] and y >= b.counts[T]:
        return False
    return key_of(b, p) < key_of(b, y) and key_of(b, q) < key_of(b, x)


@compiled
def chain(b: Board, p: int, x: int, last: int, end: int) -> None:
    """After p come x to last, if that is a route at all, then the end."""
    if x < b.counts[T]:
        b.node[p].after = x
        b.node[x].before = p
        p = last
    b.node[p].after = end
    b.node[end].before = p


@compiled
def may_all(b: Board, i: int, k: int) -> bool:
    while i < b.counts[T]:
        if not b.may[i, k]:
            return False
        i = b.node[i].after
    return True


@compiled
def hand_over(b: Board, p: int, old: int, new: int) -> None:
    """What follows p changes carers; the old one's roads from p on go. The end itself stays."""
    while True:
        i = b.node[p].after
        b.sums[TRAVEL] -= road(b, old, p, i)
        remember(b, i)
        if i >= b.counts[T]:
            return
        b.node[i].carer = new
        b.sums[LIKING] += b.liking[i, new] - b.liking[i, old]
        p = i


@compiled
def come(b: Board, p: int, k: int) -> None:
    """Carer k's roads from p on come; what they change is to be timed."""
    first = True
    while True:
        i = b.node[p].after
        b.sums[TRAVEL] += road(b, k, p, i)
        if first or i >= b.counts[T] or b.carer[k].break_minutes > 0 or b.travel.shape[0] > 1:
            queue_earlier(b, i)
        if i >= b.counts[T]:
            return
        first = False
        p = i


@compiled
def skip(b: Board, v: int) -> bool:
    """Leave out a visit that may be left out."""
    visit = b.visit[v]
    if not visit.may_skip or b.node[visit.first].carer < 0:
        return False
    cut(b, visit.first)
    drop(b, visit.first)
    if visit.second >= 0:
        cut(b, visit.second)
        drop(b, visit.second)
    b.sums[SKIPPED] += visit.skip
    return True


@compiled
def any_move(b: Board, free: float, shares: np.ndarray) -> bool:
    """One move by chance: `shares` are the bounds below which it is a relocation, a swap, half a double, a pair."""
    r = rand(b)
    v = pick(b, b.counts[V])
    if b.visit[v].may_skip and r < 0.02:
        return skip(b, v)
    if b.node[b.visit[v].first].carer < 0 or r < shares[0]:
        return relocate(b, v, free)
    if r < shares[1]:
        return swap(b, pick(b, b.counts[T]))
    if r < shares[2]:
        return relocate_half(b, v) if b.visit[v].second >= 0 else relocate(b, v, free)
    if r < shares[3]:
        return relocate_pair(b, pick(b, b.counts[T]), free)
    return swap_tails(b, pick(b, b.counts[T]))
