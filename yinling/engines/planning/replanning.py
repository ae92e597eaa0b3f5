"""The day goes otherwise: what is begun stays, what is promised is kept or named, the rest is planned again.

What is left of the day is a problem of its own: every carer begins where and when she will be free, a promised visit
belongs to its carer within its tolerance, being late for it weighs heavily. Visits that have lost their carer, and
urgent ones, go to their cheapest places at once; what time is left improves the whole. A promise that could not be
kept stands in `broken` with a reason; none changes unseen.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from yinling.engines.planning.asking import Unplannable, refuse_nonsense
from yinling.engines.planning.checking import parts_of
from yinling.engines.planning.problem import Carer, Plan, Problem, Stop, Visit
from yinling.engines.planning.promising import HEAVY, Broken, Promise, broken_promises, held
from yinling.engines.planning.solving import Params, Search, Until

IN_THE_DAY = Params(hot=0.02, neighbours=12, stretch=4_000)


@dataclass(frozen=True)
class Standing:
    """The day as it stands: its problem, its plan, the minute it is, and what people have been promised."""

    problem: Problem
    plan: Plan
    now: float
    promises: tuple[Promise, ...] = ()


@dataclass(frozen=True)
class News:
    """What has happened. `held_up`: per carer the minute from which she is free again."""

    urgent: tuple[Visit, ...] = ()
    sick: frozenset[str] = frozenset()
    called_off: frozenset[str] = frozenset()
    held_up: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Replanned:
    """The day's new problem and plan; the promises that are not kept; whose carer or time changed without promise."""

    problem: Problem
    plan: Plan
    broken: tuple[Broken, ...]
    moved: tuple[str, ...]


def replan(standing: Standing, news: News, stop: Until, seed: int = 1, params: Params = IN_THE_DAY) -> Replanned:
    """Take the news up; `Until(moves=0)` only finds places. Raises Unplannable for an urgent visit that is nonsense."""
    _refuse_strangers(standing, news)
    begun = _begun(standing)
    made = {at for route in begun.values() for at in ((one.visit, one.task) for one in route)}
    problem = _with_news(standing.problem, news, {uid for uid, _ in made})
    refuse_nonsense(problem)
    rest = _rest_of_day(standing, problem, news, begun)
    routes = {carer.uid: begun.get(carer.uid, ()) for carer in problem.carers}
    moves = 0
    if rest.visits and rest.carers:
        search = _searched(standing, rest, news, made, stop, seed, params)
        numbers = _numbers(problem, made)
        found = search.plan()
        moves = found.moves
        for uid, route in found.routes.items():
            routes[uid] += tuple(replace(one, task=numbers[one.visit][one.task]) for one in route)
    going = {one.visit for route in routes.values() for one in route}
    plan = Plan(routes, tuple(visit.uid for visit in problem.visits if visit.uid not in going), moves=moves)
    plan = replace(plan, parts=parts_of(problem, plan))
    kept = [promise for promise in standing.promises if promise.visit not in news.called_off]
    broken = broken_promises(kept, plan, news.sick, news.held_up, [visit.uid for visit in news.urgent])
    promised = {promise.visit for promise in standing.promises}
    moved = tuple(uid for uid in _moved(standing.plan, plan) if uid not in promised)
    return Replanned(problem, plan, tuple(broken), moved)


def _refuse_strangers(standing: Standing, news: News) -> None:
    carers = {carer.uid for carer in standing.problem.carers}
    visits = {visit.uid for visit in standing.problem.visits}
    strangers = [f"There is no carer {uid} to be sick or held up." for uid in {*news.sick, *news.held_up} - carers]
    strangers += [f"There is no visit {uid} to be called off." for uid in news.called_off - visits]
    if strangers:
        raise Unplannable(sorted(strangers))


def _begun(standing: Standing) -> dict[str, tuple[Stop, ...]]:
    return {
        uid: tuple(stop for stop in route if stop.start <= standing.now) for uid, route in standing.plan.routes.items()
    }


def _with_news(problem: Problem, news: News, begun: set[str]) -> Problem:
    visits = [visit for visit in problem.visits if visit.uid in begun or visit.uid not in news.called_off]
    return replace(problem, visits=[*visits, *news.urgent])


def _rest_of_day(standing: Standing, problem: Problem, news: News, begun: Mapping[str, tuple[Stop, ...]]) -> Problem:
    """What is still to be done, by whom, from where."""
    stops = {(stop.visit, stop.task): (uid, stop) for uid, route in begun.items() for stop in route}
    places = {visit.uid: visit.place for visit in problem.visits}
    carers = [_free(standing, carer, begun.get(carer.uid, ()), news, places) for carer in problem.carers]
    everybody = frozenset(carer.uid for carer in problem.carers)
    visits = []
    for visit in problem.visits:
        done = [stops.get((visit.uid, number)) for number in range(len(visit.tasks))]
        if all(done):
            continue
        half = next((one for one in done if one), None)
        whole = held(visit, standing.promises, everybody, news.sick)
        visits.append(whole if half is None else _other_half(whole, *half))
    return replace(problem, visits=visits, carers=carers)


def _other_half(visit: Visit, carer: str, begun: Stop) -> Visit:
    """One of two has begun: the other is to come within the gap."""
    low, high = visit.gap
    return replace(
        visit, tasks=(visit.tasks[1 - begun.task],), gap=(0.0, 0.0), prize=None,
        late_weight=max(visit.late_weight, HEAVY), forbidden=visit.forbidden | {carer},
        opens=max(visit.opens, begun.start + low), closes=max(visit.opens, begun.start + high),
    )  # fmt: skip


def _free(standing: Standing, carer: Carer, begun: tuple[Stop, ...], news: News, places: Mapping[str, int]) -> Carer:
    """Where and when the carer can begin anew; a break not yet taken stays due."""
    end, rest = carer.shift_start, 0.0
    for stop in begun:
        rest = carer.break_minutes if end < carer.break_from <= stop.end else 0.0
        end = stop.end
    place = places[begun[-1].visit] if begun else carer.start_place
    start = max(end + rest, standing.now, news.held_up.get(carer.uid, 0.0))
    coming = _on_the_way_to(standing, carer, len(begun), place, news, places)
    if coming is not None:
        place, start = places[coming.visit], coming.start
    return replace(
        carer,
        services=frozenset() if carer.uid in news.sick else carer.services,
        start_place=place,
        shift_start=start,
        break_from=max(carer.break_from, math.nextafter(start, math.inf)),
        break_minutes=carer.break_minutes if end < carer.break_from else 0.0,
    )


def _on_the_way_to(
    standing: Standing, carer: Carer, begun: int, place: int, news: News, places: Mapping[str, int]
) -> Stop | None:
    """The door for which the carer has already left: she will be there first, whatever comes then.

    She leaves so as to be there when it begins. If she is held up, or the visit called off, she is where she was.
    """
    route = standing.plan.routes.get(carer.uid, ())
    if begun >= len(route) or carer.uid in news.held_up or route[begun].visit in news.called_off:
        return None
    coming = route[begun]
    road = standing.problem.travel[carer.mode][place, places[coming.visit]]
    return coming if coming.start - road <= standing.now else None


def _searched(
    standing: Standing, rest: Problem, news: News, made: set[tuple[str, int]], stop: Until, seed: int, params: Params
) -> Search:
    """The old routes where they still stand, all that fell out of them placed, then improved."""
    numbers = _numbers(standing.problem, made)
    routes = {
        uid: tuple(
            replace(one, task=numbers[one.visit].index(one.task))
            for one in route
            if (one.visit, one.task) not in made and one.visit not in news.called_off
        )
        for uid, route in standing.plan.routes.items()
        if uid not in news.sick
    }
    search = Search(rest, seed, replace(params, neighbours=0) if stop.moves == 0 else params)
    search.begin_with(Plan(routes, ()))
    not_worth_it = set(standing.plan.left_out)
    promised = {promise.visit for promise in standing.promises}
    waiting = [uid for uid in search.left_out() if uid not in not_worth_it]
    visits = {visit.uid: visit for visit in rest.visits}
    search.place(sorted(waiting, key=lambda uid: (uid not in promised, visits[uid].closes, uid)))
    search.anneal(stop)
    return search


def _numbers(problem: Problem, made: set[tuple[str, int]]) -> dict[str, list[int]]:
    """Per visit the numbers of its tasks that are still to be done."""
    return {
        visit.uid: [number for number in range(len(visit.tasks)) if (visit.uid, number) not in made]
        for visit in problem.visits
    }


def _moved(before: Plan, after: Plan) -> list[str]:
    """The visits of both plans whose carer or minute changed."""
    was = {(stop.visit, stop.task): (uid, stop.start) for uid, route in before.routes.items() for stop in route}
    now = {(stop.visit, stop.task): (uid, stop.start) for uid, route in after.routes.items() for stop in route}
    changed = (
        uid for (uid, number), (carer, start) in now.items()
        if (uid, number) in was and (was[uid, number][0] != carer or abs(was[uid, number][1] - start) >= 1)
    )  # fmt: skip
    return list(dict.fromkeys(changed))
