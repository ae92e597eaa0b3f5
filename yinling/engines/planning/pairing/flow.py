"""Successive shortest paths with prices, compiled: one visit after the other finds the cheapest room.

A visit looks for the cheapest way to a visitor with room; the way may send visits that were placed before elsewhere.
The search goes from visitor to visitor in order of distance and stops at the first room no farther than the next
visitor, so it stays in the neighbourhood as long as there is room. What finds no room under `nobody` points stays
without a visitor. Prices of visitors only rise; what is not reached is not touched.
"""

# mypy: allow-untyped-defs, allow-untyped-calls
# The compiled parts take columns of numbers; their names say what they hold.

from collections.abc import Callable

import numpy as np

from yinling.engines.planning.compiling import compiled, entry
from yinling.engines.planning.pairing.candidates import Arcs, Ints

FAR = np.int64(1) << 60
NOBODY = 1 << 40  # points that no chain of pairs costs: having nobody is the last resort
Tell = Callable[[int, int], None]  # so many elders of so many; may raise to stop
BATCH = 500


class Flow:
    """Visits placed on arcs, with the prices that prove it cheapest. `caps`: visits of each visitor or pool at most."""

    def __init__(self, arcs: Arcs, caps: Ints, base: Ints | None = None) -> None:
        visitors = caps.size
        self.arcs, self.caps = arcs, caps
        self.uneven = arcs.uneven * arcs.scale
        self.load = np.zeros(visitors, np.int64) if base is None else base.copy()
        self.placed = np.zeros(arcs.elder.size, np.int64)
        self.price = np.zeros(visitors, np.int64)
        self.without = np.zeros(arcs.needs.size, np.int64)
        self._room = np.concatenate([[0], np.cumsum(np.maximum(caps, 0))])
        self._held, self._holds = np.zeros(int(self._room[-1]), np.int64), np.zeros(visitors, np.int64)
        self._far, self._from = np.full(visitors, FAR), np.zeros(visitors, np.int64)
        self._heap, self._where = np.zeros(visitors + 1, np.int64), np.full(visitors, -1, np.int64)
        self._seen, self._back = np.zeros(arcs.needs.size, np.bool_), np.zeros(arcs.needs.size, np.int64)
        self._touched, self._met = np.zeros(visitors, np.int64), np.zeros(arcs.needs.size, np.int64)

    def place(self, elders: Ints, nobody: int, tell: Tell | None = None) -> "Flow":
        """Find room for every visit of these elders."""
        for begin in range(0, elders.size, BATCH):
            if tell is not None:
                tell(begin, elders.size)
            _place(
                elders[begin : begin + BATCH], nobody, self.arcs.first, self.arcs.elder, self.arcs.visitor,
                self.arcs.unit, self.arcs.needs, self.caps, self.arcs.loads, self.uneven, self.load, self.placed,
                self.price, self.without, self._room, self._held, self._holds, self._far, self._from, self._heap,
                self._where, self._seen, self._back, self._touched, self._met,
            )  # fmt: skip
        return self


@compiled
def _rise(load, full, uneven):
    """What the next visit of a visitor costs for evenness: beyond half of her load, beyond three quarters twice."""
    return uneven * ((2 * (load + 1) > full) + (4 * (load + 1) > 3 * full))


@compiled
def _sift(heap, where, far, place):
    v = heap[place]
    while place > 1:
        above = heap[place >> 1]
        if far[above] < far[v] or (far[above] == far[v] and above < v):
            break
        heap[place], where[above] = above, place
        place >>= 1
    heap[place], where[v] = v, place


@compiled
def _pop(heap, where, far, size):
    """Take the nearest; the heap has one less."""
    top, v = heap[1], heap[size]
    where[top] = -2
    size -= 1
    place = 1
    while 2 * place <= size:
        below = 2 * place
        if below < size:
            a, b = heap[below], heap[below + 1]
            if far[b] < far[a] or (far[b] == far[a] and b < a):
                below += 1
        c = heap[below]
        if far[v] < far[c] or (far[v] == far[c] and v < c):
            break
        heap[place], where[c] = c, place
        place = below
    if size:
        heap[place], where[v] = v, place
    return top


@compiled
def _spread(e, off, first, arc_v, unit, price, far, come, heap, where, size, touched, met):
    """From an elder at `off` to all who may visit her. Returns the size of the heap and how many are touched."""
    for a in range(first[e], first[e + 1]):
        v = arc_v[a]
        if where[v] == -2:
            continue
        way = off + unit[a] + price[v]
        if way >= far[v]:
            continue
        far[v], come[v] = way, a
        if where[v] == -1:
            touched[met] = v
            met += 1
            size += 1
            heap[size], where[v] = v, size
        _sift(heap, where, far, where[v])
    return size, met


@compiled
def _hold(v, a, placed, room, held, holds):
    if placed[a] == 0:
        held[room[v] + holds[v]] = a
        holds[v] += 1
    placed[a] += 1


@compiled
def _release(v, a, placed, room, held, holds):
    placed[a] -= 1
    if placed[a] == 0:
        for i in range(room[v], room[v] + holds[v]):
            if held[i] == a:
                holds[v] -= 1
                held[i] = held[room[v] + holds[v]]
                break


@entry
def _place(  # noqa: C901
           elders, nobody, first, arc_e, arc_v, unit, needs, caps, full, uneven, load, placed, price, without,
           room, held, holds, far, come, heap, where, seen, back, touched, met_elders):  # fmt: skip
    for start in elders:
        for _visit in range(needs[start]):
            best, end, alone = nobody, -1, start
            seen[start] = True
            met_elders[0], known = start, 1
            size, met = _spread(start, 0, first, arc_v, unit, price, far, come, heap, where, 0, touched, 0)
            while size and far[heap[1]] < best:
                v = _pop(heap, where, far, size)
                size -= 1
                if load[v] < caps[v]:
                    way = far[v] + _rise(load[v], full[v], uneven[v]) - price[v]
                    if way < best:
                        best, end, alone = way, v, -1
                for i in range(room[v], room[v] + holds[v]):
                    b = held[i]
                    e = arc_e[b]
                    if seen[e]:
                        continue
                    seen[e], back[e] = True, b
                    met_elders[known] = e
                    known += 1
                    off = far[v] - unit[b] - price[v]
                    if off + nobody < best:
                        best, end, alone = off + nobody, -1, e
                    size, met = _spread(
                        e, off, first, arc_v, unit, price, far, come, heap, where, size, touched, met
                    )  # fmt: skip
            if end >= 0:
                load[end] += 1
            else:
                without[alone] += 1
            v, e = end, alone
            while True:
                if v >= 0:
                    _hold(v, come[v], placed, room, held, holds)
                    e = arc_e[come[v]]
                if e == start:
                    break
                v = arc_v[back[e]]
                _release(v, back[e], placed, room, held, holds)
            for i in range(met):
                v = touched[i]
                if where[v] == -2 and far[v] < best:
                    price[v] += best - far[v]
                far[v], where[v] = FAR, -1
            for i in range(known):
                seen[met_elders[i]] = False
