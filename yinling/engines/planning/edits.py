"""The few edits from which every move is made, and what undoes them. Compiled.

Every visit has a key; every route is in order of key; both tasks of a double visit have one key. So no two routes can
wait for each other, whatever is moved where. `settle` times again, in order of key, what an edit has touched.
"""

import numpy as np

from yinling.engines.planning.board import (
    EARLIER,
    ENDING,
    HOLDER,
    LATE,
    LATEST,
    LIKING,
    LOGGED,
    OVERTIME,
    SHRUNK,
    TRAVEL,
    WAITING,
    Board,
    K,
    T,
    V,
)
from yinling.engines.planning.compiling import compiled

CHAIN, TIME, KEY = 0, 1, 2


@compiled
def rand(b: Board) -> float:
    """A number from 0 to 1 (xoroshiro128+)."""
    x, y = b.random[0], b.random[1]
    result = x + y
    y ^= x
    b.random[0] = ((x << np.uint64(24)) | (x >> np.uint64(40))) ^ y ^ (y << np.uint64(16))
    b.random[1] = (y << np.uint64(37)) | (y >> np.uint64(27))
    return (result >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@compiled
def pick(b: Board, n: int) -> int:
    return int(rand(b) * n)


@compiled
def key_of(b: Board, i: int) -> float:
    return b.visit[b.node[i].visit].key


@compiled
def road(b: Board, k: int, i: int, j: int) -> float:
    return b.travel[b.carer[k].mode, b.node[i].place, b.node[j].place]


@compiled
def begin(b: Board) -> None:
    for n in range(6):
        b.kept[n] = b.sums[n]
    b.kept[6] = b.counts[HOLDER]
    b.counts[LOGGED] = 0
    b.counts[SHRUNK] = 0


@compiled
def remember(b: Board, i: int) -> None:
    n = b.counts[LOGGED]
    line, node = b.log[n], b.node[i]
    line.kind, line.index, line.a, line.b, line.c = CHAIN, i, node.before, node.after, node.carer
    b.counts[LOGGED] = n + 1


@compiled
def undo(b: Board) -> None:
    for n in range(b.counts[LOGGED] - 1, -1, -1):
        line = b.log[n]
        if line.kind == TIME:
            b.node[line.index].start = line.x
            b.node[line.index].leave = line.y
        elif line.kind == CHAIN:
            node = b.node[line.index]
            node.before, node.after, node.carer = line.a, line.b, line.c
        else:
            b.visit[line.index].key = line.x
    for n in range(6):
        b.sums[n] = b.kept[n]
    b.counts[HOLDER] = int(b.kept[6])
    forget(b)


@compiled
def forget(b: Board) -> None:
    """What still waits to be timed is as it was."""
    for n in range(b.counts[WAITING]):
        b.visit[b.heap[n]].queued = 0
    for n in range(b.counts[ENDING]):
        b.carer[b.ends[n]].ended = 0
    b.counts[WAITING] = b.counts[ENDING] = b.counts[EARLIER] = 0


@compiled
def queue(b: Board, i: int) -> None:
    """Node i is to be timed again."""
    v = b.node[i].visit
    if v > b.counts[V]:
        k = b.node[i].carer
        if not b.carer[k].ended:
            b.carer[k].ended = 1
            b.ends[b.counts[ENDING]] = k
            b.counts[ENDING] += 1
        return
    if b.visit[v].queued:
        return
    b.visit[v].queued = 1
    n = b.counts[WAITING]
    b.counts[WAITING] = n + 1
    key = b.visit[v].key
    while n > 0:
        up = (n - 1) >> 1
        if b.visit[b.heap[up]].key <= key:
            break
        b.heap[n] = b.heap[up]
        n = up
    b.heap[n] = v


@compiled
def queue_earlier(b: Board, i: int) -> None:
    """Node i is to be timed again and may come out earlier than it was."""
    queue(b, i)
    visit = b.visit[b.node[i].visit]
    if visit.queued == 1:
        visit.queued = 2
        b.counts[EARLIER] += 1


@compiled
def pop(b: Board) -> int:
    top = b.heap[0]
    n = b.counts[WAITING] - 1
    b.counts[WAITING] = n
    last = b.heap[n]
    key = b.visit[last].key
    at = 0
    while True:
        low = 2 * at + 1
        if low >= n:
            break
        if low + 1 < n and b.visit[b.heap[low + 1]].key < b.visit[b.heap[low]].key:
            low += 1
        if b.visit[b.heap[low]].key >= key:
            break
        b.heap[at] = b.heap[low]
        at = low
    b.heap[at] = last
    if b.visit[top].queued == 2:
        b.counts[EARLIER] -= 1
    b.visit[top].queued = 0
    return top


@compiled
def cut(b: Board, i: int) -> None:
    """Take task i out of its route."""
    node = b.node[i]
    p, q, k = node.before, node.after, node.carer
    remember(b, p)
    remember(b, i)
    remember(b, q)
    b.node[p].after = q
    b.node[q].before = p
    node.carer = -1
    b.sums[TRAVEL] += road(b, k, p, q) - road(b, k, p, i) - road(b, k, i, q)
    b.sums[LIKING] -= b.liking[i, k]
    queue_earlier(b, q)


@compiled
def link(b: Board, i: int, p: int) -> None:
    """Put task i after node p."""
    node = b.node[i]
    q, k = b.node[p].after, b.node[p].carer
    remember(b, p)
    remember(b, i)
    remember(b, q)
    b.node[p].after = i
    b.node[q].before = i
    node.before, node.after, node.carer = p, q, k
    b.sums[TRAVEL] += road(b, k, p, i) + road(b, k, i, q) - road(b, k, p, q)
    b.sums[LIKING] += b.liking[i, k]
    queue_earlier(b, i)
    queue(b, q)


@compiled
def set_key(b: Board, v: int, key: float) -> None:
    n = b.counts[LOGGED]
    line = b.log[n]
    line.kind, line.index, line.x = KEY, v, b.visit[v].key
    b.counts[LOGGED] = n + 1
    b.visit[v].key = key


@compiled
def set_times(b: Board, i: int, start: float, leave: float) -> None:
    n = b.counts[LOGGED]
    line, node = b.log[n], b.node[i]
    line.kind, line.index, line.x, line.y = TIME, i, node.start, node.leave
    b.counts[LOGGED] = n + 1
    node.start, node.leave = start, leave


@compiled
def gate(b: Board, k: int, key: float) -> int:
    """The last node of carer k's route with a smaller key."""
    i = b.node[b.counts[T] + b.counts[K] + k].before
    while key_of(b, i) >= key:
        i = b.node[i].before
    return i


@compiled
def arrival(b: Board, i: int) -> float:
    node = b.node[i]
    return b.node[node.before].leave + road(b, node.carer, node.before, i)


@compiled
def retime(b: Board, i: int, start: float) -> None:
    """Task i starts then: its lateness, and what follows if anything changed."""
    node = b.node[i]
    carer = b.carer[node.carer]
    leave = start + node.minutes
    if carer.break_minutes > 0 and leave >= carer.break_from:
        prior = b.node[node.before]
        if prior.start + prior.minutes < carer.break_from:
            leave += carer.break_minutes
    if start == node.start and leave == node.leave:
        return
    late, was = max(0.0, start - node.closes), max(0.0, node.start - node.closes)
    if late != was:
        b.sums[LATE] += node.late_weight * (late - was)
        note_latest(b, i, late, was)
    if leave != node.leave:
        if leave < node.leave:
            queue_earlier(b, node.after)
        else:
            queue(b, node.after)
    set_times(b, i, start, leave)


@compiled
def note_latest(b: Board, i: int, late: float, was: float) -> None:
    if late < was and b.counts[HOLDER] == i:
        b.counts[SHRUNK] = 1
        b.sums[LATEST] = late
    if late > b.sums[LATEST]:
        b.sums[LATEST] = late
        b.counts[HOLDER] = i


@compiled
def drop(b: Board, i: int) -> None:
    """Task i, cut out, is done by nobody: its lateness goes."""
    node = b.node[i]
    was = max(0.0, node.start - node.closes)
    if was > 0:
        b.sums[LATE] -= node.late_weight * was
        note_latest(b, i, 0.0, was)
    set_times(b, i, node.opens, node.opens)


@compiled
def settle_visit(b: Board, v: int) -> None:
    """The earliest times of a visit's tasks; the first of a double waits so that the gap does not grow too wide."""
    visit = b.visit[v]
    i, j = visit.first, visit.second
    s = max(b.node[i].opens, arrival(b, i))
    if j < 0:
        retime(b, i, s)
        return
    t = max(b.node[j].opens, max(arrival(b, j), s + visit.gap_min))
    retime(b, i, max(s, t - visit.gap_max))
    retime(b, j, t)


@compiled
def settle_ends(b: Board) -> None:
    for n in range(b.counts[ENDING]):
        k = b.ends[n]
        b.carer[k].ended = 0
        e = b.counts[T] + b.counts[K] + k
        back, was = arrival(b, e), b.node[e].start
        if back != was:
            b.sums[OVERTIME] += max(0.0, back - b.carer[k].shift_end) - max(0.0, was - b.carer[k].shift_end)
            set_times(b, e, back, back)
    b.counts[ENDING] = 0


@compiled
def find_latest(b: Board) -> None:
    worst, holder = 0.0, -1
    for i in range(b.counts[T]):
        late = b.node[i].start - b.node[i].closes
        if late > worst:
            worst, holder = late, i
    b.sums[LATEST] = worst
    b.counts[HOLDER] = holder
    b.counts[SHRUNK] = 0


@compiled
def cost(b: Board) -> float:
    total = 0.0
    for n in range(6):
        total += b.weights[n] * b.sums[n]
    return total


@compiled
def settle(b: Board, limit: float) -> bool:
    """Time everything that waits; True if the cost stays at or below the limit."""
    while b.counts[WAITING] > 0:
        settle_visit(b, pop(b))
        # once nothing can come out earlier the cost can only grow
        if b.counts[EARLIER] == 0 and cost(b) - b.weights[OVERTIME] * b.sums[OVERTIME] > limit:
            return False
    settle_ends(b)
    if cost(b) > limit:  # with the largest tardiness known so far, a lower bound
        return False
    if b.counts[SHRUNK]:
        find_latest(b)
        return cost(b) <= limit
    return True
