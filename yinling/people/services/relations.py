"""People around a person: relatives, neighbours, whom to call. (Guardians: `guardians`.)"""

from django.db import transaction

from yinling.engines.codes.phone import read_phone
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date, now
from yinling.kernel.crypto import blind, seal
from yinling.kernel.errors import NotFound, Refused
from yinling.kernel.names import normalise_name
from yinling.kernel.reasons import Reason
from yinling.kernel.uids import Uid, new_uid
from yinling.people.cards import PHONE
from yinling.people.events import PersonCorrected
from yinling.people.models import Guardian, Kin, Person
from yinling.people.models.relations import kin_where
from yinling.people.permissions import People
from yinling.people.rules import why_not_a_name
from yinling.people.services.card import keep_revision


def editable(uid: Uid, by: Actor) -> Person:
    """The person, if the actor sees it and may change it; held until the transaction ends."""
    person = Person.objects.visible_to(by).select_for_update().one(uid=uid)
    require(by, People.EDIT, person.place_key)
    return person


def announce(person: Person, what: str, by: Actor, reason: str = "") -> None:
    """Say that what hangs on the card has changed."""
    record(PersonCorrected(uid=person.uid, fields=(what,)), by=by, place_key=person.place_key, reason=reason)


def _checked(name: str, phone: str) -> tuple[str, str]:
    """Name and number put in order. Raises Refused."""
    clean = normalise_name(name)
    if reason := why_not_a_name(clean):
        raise Refused(reason, field="name")
    number = read_phone(phone) if phone else None
    if isinstance(number, Reason):
        raise Refused(number, field="phone")
    return clean, number.number if number else ""


@transaction.atomic
def add_kin(
    *,
    uid: Uid,
    name: str,
    relation: str,
    by: Actor,
    phone: str = "",
    lives_at: str = "",
    is_emergency: bool = False,
    kin_uid: Uid | None = None,
) -> Kin:
    """Add a relative or contact; `kin_uid` when that person has a file the actor may see."""
    person, kin_id = editable(uid, by), new_uid()
    clean, plain = _checked(name, phone)
    kin = Kin.objects.create(
        uid=kin_id, person=person, name=clean, relation=relation, lives_at=lives_at, is_emergency=is_emergency,
        kin_person=Person.objects.visible_to(by).one(uid=kin_uid) if kin_uid else None,
        phone_sealed=seal(plain, kin_where(kin_id)), phone_index=blind(PHONE, plain),
    )  # fmt: skip
    announce(person, "kin", by)
    return kin


@transaction.atomic
def correct_kin(
    *, uid: Uid, kin_uid: Uid, name: str, relation: str, by: Actor, phone: str, lives_at: str, is_emergency: bool
) -> Kin:
    """Correct a contact. An empty `phone` leaves the number as it is. Old and new values are kept, sealed."""
    person = editable(uid, by)
    kin = _current(person, kin_uid)
    clean, plain = _checked(name, phone)
    stated = {"name": clean, "relation": relation, "lives_at": lives_at, "is_emergency": is_emergency}
    found: dict[str, tuple[object, object]] = {
        f"kin.{field}": (getattr(kin, field), value) for field, value in stated.items() if getattr(kin, field) != value
    }
    if plain and plain != kin.phone():
        found["kin.phone"] = (kin.phone(), plain)
        kin.phone_sealed, kin.phone_index = seal(plain, kin_where(kin.uid)), blind(PHONE, plain)
    if not found:
        return kin
    for field, value in stated.items():
        setattr(kin, field, value)
    kin.save()
    keep_revision(person, found, by=by, source=f"kin {kin.uid}")
    announce(person, "kin", by)
    return kin


@transaction.atomic
def end_kin(*, uid: Uid, kin_uid: Uid, by: Actor, reason: str = "") -> None:
    """Strike a relative or contact off; the row stays. A guardian first ceases to be one."""
    person = editable(uid, by)
    kin = _current(person, kin_uid)
    if Guardian.objects.holding(civil_date()).filter(kin=kin).exists():
        raise Refused("This contact is the person's guardian. End the guardianship first.", field="reason")
    kin.ended_at = now()
    kin.save(update_fields=["ended_at"])
    announce(person, "kin", by, reason=reason)


def _current(person: Person, kin_uid: Uid) -> Kin:
    kin = Kin.objects.filter(person=person, uid=kin_uid, ended_at__isnull=True).first()
    if kin is None:
        raise NotFound("kin")
    return kin
