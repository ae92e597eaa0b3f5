"""Mending a whole assignment, compiled: one elder goes elsewhere, two change places, or one makes room for another.

Used where elders need different numbers of visits, after those who came out cut were settled. Elders in order, visitors
in order, a gain is taken when it is found, until nothing gains or `PASSES` is reached.
"""

# mypy: allow-untyped-defs, allow-untyped-calls
# The compiled parts take columns of numbers; their names say what they hold.

import numpy as np

from yinling.engines.planning.compiling import compiled, entry
from yinling.engines.planning.pairing.candidates import Arcs, Ints

OVER = 1 << 20  # points for a visit beyond the room of a village's helpers
PASSES = 6


def mend(arcs: Arcs, caps: Ints, whom: Ints) -> Ints:
    """A better assignment, or the same. Only helpers may have more visits than room in `whom`."""
    pools_from = caps.size - arcs.villages.size
    load = np.bincount(whom, arcs.needs, caps.size).astype(np.int64)
    arc_at = np.zeros(whom.size, np.int64)
    here = np.flatnonzero(arcs.visitor == whom[arcs.elder])
    arc_at[arcs.elder[here]] = here
    most = caps + 1
    most[pools_from:] = np.bincount(arcs.pool_of - pools_from, minlength=arcs.villages.size) + 1
    room = np.concatenate([[0], np.cumsum(most)])
    held, holds = np.zeros(int(room[-1]), np.int64), np.zeros(caps.size, np.int64)
    cost = arcs.parts.sum(axis=1)
    _fill(whom, room, held, holds)
    for _number in range(PASSES):
        if not _mend(arcs.first, arcs.visitor, cost, arcs.needs, caps, arcs.loads, arcs.uneven, pools_from, arc_at,
                     load, room, held, holds):  # fmt: skip
            break
    return arcs.visitor[arc_at]


@entry
def _fill(whom, room, held, holds):
    for e in range(whom.size):
        v = whom[e]
        held[room[v] + holds[v]] = e
        holds[v] += 1


@compiled
def _burden(v, visits, caps, full, uneven, pools_from):
    """What so many visits cost for evenness, and those beyond the room of a village's helpers."""
    if v >= pools_from:
        return OVER * max(0, visits - caps[v])
    return uneven[v] * (max(0, visits - full[v] // 2) + max(0, visits - 3 * full[v] // 4))


@compiled
def _more(v, visits, load, caps, full, uneven, pools_from):
    """What it costs when a visitor makes so many visits more, or fewer."""
    now = _burden(v, load[v], caps, full, uneven, pools_from)
    return _burden(v, load[v] + visits, caps, full, uneven, pools_from) - now


@compiled
def _go(e, a, visitor, needs, arc_at, load, room, held, holds):
    v, w = visitor[arc_at[e]], visitor[a]
    for i in range(room[v], room[v] + holds[v]):
        if held[i] == e:
            holds[v] -= 1
            held[i] = held[room[v] + holds[v]]
            break
    held[room[w] + holds[w]] = e
    holds[w] += 1
    load[v] -= needs[e]
    load[w] += needs[e]
    arc_at[e] = a


@compiled
def _other(e, a, f, first, visitor, cost, needs, caps, full, uneven, pools_from, arc_at, load):
    """When `e` takes the arc `a`, the best arc for `f`, who is there now: with a gain for all together, or -1."""
    v, w, n, m = visitor[arc_at[e]], visitor[a], needs[e], needs[f]
    own = cost[a] - cost[arc_at[e]] + _more(w, n - m, load, caps, full, uneven, pools_from) - cost[arc_at[f]]
    left = _more(v, -n, load, caps, full, uneven, pools_from)
    best, to = 0, -1
    if own + left >= 0:
        return to
    for b in range(first[f], first[f + 1]):
        u = visitor[b]
        if u == w or own + left + cost[b] >= best:
            continue
        if u == v:
            if load[v] - n + m > caps[v]:
                continue
            change = own + cost[b] + _more(v, m - n, load, caps, full, uneven, pools_from)
        else:
            if load[u] + m > caps[u]:
                continue
            change = own + cost[b] + left + _more(u, m, load, caps, full, uneven, pools_from)
        if change < best:
            best, to = change, b
    return to


@entry
def _mend(first, visitor, cost, needs, caps, full, uneven, pools_from, arc_at, load, room, held, holds):
    gained = False
    for e in range(needs.size):
        for a in range(first[e], first[e + 1]):
            v, w, n = visitor[arc_at[e]], visitor[a], needs[e]
            if v == w:
                continue
            own = cost[a] - cost[arc_at[e]]
            if load[w] + n <= caps[w]:
                change = own + _more(v, -n, load, caps, full, uneven, pools_from)
                if change + _more(w, n, load, caps, full, uneven, pools_from) < 0:
                    _go(e, a, visitor, needs, arc_at, load, room, held, holds)
                    gained = True
                    continue
            for i in range(room[w], room[w] + holds[w]):
                f = held[i]
                if load[w] + n - needs[f] > caps[w]:
                    continue
                to = _other(e, a, f, first, visitor, cost, needs, caps, full, uneven, pools_from, arc_at, load)
                if to >= 0:
                    _go(f, to, visitor, needs, arc_at, load, room, held, holds)
                    _go(e, a, visitor, needs, arc_at, load, room, held, holds)
                    gained = True
                    break
    return gained
