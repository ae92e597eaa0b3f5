"""The fewest helpers: what every village lacks at least, then what whole parts lack, then where to place the rest."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import combinations_with_replacement
from math import comb

import numpy as np
from numpy.typing import NDArray

from yinling.engines.planning.pairing.candidates import Arcs, Ints
from yinling.engines.planning.pairing.flow import NOBODY, Flow, Tell

MOST_TRIED = 300  # ways to place the helpers of one part that are all tried, to prove that fewer do not do


@dataclass(frozen=True)
class Helpers:
    """Of each pool: visits short and helpers at least, helpers placed. `least` in all; reach and room of the short."""

    short: Ints
    least_of: Ints
    placed: Ints
    least: int
    elders: Ints
    visitors: Ints
    room: Ints


def fewest_helpers(arcs: Arcs, helper_load: int, tell: Tell | None = None) -> Helpers:
    """Place as few helpers as possible so that every visit finds room."""
    pools = arcs.villages.size
    everybody = np.arange(arcs.needs.size)
    first = _rooms(arcs, arcs.loads, everybody, tell)
    _of_part, who = _parts(arcs, first)
    facts = np.zeros((4, pools), np.int64)
    for pool in np.unique(arcs.pool_of[who]):
        mine = everybody[arcs.pool_of == pool]
        facts[:, pool - (arcs.loads.size - pools)] = _short(arcs, mine)
    least_of = -(-facts[0] // helper_load)
    placed, least = least_of.copy(), int(least_of.sum())
    second = first
    if least:
        second = _rooms(arcs, with_helpers(arcs, placed, helper_load), everybody, tell)
    parts, who = _parts(arcs, second)
    for number in np.unique(parts):
        chosen, proven = _place_part(arcs, placed, helper_load, who[parts == number])
        placed, least = placed + chosen, least + proven
    return Helpers(facts[0], least_of, placed, least, facts[1], facts[2], facts[3])


def with_helpers(arcs: Arcs, helpers: Ints, helper_load: int) -> Ints:
    """Loads of visitors, and of pools with so many helpers each."""
    caps = arcs.loads.copy()
    caps[caps.size - helpers.size :] = helpers * helper_load
    return caps


def _rooms(arcs: Arcs, caps: Ints, elders: Ints, tell: Tell | None = None) -> Flow:
    """As many visits as possible placed. Where there is too little room prices come near `NOBODY` (see `_tight`)."""
    return Flow(arcs, caps).place(elders, NOBODY, tell)


def _tight(flow: Flow) -> NDArray[np.bool_]:
    """Who is full because there is too little room: a price near `NOBODY`, which no sum of costs reaches half-way.

    Searching by cost stays in the neighbourhood; with no costs at all it wanders, and took ten times as long.
    """
    return flow.price > NOBODY // 2


def _cut_out(arcs: Arcs, elders: Ints) -> tuple[Arcs, Ints]:
    """These elders with whoever may visit them, numbered anew, and the numbers those had."""
    mine = np.concatenate([np.arange(arcs.first[e], arcs.first[e + 1]) for e in elders])
    whom, visitor = np.unique(arcs.visitor[mine], return_inverse=True)
    counts = arcs.first[elders + 1] - arcs.first[elders]
    first = np.concatenate([[0], np.cumsum(counts)])
    small = replace(
        arcs, first=first, elder=np.repeat(np.arange(elders.size), counts), visitor=visitor.reshape(-1),
        parts=arcs.parts[mine], unit=arcs.unit[mine], needs=arcs.needs[elders], loads=arcs.loads[whom],
        uneven=arcs.uneven[whom], pool_of=arcs.pool_of[elders],
    )  # fmt: skip
    return small, whom


def _short(arcs: Arcs, elders: Ints) -> tuple[int, int, int, int]:
    """Of some elders alone: visits short; elders, visitors and room of the part that is short."""
    small, whom = _cut_out(arcs, elders)
    flow = _rooms(small, small.loads, np.arange(elders.size))
    if not (missing := int(flow.without.sum())):
        return 0, 0, 0, 0
    full = _tight(flow)
    tight = full & (whom < arcs.loads.size - arcs.villages.size)
    concerned = sum(bool(full[_whom(small, e)].all()) for e in range(elders.size))
    return missing, int(concerned), int(tight.sum()), int(small.loads[tight].sum())


def _whom(arcs: Arcs, elder: int) -> Ints:
    return arcs.visitor[arcs.first[elder] : arcs.first[elder + 1]]


def _parts(arcs: Arcs, flow: Flow) -> tuple[Ints, Ints]:
    """Elders for whom there is too little room, and the number of the part each belongs to. Parts share nobody."""
    calm = np.add.reduceat(~_tight(flow)[arcs.visitor], arcs.first[:-1]) if arcs.needs.size else np.zeros(0)
    who = np.flatnonzero(calm == 0)
    leader = np.arange(arcs.loads.size)
    for e in who:
        whom = _whom(arcs, int(e))
        lead = _lead(leader, int(whom[0]))
        for v in whom[1:]:
            leader[_lead(leader, int(v))] = lead
    parts = np.array([_lead(leader, int(arcs.pool_of[e])) for e in who], np.int64)
    short = {int(p) for p, e in zip(parts, who, strict=True) if flow.without[e]}
    kept = np.array([p in short for p in parts.tolist()], bool)
    return parts[kept], who[kept]


def _lead(leader: Ints, v: int) -> int:
    while leader[v] != v:
        leader[v] = leader[leader[v]]
        v = int(leader[v])
    return v


def _place_part(arcs: Arcs, placed: Ints, helper_load: int, elders: Ints) -> tuple[Ints, int]:
    """Helpers for one part beside those placed, and how few are proven to be needed."""
    small, whom = _cut_out(arcs, elders)

    def missing(more: Ints) -> int:
        caps = with_helpers(arcs, placed + more, helper_load)[whom]
        return int(_rooms(small, caps, np.arange(elders.size)).without.sum())

    offset = arcs.loads.size - arcs.villages.size
    pools, counts = np.unique(arcs.pool_of[elders] - offset, return_counts=True)
    order = [int(p) for p in pools[np.argsort(-counts, kind="stable")]]
    none = np.zeros(arcs.villages.size, np.int64)
    least = -(-missing(none) // helper_load)
    chosen = _one_by_one(order, missing, helper_load, none)
    count = int(chosen.sum())
    while least < count and comb(len(order) + least - 1, least) <= MOST_TRIED:
        for way in combinations_with_replacement(order, least):
            more = np.bincount(np.array(way), minlength=none.size)
            if not missing(more):
                return more, least
        least += 1
    return chosen, least


def _one_by_one(order: list[int], missing: Callable[[Ints], int], helper_load: int, none: Ints) -> Ints:
    """Place one helper after the other where most find room; a village where one is fully used is taken at once."""
    chosen, left = none.copy(), missing(none)
    gains = dict.fromkeys(order, helper_load)
    while left:
        best, at = -1, order[0]
        for pool in sorted(order, key=lambda p: -gains[p]):
            if gains[pool] <= best:
                break
            chosen[pool] += 1
            gains[pool] = left - missing(chosen)
            chosen[pool] -= 1
            if gains[pool] > best:
                best, at = gains[pool], pool
            if best == min(left, helper_load):
                break
        chosen[at] += 1
        left -= best
    return chosen
