"""Solving: the fewest helpers first, then the cheapest assignment with them; cut elders made whole, step by step."""

from dataclasses import replace

import numpy as np

from yinling.engines.planning.pairing import checking
from yinling.engines.planning.pairing.candidates import Arcs, Ints, arcs_of
from yinling.engines.planning.pairing.flow import NOBODY, Flow, Tell
from yinling.engines.planning.pairing.mending import mend
from yinling.engines.planning.pairing.problem import Problem, Solution, Village, refuse_nonsense
from yinling.engines.planning.pairing.shortage import Helpers, fewest_helpers, with_helpers


def solve(problem: Problem, tell: Tell | None = None) -> Solution:
    """Everybody's visitor, the helpers needed, the cost and its bound. The same problem gives the same solution."""
    refuse_nonsense(problem)
    arcs = arcs_of(problem)
    helpers = fewest_helpers(arcs, problem.limits.helper_load, tell)
    whom, relaxed, placed = _assigned(arcs, helpers.placed, problem.limits.helper_load, tell)
    return _judged(problem, _as_solution(problem, arcs, replace(helpers, placed=placed), relaxed, whom))


def _assigned(arcs: Arcs, placed: Ints, helper_load: int, tell: Tell | None) -> tuple[Ints, Flow, Ints]:
    """Each elder's one visitor, the relaxation, and the helpers: a few more where whole elders need it."""
    everybody = np.arange(arcs.needs.size)
    while True:
        caps = with_helpers(arcs, placed, helper_load)
        relaxed = Flow(arcs, caps).place(everybody, NOBODY, tell)
        whom = _made_whole(arcs, caps, relaxed, tell)
        if (arcs.needs != arcs.needs[:1]).any():
            whom = mend(arcs, caps, whom)
        used = _helpers_used(arcs, whom, helper_load)
        if (used <= placed).all():
            return whom, relaxed, placed
        placed = np.maximum(placed, used)


def _made_whole(arcs: Arcs, caps: Ints, flow: Flow, tell: Tell | None) -> Ints:
    """Each elder's one visitor: those who need most are settled first, the others are placed anew around them."""
    whom, base = np.full(arcs.needs.size, -1, np.int64), np.zeros(caps.size, np.int64)
    left = np.arange(arcs.needs.size)
    for need in sorted(set(arcs.needs.tolist()), reverse=True):
        whole = _whole_of(arcs, flow)
        if (whole[left] >= 0).all():
            whom[left] = whole[left]
            return whom
        settled = _settle(arcs, caps, base, flow, left[arcs.needs[left] == need], whole, whom)
        left = np.setdiff1d(left, settled, assume_unique=True)
        flow = Flow(arcs, np.maximum(caps, base), base).place(left, NOBODY, tell)
    return np.where(whom < 0, arcs.pool_of, whom)


def _settle(arcs: Arcs, caps: Ints, base: Ints, flow: Flow, elders: Ints, whole: Ints, whom: Ints) -> Ints:
    """Settle these: first who came out whole, then the others where it is best for them. Returns who is settled."""
    settled = np.concatenate([elders[whole[elders] >= 0], elders[whole[elders] < 0]])
    for e in settled.tolist():
        v = int(whole[e]) if whole[e] >= 0 else _best_room(arcs, caps, base, flow, e)
        whom[e] = v
        base[v] += arcs.needs[e]
    return settled


def _whole_of(arcs: Arcs, flow: Flow) -> Ints:
    """The visitor who makes all visits of an elder; -1 where there are several, or none."""
    whole = np.full(arcs.needs.size, -1, np.int64)
    full = np.flatnonzero(flow.placed == arcs.needs[arcs.elder])
    whole[arcs.elder[full]] = arcs.visitor[full]
    return whole


def _best_room(arcs: Arcs, caps: Ints, base: Ints, flow: Flow, elder: int) -> int:
    """Whoever is best for an elder at today's prices and has room; the village's helpers if nobody has."""
    mine = slice(arcs.first[elder], arcs.first[elder + 1])
    whom = arcs.visitor[mine]
    costs = arcs.unit[mine] + flow.price[whom]
    has_room = base[whom] + arcs.needs[elder] <= caps[whom]
    if not has_room.any():
        return int(arcs.pool_of[elder])
    return int(whom[np.argmin(np.where(has_room, costs, np.iinfo(np.int64).max))])


def _helpers_used(arcs: Arcs, whom: Ints, helper_load: int) -> Ints:
    """How many helpers of each village carry those who were given to them."""
    offset = arcs.loads.size - arcs.villages.size
    visits: dict[int, list[int]] = {}
    for e in np.flatnonzero(whom >= offset).tolist():
        visits.setdefault(int(whom[e]) - offset, []).append(int(arcs.needs[e]))
    used = np.zeros(arcs.villages.size, np.int64)
    for pool, needs in visits.items():
        used[pool] = checking.bins(needs, helper_load)
    return used


def _as_solution(problem: Problem, arcs: Arcs, helpers: Helpers, relaxed: Flow, whom: Ints) -> Solution:
    known = len(problem.visitors)
    pairs = {e.key: problem.visitors[v].key for e, v in zip(problem.elders, whom.tolist(), strict=True) if v < known}
    helped = {e.key: e.village for e in problem.elders if e.key not in pairs}
    facts = (helpers.short, helpers.least_of, helpers.placed, helpers.elders, helpers.visitors, helpers.room)
    villages = [Village(*(int(one) for one in row)) for row in zip(arcs.villages, *facts, strict=True)]
    prices = {v.key: int(relaxed.price[n]) for n, v in enumerate(problem.visitors)}
    of_pools = {int(village): int(relaxed.price[known + n]) for n, village in enumerate(arcs.villages)}
    needed = [one for one in villages if one.helpers or one.visits_short]
    return Solution(pairs, helped, needed, helpers.least, 0, 0, {}, prices, of_pools, arcs.scale)


def _judged(problem: Problem, solution: Solution) -> Solution:
    """With the judge's own figures; a solution that breaks a rule is a mistake of ours and goes nowhere."""
    if faults := checking.faults_of(problem, solution):
        raise AssertionError("; ".join(faults[:3]))
    parts = checking.parts_of(problem, solution)
    return replace(solution, parts=parts, cost=sum(parts.values()), bound=checking.bound(problem, solution))
