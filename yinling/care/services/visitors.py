"""The register of visitors, and what persons wish of them."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from yinling.accounts.models import User
from yinling.care.events import VisitorChanged, WishSet
from yinling.care.models import Pairing, Visitor, Wish
from yinling.care.permissions import Care
from yinling.care.queries.pairings import person_to_pair
from yinling.care.rules.pairings import why_not_visitor
from yinling.care.services.pairings import end_one
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date
from yinling.kernel.errors import Refused
from yinling.people.models import Person
from yinling.places.queries import place_named
from yinling.reference.queries import entries


@dataclass(frozen=True)
class Details:
    """What is written about a visitor. Codes of the lists `language` and `visit_skill`."""

    name: str
    kind: str
    sex: str
    place_key: int
    monthly_load: int
    begins_on: dt.date
    mode: str = Visitor.Mode.FOOT
    speaks: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    longitude: float | None = None
    latitude: float | None = None


@transaction.atomic
def add_visitor(
    *, details: Details, by: Actor, person: Person | None = None, user: User | None = None
) -> Visitor:  # fmt: skip
    """Enter a visitor, with their own file and log-in where they have them. Raises Refused, NotAllowed, NotFound."""
    place_named(details.place_key)
    require(by, Care.PAIR, details.place_key)
    _check(details)
    household = person.household if person else None
    made = Visitor.objects.create(**_columns(details), person=person, user=user, household=household)
    record(VisitorChanged(made.uid, "added"), by=by, place_key=made.place_key)
    return made


@transaction.atomic
def change_visitor(*, uid: object, details: Details, by: Actor) -> Visitor:
    """Write down what is different about a visitor. Pairings stay."""
    found = _locked(uid, by)
    place_named(details.place_key)
    require(by, Care.PAIR, details.place_key)
    _check(details, found.ended_on)
    columns = _columns(details)
    for name, value in columns.items():
        setattr(found, name, value)
    found.save(update_fields=list(columns))
    record(VisitorChanged(found.uid, "changed"), by=by, place_key=found.place_key)
    return found


@transaction.atomic
def end_visitor(*, uid: object, on: dt.date, reason: str, by: Actor) -> int:
    """A visitor visits until before a day. Pairings end with the reason. Returns how many persons have nobody now."""
    found = _locked(uid, by)
    if not reason.strip():
        raise Refused("Say why {visitor} stops, in a few words.", field="reason", visitor=found.name)
    if found.ended_on is not None:
        raise Refused("{visitor} has stopped on {day} already.", visitor=found.name, day=found.ended_on)
    if no := why_not_visitor(found.name, found.monthly_load, found.begins_on, on):
        raise Refused(no, field="on")
    found.ended_on = on
    found.save(update_fields=["ended_on"])
    open_ones = (
        Pairing.objects.filter(visitor=found).standing(min(on, civil_date())).select_related("person", "visitor__user")
    )
    left = [end_one(one, reason=reason.strip()[:200], on=max(on, one.valid_from), by=by) for one in open_ones]
    record(VisitorChanged(found.uid, "ended"), by=by, place_key=found.place_key, reason=reason.strip()[:200])
    return len(left)


@transaction.atomic
def resume_visitor(*, uid: object, by: Actor) -> Visitor:
    """A visitor who had stopped goes to doors again. Pairings are made anew. Again changes nothing."""
    found = _locked(uid, by)
    if found.ended_on is not None:
        found.ended_on = None
        found.save(update_fields=["ended_on"])
        record(VisitorChanged(found.uid, "resumed"), by=by, place_key=found.place_key)
    return found


@transaction.atomic
def set_wish(
    *, person_uid: object, speaks: tuple[str, ...], sex: str, skills: tuple[str, ...], not_visitor_uid: object | None,
    by: Actor,
) -> Wish:  # fmt: skip
    """Write down whom a person would like at the door. Empty: no wish."""
    person = person_to_pair(person_uid, by)
    require(by, Care.PAIR, person.place_key)
    _known("language", speaks, "speaks")
    _known("visit_skill", skills, "skills")
    unwanted = Visitor.objects.visible_to(by).one(uid=not_visitor_uid) if not_visitor_uid else None
    wish, _made = Wish.objects.update_or_create(
        person=person,
        defaults={"speaks": sorted(speaks), "sex": sex, "skills": sorted(skills), "not_visitor": unwanted,
                  "recorded_by": by.uid},
    )  # fmt: skip
    record(WishSet(person.uid), by=by, place_key=person.place_key)
    return wish


def _locked(uid: object, by: Actor) -> Visitor:
    found = Visitor.objects.visible_to(by).select_for_update().one(uid=uid)
    require(by, Care.PAIR, found.place_key)
    return found


def _check(details: Details, ended_on: dt.date | None = None) -> None:
    if no := why_not_visitor(details.name, details.monthly_load, details.begins_on, ended_on):
        raise Refused(no)
    _known("language", details.speaks, "speaks")
    _known("visit_skill", details.skills, "skills")


def _known(list_key: str, codes: tuple[str, ...], field: str) -> None:
    known = {one.code for one in entries(list_key)}
    if wrong := [code for code in codes if code not in known]:
        raise Refused("{code} is not in the list. Choose one of the words offered.", field=field, code=wrong[0])


def _columns(details: Details) -> dict[str, object]:
    return vars(details) | {
        "name": details.name.strip()[:60], "speaks": sorted(details.speaks), "skills": sorted(details.skills)
    }  # fmt: skip
