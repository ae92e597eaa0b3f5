"""Doubts: a clerk says whether a waiting record is the person it resembles."""

import datetime as dt
import json
from typing import Any

from django.db import transaction

from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date, now
from yinling.kernel.errors import NotFound, Refused
from yinling.kernel.uids import Uid
from yinling.people import rules
from yinling.people.cards import entry_of, reindex
from yinling.people.events import PersonCorrected
from yinling.people.models import Doubt, Person
from yinling.people.permissions import People
from yinling.people.rules import Entry
from yinling.people.services.card import apply_changes, register_person, settle_in


def entry_as_json(entry: Entry) -> str:
    """An entry as the text a doubt keeps sealed."""
    fields = {name: getattr(entry, name) for name in rules.NOT_STATED}
    return json.dumps(fields, ensure_ascii=False, default=str)


def entry_from_json(text: str) -> Entry:
    """The entry a doubt kept."""
    raw: dict[str, Any] = json.loads(text)
    raw["birth_date"] = dt.date.fromisoformat(raw["birth_date"]) if raw["birth_date"] else None
    raw["categories"] = tuple((category, grade) for category, grade in raw["categories"])
    raw["other_names"] = tuple(raw["other_names"])
    return Entry(**raw)


@transaction.atomic
def settle_doubt(*, uid: Uid, answer: str, by: Actor) -> Person | None:
    """Say that a waiting record is the candidate (same), a new person (new), or nothing worth keeping (dropped)."""
    doubt = Doubt.objects.visible_to(by).select_for_update().filter(state=Doubt.OPEN, uid=uid).first()
    if doubt is None:
        raise NotFound("doubt")
    require(by, People.EDIT, doubt.place_key)
    entry, person = entry_from_json(doubt.record()), None
    if answer == Doubt.SAME:
        person = _take_over(doubt.candidate, entry, doubt.source, by)
    elif answer == Doubt.NEW:
        person = register_person(entry=entry, by=by, source=doubt.source, is_new_for_sure=True)
    elif answer != Doubt.DROPPED:
        raise Refused("Choose: the same person, a new person, or drop the row.", field="answer")
    doubt.state, doubt.settled_by, doubt.settled_at = answer, by.uid, now()
    doubt.save(update_fields=["state", "settled_by", "settled_at"])
    return person


def _take_over(candidate: Person, entry: Entry, source: str, by: Actor) -> Person:
    """Write what the record states otherwise than the card of the person it belongs to."""
    person = Person.objects.visible_to(by).select_for_update().one(pk=candidate.pk)
    held = entry_of(person)
    found = {k: v for k, v in rules.changes(held, entry).items() if k != "place_key"}
    if held.document_number and "document_number" in found:
        raise Refused(
            "The record and the person carry two different documents. Correct the wrong number first.", field="answer"
        )
    if found:
        apply_changes(person, held, found, by=by, source=source, flags=tuple(person.flags))
        reindex(person)
        record(PersonCorrected(uid=person.uid, fields=tuple(sorted(found))), by=by, place_key=person.place_key)
    if entry.place_key and entry.place_key != person.place_key and by.may(People.EDIT, entry.place_key):
        settle_in(person, entry.place_key, civil_date(), by=by, reason=source)
    return person
