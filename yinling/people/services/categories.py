"""Categories of a person, dated, each on the word of a source."""

import datetime as dt

from django.db import transaction

from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date, now
from yinling.kernel.errors import NotFound, Refused
from yinling.kernel.uids import Uid
from yinling.people.cards import reindex
from yinling.people.events import CategoryJoined, CategoryLeft
from yinling.people.models import Category, Person
from yinling.people.permissions import People
from yinling.people.rules import why_not_ended, why_not_explained


@transaction.atomic
def join_category(
    *, uid: Uid, category: str, by: Actor, source: str, grade: str = "", on: dt.date | None = None
) -> Category:
    """Put a person into a category from a day on. Already in it with the same grade: nothing happens."""
    person = Person.objects.visible_to(by).select_for_update().one(uid=uid)
    require(by, People.EDIT, person.place_key)
    day = on or civil_date()
    held = Category.objects.filter(person=person, category=category, valid_to__isnull=True, superseded_at__isnull=True)
    if (present := held.first()) is not None:
        if present.grade == grade:
            return present
        _end(present, day)
    joined = Category.objects.create(person=person, category=category, grade=grade, source=source, valid_from=day)
    reindex(person)
    record(CategoryJoined(uid=person.uid, category=category), by=by, place_key=person.place_key)
    return joined


@transaction.atomic
def leave_category(*, uid: Uid, category: str, by: Actor, reason: str, on: dt.date | None = None) -> Category:
    """End a category from a day on, and say why. What it gave until then stays as it was."""
    person = Person.objects.visible_to(by).select_for_update().one(uid=uid)
    require(by, People.EDIT, person.place_key)
    day = on or civil_date()
    held = Category.objects.filter(person=person, category=category, valid_to__isnull=True, superseded_at__isnull=True)
    present = held.first()
    if present is None:
        raise NotFound("category")
    if objection := why_not_ended(on=day, since=present.valid_from, today=civil_date()):
        raise Refused(objection, field="on")
    if objection := why_not_explained(reason):
        raise Refused(objection, field="reason")
    _end(present, day)
    reindex(person)
    record(CategoryLeft(uid=person.uid, category=category), by=by, place_key=person.place_key, reason=reason)
    return present


def _end(present: Category, day: dt.date) -> None:
    if day < present.valid_from:
        raise Refused("The category holds since {since}; it cannot end on {day}.", since=present.valid_from, day=day)
    present.valid_to = day
    if day == present.valid_from:
        present.superseded_at = now()
    present.save()
