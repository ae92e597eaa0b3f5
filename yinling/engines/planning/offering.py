"""What a visit costs with each carer, where a plan stands: for the hand that drags it, and for "why this one?"."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from yinling.engines.planning.problem import Parts, Plan, Problem, Visit
from yinling.engines.planning.solving import Params, Search
from yinling.kernel.reasons import Reason

ALONE = Params(neighbours=0)  # nothing is searched, so no task needs company


@dataclass(frozen=True)
class Offer:
    """One carer on one task of a visit: what the visit adds to the plan's cost at her best place for it."""

    carer: str
    task: int
    adds: float


@dataclass(frozen=True)
class Moved:
    """The plan with a visit moved, and its parts before and after."""

    plan: Plan
    before: Parts
    after: Parts


def offers(problem: Problem, plan: Plan, uid: str) -> list[Offer]:
    """Every carer who may, the cheapest first; all other visits stay with their carers, in their order.

    For a visit by two the partner at each place is the likeliest one.
    """
    without = _without(problem, plan, uid)
    search = Search(problem, 1, ALONE)
    search.begin_with(plan)
    costs = search.place([uid])
    found = [
        Offer(carer.uid, task, float(costs[task, k]) - without)
        for k, carer in enumerate(problem.carers)
        for task in range(len(_visit(problem, uid).tasks))
        if costs[task, k] < float("inf")
    ]
    return sorted(found, key=lambda offer: (offer.adds, offer.carer, offer.task))


def moved(problem: Problem, plan: Plan, uid: str, carer: str, task: int = 0) -> Moved:
    """The plan with this task at her best place for it; left out if she may not. `plan` stays as it is."""
    search = Search(problem, 1, ALONE)
    search.begin_with(plan)
    before = search.plan().parts
    search.only(uid, task, [one.uid for one in problem.carers].index(carer))
    search.place([uid])
    made = search.plan()
    return Moved(made, before, made.parts)


def why(problem: Problem, plan: Plan, uid: str) -> list[Reason]:
    """Why these carers and not others, in sentences, the weightiest first."""
    made_by = {stop.task: carer for carer, route in plan.routes.items() for stop in route if stop.visit == uid}
    found = offers(problem, plan, uid)
    return [
        *(reason for task, carer in sorted(made_by.items()) for reason in _beside_others(found, task, carer)),
        *([] if made_by else [_why_out(_visit(problem, uid), found)]),
        *_who_may_not(problem, _visit(problem, uid)),
    ]


def _beside_others(found: list[Offer], task: int, carer: str) -> Iterator[Reason]:
    mine = next((offer.adds for offer in found if (offer.carer, offer.task) == (carer, task)), None)
    others = [offer for offer in found if offer.task == task and offer.carer != carer]
    if mine is None:
        yield Reason("{carer} was sent by hand: by the rules of this plan she may not go.", carer=carer)
        return
    yield Reason("With {carer} the visit adds {adds} weighted minutes to the plan.", carer=carer, adds=round(mine, 1))
    if not others:
        yield Reason("Nobody else may go.")
    elif others[0].adds >= mine:
        more = round(others[0].adds - mine, 1)
        yield Reason("The next best is {carer}, at {more} minutes more.", carer=others[0].carer, more=more)
    else:
        less = round(mine - others[0].adds, 1)
        yield Reason(
            "{carer} would cost {less} minutes less. Move the visit, or plan again.", carer=others[0].carer, less=less
        )


def _why_out(visit: Visit, found: list[Offer]) -> Reason:
    if not found:
        return Reason("Left out: nobody may make this visit. Change its skills, its forbidden carers, or find help.")
    adds = round(found[0].adds, 1)
    if visit.prize is not None and found[0].adds >= visit.prize:
        return Reason("Left out: it would add {adds} minutes and is worth {prize}.", adds=adds, prize=visit.prize)
    return Reason(
        "Left out, though {carer} could make it for {adds} minutes. Plan again.", carer=found[0].carer, adds=adds
    )


def _who_may_not(problem: Problem, visit: Visit) -> Iterator[Reason]:
    for carer in problem.carers:
        lacking = [task.service for task in visit.tasks if task.service not in carer.services]
        if carer.uid in visit.forbidden:
            yield Reason("{carer} is not to be sent here.", carer=carer.uid)
        elif len(lacking) == len(visit.tasks):
            yield Reason("{carer} lacks the skill {service}.", carer=carer.uid, service=lacking[0])


def _without(problem: Problem, plan: Plan, uid: str) -> float:
    """What the plan costs if the visit did not exist."""
    rest = replace(problem, visits=[visit for visit in problem.visits if visit.uid != uid])
    if not rest.visits:
        return _idle(problem)
    search = Search(rest, 1, ALONE)
    search.begin_with(plan)
    return search.best


def _idle(problem: Problem) -> float:
    """What it costs that every carer goes from her start to her end."""
    total = 0.0
    for carer in problem.carers:
        road = float(problem.travel[carer.mode][carer.start_place, carer.end_place])
        over = max(0.0, carer.shift_start + road - carer.shift_end)
        total += problem.weights.travel * road + problem.weights.overtime * over
    return total


def _visit(problem: Problem, uid: str) -> Visit:
    return next(visit for visit in problem.visits if visit.uid == uid)
