"""Wards and the day in them: shifts, residents, tasks, records. A ward's day takes a constant number of statements."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from yinling.accounts.models import User
from yinling.institutions.models import BedUse, Institution, Leave, Staff, Stay
from yinling.kernel.actors import Actor, System
from yinling.kernel.clock import civil_date, now, start_of
from yinling.kernel.errors import NotFound
from yinling.rosters.models import Post, Roster
from yinling.rosters.queries import turns_between
from yinling.shifts import parameters
from yinling.shifts.models import CareRecord, Diet, HandOver, MedicineOrder, PatrolPoint, TurningPlan, Ward
from yinling.shifts.rules import due
from yinling.shifts.rules.due import MEAL, MEDICINE, PATROL, TURN, Plan, Presence, Span, Task

ONE_DAY = dt.timedelta(days=1)


def spans_of(day: dt.date) -> list[Span]:
    """The shifts that begin on a day."""
    return [due.span_of(kind, day, start_of(day)) for kind in parameters.kinds(day)]


def span_at(moment: dt.datetime) -> Span:
    """The shift that runs at an instant. Raises NotFound where shifts leave a gap."""
    day = civil_date(moment)
    found = next((one for d in (day, day - ONE_DAY) for one in spans_of(d) if one.holds(moment)), None)
    if found is None:
        raise NotFound("shift")
    return found


def span_named(day: dt.date, key: str) -> Span:
    """A shift by day and kind. Raises NotFound."""
    found = next((one for one in spans_of(day) if one.key == key), None)
    if found is None:
        raise NotFound("shift")
    return found


def span_before(span: Span) -> Span:
    """The shift that ran before."""
    return span_at(span.starts_at - dt.timedelta(seconds=1))


def span_after(span: Span) -> Span:
    """The shift that runs next. Raises NotFound where shifts leave a gap."""
    return span_at(span.ends_at)


def works_in(home: Institution, by: Actor) -> bool:
    """Whether somebody works in a home today; the platform itself counts as everywhere."""
    posts = Staff.objects.filter(institution=home, user__uid=by.uid, left_on__isnull=True)
    return isinstance(by, System) or posts.exists()


def workplaces_of(by: Actor) -> list[Institution]:
    """The homes where somebody works today."""
    posts = Staff.objects.filter(user__uid=by.uid, left_on__isnull=True).select_related("institution")
    return [post.institution for post in posts.order_by("id")]


def carers_on(home: Institution, span: Span) -> list[User]:
    """Who is on duty for care in a home in a shift, by the home's own roster; empty where it keeps none."""
    if home.organisation is None:
        return []
    turns = turns_between(home.organisation.uid, Post.CARE, span.starts_at, span.ends_at)
    return list({turn.user.pk: turn.user for turn in turns}.values())


def has_roster(home: Institution) -> bool:
    """Whether a home keeps a roster of its carers: only then does nobody on it mean that nobody comes."""
    own = home.organisation_id
    return own is not None and Roster.objects.filter(organisation=own, post=Post.CARE).exists()


def wards_for(by: Actor) -> QuerySet[Ward]:
    """Wards in use that the actor sees, with the open incidents of each."""
    open_incidents = Count("incidents", filter=~Q(incidents__state="closed"))
    return Ward.objects.visible_to(by).in_use().select_related("institution", "floor").annotate(open=open_incidents)


def ward(uid: object, by: Actor) -> Ward:
    """One ward. Raises NotFound."""
    return Ward.objects.visible_to(by).select_related("institution__organisation", "floor").one(uid=uid)


def point_by_token(token: str, by: Actor) -> PatrolPoint:
    """The patrol point whose code was read. Raises NotFound, also for a code that was replaced."""
    points = PatrolPoint.objects.visible_to(by).filter(ended_at__isnull=True)
    return points.select_related("ward__institution").one(token=token)


@dataclass(frozen=True)
class Resident:
    """Somebody in the ward: where they sleep, how they eat, the slip they are out with."""

    stay: Stay
    bed: str
    diet: Diet | None
    leave: Leave | None

    @property
    def tags(self) -> list[str]:
        """Codes of diet_tag."""
        return list(self.diet.tags) if self.diet else []


@dataclass(frozen=True)
class WardDay:
    """A ward in a shift: what is due in it, and what was done, by natural key of the task."""

    ward: Ward
    span: Span
    residents: dict[UUID, Resident]  # by uid of the stay, in order of beds
    tasks: list[Task]
    records: dict[str, CareRecord]
    orders: dict[UUID, MedicineOrder]
    points: dict[UUID, PatrolPoint]
    hand_over: HandOver | None
    before: HandOver | None  # of the shift before

    def task(self, key: str) -> Task | None:
        """A task by its key."""
        return next((one for one in self.tasks if one.key == key), None)

    def open_tasks(self) -> list[Task]:
        """What nobody has recorded yet, soonest due first."""
        return [task for task in self.tasks if task.key not in self.records]


def residents_of(found: Ward) -> list[BedUse]:
    """Who lives in a ward now: their beds, with stay and person. One statement."""
    uses = BedUse.objects.open().filter(kind=BedUse.OCCUPIED, bed__institution_id=found.institution_id)
    if found.floor_id:
        uses = uses.filter(bed__room__floor_id=found.floor_id)
    return list(uses.select_related("stay__person", "bed__room").order_by("bed__room__number", "bed__label", "id"))


def ward_day(found: Ward, span: Span) -> WardDay:
    """A ward in a shift. Eight statements whatever the number of residents."""
    uses = residents_of(found)
    pks = [use.stay_id for use in uses if use.stay_id]
    leaves = _leaves(pks, span)
    diets = {diet.stay_id: diet for diet in Diet.objects.standing().filter(stay_id__in=pks)}
    residents = {
        use.stay.uid: Resident(use.stay, str(use.bed), diets.get(use.stay_id), _out(leaves[use.stay.pk]))
        for use in uses
        if use.stay
    }
    orders = MedicineOrder.objects.between(span.starts_at, span.ends_at).filter(stay_id__in=pks)
    by_uid = {order.uid: order for order in orders.select_related("stay")}
    points = {point.uid: point for point in found.points.filter(put_up_at__lt=span.ends_at).exclude(
        ended_at__lte=span.starts_at
    )}  # fmt: skip
    turning = TurningPlan.objects.between(span.starts_at, span.ends_at).filter(stay_id__in=pks).select_related("stay")
    plans = _plans(span, found, residents, list(turning), list(by_uid.values()), list(points.values()))
    presence = {
        uid: Presence(one.stay.admitted_at, one.stay.left_at, _absences(leaves[one.stay.pk]))
        for uid, one in residents.items()
    }
    tasks = due.tasks_of(plans, presence)
    records = CareRecord.objects.standing().filter(ward=found, task__in=[task.key for task in tasks])
    handed, before = _hand_overs(found, span)
    return WardDay(
        found, span, residents, tasks, {one.task: one for one in records}, by_uid, points, handed, before
    )  # fmt: skip


def _plans(
    span: Span, found: Ward, residents: dict[UUID, Resident], turning: list[TurningPlan], orders: list[MedicineOrder],
    points: list[PatrolPoint],
) -> list[Plan]:  # fmt: skip
    midnight = start_of(span.day)
    meals = due.at_times(span, midnight, parameters.meal_times(span.day))
    rounds = due.rounds(span, parameters.patrol_rounds(span.day).get(span.key, 0))
    plans = [Plan(MEAL, uid, uid, meals, max(one.stay.admitted_at, found.opened_at)) for uid, one in residents.items()]
    plans += [
        Plan(TURN, p.stay.uid, p.stay.uid, due.every(span, midnight, p.every_minutes), p.begins_at, p.ended_at)
        for p in turning
    ]
    plans += [
        Plan(MEDICINE, o.uid, o.stay.uid, due.at_times(span, midnight, o.times), o.begins_at, o.ended_at)
        for o in orders
    ]
    # A round that had begun before the point was put up is not asked of it.
    plans += [Plan(PATROL, p.uid, None, rounds, p.put_up_at, p.ended_at) for p in points]
    return plans


def _leaves(stays: list[int], span: Span) -> dict[int, list[Leave]]:
    found: dict[int, list[Leave]] = defaultdict(list)
    still_out = Q(back_at__isnull=True) | Q(back_at__gt=span.starts_at)
    for leave in Leave.objects.filter(still_out, stay_id__in=stays, out_at__lt=span.ends_at):
        found[leave.stay_id].append(leave)
    return found


def _absences(leaves: list[Leave]) -> tuple[tuple[dt.datetime, dt.datetime | None], ...]:
    return tuple((leave.out_at, leave.back_at) for leave in leaves)


def _out(leaves: list[Leave]) -> Leave | None:
    return next((leave for leave in leaves if leave.back_at is None and leave.out_at <= now()), None)


def _hand_overs(found: Ward, span: Span) -> tuple[HandOver | None, HandOver | None]:
    """Of this shift and of the one before. One statement."""
    before = span_before(span)
    rows = HandOver.objects.filter(ward=found, day__in={span.day, before.day}, shift__in={span.key, before.key})
    by_shift = {(row.day, row.shift): row for row in rows}
    return by_shift.get((span.day, span.key)), by_shift.get((before.day, before.key))


def record(uid: object, by: Actor) -> CareRecord:
    """One care record. Raises NotFound."""
    return CareRecord.objects.visible_to(by).select_related("ward__institution", "stay__person", "order").one(uid=uid)


def hand_over(uid: object, by: Actor) -> HandOver:
    """One hand-over. Raises NotFound."""
    return HandOver.objects.visible_to(by).select_related("ward__institution").one(uid=uid)


def colleagues_in(home: Institution, besides: Actor) -> list[Any]:
    """Users who work in a home today, without one of them."""
    posts = Staff.objects.filter(institution=home, left_on__isnull=True, user__is_active=True)
    return [post.user for post in posts.exclude(user__uid=besides.uid).select_related("user").order_by("name", "id")]
