"""Reads of rounds: versions of a day, the problem and plan of one, what changed, one visitor's own round."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from yinling.care import parameters
from yinling.care.models import DayPlan, Stop, Visit, Visitor
from yinling.care.rules.rounds import Difference, differences, given_of, minutes_between, problem_of
from yinling.engines.planning import problem as planning
from yinling.engines.planning.checking import parts_of
from yinling.engines.planning.ordering import in_order
from yinling.engines.planning.promising import Promise
from yinling.kernel.actors import Actor
from yinling.kernel.clock import start_of
from yinling.people.models import Person
from yinling.places.models import Place


@dataclass(frozen=True)
class Next:
    """One door of a visitor's day: whom, for which visit or session; times where the round is timed and published."""

    person: Person
    visit: Visit | None
    stop: Stop | None = None

    @property
    def starts_at(self) -> dt.datetime | None:
        """When she is due there; None in a list without times."""
        return self.stop.starts_at if self.stop else None


def day_plans_for(by: Actor) -> QuerySet[DayPlan]:
    """Versions the actor sees, without the values they were planned from. Unordered."""
    found: QuerySet[DayPlan] = DayPlan.objects.visible_to(by).defer("given").annotate(doors=Count("stops"))
    return found


def day_plan(uid: object, by: Actor) -> DayPlan:
    """One version. Raises NotFound."""
    found: DayPlan = DayPlan.objects.visible_to(by).one(uid=uid)
    return found


def stop(uid: object, by: Actor) -> Stop:
    """One stop. Raises NotFound."""
    return Stop.objects.visible_to(by).select_related("day_plan", "visitor", *WITH).one(uid=uid)


WITH = ("visitor__user", "visit__person", "session__line__plan__person")


def stops_of(plan: DayPlan) -> list[Stop]:
    """The stops of a version with their people, by visitor and order. One statement."""
    return list(plan.stops.select_related(*WITH).order_by("visitor__name", "visitor_id", "position"))


def person_of(one: Stop) -> Person:
    """At whose door it is."""
    if one.visit is not None:
        return one.visit.person
    assert one.session is not None  # the constraint says so
    person: Person = one.session.line.plan.person
    return person


def minute(at: dt.datetime, plan: DayPlan) -> float:
    """Minutes from the midnight of the plan's day."""
    return (at - start_of(plan.day)).total_seconds() / 60


def as_plan(plan: DayPlan, stops: Sequence[Stop] | None = None) -> tuple[planning.Problem, planning.Plan]:
    """A version as the planner knows it, from the values it was planned from."""
    problem = problem_of(given_of(plan.given))
    services = {(visit.uid, n): task.service for visit in problem.visits for n, task in enumerate(visit.tasks)}
    routes: dict[str, list[planning.Stop]] = {carer.uid: [] for carer in problem.carers}
    for one in stops_of(plan) if stops is None else stops:
        routes[str(one.visitor.uid)].append(planning.Stop(
            one.door, one.task, services[one.door, one.task], minute(one.starts_at, plan), minute(one.ends_at, plan)
        ))  # fmt: skip
    made = planning.Plan({uid: tuple(route) for uid, route in routes.items()}, tuple(plan.left_out))
    return problem, planning.Plan(made.routes, made.left_out, parts_of(problem, made), plan.moves)


def promise_of(one: Stop, plan: DayPlan, tolerance: float) -> Promise:
    """A stop that is to stay: who and when."""
    return Promise(one.door, str(one.visitor.uid), minute(one.starts_at, plan), tolerance, one.task)


def promises_of(plan: DayPlan, *, with_locked: bool) -> list[Promise]:
    """What was promised (and locked) in a version."""
    tolerance = float(parameters.round_tolerance(plan.day))
    kept = [one for one in stops_of(plan) if one.is_promised or (with_locked and one.is_locked)]
    return [promise_of(one, plan, tolerance) for one in kept]


def flags_of(plan: DayPlan) -> dict[tuple[str, int], tuple[bool, bool]]:
    """Per door and task: locked, promised."""
    return {(one.door, one.task): (one.is_locked, one.is_promised) for one in stops_of(plan)}


def versions_of(plan: DayPlan, by: Actor) -> list[DayPlan]:
    """All versions of the block's day, the newest first."""
    return list(day_plans_for(by).filter(place_key=plan.place_key, day=plan.day).order_by("-version"))


def yesterday_of(plan: DayPlan, by: Actor) -> DayPlan | None:
    """The version published for the block on the last day before that had one."""
    found = day_plans_for(by).filter(place_key=plan.place_key, day__lt=plan.day, published_at__isnull=False)
    return found.order_by("-day", "-version").first()


def compared(before: DayPlan, after: DayPlan) -> list[tuple[Person, Difference]]:
    """What changed from one version to another, person by person: who comes, and when."""
    persons: dict[str, Person] = {}
    sides = []
    for plan in (before, after):
        side = {}
        for one in stops_of(plan):
            person = person_of(one)
            persons[f"{person.uid}/{one.task}"] = person
            side[f"{person.uid}/{one.task}"] = (one.visitor.name, minute(one.starts_at, plan))
        sides.append(side)
    return [(persons[one.door], one) for one in differences(*sides)]


def round_of(visitor: Visitor, day: dt.date) -> list[Next]:
    """A visitor's day in order: with times where a timed round is published, else open visits in a sensible order."""
    stops = Stop.objects.filter(visitor=visitor, day_plan__day=day, day_plan__state=DayPlan.State.PUBLISHED)
    timed = list(stops.select_related(*WITH).order_by("starts_at", "position"))
    if timed:
        return [Next(person_of(one), one.visit, one) for one in timed]
    visits = Visit.objects.open().filter(visitor=visitor, opens_on__lte=day).select_related("person")
    return ordered(visitor, list(visits.order_by("due_on", "id")), day)


def ordered(visitor: Visitor, visits: Sequence[Visit], day: dt.date) -> list[Next]:
    """Open visits in the order in which to go: what is overdue or due that day first, then the shortest way round."""
    rows: list[Visitor | Person] = [visitor, *(one.person for one in visits)]
    keys = {row.place_key for row in rows if row.longitude is None}
    found = Place.objects.filter(key__in=keys).values_list("key", "longitude", "latitude")
    villages = {key: (x or 0.0, y or 0.0) for key, x, y in found}
    points = [
        (row.longitude, row.latitude or 0.0) if row.longitude is not None else villages.get(row.place_key, (0.0, 0.0))
        for row in rows
    ]
    road = minutes_between(points, 4.0, 1.0)
    first = [n for n, one in enumerate(visits, 1) if one.due_on <= day]
    return [Next(visits[n - 1].person, visits[n - 1]) for n in in_order(road, 0, range(1, len(rows)), first)]
