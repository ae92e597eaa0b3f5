"""Life status. A death stops everything else through those who listen; a mistake is taken back, not erased."""

import datetime as dt

from django.db import transaction

from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date, now
from yinling.kernel.errors import Refused
from yinling.kernel.uids import Uid
from yinling.people.cards import reindex
from yinling.people.events import DeathReversed, PersonDied
from yinling.people.models import Grant, LifeEvent, Person
from yinling.people.permissions import People
from yinling.people.rules import why_not_dead, why_not_revealed


@transaction.atomic
def register_death(*, uid: Uid, died_on: dt.date, by: Actor, source: str = "form", reason: str = "") -> Person:
    """Register a death. Grants end at once; benefits, stays and visits hear of it and stop."""
    person = Person.objects.visible_to(by).select_for_update().one(uid=uid)
    require(by, People.REGISTER_DEATH, person.place_key)
    is_dead = person.life_status == Person.DEAD
    if objection := why_not_dead(died_on, person.birth_date, civil_date(), is_dead=is_dead):
        raise Refused(objection, field="died_on")
    LifeEvent.objects.create(
        person=person, kind=LifeEvent.DEATH, happened_on=died_on, source=source, reason=reason, by_uid=by.uid
    )
    person.life_status, person.died_on, person.updated_at = Person.DEAD, died_on, now()
    person.save(update_fields=["life_status", "died_on", "updated_at"])
    Grant.objects.filter(person=person, ended_at__isnull=True).update(ended_at=now())
    reindex(person)
    record(PersonDied(uid=person.uid, died_on=str(died_on)), by=by, place_key=person.place_key, reason=reason)
    return person


@transaction.atomic
def reverse_death(*, uid: Uid, by: Actor, reason: str) -> Person:
    """Take back the registration of a death that was a mistake. Says why; the mistake stays on record."""
    person = Person.objects.visible_to(by).select_for_update().one(uid=uid)
    require(by, People.REGISTER_DEATH, person.place_key)
    if person.life_status != Person.DEAD:
        raise Refused("No death is registered for this person.")
    if objection := why_not_revealed(reason):
        raise Refused(objection, field="reason")
    death = LifeEvent.objects.filter(person=person, kind=LifeEvent.DEATH, reversed_by__isnull=True).latest("id")
    LifeEvent.objects.create(
        person=person, kind=LifeEvent.REVERSAL, happened_on=civil_date(), reverses=death, reason=reason, by_uid=by.uid
    )
    person.life_status, person.died_on, person.updated_at = Person.ALIVE, None, now()
    person.save(update_fields=["life_status", "died_on", "updated_at"])
    reindex(person)
    record(DeathReversed(uid=person.uid), by=by, place_key=person.place_key, reason=reason)
    return person
