"""A strict judge of plans, written apart from the search: it shares the words of `problem` and nothing else.

`faults_of` says in sentences what is wrong with a plan, `parts_of` what it costs, from its stops alone; `times_for`
finds the best times of given routes by going over all constraints until none moves a start any more.
"""

from collections.abc import Iterator, Mapping, Sequence

from yinling.engines.planning.problem import MANDATORY, Carer, Parts, Plan, Problem, Stop, Visit

SLACK = 1e-6  # minutes that rounding may cost
Route = Sequence[tuple[str, int]]  # (visit, number of its task) in order


def faults_of(problem: Problem, plan: Plan) -> list[str]:
    """Everything that makes the plan impossible, as sentences; empty if it can be carried out."""
    visits = {visit.uid: visit for visit in problem.visits}
    carers = {carer.uid: carer for carer in problem.carers}
    return [
        *_strangers(plan, visits, carers),
        *(
            fault
            for uid, route in plan.routes.items()
            if uid in carers
            for fault in _route(problem, carers[uid], route, visits)
        ),
        *(fault for visit in problem.visits for fault in _visit(visit, plan)),
    ]


def _strangers(plan: Plan, visits: Mapping[str, Visit], carers: Mapping[str, Carer]) -> Iterator[str]:
    for uid, route in plan.routes.items():
        if uid not in carers:
            yield f"There is no carer {uid}."
        yield from (
            f"Carer {uid} goes to {stop.visit}, which is no visit." for stop in route if stop.visit not in visits
        )


def _route(problem: Problem, carer: Carer, route: Sequence[Stop], visits: Mapping[str, Visit]) -> Iterator[str]:
    at, free = carer.start_place, carer.shift_start
    prior_end = carer.shift_start
    for stop in route:
        visit = visits.get(stop.visit)
        if visit is None:
            continue
        came = free + problem.travel[carer.mode][at, visit.place]
        if stop.start < came - SLACK:
            yield f"Carer {carer.uid} cannot be at {visit.uid} at {stop.start:.2f}; the earliest is {came:.2f}."
        if stop.start < visit.opens - SLACK:
            yield f"Visit {visit.uid} starts at {stop.start:.2f}, before {visit.opens:.2f}, when it may begin."
        if stop.service not in carer.services:
            yield f"Carer {carer.uid} may not do {stop.service} at {visit.uid}."
        if carer.uid in visit.forbidden:
            yield f"Carer {carer.uid} is not to be sent to {visit.uid}."
        free = stop.end + _rest(carer, prior_end, stop.end)
        at, prior_end = visit.place, stop.end


def _rest(carer: Carer, prior_end: float, end: float) -> float:
    """The break is taken after the first stop that ends when it is due."""
    return carer.break_minutes if prior_end < carer.break_from <= end else 0.0


def _visit(visit: Visit, plan: Plan) -> Iterator[str]:
    found = [(uid, stop) for uid, route in plan.routes.items() for stop in route if stop.visit == visit.uid]
    if visit.uid in plan.left_out:
        if visit.prize is None:
            yield f"Visit {visit.uid} is left out; it must be made."
        if found:
            yield f"Visit {visit.uid} is both made and left out."
        return
    stops = sorted((stop for _, stop in found), key=lambda stop: stop.task)
    if [(stop.task, stop.service) for stop in stops] != list(enumerate(task.service for task in visit.tasks)):
        done = ", ".join(stop.service for _, stop in found) or "nothing"
        yield f"Visit {visit.uid} needs {', '.join(task.service for task in visit.tasks)}; the plan does {done}."
        return
    for task, stop in zip(visit.tasks, stops, strict=True):
        if abs(stop.end - stop.start - task.minutes) > SLACK:
            yield f"{task.service} at {visit.uid} takes {task.minutes:g} minutes, not {stop.end - stop.start:g}."
    if len(stops) == 2:
        yield from _pair(visit, stops, {uid for uid, _ in found})


def _pair(visit: Visit, stops: Sequence[Stop], carers: set[str]) -> Iterator[str]:
    if len(carers) < 2:
        yield f"Visit {visit.uid} needs two carers; the plan sends one."
    gap = stops[1].start - stops[0].start
    if not visit.gap[0] - SLACK <= gap <= visit.gap[1] + SLACK:
        yield f"The two tasks of {visit.uid} start {gap:.2f} minutes apart, not {visit.gap[0]:g} to {visit.gap[1]:g}."


def parts_of(problem: Problem, plan: Plan) -> Parts:
    """What the plan costs, from its stops alone."""
    visits = {visit.uid: visit for visit in problem.visits}
    carers = {carer.uid: carer for carer in problem.carers}
    travel = late = latest = overtime = liking = 0.0
    for uid, route in plan.routes.items():
        carer = carers[uid]
        road = problem.travel[carer.mode]
        at, free, prior_end = carer.start_place, carer.shift_start, carer.shift_start
        for stop in route:
            visit = visits[stop.visit]
            travel += road[at, visit.place]
            over = max(0.0, stop.start - visit.closes)
            late, latest = late + visit.late_weight * over, max(latest, over)
            liking += visit.liking.get(uid, 0.0)
            free = stop.end + _rest(carer, prior_end, stop.end)
            at, prior_end = visit.place, stop.end
        travel += road[at, carer.end_place]
        overtime += max(0.0, free + road[at, carer.end_place] - carer.shift_end)
    skipped = sum(MANDATORY if visits[uid].prize is None else visits[uid].prize or 0.0 for uid in plan.left_out)
    weights = problem.weights
    cost = (
        weights.travel * travel
        + weights.late * late
        + weights.latest * latest
        + weights.overtime * overtime
        + liking
        + skipped
    )
    return Parts(travel, late, latest, overtime, liking, skipped, cost)


def times_for(problem: Problem, routes: Mapping[str, Route]) -> dict[str, tuple[Stop, ...]] | None:
    """The earliest times at which these routes can be gone; None if they wait for each other for ever."""
    visits = {visit.uid: visit for visit in problem.visits}
    carers = {carer.uid: carer for carer in problem.carers}
    start = {at: visits[at[0]].opens for route in routes.values() for at in route}
    for _ in range(2 * len(start) + 2):
        moved = False
        for carer_uid, route in routes.items():
            moved |= _push_route(problem, carers[carer_uid], route, visits, start)
        for visit in problem.visits:
            moved |= _push_pair(visit, start)
        if not moved:
            return {uid: tuple(_stop(visits[at[0]], at[1], start[at]) for at in route) for uid, route in routes.items()}
    return None


def _stop(visit: Visit, number: int, start: float) -> Stop:
    task = visit.tasks[number]
    return Stop(visit.uid, number, task.service, start, start + task.minutes)


def _push_route(
    problem: Problem, carer: Carer, route: Route, visits: Mapping[str, Visit], start: dict[tuple[str, int], float]
) -> bool:
    moved = False
    at, free, prior_end = carer.start_place, carer.shift_start, carer.shift_start
    for uid, number in route:
        visit = visits[uid]
        came = free + problem.travel[carer.mode][at, visit.place]
        if came > start[uid, number] + SLACK * 1e-3:
            start[uid, number] = came
            moved = True
        end = start[uid, number] + visit.tasks[number].minutes
        free = end + _rest(carer, prior_end, end)
        at, prior_end = visit.place, end
    return moved


def _push_pair(visit: Visit, start: dict[tuple[str, int], float]) -> bool:
    first, second = (visit.uid, 0), (visit.uid, 1)
    if first not in start or second not in start:
        return False
    if start[second] < start[first] + visit.gap[0] - SLACK * 1e-3:
        start[second] = start[first] + visit.gap[0]
        return True
    if start[second] > start[first] + visit.gap[1] + SLACK * 1e-3:
        start[first] = start[second] - visit.gap[1]
        return True
    return False
