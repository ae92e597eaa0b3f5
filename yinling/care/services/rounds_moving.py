"""A day that goes otherwise: a stop given to another visitor, an urgent visit, a visitor who is ill.

A change always makes a new version; what was published stays as it was until the new one is published. No promise is
moved unseen: `take_up` refuses until whoever asks has seen the broken ones and confirms.
"""

from dataclasses import dataclass, replace

from django.db import transaction

from yinling.care.models import DayPlan, Stop, Visit, Visitor
from yinling.care.queries import rounds as queries
from yinling.care.rules.rounds import Given, given_of, problem_of, why_not_move
from yinling.care.services.gathering import TIMED, minute_of, visit_door
from yinling.care.services.rounds import keep, locked_plan, publish_rounds
from yinling.engines.planning import problem as planning
from yinling.engines.planning.offering import Moved, moved
from yinling.engines.planning.promising import Broken, broken_promises
from yinling.engines.planning.replanning import News, Replanned, Standing, replan
from yinling.engines.planning.solving import Until
from yinling.kernel.actors import Actor
from yinling.kernel.clock import civil_date, now
from yinling.kernel.errors import NotFound, Refused

AT_ONCE = Until(moves=4_000)  # a fraction of a second on two thousand visits


@dataclass(frozen=True)
class Change:
    """What a change would make: the values, the new plan, the promises and locks it would not keep."""

    given: Given
    plan: Replanned | Moved
    broken: tuple[Broken, ...]


def try_move(stop: Stop, visitor: Visitor) -> Change:
    """The version with one stop given to another visitor, at her best place for it. Writes nothing."""
    day_plan = stop.day_plan
    is_begun = day_plan.state == DayPlan.State.PUBLISHED and stop.starts_at <= now()
    if reason := why_not_move(stop.is_locked or stop.is_promised, is_begun):
        raise Refused(reason)
    problem, plan = queries.as_plan(day_plan)
    if str(visitor.uid) not in {carer.uid for carer in problem.carers}:
        raise NotFound("visitor")
    made = moved(problem, plan, stop.door, str(visitor.uid), stop.task)
    if stop.door in made.plan.left_out:
        raise Refused("{visitor} may not make this visit: a skill is missing, or she is not wished for.",
                      visitor=visitor.name)  # fmt: skip
    fixed = queries.promises_of(day_plan, with_locked=True)
    broken = tuple(broken_promises(fixed, made.plan, frozenset(), {}, ()))
    return Change(given_of(day_plan.given), made, broken)


@transaction.atomic
def move_stop(*, uid: object, visitor_uid: object, by: Actor) -> DayPlan:
    """Give a stop to another visitor, in a new version. Refused where a lock or a promise would not hold."""
    stop = queries.stop(uid, by)
    day_plan = locked_plan(stop.day_plan.uid, by)
    change = try_move(stop, Visitor.objects.visible_to(by).one(uid=visitor_uid))
    if change.broken:
        raise Refused("A locked or promised stop would not keep its time. Unlock it first, or choose another visitor.")
    flags = queries.flags_of(day_plan)
    return keep(day_plan.place_key, day_plan.day, change.given, change.plan.plan, by=by, flags=flags)


def try_news(day_plan: DayPlan, urgent: Visit | None, sick: Visitor | None) -> Change:
    """The rest of the day with an urgent visit, or without a visitor. Writes nothing."""
    if day_plan.state != DayPlan.State.PUBLISHED or day_plan.day < civil_date():
        raise Refused("Only the published version of today or a later day takes news up. Publish it first.")
    given = given_of(day_plan.given)
    minute = minute_of(now(), day_plan.day)
    problem, plan = queries.as_plan(day_plan)
    doors: tuple[planning.Visit, ...] = ()
    if urgent is not None:
        if str(urgent.uid) in {door.uid for door in given.doors}:
            raise Refused("This visit is in the plan already.")
        door = visit_door(urgent, day_plan.day)
        opens = max(door.opens, minute)
        door = replace(door, opens=opens, closes=max(opens, min(door.closes, opens + 60)), late_weight=5.0)
        given = given.with_door(door)
        whole = problem_of(given)
        doors = (whole.visits[-1],)
        problem = replace(whole, visits=whole.visits[:-1])
    ill = frozenset([str(sick.uid)]) if sick else frozenset()
    if ill - {carer.uid for carer in problem.carers}:
        raise NotFound("visitor")
    fixed = tuple(queries.promises_of(day_plan, with_locked=True))
    done = replan(Standing(problem, plan, minute, fixed), News(urgent=doors, sick=ill), AT_ONCE)
    return Change(given, done, done.broken)


@transaction.atomic
def take_up(*, uid: object, urgent_uid: object = None, sick_uid: object = None, confirmed: bool, by: Actor) -> DayPlan:
    """Take an urgent visit or a visitor's illness up and publish at once. Broken promises need `confirmed`."""
    day_plan = locked_plan(uid, by)
    urgent, sick = news_of(urgent_uid, sick_uid, by)
    change = try_news(day_plan, urgent, sick)
    if change.broken and not confirmed:
        raise Refused("{count} promises would be broken. Tell the people, then confirm.", count=len(change.broken))
    lost = {(one.promise.visit, one.promise.task) for one in change.broken}
    flags = {key: value for key, value in queries.flags_of(day_plan).items() if key not in lost}
    made = keep(day_plan.place_key, day_plan.day, change.given, change.plan.plan, by=by, flags=flags)
    return publish_rounds(uid=made.uid, by=by)


def news_of(urgent_uid: object, sick_uid: object, by: Actor) -> tuple[Visit | None, Visitor | None]:
    """What is asked for, seen by whoever asks. Raises Refused for neither, NotFound."""
    if not urgent_uid and not sick_uid:
        raise Refused("Choose an urgent visit, or the visitor who cannot come.")
    visits = Visit.objects.visible_to(by).open().select_related("person", "visitor")
    urgent = visits.one(uid=urgent_uid) if urgent_uid else None
    sick = Visitor.objects.visible_to(by).filter(kind__in=TIMED).one(uid=sick_uid) if sick_uid else None
    return urgent, sick
