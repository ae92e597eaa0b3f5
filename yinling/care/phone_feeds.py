"""What a visitor's telephone may hold: the visits of this week, the persons behind them, the lists of the form.

Scope is the database's answer: visits whose visitor the user is, open within a week or made since yesterday. A person
lies on the phone only as long as such a visit does. What is protected (telephone, house number) goes along for the
visit, leaves a line, and lies on the phone under its key.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q

from yinling.accounts.models import User
from yinling.care import visit_words
from yinling.care.models import Attempt, Stop, Visit
from yinling.care.models.visits import VisitQuerySet
from yinling.care.queries.visits import AHEAD, last_visits
from yinling.care.rules.due import age_on
from yinling.care.rules.visits import BLOCKS
from yinling.care.services.proofs import with_photo_consent
from yinling.kernel.clock import civil_date, start_of
from yinling.people.models import Category, Person
from yinling.people.services import look
from yinling.places.queries import tree
from yinling.reference.queries import choices, label
from yinling.sync.registry import Feed

MOST_VISITS, MOST_PERSONS = 120, 120
LISTS = UUID("00000000-0000-7000-8000-00000000ca1e")  # the one document of the form's lists


def visits_on(user: User) -> VisitQuerySet:
    """The visits that a user's phone may hold, soonest first: one's own, while one visits."""
    today = civil_date()
    mine = Visit.objects.filter(
        Q(visitor__ended_on__isnull=True) | Q(visitor__ended_on__gt=today),
        visitor__user=user,
        visitor__begins_on__lte=today,
    )
    waiting = Q(state=Visit.State.DUE, opens_on__lte=today + AHEAD)
    made = Q(state=Visit.State.DONE, started_at__gte=start_of(today - dt.timedelta(days=1)))
    found: VisitQuerySet = mine.filter(waiting | made).order_by("due_on", "id")
    return found


def _visit_uids(user: User) -> Sequence[UUID]:
    return list(visits_on(user).values_list("uid", flat=True)[:MOST_VISITS])


def _visits(uids: Sequence[UUID], user: User) -> Mapping[UUID, dict[str, Any]]:
    found = list(Visit.objects.filter(uid__in=uids).select_related("person"))
    stops = Stop.objects.filter(
        visit__in=found, day_plan__state="published", day_plan__day__gte=civil_date()
    ).order_by("-day_plan__day").values_list("visit_id", "position", "starts_at", "is_promised")  # fmt: skip
    planned = {visit: (position, at, promised) for visit, position, at, promised in stops}
    return {one.uid: _visit(one, planned.get(one.pk)) for one in found}


def _visit(one: Visit, planned: Any) -> dict[str, Any]:
    made: dict[str, Any] = {
        "p": str(one.person.uid),
        "s": one.state,
        "due": str(one.due_on),
        "why": visit_words.why(one),
    }
    if one.due_at:
        made["at"] = one.due_at.isoformat()
    if planned:
        made["n"], made["plan"] = planned[0], planned[1].isoformat()
    if one.state == Visit.State.DONE:
        made["done"] = {"at": one.started_at.isoformat() if one.started_at else "", "met": one.has_contact,
                        "found": one.found}  # fmt: skip
    return made


def _person_uids(user: User) -> Sequence[UUID]:
    held = visits_on(user).values_list("person__uid", flat=True)[:MOST_VISITS]
    return list(dict.fromkeys(held))


def _persons(uids: Sequence[UUID], user: User) -> Mapping[UUID, dict[str, Any]]:
    found = list(Person.objects.filter(uid__in=uids))
    ids = [one.pk for one in found]
    last, today = last_visits(ids), civil_date()
    groups: dict[int, list[str]] = {}
    for pk, category in Category.objects.filter(person_id__in=ids).holding(today).values_list("person_id", "category"):
        groups.setdefault(pk, []).append(category)
    agreed = with_photo_consent(ids, today)
    return {one.uid: _person(one, last.get(one.pk), groups.get(one.pk, []), one.pk in agreed, today) for one in found}


def _person(one: Person, last: Visit | None, groups: list[str], photo: bool, today: dt.date) -> dict[str, Any]:
    made: dict[str, Any] = {
        "name": visit_words.call(one), "place": tree().name(one.place_key), "address": one.address(),
        "tags": [label("person_category", key) for key in sorted(groups)][:3], "photo": photo,
    }  # fmt: skip
    if one.birth_date:
        made["age"] = age_on(one.birth_date, today)
    if phone := one.phone():
        made["tel"] = phone
    if one.longitude is not None and one.latitude is not None:
        made["xy"] = [round(one.longitude, 5), round(one.latitude, 5)]
    if last is not None and last.started_at is not None:
        ticked = [label(f"visit_{block}", code) for block, codes in last.blocks.items() for code in codes]
        made["last"] = [str(civil_date(last.started_at)), last.found, "、".join(ticked[:4])]
    return made


def _looked(uids: Sequence[UUID], user: User) -> None:
    """What is protected goes to the phone: a line in each file."""
    for person in Person.objects.filter(uid__in=uids):
        look(person=person, items=("address", "phone"), by=user, reason="visits on the telephone")


def _lists(uids: Sequence[UUID], user: User) -> Mapping[UUID, dict[str, Any]]:
    """The blocks with what may be ticked, actions, signs: the form is made of data."""
    blocks = [[block, choices(f"visit_{block}")] for block in BLOCKS]
    words = {"way": {one.value: str(one.label) for one in Visit.Way},
             "found": {one.value: str(one.label) for one in Visit.Found}}  # fmt: skip
    return {
        LISTS: {
            "blocks": blocks, "actions": choices("visit_action"), "signs": choices("visit_sign"), "words": words,
            "rungs": [[one.value, str(one.label)] for one in Attempt.Rung],
        }
    }  # fmt: skip


FEEDS = (
    Feed("lists", 1, lambda user: [LISTS], _lists),
    Feed("visit", MOST_VISITS, _visit_uids, _visits),
    Feed("person", MOST_PERSONS, _person_uids, _persons, _looked),
)
