"""Writes of rounds: ask for a plan, plan, publish, lock, promise. Moving and taking news up: `rounds_moving`."""

import datetime as dt
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context

from django.db import transaction
from django.db.models import Max

from yinling.care import parameters
from yinling.care.events import RoundsChanged
from yinling.care.models import DayPlan, Session, Stop, Visit, Visitor
from yinling.care.permissions import Care
from yinling.care.queries import rounds as queries
from yinling.care.rules.rounds import Given, given_of, problem_of, with_fixed
from yinling.care.services.gathering import gather
from yinling.engines.planning.checking import faults_of, parts_of
from yinling.engines.planning.problem import Plan
from yinling.engines.planning.promising import Promise
from yinling.engines.planning.solving import Progress, Until, solve
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date, now, start_of
from yinling.kernel.errors import NotFound, Refused
from yinling.kernel.jobs import start
from yinling.kernel.models import Job
from yinling.kernel.reasons import Reason
from yinling.messages.models import Channel
from yinling.messages.services import send
from yinling.people.services import open_grant
from yinling.places.models import Level
from yinling.places.queries import tree

WORK = "care.rounds"
GROUND = "round"
Flags = Mapping[tuple[str, int], tuple[bool, bool]]  # (door, task) -> locked, promised


def ask_for_rounds(*, place_key: int, day: dt.date, by: Actor) -> Job:
    """Queue the planning of a county's or township's day; of a city's, county by county. Asked twice it runs once."""
    require(by, Care.ROUNDS, place_key)
    if place_key not in tree().divisions:
        raise NotFound("place")
    if day < civil_date():
        raise Refused("{day} is over. Choose today or a later day.", field="day", day=day)
    waiting = Job.objects.filter(kind=WORK, place_key=place_key, state__in=["queued", "running"])
    for job in waiting:
        if job.arguments["day"] == day.isoformat():
            return job
    return start(WORK, {"place": place_key, "day": day.isoformat()}, by=by, place_key=place_key)


def blocks_of(place_key: int) -> list[int]:
    """A city is planned county by county; a county or a township is one block."""
    if tree().divisions[place_key].level == Level.CITY:
        return [one.key for one in tree().children(place_key)]
    return [place_key]


def plan_blocks(
    *, blocks: Sequence[int], day: dt.date, by: Actor, tell: Callable[[int, int], None], go_on: Callable[[], bool]
) -> list[DayPlan]:
    """Plan every block that has anything to do, several at once in processes of their own; keep each as a version."""
    todo = [(key, given, _fixed(key, day)) for key in blocks if (given := gather(key, day)).doors and given.hands]
    moves, made = parameters.round_moves(day), []
    if len(todo) == 1:
        key, given, fixed = todo[0]
        until = Until(moves=moves, go_on=lambda progress: _told(progress, tell, go_on))
        plan = solve(with_fixed(problem_of(given), [one for one, _ in fixed]), until)
        return [keep(key, day, given, plan, by=by, flags=_flags(fixed))] if go_on() else []
    waiting = {key: (given, fixed) for key, given, fixed in todo}
    with ProcessPoolExecutor(min(len(todo) or 1, os.cpu_count() or 1), mp_context=get_context("spawn")) as pool:
        asked = {
            pool.submit(plan_apart, given.as_data(), [one for one, _ in fixed], moves): key
            for key, given, fixed in todo
        }
        for answer in as_completed(asked):
            if not go_on():
                pool.shutdown(cancel_futures=True)
                break
            given, fixed = waiting[asked[answer]]
            made.append(keep(asked[answer], day, given, answer.result(), by=by, flags=_flags(fixed)))
            tell(len(made), len(todo))
    return made


def plan_apart(given: dict[str, object], fixed: Sequence[Promise], moves: int) -> Plan:
    """What a process of its own does: values in, a plan out; no database."""
    return solve(with_fixed(problem_of(given_of(given)), fixed), Until(moves=moves))


def _told(progress: Progress, tell: Callable[[int, int], None], go_on: Callable[[], bool]) -> bool:
    tell(round(progress.share * 100), 100)
    return go_on()


def _fixed(place_key: int, day: dt.date) -> list[tuple[Promise, tuple[bool, bool]]]:
    """What stands locked or promised in the newest version of the block."""
    newest = DayPlan.objects.filter(place_key=place_key, day=day).order_by("-version").first()
    if newest is None:
        return []
    tolerance = float(parameters.round_tolerance(day))
    return [
        (queries.promise_of(one, newest, tolerance), (one.is_locked, one.is_promised))
        for one in queries.stops_of(newest) if one.is_locked or one.is_promised
    ]  # fmt: skip


def _flags(fixed: Sequence[tuple[Promise, tuple[bool, bool]]]) -> Flags:
    return {(promise.visit, promise.task): flags for promise, flags in fixed}


@transaction.atomic
def keep(place_key: int, day: dt.date, given: Given, plan: Plan, *, by: Actor, flags: Flags | None = None) -> DayPlan:
    """Keep a plan as the block's next version. Raises Refused for one that the judge finds impossible."""
    problem = problem_of(given)
    if faults := faults_of(problem, plan):
        raise Refused("The plan cannot be carried out and was not kept: {fault} Plan again.", fault=faults[0])
    held = DayPlan.objects.filter(place_key=place_key, day=day)
    version = (held.aggregate(last=Max("version"))["last"] or 0) + 1
    made = DayPlan.objects.create(
        place_key=place_key, day=day, version=version, moves=plan.moves, parts=vars(parts_of(problem, plan)),
        left_out=list(plan.left_out), given=given.as_data(), made_by=by.uid,
    )  # fmt: skip
    save_stops(made, given, plan, flags or {})
    record(RoundsChanged(made.uid, what="planned", plan_version=version), by=by, place_key=place_key)
    return made


def save_stops(day_plan: DayPlan, given: Given, plan: Plan, flags: Flags) -> None:
    """Write the stops of a version."""
    visits = dict(Visit.objects.filter(uid__in=_doors(given, "visit")).values_list("uid", "pk"))
    sessions = dict(Session.objects.filter(uid__in=_doors(given, "session")).values_list("uid", "pk"))
    known = {str(uid): (pk, None) for uid, pk in visits.items()} | {
        str(uid): (None, pk) for uid, pk in sessions.items()
    }
    visitors = {str(uid): pk for uid, pk in Visitor.objects.filter(uid__in=plan.routes).values_list("uid", "pk")}
    midnight, problem = start_of(day_plan.day), problem_of(given)
    places = {one.uid: one.place for one in problem.visits}
    rows = []
    for carer in problem.carers:
        at = carer.start_place
        for position, stop in enumerate(plan.routes.get(carer.uid, ())):
            visit, session = known[stop.visit]
            locked, promised = flags.get((stop.visit, stop.task), (False, False))
            rows.append(Stop(
                day_plan=day_plan, visitor_id=visitors[carer.uid], visit_id=visit, session_id=session,
                position=position, task=stop.task, starts_at=midnight + dt.timedelta(minutes=stop.start),
                ends_at=midnight + dt.timedelta(minutes=stop.end), is_locked=locked, is_promised=promised,
                travel_minutes=float(problem.travel[carer.mode][at, places[stop.visit]]),
            ))  # fmt: skip
            at = places[stop.visit]
    Stop.objects.bulk_create(rows)


def _doors(given: Given, kind: str) -> list[str]:
    return [one.uid for one in given.doors if one.kind == kind]


@transaction.atomic
def publish_rounds(*, uid: object, by: Actor) -> DayPlan:
    """Send a version to the visitors' telephones; the one published before is replaced. Again changes nothing."""
    found = locked_plan(uid, by)
    if found.state == DayPlan.State.PUBLISHED:
        return found
    if found.state == DayPlan.State.REPLACED:
        raise Refused("Version {version} was replaced by a newer one. Publish that, or plan again.",
                      version=found.version)  # fmt: skip
    problem, plan = queries.as_plan(found)
    if faults := faults_of(problem, plan):
        raise Refused("This version cannot be carried out: {fault} Plan again.", fault=faults[0])
    DayPlan.objects.filter(place_key=found.place_key, day=found.day, state=DayPlan.State.PUBLISHED).update(
        state=DayPlan.State.REPLACED
    )
    found.state, found.published_at = DayPlan.State.PUBLISHED, now()
    found.save(update_fields=["state", "published_at"])
    _hand_out(found, by)
    event = RoundsChanged(found.uid, what="published", plan_version=found.version)
    record(event, by=by, place_key=found.place_key)
    return found


def _hand_out(day_plan: DayPlan, by: Actor) -> None:
    """Each visit is its visitor's; she may see the person until the day after, and is told."""
    rounds: dict[Visitor, int] = {}
    until = start_of(day_plan.day + dt.timedelta(days=2))
    for stop in queries.stops_of(day_plan):
        rounds[stop.visitor] = rounds.get(stop.visitor, 0) + 1
        if stop.task == 0 and stop.visit is not None and stop.visit.visitor_id != stop.visitor_id:
            Visit.objects.open().filter(pk=stop.visit.pk).update(visitor=stop.visitor)
        if stop.visitor.user is not None:
            open_grant(
                person=queries.person_of(stop), grantee_uid=stop.visitor.user.uid, ground=GROUND, until=until, by=by,
                origin_uid=stop.visitor.uid,
            )  # fmt: skip
    for visitor, count in rounds.items():
        if visitor.user is not None:
            send(
                key=f"round {day_plan.uid} {visitor.uid}", channel=Channel.IN_APP, user=visitor.user, by=by,
                title=Reason("Your round of {day}: {count} doors", day=day_plan.day, count=count),
                url_name="care:my_round", about=("day_plan", day_plan.uid), place_key=day_plan.place_key,
            )  # fmt: skip


def locked_plan(uid: object, by: Actor) -> DayPlan:
    """A version to write in, held until the transaction ends."""
    found: DayPlan = DayPlan.objects.visible_to(by).select_for_update().one(uid=uid)
    require(by, Care.ROUNDS, found.place_key)
    return found


@transaction.atomic
def fix_stop(*, uid: object, how: str, by: Actor) -> Stop:
    """`lock`, `unlock`, `promise` or `release` a stop. A promise: somebody was told who comes and when."""
    stop = Stop.objects.visible_to(by).select_related("day_plan").one(uid=uid)
    day_plan = locked_plan(stop.day_plan.uid, by)
    if day_plan.state == DayPlan.State.REPLACED:
        raise Refused("Version {version} was replaced by a newer one. Open that.", version=day_plan.version)
    field, value = {
        "lock": ("is_locked", True), "unlock": ("is_locked", False), "promise": ("is_promised", True),
        "release": ("is_promised", False),
    }[how]  # fmt: skip
    setattr(stop, field, value)
    stop.save(update_fields=[field])
    record(RoundsChanged(day_plan.uid, what=how, plan_version=day_plan.version), by=by, place_key=day_plan.place_key)
    return stop
