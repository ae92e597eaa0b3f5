"""Who may visit whom and at what cost, for the whole problem at once: arcs as columns, compiled.

Visitors lie in a grid whose cells are as wide as the longest way, so nine cells hold all who can reach an elder. After
the visitors stand *pools*, one for each village with elders: the helpers of that village, none at first.
"""

# mypy: allow-untyped-defs, allow-untyped-calls
# The compiled parts take columns of numbers; their names say what they hold.

from dataclasses import dataclass
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yinling.engines.planning.compiling import entry
from yinling.engines.planning.pairing.problem import PARTS, Elder, Problem, Visitor

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Arcs:
    """Elder e's arcs are `first[e]` to `first[e + 1]`. Visitor numbers from `len(visitors)` on are pools."""

    first: Ints
    elder: Ints
    visitor: Ints
    parts: Ints  # arcs x PARTS, points of the pair
    unit: Ints  # points of one visit, times `scale`
    needs: Ints  # visits of each elder
    loads: Ints  # visits of each visitor at most; pools have 0
    uneven: Ints  # weight of uneven loads; pools have 0
    villages: Ints  # of the pools, in order
    pool_of: Ints  # of each elder: the number of the pool
    scale: int


@entry
def _reach(  # noqa: C901
           fill, near, at, home, house, tongue, e_sex, want, now, visits, ban_first, ban, v_at, v_home, v_house,
           v_tongue, v_sex, v_skill, most, by_cell, cell_keys, cell_first, by_village, village_first, columns, cell, w,
           detour, home_m, who, whom, parts):  # fmt: skip
    """Count each elder's arcs into `near`, or with `fill` write them from `near` on."""
    for e in range(near.size - 1):
        n = near[e] if fill else 0
        for block in range(10):
            if block == 0:
                begin, end = village_first[home[e]], village_first[home[e] + 1]
            elif np.isnan(at[e, 0]):
                break
            else:
                key = (int(at[e, 0] // cell) + (block - 1) % 3 - 1) * columns
                key += int(at[e, 1] // cell) + (block - 1) // 3 - 1
                place = np.searchsorted(cell_keys, key)
                if place >= cell_keys.size or cell_keys[place] != key:
                    continue
                begin, end = cell_first[place], cell_first[place + 1]
            for i in range(begin, end):
                v = by_village[i] if block == 0 else by_cell[i]
                if block > 0 and v_home[v] == home[e]:
                    continue
                if house[e] >= 0 and house[e] == v_house[v]:
                    continue
                banned = False
                for b in range(ban_first[e], ban_first[e + 1]):
                    banned = banned or ban[b] == v
                if banned:
                    continue
                way = home_m
                if not np.isnan(at[e, 0]) and not np.isnan(v_at[v, 0]):
                    way = int(np.sqrt((at[e, 0] - v_at[v, 0]) ** 2 + (at[e, 1] - v_at[v, 1]) ** 2) * detour / 100.0)
                if block > 0 and way > most[v]:
                    continue
                if fill:
                    who[n], whom[n] = e, v
                    parts[n, 0] = w[0] * visits[e] * way // 1000
                    parts[n, 1] = w[1] * visits[e] if tongue[e] != 0 and tongue[e] & v_tongue[v] == 0 else 0
                    parts[n, 2] = w[2] if e_sex[e] != 0 and e_sex[e] != v_sex[v] else 0
                    lacking, missing = want[e] & ~v_skill[v], 0
                    while lacking:
                        missing += 1
                        lacking &= lacking - 1
                    parts[n, 3] = w[3] * visits[e] * missing
                    parts[n, 4] = w[4] if now[e] >= 0 and now[e] != v else 0
                n += 1
        if not fill:
            near[e] = n


def arcs_of(problem: Problem) -> Arcs:
    """All arcs of a problem, each elder's in order of the visitors, the pool of her village last."""
    elders, visitors, limits, weights = problem.elders, problem.visitors, problem.limits, problem.weights
    columns = _columns(elders, visitors)
    most = np.array([limits.most_m * v.reach // 100 for v in visitors], np.int64)
    cell = max(1.0, float(most.max(initial=1)) * 100 / limits.detour + 1)
    by_cell, keys, first_of_cell, wide = _grid(columns["v_at"], cell)
    given = [columns[name] for name in _ELDERS] + [columns[name] for name in _VISITORS] + [
        most, by_cell, keys, first_of_cell, columns["by_village"], columns["village_first"], wide, cell,
        np.array([getattr(weights, part) for part in PARTS], np.int64), limits.detour, limits.home_m,
    ]  # fmt: skip
    near, none = np.zeros(len(elders) + 1, np.int64), np.zeros(0, np.int64)
    reach: Any = _reach
    reach(False, near, *given, none, none, np.zeros((0, len(PARTS)), np.int64))
    starts = np.concatenate([[0], np.cumsum(near[:-1])])
    count = int(starts[-1])
    who, whom, parts = np.zeros(count, np.int64), np.zeros(count, np.int64), np.zeros((count, len(PARTS)), np.int64)
    reach(True, starts.copy(), *given, who, whom, parts)
    return _with_pools(problem, columns["home"], columns["now"], who, whom, parts)


def _with_pools(problem: Problem, home: Ints, now: Ints, who: Ints, whom: Ints, parts: Ints) -> Arcs:
    limits, weights, count = problem.limits, problem.weights, len(problem.elders)
    used, pool = np.unique(home, return_inverse=True)
    villages = sorted({e.village for e in problem.elders} | {v.village for v in problem.visitors})
    needs = np.array([e.visits for e in problem.elders], np.int64)
    extra = np.zeros((count, len(PARTS)), np.int64)
    extra[:, 0] = weights.distance * needs * limits.home_m // 1000
    extra[:, 5] = weights.helper * needs
    extra[:, 4] = np.where([bool(e.visitor) for e in problem.elders], weights.change, 0)
    who = np.concatenate([who, np.arange(count)])
    pool_of = pool.astype(np.int64).reshape(-1) + len(problem.visitors)
    whom, parts = np.concatenate([whom, pool_of]), np.concatenate([parts, extra])
    order = np.lexsort((whom, who))
    who, whom, parts = who[order], whom[order], parts[order]
    scale = lcm(*{e.visits for e in problem.elders}) if problem.elders else 1
    loads = np.array([v.load for v in problem.visitors] + [0] * len(used), np.int64)
    uneven = np.array([weights.uneven] * len(problem.visitors) + [0] * len(used), np.int64)
    first = np.searchsorted(who, np.arange(count + 1))
    unit = parts.sum(axis=1) * scale // needs[who] if count else np.zeros(0, np.int64)
    named = np.array([villages[i] for i in used], np.int64)
    return Arcs(first, who, whom, parts, unit, needs, loads, uneven, named, pool_of, scale)


_ELDERS = ("at", "home", "house", "tongue", "e_sex", "want", "now", "visits", "ban_first", "ban")
_VISITORS = ("v_at", "v_home", "v_house", "v_tongue", "v_sex", "v_skill")


def _columns(elders: list[Elder], visitors: list[Visitor]) -> dict[str, NDArray]:
    """Words as numbers: villages, households and sexes counted from 0, languages and skills as bits."""
    number = {v.key: n for n, v in enumerate(visitors)}
    people: list[Elder | Visitor] = [*elders, *visitors]
    villages = {k: n for n, k in enumerate(sorted({one.village for one in people}))}
    houses = {h: n for n, h in enumerate(sorted({one.household for one in people if one.household}))}
    tongues = _bits(word for one in people for word in one.speaks)
    skills = _bits(word for one in people for word in one.skills)
    sexes = {s: n for n, s in enumerate(sorted({one.sex for one in people} | {""}))}
    v_home = np.array([villages[v.village] for v in visitors], np.int64)
    bans = [sorted(number[k] for k in e.forbidden if k in number) for e in elders]
    return {
        "at": _positions(elders), "v_at": _positions(visitors),
        "home": _whole(villages[e.village] for e in elders), "v_home": v_home,
        "house": _whole(houses.get(e.household, -1) for e in elders),
        "v_house": _whole(houses.get(v.household, -1) for v in visitors),
        "tongue": _whole(sum(tongues[t] for t in e.speaks) for e in elders),
        "v_tongue": _whole(sum(tongues[t] for t in v.speaks) for v in visitors),
        "want": _whole(sum(skills[s] for s in e.skills) for e in elders),
        "v_skill": _whole(sum(skills[s] for s in v.skills) for v in visitors),
        "e_sex": _whole(sexes[e.sex] for e in elders), "v_sex": _whole(sexes[v.sex] for v in visitors),
        "now": _whole(number.get(e.visitor, len(visitors)) if e.visitor else -1 for e in elders),
        "visits": _whole(e.visits for e in elders),
        "ban_first": _whole(np.concatenate([[0], np.cumsum([len(b) for b in bans])]) if bans else [0]),
        "ban": _whole(v for ban in bans for v in ban),
        "by_village": np.argsort(v_home, kind="stable"),
        "village_first": np.searchsorted(np.sort(v_home), np.arange(len(villages) + 1)),
    }  # fmt: skip


def _whole(values: object) -> Ints:
    return np.array(list(values), np.int64)  # type: ignore[call-overload]


def _bits(words: object) -> dict[str, int]:
    found = sorted(set(words))  # type: ignore[call-overload]
    if len(found) > 62:
        raise ValueError("more than 62 languages or skills")
    return {word: 1 << n for n, word in enumerate(found)}


def _positions(people: list[Elder] | list[Visitor]) -> Floats:
    rows = [(one.x_m, one.y_m) if one.x_m is not None and one.y_m is not None else (np.nan, np.nan) for one in people]
    return np.array(rows, np.float64).reshape(-1, 2)


def _grid(at: Floats, cell: float) -> tuple[Ints, Ints, Ints, int]:
    """Visitors with a position by cell: their numbers, the cells' keys, where each cell begins, columns."""
    columns = 1 << 24
    placed = np.flatnonzero(~np.isnan(at[:, 0]))
    keys = (at[placed, 0] // cell).astype(np.int64) * columns + (at[placed, 1] // cell).astype(np.int64)
    order = np.argsort(keys, kind="stable")
    found, begins = np.unique(keys[order], return_index=True)
    return placed[order].astype(np.int64), found, np.append(begins, placed.size).astype(np.int64), columns
