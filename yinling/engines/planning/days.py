"""Several days: first for every need the days on which it is met and the carer who is known there, then each day.

The first step is an assignment: a need takes one of its patterns and one carer. It costs the road to the door (half of
it, since rounds chain doors) and liking, per visit; minutes beyond what a carer has on a day cost `OVERLOAD` each.
Prices on every carer's day, raised where too much is asked, give a lower bound (Lagrangian relaxation) and a first
choice, which is then improved need by need until nothing changes; the gap between both is told. The second step hands
each day to `solving.solve` as a problem in which the known carer is welcome: routes may still send another.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

import numpy as np

from yinling.engines.planning.problem import Carer, Problem, Visit, Weights

OVERLOAD = 3.0  # minutes of road that a minute too much on one carer's day is worth
CHAINED = 0.5  # share of the road from the start to the door that a visit adds to a round
BETWEEN = 10.0  # minutes from door to door, counted with every visit until the day is planned
ALL_DAY = 1_440.0


@dataclass(frozen=True)
class Need:
    """A visit that comes again: as it is on any day, and the sets of days (0, 1, ...) of which one is to be chosen."""

    visit: Visit
    patterns: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Chosen:
    """A need's days and the carer who is to be known there; None if nobody may make it."""

    days: tuple[int, ...]
    carer: str | None


@dataclass(frozen=True)
class Assignment:
    """What is chosen per need; what it costs, what any assignment must cost, and minutes beyond the shifts."""

    chosen: Mapping[str, Chosen]
    cost: float
    bound: float
    overload_minutes: float


def patterns_for(times: int, days: int, apart: int = 1) -> tuple[tuple[int, ...], ...]:
    """Every way to choose so many of the days with at least `apart` days from one visit to the next."""
    ways = combinations(range(days), times)
    return tuple(way for way in ways if all(b - a >= apart for a, b in pairwise(way)))


def assign(
    needs: Sequence[Need], roster: Sequence[Sequence[Carer]], travel: Mapping[str, np.ndarray], rounds: int = 80
) -> Assignment:
    """Days and known carers for every need. `roster`: who is on duty, per day; `rounds`: of raising prices."""
    if not needs:
        return Assignment({}, 0.0, 0.0, 0.0)
    table = _table(needs, roster, travel)
    prices, bound = _prices(table, rounds)
    option, carer = _first_choice(table, prices)
    load = _improve(table, option, carer)
    over = float(np.maximum(load - table.room, 0).sum())
    cost = float(table.cost[option, carer][table.possible].sum()) + OVERLOAD * over
    names = [
        (table.names[k] if possible else None)
        for k, possible in zip(carer.tolist(), table.possible.tolist(), strict=True)
    ]
    chosen = {
        need.visit.uid: Chosen(need.patterns[o - first], name)
        for need, o, first, name in zip(needs, option.tolist(), table.first.tolist(), names, strict=True)
    }
    return Assignment(chosen, cost, bound, over)


def problems_by_day(
    needs: Sequence[Need], assignment: Assignment, roster: Sequence[Sequence[Carer]], travel: Mapping[str, np.ndarray],
    weights: Weights | None = None, loyalty: float = 20.0,
) -> list[Problem]:  # fmt: skip
    """Each day as a problem of its own. `loyalty`: minutes of road that the known face is worth."""
    problems = []
    for day, carers in enumerate(roster):
        on_duty = {carer.uid for carer in carers}
        visits = [
            _known(need.visit, assignment.chosen[need.visit.uid].carer, on_duty, loyalty)
            for need in needs
            if day in assignment.chosen[need.visit.uid].days
        ]
        problems.append(Problem(visits, carers, travel, weights or Weights()))
    return problems


def _known(visit: Visit, carer: str | None, on_duty: set[str], loyalty: float) -> Visit:
    """The visit on one day: whoever is off duty that day is not named in it."""
    liking = {uid: cost for uid, cost in visit.liking.items() if uid in on_duty}
    if carer in on_duty and carer is not None:
        liking[carer] = liking.get(carer, 0.0) - loyalty
    return replace(visit, liking=liking, forbidden=visit.forbidden & on_duty)


@dataclass(frozen=True)
class _Table:
    """Options (a need's patterns, one after the other) against carers and days."""

    names: list[str]
    first: np.ndarray  # per need its first option
    need: np.ndarray  # per option its need
    days: np.ndarray  # option, day: 1 where the pattern has it
    cost: np.ndarray  # option, carer
    minutes: np.ndarray  # per need
    room: np.ndarray  # carer, day: minutes
    possible: np.ndarray  # per need: may anybody make it?


def _table(needs: Sequence[Need], roster: Sequence[Sequence[Carer]], travel: Mapping[str, np.ndarray]) -> _Table:
    carers = {carer.uid: carer for day in reversed(roster) for carer in day}  # as she is on her first day
    names = list(carers)
    room = np.zeros((len(names), len(roster)))
    for day, on_duty in enumerate(roster):
        for carer in on_duty:
            room[names.index(carer.uid), day] = min(carer.shift_end - carer.shift_start, ALL_DAY) - carer.break_minutes
    per_visit = np.array([list(_per_visit(need.visit, carers.values(), travel)) for need in needs])
    possible = np.isfinite(per_visit).any(axis=1)
    per_visit[~possible] = 0.0
    sizes = [len(need.patterns) for need in needs]
    if min(sizes) == 0:
        raise ValueError(f"The need {needs[sizes.index(0)].visit.uid} has no pattern of days to choose from.")
    days = np.zeros((sum(sizes), len(roster)))
    for row, pattern in enumerate(pattern for need in needs for pattern in need.patterns):
        days[row, list(pattern)] = 1.0
    of = np.repeat(np.arange(len(needs)), sizes)
    minutes = np.array([max(task.minutes for task in need.visit.tasks) + BETWEEN for need in needs]) * possible
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    return _Table(names, first, of, days, days.sum(axis=1)[:, None] * per_visit[of], minutes, room, possible)


def _per_visit(visit: Visit, carers: Iterable[Carer], travel: Mapping[str, np.ndarray]) -> Iterator[float]:
    """What a visit costs with each carer; infinite where she may do no task of it."""
    for carer in carers:
        able = any(task.service in carer.services for task in visit.tasks) and carer.uid not in visit.forbidden
        road = float(travel[carer.mode][carer.start_place, visit.place])
        yield CHAINED * road + visit.liking.get(carer.uid, 0.0) if able else math.inf


def _prices(table: _Table, rounds: int) -> tuple[np.ndarray, float]:
    """Prices per carer and day from 0 to OVERLOAD, and the best bound they gave."""
    prices, best, found = np.zeros_like(table.room), -math.inf, np.zeros_like(table.room)
    weight = table.minutes[table.need][:, None]
    for turn in range(rounds):
        priced = table.cost + weight * (table.days @ prices.T)
        carer = priced.argmin(axis=1)
        least = priced[np.arange(len(priced)), carer]
        bound = float(np.minimum.reduceat(least, table.first).sum() - (prices * table.room).sum())
        if bound > best:
            best, found = bound, prices.copy()
        option = _cheapest(least, table.first)
        asked = _load(table, option, carer[option]) - table.room
        size = float(np.abs(asked).max()) or 1.0
        prices = np.clip(prices + OVERLOAD / (2 + turn) * asked / size, 0.0, OVERLOAD)
    return found, best


def _cheapest(values: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Per need the option with the least value."""
    ends = [*first[1:].tolist(), len(values)]
    return np.array([begin + int(values[begin:end].argmin()) for begin, end in zip(first.tolist(), ends, strict=True)])


def _first_choice(table: _Table, prices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    priced = table.cost + table.minutes[table.need][:, None] * (table.days @ prices.T)
    carer = priced.argmin(axis=1)
    option = _cheapest(priced[np.arange(len(priced)), carer], table.first)
    return option, carer[option]


def _load(table: _Table, option: np.ndarray, carer: np.ndarray) -> np.ndarray:
    load = np.zeros_like(table.room)
    np.add.at(load, carer, table.minutes[:, None] * table.days[option])
    return load


def _improve(table: _Table, option: np.ndarray, carer: np.ndarray, sweeps: int = 12) -> np.ndarray:
    """Each need in turn to its best option beside all others, until none changes. Returns the minutes asked."""
    load = _load(table, option, carer)
    ends = [*table.first[1:].tolist(), len(table.days)]
    for _ in range(sweeps):
        changed = False
        for n in np.argsort(-table.minutes, kind="stable").tolist():
            begin, end, minutes = int(table.first[n]), ends[n], float(table.minutes[n])
            load[carer[n]] -= minutes * table.days[option[n]]
            more = np.maximum(load + minutes - table.room, 0) - np.maximum(load - table.room, 0)
            price = table.cost[begin:end] + OVERLOAD * (table.days[begin:end] @ more.T)
            now = price[option[n] - begin, carer[n]]
            if price.min() < now - 1e-9:
                o, k = np.unravel_index(int(price.argmin()), price.shape)
                option[n], carer[n], changed = begin + int(o), int(k), True
            load[carer[n]] += minutes * table.days[option[n]]
        if not changed:
            break
    return load
