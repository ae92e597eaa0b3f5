"""What visits go by: the rules of the pack, spells of cold and heat, a person's risk by hand, the code at the door."""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from yinling.care.events import DoorCodeMade, SpellDeclared, SpellWithdrawn, TierSet, VisitRulesLoaded
from yinling.care.models import DoorCode, Spell, Tier, VisitRules
from yinling.care.permissions import Care
from yinling.care.rules.due import read
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date, now
from yinling.kernel.errors import NotFound, Refused
from yinling.kernel.readings import Difference, Reading, difference, digest_of
from yinling.people.models import Person
from yinling.places.queries import place_named

LONGEST_SPELL = dt.timedelta(days=31)
KEY = "visits"


def visit_rule_differences(data: Mapping[str, Any], *, file: str, pack: str) -> list[Difference]:
    """What loading a file of rules would change; empty when it stands there already. Raises Refused with the fault."""
    row, known = _row(data, file, pack, 0), _known(pack)
    return [] if known is not None and known.digest == row.digest else [_difference(row, known)]


@transaction.atomic
def load_visit_rules(
    data: Mapping[str, Any], *, file: str, pack: str, by: Actor, layer: int = 0
) -> list[Difference]:  # fmt: skip
    """Load a file of rules. Again changes nothing. A city's file goes before the nation's."""
    row, known = _row(data, file, pack, layer), _known(pack)
    if known is not None and known.digest == row.digest:
        return []
    VisitRules.objects.filter(pack=pack, superseded_at__isnull=True).update(superseded_at=now())
    row.save(force_insert=True)
    record(VisitRulesLoaded(row.uid, pack=pack), by=by, content=row.data)
    return [_difference(row, known)]


def _known(pack: str) -> VisitRules | None:
    return VisitRules.objects.filter(pack=pack, superseded_at__isnull=True).first()


def _row(given: Mapping[str, Any], file: str, pack: str, layer: int) -> VisitRules:
    data = json.loads(json.dumps(given, default=str))
    try:
        read(data)
        return VisitRules(
            pack=pack, layer=layer, data=data, digest=digest_of(data), source=str(data["source"])[:200],
            verified=data["verified"] is True,
        )  # fmt: skip
    except (KeyError, TypeError, ValueError) as fault:
        raise Refused("{file} cannot be read: {fault}.", file=file, fault=str(fault)) from None


def _difference(row: VisitRules, known: VisitRules | None) -> Difference:
    def reading(one: VisitRules) -> Reading:
        return Reading({"value": one.digest[:8]}, civil_date(one.recorded_at), None, one.verified)

    return difference(KEY, reading(known) if known else None, reading(row))


@transaction.atomic
def declare_spell(*, kind: str, place_key: int, first_on: dt.date, last_on: dt.date, by: Actor) -> Spell:
    """Declare cold or heat in a division, from a day to a day. The same again changes nothing. Raises Refused."""
    require(by, Care.ENTER, place_key)
    place_named(place_key)
    if kind not in Spell.Kind.values:
        raise Refused("Choose cold or heat.", field="kind")
    if last_on < first_on or last_on < civil_date():
        raise Refused("The last day {day} lies before the first, or is over.", field="last_on", day=last_on)
    if last_on - first_on > LONGEST_SPELL:
        raise Refused("A spell lasts {days} days at most; declare it again if it goes on.", field="last_on",
                      days=LONGEST_SPELL.days)  # fmt: skip
    standing = Spell.objects.filter(place_key=place_key, kind=kind, withdrawn_at__isnull=True)
    if known := standing.filter(first_on=first_on, last_on=last_on).first():
        return known
    if other := standing.filter(first_on__lte=last_on, last_on__gte=first_on).first():
        raise Refused("Declared there already, from {first} to {last}. Withdraw that one first.", field="first_on",
                      first=other.first_on, last=other.last_on)  # fmt: skip
    made = Spell.objects.create(
        kind=kind, place_key=place_key, first_on=first_on, last_on=last_on, declared_by=by.uid
    )  # fmt: skip
    event = SpellDeclared(made.uid, what=kind, first_on=str(first_on), last_on=str(last_on))
    record(event, by=by, place_key=place_key)
    return made


@transaction.atomic
def withdraw_spell(*, uid: UUID, by: Actor) -> Spell:
    """The cold or the heat is over before its last day. Again changes nothing."""
    found = Spell.objects.visible_to(by, Care.ENTER).select_for_update().one(uid=uid)
    require(by, Care.ENTER, found.place_key)
    if found.withdrawn_at is None:
        found.withdrawn_at = now()
        found.save(update_fields=["withdrawn_at"])
        record(SpellWithdrawn(found.uid), by=by, place_key=found.place_key)
    return found


@transaction.atomic
def set_tier(*, person_uid: UUID, risk: str, why: str, by: Actor) -> Tier | None:
    """Set a person's risk by hand, or (`risk` "") let the rules find it again. Raises Refused."""
    person = Person.objects.visible_to(by).current().one(uid=person_uid)
    require(by, Care.ENTER, person.place_key)
    if risk and risk not in Tier.Risk.values:
        raise Refused("Choose high, medium or low.", field="risk")
    known = Tier.objects.filter(person=person, superseded_at__isnull=True).first()
    if (known.risk if known else "") == risk:
        return known
    Tier.objects.filter(person=person, superseded_at__isnull=True).update(superseded_at=now())
    made = None
    if risk:
        made = Tier.objects.create(person=person, risk=risk, why=why, valid_from=civil_date(), set_by=by.uid)
    record(TierSet(person.uid, risk=risk), by=by, place_key=person.place_key)
    return made


@transaction.atomic
def make_door_code(*, person_uid: UUID, by: Actor, anew: bool = False) -> DoorCode:
    """The code at a person's door: the one that is there, or a new one (`anew`), which ends the old."""
    person = Person.objects.visible_to(by).current().one(uid=person_uid)
    require(by, Care.ENTER, person.place_key)
    known = DoorCode.objects.filter(person=person, ended_at__isnull=True).first()
    if known is not None and not anew:
        return known
    DoorCode.objects.filter(person=person, ended_at__isnull=True).update(ended_at=now())
    made = DoorCode.objects.create(person=person, made_by=by.uid)
    record(DoorCodeMade(person.uid), by=by, place_key=person.place_key)
    return made


def person_behind(token: str, by: Actor) -> Person:
    """Whose door a code hangs at, for whoever may see the person. Raises NotFound."""
    held = DoorCode.objects.filter(token=token, ended_at__isnull=True).first()
    if held is None:
        raise NotFound("door")
    return Person.objects.visible_to(by).one(pk=held.person_id)
