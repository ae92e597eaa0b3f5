"""Rounds of the demonstration: a county's block with forty carers of eight visits each, invented.

Yesterday's and today's versions are published, and a draft of today's stands beside them. Doors are given out by the
planner's simple rule, without the compiled search: the page has something to compare and to plan better.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from yinling.accounts.models import User
from yinling.care.models import Visit, Visitor
from yinling.care.rules.due import OWN
from yinling.care.rules.rounds import Given, problem_of, simple_plan
from yinling.care.services.gathering import gather
from yinling.care.services.rounds import keep, publish_rounds
from yinling.kernel.actors import Actor
from yinling.kernel.clock import civil_date
from yinling.kernel.scope import within
from yinling.kernel.uids import new_uid
from yinling.people.models import Person
from yinling.places.models import Level
from yinling.places.queries import key_ranges, tree

CARERS, EACH = 40, 8
KEY = "round"
DAY = timedelta(days=1)
NAMES = (("向", "舒", "张", "杨", "李", "覃", "黄", "田"), ("秀英", "桂花", "小燕", "冬梅", "玉珍"))
MODES = ("motorbike", "motorbike", "foot", "car", "bus")


def load_city_rounds(users: dict[str, User], *, by: Actor) -> tuple[int, int]:
    """Returns carers and stops of today's published round."""
    county = tree().above(users["county_clerk"].place_key, Level.COUNTY)
    today = civil_date()
    if county is None:
        return 0, 0
    ranges = key_ranges([county.key])
    persons = Person.objects.current().living().filter(within(ranges), longitude__isnull=False)
    chosen = list(persons.order_by("id")[:: max(1, persons.count() // (CARERS * EACH))][: CARERS * EACH])
    carers = [_carer(n, home, today) for n, home in enumerate(chosen[::EACH])]
    _visits(chosen, carers, today)
    for day in (today - DAY, today):
        given = gather(county.key, day)
        made = keep(county.key, day, given, simple_plan(problem_of(given)), by=by)
        publish_rounds(uid=made.uid, by=by)
    other = simple_plan(problem_of(_without_faces(given)))
    keep(county.key, today, given, other, by=by)
    return len(carers), made.stops.count()


def _carer(n: int, home: Person, today: date) -> Visitor:
    """A carer who sets out from beside somebody's village."""
    name = NAMES[0][n % 8] + NAMES[1][n // 8 % 5]
    skills = ["nursing"] if n % 3 else ["cooking"]
    return Visitor.objects.create(
        name=name, kind=Visitor.Kind.CARER, sex="2", place_key=home.place_key, skills=skills, mode=MODES[n % 5],
        longitude=home.longitude, latitude=home.latitude, begins_on=today - 400 * DAY, monthly_load=200,
    )  # fmt: skip


def _visits(persons: list[Person], carers: list[Visitor], today: date) -> None:
    """One visit for each person, open since yesterday, with the carer who sets out nearest in the list."""
    Visit.objects.bulk_create(
        Visit(
            person=person, visitor=carers[min(n // EACH, len(carers) - 1)], rule=OWN, key=f"{KEY}:{new_uid()}",
            opens_on=today - DAY, due_on=today + DAY,
        )
        for n, person in enumerate(persons)
    )  # fmt: skip


def _without_faces(given: Given) -> Given:
    """As if no face were known: what the draft is compared with."""
    return replace(given, doors=tuple(replace(door, liking={}) for door in given.doors))
