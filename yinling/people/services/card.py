"""The card: open a file, correct it, move the person."""

import datetime as dt
import json
from typing import Any

from django.db import transaction

from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date, now
from yinling.kernel.crypto import seal
from yinling.kernel.database import insert
from yinling.kernel.errors import Refused
from yinling.kernel.names import name_key
from yinling.kernel.uids import Uid, new_uid
from yinling.people import rules, search
from yinling.people.cards import as_text, entry_of, line_of_entry, plain_columns, reindex, sealed_columns, with_document
from yinling.people.events import PersonCorrected, PersonMoved, PersonRegistered
from yinling.people.matching import matches
from yinling.people.models import Category, OtherName, Person, Residence, Revision
from yinling.people.parameters import oldest_plausible_age
from yinling.people.permissions import People
from yinling.people.rules import Entry
from yinling.places.queries import place_named

CARD = {"name", "document_kind", "document_number", "phone", "address", *rules.PLAIN_FIELDS}


@transaction.atomic
def register_person(
    *, entry: Entry, by: Actor, source: str = "form", is_new_for_sure: bool = False, on: dt.date | None = None
) -> Person:
    """Open a file. Refuses what the rules refuse, a document that is held already, and, unless the actor has
    looked at them (`is_new_for_sure`), an entry that resembles somebody we know."""
    today = on or civil_date()
    require(by, People.REGISTER, entry.place_key)
    place_named(entry.place_key)
    checked = rules.check(entry, today, oldest=oldest_plausible_age(today))
    for objection in checked.objections:
        raise Refused(objection.reason, field=objection.field)
    _refuse_known_document(checked.entry)
    if not is_new_for_sure and matches(checked.entry):
        raise Refused(
            "Somebody on file resembles this person. Look at the list, then say that this is a new person.",
            field="match",
        )
    person = _save_new(checked, source, today)
    record(PersonRegistered(uid=person.uid, source=source), by=by, place_key=person.place_key)
    return person


def _refuse_known_document(entry: Entry, besides: int | None = None) -> None:
    if not entry.document_number:
        return
    if with_document(entry.document_kind, entry.document_number).exclude(pk=besides).exists():
        raise Refused(
            "A file with this document exists already. Search for the number; if it belongs to another county, "
            "ask that county for a transfer.",
            field="document_number",
        )


def _save_new(checked: rules.Checked, source: str, today: dt.date) -> Person:
    entry, uid = checked.entry, new_uid()
    columns = {**plain_columns(entry), **sealed_columns(uid, entry)}
    person = insert(Person(uid=uid, flags=list(checked.flags), source=source, **columns))
    insert(Residence(person=person, place_key=entry.place_key, valid_from=today))
    for category, grade in entry.categories:
        Category.objects.create(person=person, category=category, grade=grade, source=source, valid_from=today)
    for name in entry.other_names:
        OtherName.objects.create(person=person, name=name, name_key=name_key(name))
    search.add([(person.pk, line_of_entry(entry, [category for category, _ in entry.categories]))])
    return person


@transaction.atomic
def correct_person(*, uid: Uid, entry: Entry, by: Actor, source: str = "form", reason: str = "") -> Person:
    """Change what the entry states otherwise than the card. Old and new values are kept, sealed, in a revision."""
    person = Person.objects.visible_to(by).select_for_update().one(uid=uid)
    require(by, People.EDIT, person.place_key)
    held = entry_of(person)
    checked = rules.check(entry, civil_date(), oldest=oldest_plausible_age())
    for objection in checked.objections:
        raise Refused(objection.reason, field=objection.field)
    found = {k: v for k, v in rules.changes(held, checked.entry).items() if k in CARD}
    if not found:
        return person
    if "document_number" in found:
        _refuse_known_document(checked.entry, besides=person.pk)
    apply_changes(person, held, found, by=by, source=source, flags=checked.flags)
    reindex(person)
    record(
        PersonCorrected(uid=person.uid, fields=tuple(sorted(found))),
        by=by, place_key=person.place_key, reason=reason, content={k: str(v) for k, v in found.items()},
    )  # fmt: skip
    return person


def apply_changes(
    person: Person,
    held: Entry,
    found: dict[str, tuple[object, object]],
    *,
    by: Actor,
    source: str,
    flags: tuple[str, ...] = (),
) -> None:
    """Write changed fields to the card and keep a revision. The caller has decided and records."""
    values: dict[str, Any] = {name: new for name, (_, new) in found.items()}
    entry = Entry(**{**{name: getattr(held, name) for name in CARD}, "place_key": person.place_key, **values})
    columns = {**plain_columns(entry), **sealed_columns(person.uid, entry)}
    for column, value in columns.items():
        setattr(person, column, value)
    person.flags, person.updated_at = list(flags), now()
    person.save()
    keep_revision(person, found, by=by, source=source)


def revision_where(uid: Uid) -> str:
    """What the values of a revision are bound to."""
    return f"people.revision.values:{uid}"


def keep_revision(person: Person, found: dict[str, tuple[object, object]], *, by: Actor, source: str) -> Revision:
    """Old and new values of changed fields, sealed together under the revision's own uid."""
    uid = new_uid()
    text = json.dumps({k: [as_text(old), as_text(new)] for k, (old, new) in found.items()}, ensure_ascii=False)
    sealed = seal(text, revision_where(uid))
    return Revision.objects.create(
        uid=uid, person=person, fields=sorted(found), values_sealed=sealed, source=source, by_uid=by.uid
    )


@transaction.atomic
def move_person(*, uid: Uid, to_key: int, on: dt.date, by: Actor, reason: str = "") -> Person:
    """Record that a person lives elsewhere within the actor's divisions from a day on."""
    person = Person.objects.visible_to(by).select_for_update().one(uid=uid)
    require(by, People.EDIT, person.place_key)
    require(by, People.EDIT, to_key)
    place_named(to_key)
    return settle_in(person, to_key, on, by=by, reason=reason)


def settle_in(person: Person, to_key: int, on: dt.date, *, by: Actor, reason: str) -> Person:
    """Close the residence, open the new one, announce. The caller has seen to the right to do so."""
    held = Residence.objects.get(
        person=person, kind=Residence.ACTUAL, valid_to__isnull=True, superseded_at__isnull=True
    )
    if on < held.valid_from:
        raise Refused(
            "The present residence began on {since}; a move cannot date from {on}.", since=held.valid_from, on=on
        )
    if on == held.valid_from:
        held.superseded_at = now()
    else:
        held.valid_to = on
    held.save()
    Residence.objects.create(person=person, place_key=to_key, valid_from=on)
    came_from, person.place_key, person.updated_at = person.place_key, to_key, now()
    person.save(update_fields=["place_key", "updated_at"])
    reindex(person)
    record(PersonMoved(uid=person.uid, from_key=came_from, to_key=to_key), by=by, place_key=to_key, reason=reason)
    return person
