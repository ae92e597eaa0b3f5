"""Pictures of the visit, drawn signatures, paper sheets: kept by `files`, hung on the assessment here."""

import io
from typing import Protocol
from uuid import UUID

from django.db import transaction

from yinling.assessments import rules
from yinling.assessments.events import EvidenceAdded
from yinling.assessments.models import Assessment, Evidence, Signature
from yinling.assessments.permissions import Assessments
from yinling.files.models import StoredFile
from yinling.files.services import About, Opened, open_for, store
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date
from yinling.kernel.errors import NotFound, Refused
from yinling.people.services import inquiry_of


class Readable(Protocol):
    """An upload, read piece by piece."""

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes, none at the end."""
        ...


STORED_AS = {
    Evidence.Kind.PHOTO: "photo",
    Evidence.Kind.VIDEO: "recording",
    Evidence.Kind.INFORMANT_SIGNATURE: "photo",
    Evidence.Kind.SHEET: "scan",
}


def attach(*, uid: UUID | str, kind: str, stream: Readable, name: str, by: Actor) -> Evidence:
    """Keep a photo, a video, the informant's signature or the paper sheet. The same content again changes nothing.

    Signatures cover the answers, not the pictures, so a picture may follow after the visit, until the assessment is
    void. The content is written before the transaction: a large video holds up no other writer.
    """
    found = Assessment.objects.visible_to(by).select_related("person").one(uid=uid)
    require(by, Assessments.ENTER, found.place_key)
    if found.state == Assessment.State.VOID:
        raise Refused("This assessment is void. Attach the file to the one that replaced it.")
    if kind not in STORED_AS:
        raise Refused(
            "Choose what it is: a photo, a video, the informant's signature or the paper sheet.", field="kind"
        )
    stored = store(stream, kind=STORED_AS[Evidence.Kind(kind)], name=name, about=_about(found), by=by)
    return _hang(found, kind, stored, by)


def _hang(found: Assessment, kind: str, stored: StoredFile, by: Actor) -> Evidence:
    with transaction.atomic():
        same = Evidence.objects.filter(assessment=found, kind=kind, sha256=stored.sha256).first()
        if same is not None:
            return same
        evidence = Evidence.objects.create(
            assessment=found, kind=kind, file_uid=stored.uid, sha256=stored.sha256, added_by=UUID(str(by.uid))
        )
        record(EvidenceAdded(found.uid, person=str(found.person.uid), what=kind), by=by, place_key=found.place_key)
    return evidence


def sign_as_informant(*, uid: UUID | str, by: Actor, stream: Readable | None = None, typed_name: str = "") -> Evidence:
    """Keep the informant's signature, which form C asks for: drawn, photographed, or the name typed by whoever cannot
    draw. A later one stands on the paper instead of an earlier one."""
    found = Assessment.objects.visible_to(by).select_related("person").one(uid=uid)
    require(by, Assessments.ENTER, found.place_key)
    if found.state == Assessment.State.VOID:
        raise Refused("This assessment is void. Attach the file to the one that replaced it.")
    if stream is None and not typed_name.strip():
        raise Refused("Draw the signature, choose a picture of it, or type the name.", field="typed_name")
    written = stream or io.BytesIO(rules.typed_signature(typed_name, civil_date()))
    stored = store(written, kind="signature", name="signature", about=_about(found), by=by)
    return _hang(found, Evidence.Kind.INFORMANT_SIGNATURE, stored, by)


def keep_drawing(*, uid: UUID | str, stream: Readable, name: str, by: Actor) -> UUID:
    """Keep an assessor's drawn signature. Returns the uid that `Proof` takes."""
    found = Assessment.objects.visible_to(by).one(uid=uid)
    require(by, Assessments.SIGN, found.place_key)
    return store(stream, kind="signature", name=name, about=_about(found), by=by).uid


def _about(found: Assessment) -> About:
    return About(found.place_key, "assessment", found.uid, purpose=f"assessment {found.number}")


def open_evidence(*, uid: UUID | str, file_uid: UUID, by: Actor) -> Opened:
    """A file of an assessment the actor may see; the look is recorded. Raises NotFound for any other file."""
    found = Assessment.objects.visible_to(by).one(uid=uid)
    require(by, Assessments.READ)
    is_ours = (
        Evidence.objects.filter(assessment=found, file_uid=file_uid).exists()
        or Signature.objects.filter(assessment=found, drawing_uid=file_uid).exists()
    )
    if not is_ours:
        raise NotFound("file")
    return open_for(
        file_uid, subject_kind="assessment", subject_uid=found.uid, by=by, reason=found.number,
        inquiry=inquiry_of(found.person, by),
    )  # fmt: skip
