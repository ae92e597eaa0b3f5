"""The judge: says what is wrong with a solution, what it costs and what no solution can cost less than.

Written apart from the search: it reads the problem's own values, pair by pair, and none of the search's columns.
"""

from collections import defaultdict
from collections.abc import Iterator
from math import sqrt

from yinling.engines.planning.pairing.problem import PARTS, Elder, Limits, Problem, Solution, Visitor, Weights

Words = list[str]


def way_m(elder: Elder, visitor: Visitor, limits: Limits) -> int:
    """Metres on foot between two doors."""
    if elder.x_m is None or elder.y_m is None or visitor.x_m is None or visitor.y_m is None:
        return limits.home_m
    return int(sqrt((elder.x_m - visitor.x_m) ** 2 + (elder.y_m - visitor.y_m) ** 2) * limits.detour / 100)


def why_not(elder: Elder, visitor: Visitor, limits: Limits) -> str | None:
    """What forbids a pair: household, forbidden, village, distance; None when nothing does."""
    if elder.household and elder.household == visitor.household:
        return "household"
    if visitor.key in elder.forbidden:
        return "forbidden"
    if elder.village == visitor.village:
        return None
    if elder.x_m is None or visitor.x_m is None:
        return "village"
    return "distance" if way_m(elder, visitor, limits) > limits.most_m * visitor.reach // 100 else None


def parts_of_pair(elder: Elder, visitor: Visitor, weights: Weights, limits: Limits) -> dict[str, int]:
    """What a pair costs in a month, by name."""
    strange = bool(elder.speaks) and elder.speaks.isdisjoint(visitor.speaks)
    return {
        "distance": weights.distance * elder.visits * way_m(elder, visitor, limits) // 1000,
        "language": weights.language * elder.visits if strange else 0,
        "sex": weights.sex if elder.sex and elder.sex != visitor.sex else 0,
        "skill": weights.skill * elder.visits * len(elder.skills - visitor.skills),
        "change": weights.change if elder.visitor and elder.visitor != visitor.key else 0,
        "helper": 0,
    }


def parts_of_helper(elder: Elder, weights: Weights, limits: Limits) -> dict[str, int]:
    """What a helper of the elder's village costs: she is chosen to suit."""
    parts = dict.fromkeys(PARTS, 0)
    parts["distance"] = weights.distance * elder.visits * limits.home_m // 1000
    return parts | {"change": weights.change if elder.visitor else 0, "helper": weights.helper * elder.visits}


def unevenness(visits: int, load: int, weights: Weights) -> int:
    """What so many visits of one visitor cost for evenness."""
    return sum(one_more(k, load, weights) for k in range(1, visits + 1))


def one_more(visit: int, load: int, weights: Weights) -> int:
    """What a visitor's n-th visit costs for evenness: beyond half of her load, beyond three quarters twice."""
    return weights.uneven * ((2 * visit > load) + (4 * visit > 3 * load))


def faults_of(problem: Problem, solution: Solution) -> Words:
    """What is wrong, as sentences for engineers; nothing when the solution keeps every rule."""
    elders = {e.key: e for e in problem.elders}
    visitors = {v.key: v for v in problem.visitors}
    found = [f"{key} has nobody" for key in elders if key not in solution.pairs and key not in solution.helped]
    found += [f"{key} has two" for key in solution.pairs if key in solution.helped]
    visits: dict[str, int] = defaultdict(int)
    for key, whom in solution.pairs.items():
        visits[whom] += elders[key].visits
        if reason := why_not(elders[key], visitors[whom], problem.limits):
            found.append(f"{key} cannot be visited by {whom}: {reason}")
    found += [f"{key} makes {n} of {visitors[key].load}" for key, n in visits.items() if n > visitors[key].load]
    return found + list(_faults_of_helpers(problem, solution, elders))


def _faults_of_helpers(problem: Problem, solution: Solution, elders: dict[str, Elder]) -> Iterator[str]:
    served: dict[int, list[int]] = defaultdict(list)
    for key, village in solution.helped.items():
        served[village].append(elders[key].visits)
        if elders[key].village != village:
            yield f"{key} does not live in {village}"
    helpers = {one.village: one.helpers for one in solution.villages}
    for village, visits in served.items():
        if (needed := bins(visits, problem.limits.helper_load)) > helpers.get(village, 0):
            yield f"{village} needs {needed} helpers and has {helpers.get(village, 0)}"
    for one in solution.villages:
        if one.helpers < one.least_helpers:
            yield f"{one.village} has fewer helpers than are needed at least"


def bins(visits: list[int], room: int) -> int:
    """How many helpers carry these elders, the most visited first, each where there is room."""
    left: list[int] = []
    for need in sorted(visits, reverse=True):
        for n, space in enumerate(left):
            if space >= need:
                left[n] -= need
                break
        else:
            left.append(room - need)
    return len(left)


def parts_of(problem: Problem, solution: Solution) -> dict[str, int]:
    """What a solution costs, by name."""
    visitors = {v.key: v for v in problem.visitors}
    parts = dict.fromkeys([*PARTS, "uneven"], 0)
    visits: dict[str, int] = defaultdict(int)
    for elder in problem.elders:
        whom = solution.pairs.get(elder.key)
        if whom is None:
            of_pair = parts_of_helper(elder, problem.weights, problem.limits)
        else:
            of_pair = parts_of_pair(elder, visitors[whom], problem.weights, problem.limits)
            visits[whom] += elder.visits
        for name, points in of_pair.items():
            parts[name] += points
    for key, made in visits.items():
        parts["uneven"] += unevenness(made, visitors[key].load, problem.weights)
    return parts


def bound(problem: Problem, solution: Solution) -> int:
    """Points that no assignment with the same helpers can cost less than, from the prices alone.

    Any prices give a true bound (weak duality); those of the optimum give the best one. Counted in 1 / `scale` points.
    """
    scale, weights = solution.scale, problem.weights
    prices = {v.key: max(solution.prices.get(v.key, 0), 0) for v in problem.visitors}
    total = sum(_of_elder(elder, problem, near, solution, prices) for elder, near in _near(problem))
    for visitor in problem.visitors:
        cheapest = so_far = 0
        for k in range(1, visitor.load + 1):
            so_far += scale * one_more(k, visitor.load, weights) - prices[visitor.key]
            cheapest = min(cheapest, so_far)
        total += cheapest
    for one in solution.villages:
        total -= max(solution.helper_prices.get(one.village, 0), 0) * one.helpers * problem.limits.helper_load
    return -(-total // scale)


def _of_elder(elder: Elder, problem: Problem, near: list[Visitor], solution: Solution, prices: dict[str, int]) -> int:
    weights, limits, scale = problem.weights, problem.limits, solution.scale
    price = max(solution.helper_prices.get(elder.village, 0), 0)
    best = scale * sum(parts_of_helper(elder, weights, limits).values()) + elder.visits * price
    for visitor in near:
        if why_not(elder, visitor, limits) is None:
            points = sum(parts_of_pair(elder, visitor, weights, limits).values())
            best = min(best, scale * points + elder.visits * prices[visitor.key])
    return best


def _near(problem: Problem) -> Iterator[tuple[Elder, list[Visitor]]]:
    """Each elder with all visitors that might be near enough, by squares as wide as the longest way."""
    reach = max((problem.limits.most_m * v.reach // 100 for v in problem.visitors), default=0)
    wide = reach * 100 // problem.limits.detour + 2
    squares: dict[tuple[int, int], list[Visitor]] = defaultdict(list)
    of_village: dict[int, list[Visitor]] = defaultdict(list)
    for visitor in problem.visitors:
        of_village[visitor.village].append(visitor)
        if visitor.x_m is not None and visitor.y_m is not None:
            squares[int(visitor.x_m // wide), int(visitor.y_m // wide)].append(visitor)
    for elder in problem.elders:
        near = list(of_village[elder.village])
        if elder.x_m is not None and elder.y_m is not None:
            x, y = int(elder.x_m // wide), int(elder.y_m // wide)
            around = [squares.get((x + i, y + j), []) for i in (-1, 0, 1) for j in (-1, 0, 1)]
            near += [one for square in around for one in square if one.village != elder.village]
        yield elder, near
