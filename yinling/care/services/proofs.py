"""Photographs of visits: only under the person's consent, kept by `files`, compared with the others."""

import datetime as dt
import hashlib
import io
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from PIL import Image, UnidentifiedImageError

from yinling.care.events import ProofAdded
from yinling.care.models import Proof, Visit
from yinling.care.permissions import Care
from yinling.care.rules.doubting import difference_hash
from yinling.care.services.doubts import look_at_proof
from yinling.files.services import About, Opened, open_for, store_bytes
from yinling.files.vault import Readable
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date, now
from yinling.kernel.errors import Refused
from yinling.people.models import Consent, Person
from yinling.people.queries import file_ids

KIND, PURPOSE = "photo", "photo"
MOST_BYTES = 20 * 1024 * 1024
MOST_PHOTOS = 6


def has_photo_consent(person: Person, day: dt.date) -> bool:
    """Whether the person agreed to be photographed, and has not taken that back."""
    given = Consent.objects.filter(person_id__in=file_ids(person), purpose=PURPOSE, valid_from__lte=day)
    return any(one.valid_to is None or one.valid_to > day for one in given.filter(withdrawn_at__isnull=True))


def with_photo_consent(ids: Sequence[int], day: dt.date) -> set[int]:
    """Those of some persons who agreed to be photographed, by their own file. One statement."""
    given = Consent.objects.filter(person_id__in=ids, purpose=PURPOSE, valid_from__lte=day, withdrawn_at__isnull=True)
    return set(given.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day)).values_list("person_id", flat=True))


def add_photo(
    *, visit_uid: UUID, photo_uid: UUID, stream: Readable, name: str, taken_at: dt.datetime, by: Actor
) -> Proof:
    """Add a photograph to a visit that was made. Raises Refused without consent. `photo_uid` again: no change."""
    visit = Visit.objects.visible_to(by).select_related("person", "visitor").one(uid=visit_uid)
    if known := Proof.objects.filter(uid=photo_uid, visit=visit).first():
        return known
    _refuse(visit, by)
    content = stream.read(MOST_BYTES + 1)
    about = About(visit.person.place_key, "visit", visit.uid, purpose="photo of a visit")
    kept = store_bytes(content, kind=KIND, name=name, about=about, by=by, uid=photo_uid)
    with transaction.atomic():
        proof = Proof.objects.create(
            uid=photo_uid, visit=visit, file_uid=kept.uid, digest=hashlib.sha256(content).hexdigest(),
            likeness=likeness(content), taken_at=min(taken_at, now()),
        )  # fmt: skip
        record(ProofAdded(visit.uid, proof=str(proof.uid)), by=by, place_key=visit.person.place_key)
        look_at_proof(proof)
    return proof


def _refuse(visit: Visit, by: Actor) -> None:
    if str(visit.made_by) != str(by.uid):
        require(by, Care.ENTER, visit.person.place_key)
    if visit.state != Visit.State.DONE:
        raise Refused("Record the visit first, then add its photographs.")
    day = civil_date(visit.started_at)
    if not has_photo_consent(visit.person, day):
        raise Refused(
            "No consent to photographs is on file for {day}. Do not photograph; choose another proof, or ask for the "
            "consent first.", field="photo", day=day,
        )  # fmt: skip
    if visit.proofs.count() >= MOST_PHOTOS:
        raise Refused("{limit} photographs are enough for a visit.", field="photo", limit=MOST_PHOTOS)


def likeness(content: bytes) -> str:
    """The 64 bits of a picture's difference hash as 16 hexadecimal digits; "" for what cannot be read."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            small = picture.convert("L").resize((9, 8), Image.Resampling.LANCZOS)
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return ""
    return f"{difference_hash(list(small.tobytes())):016x}"


def open_photo(*, proof_uid: UUID, by: Actor, reason: str = "") -> Opened:
    """A photograph of a visit that the actor sees. The look leaves a line."""
    proof = Proof.objects.visible_to(by).select_related("visit").one(uid=proof_uid)
    return open_for(proof.file_uid, subject_kind="visit", subject_uid=proof.visit.uid, by=by, reason=reason)
