"""Who lives under one roof, and who is the head."""

import datetime as dt

from django.db import transaction

from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date, now
from yinling.kernel.errors import Refused
from yinling.kernel.uids import Uid
from yinling.people import rules
from yinling.people.events import PersonCorrected
from yinling.people.models import Household, Membership, Person
from yinling.people.models.scoped import ByPerson
from yinling.people.permissions import People


@transaction.atomic
def enter_household(*, uid: Uid, relation: str, on: dt.date, by: Actor, with_uid: Uid | None = None) -> Membership:
    """Record that a person lives with another from a day on, as `relation` to the head (GB/T 4761; 02: as the head).

    Without `with_uid` the person forms a household of one's own. If the other has none, one is formed with the other
    as head. The same household again corrects the relation.
    """
    person = _editable(uid, by)
    if with_uid is None:
        return _enter(person, _new_household(person), Membership.HEAD, on, by)
    other = _editable(with_uid, by)
    objection = rules.why_not_one_roof(
        same_person=other.pk == person.pk,
        same_place=other.place_key == person.place_key,
        is_dead=Person.DEAD in (person.life_status, other.life_status),
        is_merged=bool(person.canonical_id or other.canonical_id),
    )
    if objection:
        raise Refused(objection, field="with")
    household = other.household
    if household is None:
        household = _new_household(other)
        _enter(other, household, "" if relation == Membership.HEAD else Membership.HEAD, on, by)
    return _enter(person, household, relation, on, by)


def _editable(uid: Uid, by: Actor) -> Person:
    person = Person.objects.visible_to(by).select_for_update().one(uid=uid)
    require(by, People.EDIT, person.place_key)
    return person


def _new_household(person: Person) -> Household:
    return Household.objects.create(place_key=person.place_key)


def _enter(person: Person, household: Household, relation: str, on: dt.date, by: Actor) -> Membership:
    """Close the membership that holds, open the next one, announce."""
    held = open_memberships().filter(person=person).first()
    head = open_memberships().filter(household=household, relation=Membership.HEAD).exclude(person=person).exists()
    objection = rules.why_not_a_member(
        is_head=relation == Membership.HEAD, other_head=head, since=held.valid_from if held else None, on=on,
        today=civil_date(),
    )  # fmt: skip
    if objection:
        raise Refused(objection, field="relation" if head and relation == Membership.HEAD else "on")
    if held:
        _close(held, household, on)
    person.household = household
    person.save(update_fields=["household"])
    member = Membership.objects.create(person=person, household=household, relation=relation, valid_from=on)
    record(PersonCorrected(uid=person.uid, fields=("household",)), by=by, place_key=person.place_key)
    return member


def _close(held: Membership, household: Household, on: dt.date) -> None:
    """A move ends the old membership; another word for the same one, or for the same day, supersedes it."""
    if held.household_id == household.pk or held.valid_from == on:
        held.superseded_at = now()
    else:
        held.valid_to = on
    held.save()


def open_memberships() -> ByPerson:
    """Memberships that hold."""
    return Membership.objects.filter(valid_to__isnull=True, superseded_at__isnull=True)
