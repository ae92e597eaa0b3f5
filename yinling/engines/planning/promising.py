"""Promises: who comes when, as told to somebody. How a plan is held to them, and which it does not keep."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from yinling.engines.planning.problem import Plan, Stop, Visit
from yinling.kernel.reasons import Reason

HEAVY = 20.0  # a minute late for a promise, in minutes late for anything else
WELCOME = 30.0  # minutes by which one of two promised carers is preferred when the other is gone
SLACK = 1e-6


@dataclass(frozen=True)
class Promise:
    """This carer begins this task of a visit at `start`, give or take `tolerance` minutes."""

    visit: str
    carer: str
    start: float
    tolerance: float = 15.0
    task: int = 0


@dataclass(frozen=True)
class Broken:
    """A promise that the new plan does not keep: what comes instead (None: nobody), and why."""

    promise: Promise
    carer: str | None
    start: float | None
    reason: Reason


def held(visit: Visit, promises: Sequence[Promise], everybody: frozenset[str], sick: frozenset[str]) -> Visit:
    """The visit with the window of its promise and, unless one is sick, open to the promised carers alone."""
    found = [promise for promise in promises if promise.visit == visit.uid]
    first = next((promise for promise in found if promise.task == 0), None)
    if first is None:
        return visit
    carers = {promise.carer for promise in found}
    visit = replace(
        visit, prize=None, late_weight=HEAVY * visit.late_weight, opens=max(visit.opens, first.start - first.tolerance),
        closes=max(visit.opens, first.start + first.tolerance),
    )  # fmt: skip
    if carers & sick or len(carers) < len(visit.tasks):
        return replace(visit, liking={**visit.liking, **{uid: -WELCOME for uid in carers}})
    return replace(visit, forbidden=everybody - carers)


def broken_promises(
    promises: Sequence[Promise], plan: Plan, sick: frozenset[str], held_up: Mapping[str, float], urgent: Sequence[str]
) -> Iterator[Broken]:
    """Every promise whose carer, or whose time by more than the tolerance, is another one in the plan."""
    found = {(stop.visit, stop.task): (uid, stop) for uid, route in plan.routes.items() for stop in route}
    for promise in promises:
        uid, stop = found.get((promise.visit, promise.task), (None, None))
        if uid is None or stop is None:
            yield Broken(promise, None, None, _why_nobody(promise, sick))
        elif uid != promise.carer:
            yield Broken(promise, uid, stop.start, _why_another(promise, uid, sick))
        elif abs(stop.start - promise.start) > promise.tolerance + SLACK:
            yield Broken(promise, uid, stop.start, _why_late(promise, stop, plan.routes[uid], held_up, urgent))


def _why_nobody(promise: Promise, sick: frozenset[str]) -> Reason:
    if promise.carer in sick:
        return Reason("{carer} cannot come and nobody else may. Ask for help from outside.", carer=promise.carer)
    return Reason("Nobody may make this visit any more. Ask for help from outside.")


def _why_another(promise: Promise, carer: str, sick: frozenset[str]) -> Reason:
    if promise.carer in sick:
        return Reason("{was} cannot come; {carer} comes instead.", was=promise.carer, carer=carer)
    return Reason("{carer} comes instead of {was}, who is needed elsewhere.", was=promise.carer, carer=carer)


def _why_late(
    promise: Promise, stop: Stop, route: tuple[Stop, ...], held_up: Mapping[str, float], urgent: Sequence[str]
) -> Reason:
    minutes = round(abs(stop.start - promise.start))
    before = [one.visit for one in route if one.start < stop.start and one.visit in urgent]
    if stop.start < promise.start:
        return Reason("{carer} comes {minutes} minutes earlier.", carer=promise.carer, minutes=minutes)
    if before:
        return Reason(
            "{visit} is urgent and comes first; {carer} comes {minutes} minutes later.",
            visit=before[-1], carer=promise.carer, minutes=minutes,
        )  # fmt: skip
    if promise.carer in held_up:
        return Reason("{carer} is held up and comes {minutes} minutes later.", carer=promise.carer, minutes=minutes)
    return Reason(
        "{carer} comes {minutes} minutes later, as visits of others came to her.", carer=promise.carer, minutes=minutes
    )
