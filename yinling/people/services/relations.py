"""People around a person, and what the person has agreed to."""

import datetime as dt
from collections.abc import Sequence

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
from yinling.people.models import Consent, Guardian, Kin, Person, Willingness
from yinling.people.models.relations import kin_where
from yinling.people.permissions import People
from yinling.people.rules import why_not_a_name


def _editable(uid: Uid, by: Actor) -> Person:
    person = Person.objects.visible_to(by).select_for_update().one(uid=uid)
    require(by, People.EDIT, person.place_key)
    return person


def _announce(person: Person, what: str, by: Actor) -> None:
    record(PersonCorrected(uid=person.uid, fields=(what,)), by=by, place_key=person.place_key)


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
    person, clean, kin_id = _editable(uid, by), normalise_name(name), new_uid()
    if reason := why_not_a_name(clean):
        raise Refused(reason, field="name")
    number = read_phone(phone) if phone else None
    if isinstance(number, Reason):
        raise Refused(number, field="phone")
    plain = number.number if number else ""
    kin = Kin.objects.create(
        uid=kin_id, person=person, name=clean, relation=relation, lives_at=lives_at, is_emergency=is_emergency,
        kin_person=Person.objects.visible_to(by).one(uid=kin_uid) if kin_uid else None,
        phone_sealed=seal(plain, kin_where(kin_id)), phone_index=blind(PHONE, plain),
    )  # fmt: skip
    _announce(person, "kin", by)
    return kin


@transaction.atomic
def end_kin(*, uid: Uid, kin_uid: Uid, by: Actor) -> None:
    """Strike a relative or contact off; the row stays."""
    person = _editable(uid, by)
    if not Kin.objects.filter(person=person, uid=kin_uid, ended_at__isnull=True).update(ended_at=now()):
        raise NotFound("kin")
    _announce(person, "kin", by)


@transaction.atomic
def add_guardian(
    *,
    uid: Uid,
    kin_uid: Uid,
    kind: str,
    proof: str,
    scope: str,
    by: Actor,
    valid_from: dt.date,
    valid_to: dt.date | None = None,
    proof_file_uid: Uid | None = None,
) -> Guardian:
    """Record who may act for the person, on what proof, how far and until when."""
    person = _editable(uid, by)
    if not proof.strip():
        raise Refused("A guardian acts on a proof: name the document, its number and date.", field="proof")
    kin = Kin.objects.visible_to(by).one(uid=kin_uid, person=person)
    guardian = Guardian.objects.create(
        person=person, kin=kin, kind=kind, proof=proof, scope=scope, valid_from=valid_from, valid_to=valid_to,
        proof_file_uid=proof_file_uid,
    )  # fmt: skip
    _announce(person, "guardian", by)
    return guardian


@transaction.atomic
def give_consent(
    *,
    uid: Uid,
    purpose: str,
    items: Sequence[str],
    recipient: str,
    method: str,
    given_by: str,
    by: Actor,
    valid_to: dt.date | None = None,
    guardian_uid: Uid | None = None,
) -> Consent:
    """Record a consent as it was given: tick, signature, or read aloud before a witness."""
    person = _editable(uid, by)
    if not items:
        raise Refused("A consent names what it covers. Choose at least one item.", field="items")
    guardian = Guardian.objects.visible_to(by).one(uid=guardian_uid, person=person) if guardian_uid else None
    consent = Consent.objects.create(
        person=person, purpose=purpose, items=list(items), recipient=recipient, method=method, given_by=given_by,
        guardian=guardian, valid_from=civil_date(), valid_to=valid_to,
    )  # fmt: skip
    _announce(person, "consent", by)
    return consent


@transaction.atomic
def withdraw_consent(*, uid: Uid, consent_uid: Uid, by: Actor) -> None:
    """End a consent at once. What was done before stays lawful; what follows must stop."""
    person = _editable(uid, by)
    if not Consent.objects.filter(person=person, uid=consent_uid, withdrawn_at__isnull=True).update(withdrawn_at=now()):
        raise NotFound("consent")
    _announce(person, "consent", by)


@transaction.atomic
def record_willingness(*, uid: Uid, is_willing: bool, asked_on: dt.date, asked_by: str, by: Actor) -> Willingness:
    """Record what the person answered when asked about central care."""
    person = _editable(uid, by)
    if asked_on > civil_date():
        raise Refused("The day of asking {day} lies in the future. Check the date.", field="asked_on", day=asked_on)
    answer = Willingness.objects.create(person=person, is_willing=is_willing, asked_on=asked_on, asked_by=asked_by)
    _announce(person, "willingness", by)
    return answer
