"""One visitor's doors in a sensible order: no times, no windows, only a short way round. Pure; nothing is compiled."""

from collections.abc import Sequence

import numpy as np

MOST_ROUNDS = 50


def in_order(road: np.ndarray, start: int, doors: Sequence[int], first: Sequence[int] = ()) -> list[int]:
    """The doors in the order in which to go. `road[i, j]`: the way between places; `start`: where she sets out.

    Doors in `first` (what is overdue) come before all others. Within each part: the nearest next, then pieces are
    turned round for as long as that shortens the way out (she need not come back to where she started).
    """
    urgent = [door for door in doors if door in set(first)]
    others = [door for door in doors if door not in set(first)]
    begun = _part(road, start, urgent)
    return begun + _part(road, begun[-1] if begun else start, others)


def _part(road: np.ndarray, start: int, doors: Sequence[int]) -> list[int]:
    order: list[int] = []
    waiting, at = list(doors), start
    while waiting:
        at = min(waiting, key=lambda door: (road[at, door], door))
        waiting.remove(at)
        order.append(at)
    for _ in range(MOST_ROUNDS):
        if not _turned(road, start, order):
            break
    return order


def _turned(road: np.ndarray, start: int, order: list[int]) -> bool:
    """Turn the first piece round that shortens the way. Whether there was one."""
    for i in range(len(order) - 1):
        for j in range(i + 1, len(order)):
            tried = order[:i] + order[i : j + 1][::-1] + order[j + 1 :]
            if way(road, start, tried) < way(road, start, order) - 1e-9:
                order[:] = tried
                return True
    return False


def way(road: np.ndarray, start: int, order: Sequence[int]) -> float:
    """How long the way through the doors is."""
    return float(sum(road[a, b] for a, b in zip([start, *order], order, strict=False)))
