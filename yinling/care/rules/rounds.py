"""The day of a block as a problem of the planner: from plain values, so visits and sessions of plans both work.

Minutes count from midnight of the day. Positions are degrees; a road is the great circle times a detour, at the speed
of whoever goes. A door to which nobody goes is left out and shown, never an impossible plan.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np

from yinling.engines.planning.checking import parts_of, times_for
from yinling.engines.planning.problem import Carer, Plan, Problem, Task, Visit, Weights
from yinling.engines.planning.promising import Promise, held

ANYBODY = "visit"  # what a door asks for that asks for no skill
EARTH_KM = 6371.0
WORTH = 5_000.0  # minutes of road that no door is worth less than: left out only where nobody can go
NEVER = 10_000.0


@dataclass(frozen=True)
class Door:
    """One visit or session: where, how long, from when to when, the skill of each who must come.

    `kind`: visit or session. `liking`: minutes a visitor's face is worth (negative: welcome). `forbidden`: not to come.
    """

    uid: str
    kind: str
    longitude: float
    latitude: float
    minutes: float
    opens: float
    closes: float
    needs: tuple[str, ...] = (ANYBODY,)
    liking: Mapping[str, float] = field(default_factory=dict)
    forbidden: tuple[str, ...] = ()
    late_weight: float = 1.0


@dataclass(frozen=True)
class Hand:
    """One visitor on one day: where from, how she goes, from when to when, her skills, her break."""

    uid: str
    longitude: float
    latitude: float
    mode: str
    starts: float
    ends: float
    skills: tuple[str, ...] = ()
    break_from: float = NEVER
    break_minutes: float = 0.0


@dataclass(frozen=True)
class Roads:
    """Kilometres an hour by mode, and by how much the road is longer than the line (mountains: 1.6 and more)."""

    speeds: Mapping[str, float]
    detour: float = 1.4


@dataclass(frozen=True)
class Given:
    """All that a block's day is planned from."""

    doors: tuple[Door, ...]
    hands: tuple[Hand, ...]
    roads: Roads

    def with_door(self, door: Door) -> "Given":
        """With one door more."""
        return replace(self, doors=(*self.doors, door)).settled()

    def settled(self) -> "Given":
        """Whoever's position nobody knows (0, 0) is taken to be in the middle of all others."""
        known = [(one.longitude, one.latitude) for one in self.hands if one.longitude]
        known += [(one.longitude, one.latitude) for one in self.doors if one.longitude]
        if not known:
            return self
        x, y = sum(one[0] for one in known) / len(known), sum(one[1] for one in known) / len(known)
        doors = tuple(one if one.longitude else replace(one, longitude=x, latitude=y) for one in self.doors)
        hands = tuple(one if one.longitude else replace(one, longitude=x, latitude=y) for one in self.hands)
        return replace(self, doors=doors, hands=hands)

    def as_data(self) -> dict[str, Any]:
        """What JSON can keep."""
        return asdict(self)


def given_of(data: Mapping[str, Any]) -> Given:
    """The values that `as_data` wrote."""
    doors = tuple(
        Door(**{**one, "needs": tuple(one["needs"]), "forbidden": tuple(one["forbidden"])}) for one in data["doors"]
    )
    hands = tuple(Hand(**{**one, "skills": tuple(one["skills"])}) for one in data["hands"])
    return Given(doors, hands, Roads(**data["roads"]))


def minutes_between(points: Sequence[tuple[float, float]], kmh: float, detour: float) -> np.ndarray:
    """Minutes of road between every two positions (longitude, latitude)."""
    at = np.radians(np.array(points, dtype=float).reshape(-1, 2))
    longitude, latitude = at[:, 0], at[:, 1]
    half = (
        np.sin((latitude[:, None] - latitude[None]) / 2) ** 2
        + np.cos(latitude[:, None]) * np.cos(latitude[None]) * np.sin((longitude[:, None] - longitude[None]) / 2) ** 2
    )
    km = 2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    return km * detour / kmh * 60


def problem_of(given: Given, travel: Mapping[str, np.ndarray] | None = None) -> Problem:
    """The planner's problem. Places: the hands' starts, then the doors. `travel`: a matrix given instead of roads."""
    hands, doors = given.hands, given.doors
    everybody = {hand.uid for hand in hands}
    points = [(one.longitude, one.latitude) for one in hands] + [(one.longitude, one.latitude) for one in doors]
    if travel is None:
        modes = sorted({hand.mode for hand in hands}) or ["foot"]
        speeds = given.roads.speeds
        travel = {mode: minutes_between(points, speeds.get(mode, 4.0), given.roads.detour) for mode in modes}
    carers = [
        Carer(
            hand.uid, frozenset((ANYBODY, *hand.skills)), place, place, hand.starts, hand.ends,
            hand.break_from if hand.break_minutes else math.inf, hand.break_minutes, hand.mode,
        )
        for place, hand in enumerate(hands)
    ]  # fmt: skip
    visits = [
        Visit(
            door.uid, len(hands) + n, door.opens, door.closes, tuple(Task(need, door.minutes) for need in door.needs),
            prize=WORTH, late_weight=door.late_weight, forbidden=frozenset(door.forbidden) & everybody,
            liking={uid: worth for uid, worth in door.liking.items() if uid in everybody},
        )
        for n, door in enumerate(doors)
    ]  # fmt: skip
    return Problem(visits, carers, travel, Weights(latest=0.5, overtime=2.0))


def with_fixed(problem: Problem, promises: Sequence[Promise]) -> Problem:
    """The problem in which locked and promised stops keep their visitor and their time."""
    everybody = frozenset(carer.uid for carer in problem.carers)
    return replace(problem, visits=[held(visit, promises, everybody, frozenset()) for visit in problem.visits])


def simple_plan(problem: Problem) -> Plan:
    """A plan by a simple rule, nothing compiled: doors for two first, then each round grows by the nearest door, or the
    most welcome face, for which it has room."""
    room = {carer.uid: carer.shift_end - carer.shift_start - carer.break_minutes for carer in problem.carers}
    given: dict[str, list[tuple[str, int]]] = {carer.uid: [] for carer in problem.carers}
    at = {carer.uid: carer.start_place for carer in problem.carers}
    left = []
    for visit in sorted((one for one in problem.visits if len(one.tasks) > 1), key=lambda one: (one.opens, one.uid)):
        chosen = _hands_for(visit, problem.carers, problem.travel, at, room)
        if chosen is None:
            left.append(visit.uid)
            continue
        for number, (carer, cost) in enumerate(chosen):
            given[carer.uid].append((visit.uid, number))
            room[carer.uid] -= cost
            at[carer.uid] = visit.place
    left += _grown(problem, [one for one in problem.visits if len(one.tasks) == 1], given, at, room)
    routes = times_for(problem, given)
    if routes is None:
        return Plan({uid: () for uid in given}, tuple(visit.uid for visit in problem.visits))
    plan = Plan(routes, tuple(left))
    return replace(plan, parts=parts_of(problem, plan))


def _grown(
    problem: Problem, visits: Sequence[Visit], given: dict[str, list[tuple[str, int]]], at: Mapping[str, int],
    room: Mapping[str, float],
) -> list[str]:  # fmt: skip
    """Let every round grow by its nearest door, the shortest road first. Returns the doors that found nobody."""
    if not visits:
        return []
    carers, places = problem.carers, np.array([visit.place for visit in visits])
    minutes = np.array([visit.tasks[0].minutes for visit in visits])
    liking = np.array([[visit.liking.get(carer.uid, 0.0) for visit in visits] for carer in carers])
    may = np.array([
        [visit.tasks[0].service in carer.services and carer.uid not in visit.forbidden for visit in visits]
        for carer in carers
    ])  # fmt: skip
    left_room = np.array([room[carer.uid] for carer in carers])
    road = np.array([problem.travel[carer.mode][at[carer.uid], places] for carer in carers])
    waiting = np.ones(len(visits), dtype=bool)
    back = np.array([problem.travel[carer.mode][places, carer.end_place] for carer in carers])
    while True:
        fits = may & waiting & (road + minutes + back <= left_room[:, None])
        if not fits.any():
            return [visit.uid for visit, is_waiting in zip(visits, waiting, strict=True) if is_waiting]
        who, which = divmod(int(np.where(fits, road + liking, np.inf).argmin()), len(visits))
        given[carers[who].uid].append((visits[which].uid, 0))
        left_room[who] -= road[who, which] + minutes[which]
        road[who] = problem.travel[carers[who].mode][places[which], places]
        waiting[which] = False


def _hands_for(
    visit: Visit, carers: Sequence[Carer], travel: Mapping[str, np.ndarray], at: Mapping[str, int],
    room: Mapping[str, float],
) -> list[tuple[Carer, float]] | None:  # fmt: skip
    """For each task the cheapest hand that has room, with the minutes it takes her; None if somebody is missing."""
    chosen: list[tuple[Carer, float]] = []
    for task in visit.tasks:
        offered = []
        for carer in carers:
            road = float(travel[carer.mode][at[carer.uid], visit.place])
            may = task.service in carer.services and carer.uid not in visit.forbidden
            if may and room[carer.uid] >= road + task.minutes and carer not in [one for one, _ in chosen]:
                offered.append((road + visit.liking.get(carer.uid, 0.0), carer.uid, carer, road + task.minutes))
        if not offered:
            return None
        best = min(offered, key=lambda one: one[:2])
        chosen.append((best[2], best[3]))
    return chosen


@dataclass(frozen=True)
class Difference:
    """A door of two versions: who went and when before, and after (None: nobody)."""

    door: str
    was: tuple[str, float] | None
    now: tuple[str, float] | None

    @property
    def is_another_face(self) -> bool:
        """Somebody else comes, or nobody."""
        return (self.was and self.was[0]) != (self.now and self.now[0])


def differences(before: Mapping[str, tuple[str, float]], after: Mapping[str, tuple[str, float]]) -> list[Difference]:
    """What changed between two versions, by whatever names their doors: another face first, then the time (1 min)."""
    found = [Difference(door, before.get(door), after.get(door)) for door in sorted({*before, *after})]
    changed = [
        one for one in found
        if one.is_another_face or (one.was and one.now and abs(one.was[1] - one.now[1]) >= 1)
    ]  # fmt: skip
    return sorted(changed, key=lambda one: (not one.is_another_face, one.door))


def why_not_move(is_fixed: bool, is_begun: bool) -> str | None:
    """Why a stop may not be given to another visitor, or None."""
    if is_begun:
        return "This visit has begun. What has begun stays as it is."
    if is_fixed:
        return "This stop is locked or promised. Unlock it, or tell the person first; then move it."
    return None
