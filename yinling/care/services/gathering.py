"""What a block's day is planned from: its carers with their hours, the visits and sessions due. Values out."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from yinling.care import parameters
from yinling.care.models import Pairing, Session, Visit, Visitor, Wish
from yinling.care.rules.rounds import ANYBODY, Door, Given, Hand
from yinling.kernel.clock import CITY_ZONE, start_of
from yinling.kernel.scope import within
from yinling.people.models import Person
from yinling.places.models import Place
from yinling.places.queries import key_ranges
from yinling.rosters.models import Turn

TIMED = (Visitor.Kind.CARER, Visitor.Kind.THERAPIST)  # the others get a list in a sensible order
Position = tuple[float, float]
NOWHERE: Position = (0.0, 0.0)


def minute_of(at: dt.datetime, day: dt.date) -> float:
    """Minutes from the start of a civil day."""
    return (at - start_of(day)).total_seconds() / 60


def gather(place_key: int, day: dt.date) -> Given:
    """The day of a block. A constant number of statements."""
    ranges = key_ranges([place_key])
    visitors = list(Visitor.objects.active(day).filter(within(ranges), kind__in=TIMED).order_by("id"))
    visits = list(
        Visit.objects.open().filter(visitor__in=visitors, opens_on__lte=day, due_on__gte=day)
        .select_related("person", "visitor").order_by("id")
    )  # fmt: skip
    sessions = list(
        Session.objects.filter(state=Session.State.PLANNED, planned_on=day, line__carer__in=visitors)
        .select_related("line__plan__person", "line__carer").order_by("id")
    )  # fmt: skip
    persons = [one.person for one in visits] + [one.line.plan.person for one in sessions]
    places = villages_of([*persons, *visitors])
    known, unwelcome = _faces(persons, day)
    liking = -float(parameters.round_liking(day))
    doors = [_visit_door(one, day, places) for one in visits]
    doors += [_session_door(one, day, places) for one in sessions]
    named = [_with_faces(door, person, known, unwelcome, liking) for door, person in zip(doors, persons, strict=True)]
    return Given(tuple(named), _hands(visitors, day, places), parameters.roads(day)).settled()


def villages_of(rows: Sequence[Person | Visitor]) -> dict[int, Position]:
    """Where the villages lie of those whose own position nobody knows."""
    keys = {one.place_key for one in rows if one.longitude is None}
    found = Place.objects.filter(key__in=keys, longitude__isnull=False).values_list("key", "longitude", "latitude")
    return {key: (longitude, latitude) for key, longitude, latitude in found if longitude and latitude}


def position_of(one: Person | Visitor, places: dict[int, Position]) -> Position:
    """Where somebody is at home, or the village."""
    if one.longitude is not None and one.latitude is not None:
        return one.longitude, one.latitude
    return places.get(one.place_key, NOWHERE)


def _faces(persons: Sequence[Person], day: dt.date) -> tuple[dict[int, set[str]], dict[int, str]]:
    """Of each person the visitors paired with them, and whom they do not want."""
    known: dict[int, set[str]] = defaultdict(set)
    pairings = Pairing.objects.standing(day).filter(person__in=persons)
    for person_id, uid in pairings.values_list("person_id", "visitor__uid"):
        known[person_id].add(str(uid))
    wishes = Wish.objects.filter(person__in=persons, not_visitor__isnull=False)
    return known, {person_id: str(uid) for person_id, uid in wishes.values_list("person_id", "not_visitor__uid")}


def _with_faces(
    door: Door, person: Person, known: dict[int, set[str]], unwelcome: dict[int, str], liking: float
) -> Door:
    faces = {*known.get(person.pk, set()), *door.liking}
    out = (unwelcome[person.pk],) if person.pk in unwelcome else ()
    return Door(**{**vars(door), "liking": dict.fromkeys(sorted(faces), liking), "forbidden": out})


def visit_door(visit: Visit, day: dt.date) -> Door:
    """A visit by itself, as a door: for one that comes in during the day."""
    known, unwelcome = _faces([visit.person], day)
    door = _visit_door(visit, day, villages_of([visit.person]))
    return _with_faces(door, visit.person, known, unwelcome, -float(parameters.round_liking(day)))


def _visit_door(visit: Visit, day: dt.date, places: dict[int, Position]) -> Door:
    start, end, _, _ = parameters.round_hours(day)
    minutes = parameters.round_visit_minutes(day)
    closes = minute_of(visit.due_at, day) if visit.due_at else end - minutes
    visitor = visit.visitor
    return Door(
        str(visit.uid), "visit", *position_of(visit.person, places), float(minutes), float(start),
        max(float(start), closes), liking={str(visitor.uid): 0.0} if visitor else {},
    )  # fmt: skip


def _session_door(session: Session, day: dt.date, places: dict[int, Position]) -> Door:
    start, end, _, _ = parameters.round_hours(day)
    line = session.line
    need = parameters.round_skills(day).get(line.service, ANYBODY)
    return Door(
        str(session.uid), "session", *position_of(line.plan.person, places), float(line.minutes), float(start),
        float(max(start, end - line.minutes)), (need,), {str(line.carer.uid): 0.0} if line.carer else {},
    )  # fmt: skip


def _hands(visitors: Sequence[Visitor], day: dt.date, places: dict[int, Position]) -> tuple[Hand, ...]:
    """Hours from the rosters where a turn begins that day, else the usual ones."""
    start, end, rest, minutes = parameters.round_hours(day)
    hours: dict[int, tuple[float, float]] = {}
    day_end = start_of(day + dt.timedelta(days=1))
    turns = Turn.objects.standing().filter(
        user__in=[one.user_id for one in visitors if one.user_id],
        starts_at__gte=start_of(day), starts_at__lt=day_end,
    )  # fmt: skip
    for turn in turns.order_by("starts_at"):
        span = minute_of(turn.starts_at.astimezone(CITY_ZONE), day), minute_of(turn.ends_at, day)
        hours.setdefault(turn.user_id, span)
    return tuple(
        Hand(
            str(one.uid), *position_of(one, places), one.mode, *hours.get(one.user_id or 0, (float(start), float(end))),
            tuple(one.skills), float(rest), float(minutes),
        )
        for one in visitors
    )  # fmt: skip
