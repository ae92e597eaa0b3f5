"""Between an entry and the card's columns: seal, unseal, index. Used by every service that writes a card."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from yinling.kernel.crypto import blind, blinds, seal
from yinling.kernel.names import name_key
from yinling.people import search
from yinling.people.models import Person
from yinling.people.models.person import where
from yinling.people.rules import Entry

DOCUMENT, PHONE = "document", "phone"  # purposes of the blind indexes


def document_text(kind: str, number: str) -> str:
    """What the blind index of a document covers: its kind and number."""
    return f"{kind}:{number}" if number else ""


def sealed_columns(uid: UUID, entry: Entry) -> dict[str, Any]:
    """The protected columns of an entry, sealed for the person's uid."""
    return {
        "document_sealed": seal(entry.document_number, where("document", uid)),
        "document_index": blind(DOCUMENT, document_text(entry.document_kind, entry.document_number)),
        "phone_sealed": seal(entry.phone, where("phone", uid)),
        "phone_index": blind(PHONE, entry.phone),
        "address_sealed": seal(entry.address, where("address", uid)),
    }


def plain_columns(entry: Entry) -> dict[str, Any]:
    """The other columns of an entry."""
    return {
        "name": entry.name,
        "name_key": name_key(entry.name),
        "sex": entry.sex,
        "birth_date": entry.birth_date,
        "birth_precision": entry.birth_precision,
        "birth_is_lunar": entry.birth_is_lunar,
        "birth_is_uncertain": entry.birth_is_uncertain,
        "ethnic_group": entry.ethnic_group,
        "marital_state": entry.marital_state,
        "education": entry.education,
        "living_arrangement": entry.living_arrangement,
        "document_kind": entry.document_kind,
        "place_key": entry.place_key,
        "registered_place_key": entry.registered_place_key,
    }


def entry_of(person: Person) -> Entry:
    """The card as an entry, opened."""
    return Entry(
        name=person.name,
        place_key=person.place_key,
        sex=person.sex,
        birth_date=person.birth_date,
        birth_precision=person.birth_precision,
        birth_is_lunar=person.birth_is_lunar,
        birth_is_uncertain=person.birth_is_uncertain,
        document_kind=person.document_kind,
        document_number=person.document_number(),
        phone=person.phone(),
        address=person.address(),
        registered_place_key=person.registered_place_key,
        ethnic_group=person.ethnic_group,
        marital_state=person.marital_state,
        education=person.education,
        living_arrangement=person.living_arrangement,
    )


def with_document(kind: str, number: str) -> "Any":
    """Living files (not merged away) that carry a document, found through its blind index."""
    return Person.objects.current().filter(document_index__in=blinds(DOCUMENT, document_text(kind, number)))


def reindex(person: Person) -> None:
    """Bring the search line of a person up to date."""
    search.replace([(person.pk, line_of(person))])


def line_of(person: Person) -> str:
    """The search line of a person as it stands in the database."""
    held = person.categories.filter(valid_to__isnull=True, superseded_at__isnull=True)
    return search.tokens(
        search.Line(
            names=[person.name, *person.other_names.values_list("name", flat=True)],
            place_key=person.place_key,
            sex=person.sex,
            birth_year=person.birth_date.year if person.birth_date else None,
            categories=list(held.values_list("category", flat=True)),
            living_arrangement=person.living_arrangement,
            life_status="merged" if person.canonical_id else person.life_status,
        )
    )


def line_of_entry(entry: Entry, categories: Iterable[str]) -> str:
    """The search line of a new person."""
    return search.tokens(
        search.Line(
            names=[entry.name, *entry.other_names],
            place_key=entry.place_key,
            sex=entry.sex,
            birth_year=entry.birth_date.year if entry.birth_date else None,
            categories=list(categories),
            living_arrangement=entry.living_arrangement,
        )
    )


def as_text(value: object) -> object:
    """A value as JSON can hold it."""
    return value.isoformat() if isinstance(value, dt.date) else value
