"""The portrait of a person: kept sealed by `files`, shown to whoever may read the file.

A portrait is a plain fact of the card, like sex and age: scoped, and not a look that the receipt would list.
"""

from uuid import UUID

from django.db import transaction

from yinling.files.services import About, Opened, erase, open_for, store
from yinling.files.vault import Readable
from yinling.kernel.actors import Actor, System, require
from yinling.kernel.changes import record
from yinling.kernel.errors import NotFound, Refused
from yinling.kernel.uids import Uid
from yinling.people.events import PersonCorrected
from yinling.people.models import Person
from yinling.people.permissions import People
from yinling.people.rules import why_not_explained

KEEPER = System("people.photos")  # what leaves the page leaves the vault too, whoever had put it in


def keep_photo(*, uid: Uid, stream: Readable, name: str, has_agreed: bool, by: Actor) -> Person:
    """Put a portrait on the card, in place of the one that is there. The content is written before the transaction."""
    seen = Person.objects.visible_to(by).one(uid=uid)
    require(by, People.EDIT, seen.place_key)
    if not has_agreed:
        raise Refused("A photograph needs the person's agreement. Ask first, then tick it.", field="has_agreed")
    about = About(seen.place_key, "person", seen.uid, purpose="portrait")
    stored = store(stream, kind="portrait", name=name, about=about, by=by)
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=seen.pk)
        _put(person, stored.uid, "replaced", by)
        sha256 = bytes(stored.sha256).hex()
        record(
            PersonCorrected(uid=person.uid, fields=("photo",)),
            by=by, place_key=person.place_key, content={"sha256": sha256},
        )  # fmt: skip
    return person


@transaction.atomic
def remove_photo(*, uid: Uid, reason: str, by: Actor) -> Person:
    """Take the portrait off the card and out of the vault. Says why."""
    person = Person.objects.visible_to(by).select_for_update().one(uid=uid)
    require(by, People.EDIT, person.place_key)
    if person.photo_uid is None:
        raise Refused("There is no photograph on this file.")
    if objection := why_not_explained(reason):
        raise Refused(objection, field="reason")
    _put(person, None, reason, by)
    record(PersonCorrected(uid=person.uid, fields=("photo",)), by=by, place_key=person.place_key, reason=reason)
    return person


def _put(person: Person, photo: UUID | None, why: str, by: Actor) -> None:
    before, person.photo_uid = person.photo_uid, photo
    person.save(update_fields=["photo_uid"])
    if before is not None:
        erase(before, reason=why, by=KEEPER)


def open_photo(*, uid: Uid, by: Actor) -> Opened:
    """The portrait of a person the actor may see. Raises NotFound when there is none."""
    person = Person.objects.visible_to(by).one(uid=uid)
    require(by, People.READ)
    if person.photo_uid is None:
        raise NotFound("photo")
    return open_for(person.photo_uid, subject_kind="person", subject_uid=person.uid, by=by)
