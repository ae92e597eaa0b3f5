"""Whole files: merge two into one person, undo it, hand a person to another county."""

from typing import Any

from django.db import transaction

from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date, now
from yinling.kernel.errors import NotFound, Refused
from yinling.kernel.uids import Uid
from yinling.people import duties
from yinling.people.cards import reindex
from yinling.people.events import FilesMerged, MergeUndone, TransferAnswered, TransferSent
from yinling.people.models import Merge, Person, Transfer
from yinling.people.permissions import People
from yinling.people.rules import why_not_merged, why_not_transferred
from yinling.people.services.card import settle_in
from yinling.places.models import Level
from yinling.places.queries import place_named, tree


@transaction.atomic
def merge_files(*, uid: Uid, into: Uid, by: Actor, why: list[Any] | None = None, reason: str = "") -> Merge:
    """Say that the file `uid` is the person of the file `into`. Rows stay; every page shows the union.

    `why`: per field how well the files agree, as the engine saw it; `reason`: how somebody knows.
    """
    files = Person.objects.visible_to(by).select_for_update()
    person, canonical = files.one(uid=uid), files.one(uid=into)
    require(by, People.MERGE, person.place_key)
    require(by, People.MERGE, canonical.place_key)
    differ = bool(person.document_index and canonical.document_index) and bytes(person.document_index) != bytes(
        canonical.document_index
    )
    objection = why_not_merged(
        same_file=person.pk == canonical.pk,
        both_documents_valid_and_different=differ and person.document_kind == canonical.document_kind,
        is_merged=bool(person.canonical_id or canonical.canonical_id) or person.merged_files.exists(),
    )
    if objection:
        raise Refused(objection)
    merge = Merge.objects.create(person=person, into=canonical, why=why or [], by_uid=by.uid)
    person.canonical = canonical
    person.save(update_fields=["canonical"])
    reindex(person)
    record(FilesMerged(uid=person.uid, into=str(canonical.uid)), by=by, place_key=person.place_key, reason=reason)
    return merge


@transaction.atomic
def undo_merge(*, uid: Uid, by: Actor, reason: str = "") -> Person:
    """Make a merged file a person of its own again."""
    person = Person.objects.visible_to(by).select_for_update().one(uid=uid)
    require(by, People.MERGE, person.place_key)
    merge = Merge.objects.filter(person=person, undone_at__isnull=True).select_related("into").first()
    if merge is None:
        raise NotFound("merge")
    merge.undone_at, merge.undone_by = now(), by.uid
    merge.save()
    person.canonical = None
    person.save(update_fields=["canonical"])
    reindex(person)
    record(MergeUndone(uid=person.uid, from_=str(merge.into.uid)), by=by, place_key=person.place_key, reason=reason)
    return person


@transaction.atomic
def send_transfer(*, uid: Uid, to_key: int, by: Actor, note: str = "") -> Transfer:
    """Offer a person to another county. The file stays where it is until that county gives its receipt."""
    person = Person.objects.visible_to(by).select_for_update().one(uid=uid)
    require(by, People.TRANSFER, person.place_key)
    place_named(to_key)
    objection = why_not_transferred(
        from_county=_county(person.place_key),
        to_county=_county(to_key),
        is_dead=person.life_status == Person.DEAD,
        is_on_the_way=Transfer.objects.filter(person=person, state=Transfer.SENT).exists(),
    )
    if objection:
        raise Refused(objection, field="to")
    transfer = Transfer.objects.create(
        person=person, from_key=person.place_key, to_key=to_key, note=note, sent_by=by.uid
    )
    duties.transfer_sent(transfer, by=by)
    record(TransferSent(uid=person.uid, to_key=to_key), by=by, place_key=person.place_key, reason=note)
    return transfer


def _county(key: int) -> int:
    county = tree().above(key, Level.COUNTY)
    return county.key if county else key


@transaction.atomic
def answer_transfer(*, uid: Uid, receives: bool, by: Actor, answer: str = "", to_key: int | None = None) -> Transfer:
    """The receiving county gives its receipt, and the person lives there; or it sends the case back with a reason."""
    transfer = Transfer.objects.select_for_update().select_related("person").filter(uid=uid).first()
    if transfer is None or not by.may(People.TRANSFER, transfer.to_key):
        raise NotFound("transfer")
    if transfer.state != Transfer.SENT:
        raise Refused("This transfer was answered already.")
    if not receives and not answer.strip():
        raise Refused("Say why the case goes back, so that the sender knows what to do.", field="answer")
    transfer.state = Transfer.RECEIVED if receives else Transfer.RETURNED
    transfer.answered_by, transfer.answered_at, transfer.answer = by.uid, now(), answer
    if receives:
        transfer.to_key = to_key or transfer.to_key
        require(by, People.TRANSFER, transfer.to_key)
        settle_in(transfer.person, transfer.to_key, civil_date(), by=by, reason=transfer.note)
    transfer.save()
    duties.transfer_answered(transfer, by=by)
    record(
        TransferAnswered(uid=transfer.person.uid, received=receives), by=by, place_key=transfer.to_key, reason=answer
    )
    return transfer
