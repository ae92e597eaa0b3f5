"""Guardians: who may act for a person, on what proof, how far and until when."""

import datetime as dt
from uuid import UUID

from django.db import transaction

from yinling.files.services import About, Opened, open_for, store
from yinling.files.vault import Readable
from yinling.kernel.actors import Actor, require
from yinling.kernel.clock import civil_date
from yinling.kernel.errors import NotFound, Refused
from yinling.kernel.uids import Uid
from yinling.people import duties, rules
from yinling.people.models import Guardian, Kin, Person
from yinling.people.permissions import People
from yinling.people.services.inquiries import inquiry_of
from yinling.people.services.relations import announce, editable


def keep_proof(*, uid: Uid, stream: Readable, name: str, purpose: str, by: Actor) -> UUID:
    """Keep the scan of a paper about a person. Returns the uid that `add_guardian` takes."""
    person = Person.objects.visible_to(by).one(uid=uid)
    require(by, People.EDIT, person.place_key)
    about = About(person.place_key, "person", person.uid, purpose=purpose)
    return store(stream, kind="scan", name=name, about=about, by=by).uid


def open_proof(*, uid: Uid, guardian_uid: Uid, by: Actor) -> Opened:
    """The proof of a guardianship of a person the actor may see; the look is recorded. Raises NotFound."""
    guardian = Guardian.objects.visible_to(by).select_related("person").one(uid=guardian_uid, person__uid=uid)
    require(by, People.READ)
    if guardian.proof_file_uid is None:
        raise NotFound("proof")
    return open_for(
        guardian.proof_file_uid, subject_kind="person", subject_uid=guardian.person.uid, by=by,
        inquiry=inquiry_of(guardian.person, by),
    )  # fmt: skip


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
    person = editable(uid, by)
    if reason := rules.why_not_a_guardian(proof=proof, scope=scope, valid_from=valid_from, valid_to=valid_to):
        raise Refused(reason, field="proof" if not proof.strip() else "scope" if not scope.strip() else "valid_to")
    kin = Kin.objects.visible_to(by).one(uid=kin_uid, person=person, ended_at__isnull=True)
    guardian = Guardian.objects.create(
        person=person, kin=kin, kind=kind, proof=proof, scope=scope, valid_from=valid_from, valid_to=valid_to,
        proof_file_uid=proof_file_uid,
    )  # fmt: skip
    duties.guardian_renewed(guardian, by=by)
    announce(person, "guardian", by)
    return guardian


@transaction.atomic
def end_guardian(*, uid: Uid, guardian_uid: Uid, on: dt.date, reason: str, by: Actor) -> Guardian:
    """End a guardianship on a day. Says why; what the guardian did until then stays valid."""
    person, today = editable(uid, by), civil_date()
    guardian = Guardian.objects.holding(today).filter(person=person, uid=guardian_uid).first()
    if guardian is None:
        raise NotFound("guardian")
    if objection := rules.why_not_ended(on=on, since=guardian.valid_from, today=today):
        raise Refused(objection, field="on")
    if objection := rules.why_not_explained(reason):
        raise Refused(objection, field="reason")
    guardian.valid_to = on
    guardian.save(update_fields=["valid_to"])
    duties.guardian_ended(guardian, by=by)
    announce(person, "guardian", by, reason=reason)
    return guardian
