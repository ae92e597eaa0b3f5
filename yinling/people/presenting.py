"""What pages show of a person: masked unless opened, codes in words, places by name."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext as _

from yinling.accounts.models import User
from yinling.engines.codes.phone import mask as mask_phone
from yinling.engines.codes.resident_id import mask as mask_number
from yinling.engines.linkage.comparing import FIELDS
from yinling.engines.linkage.explaining import SENTENCES
from yinling.kernel.actors import Actor
from yinling.kernel.changes import words_of
from yinling.kernel.clock import civil_date
from yinling.kernel.models import Change
from yinling.kernel.names import mask_name
from yinling.people.models import Person
from yinling.people.permissions import People
from yinling.people.queries import persons_by_uid
from yinling.people.rules import Entry, age_on
from yinling.places.queries import tree
from yinling.reference.queries import label
from yinling.web.pieces import Crumb
from yinling.web.sentences import sentence


@dataclass(frozen=True)
class PersonRow:
    """One line of a list."""

    uid: str
    url: str
    name: str
    sex: str
    age: int | None
    born: str
    document: str
    phone: str
    place: str
    tags: tuple[str, ...]
    is_dead: bool
    needs_settling: bool


def shows_names(request: HttpRequest) -> bool:
    """Whether this session shows full names in lists (opened with a reason, for a quarter of an hour)."""
    return float(request.session.get("names_until", 0)) > time.time()


def person_rows(persons: Iterable[Person], *, names: bool = False) -> list[PersonRow]:
    """Lines for a list; numbers masked, names too unless opened."""
    today = civil_date()
    places = tree()
    return [
        PersonRow(
            uid=str(person.uid),
            url=reverse("people:person", args=[person.uid]),
            name=person.name if names else mask_name(person.name),
            sex=label("sex", person.sex),
            age=age_on(person.birth_date, person.died_on or today) if person.birth_date else None,
            born=birth_words(person),
            document=mask_number(person.document_number()),
            phone=mask_phone(person.phone()) if person.phone_index else "",
            place=places.path(person.place_key),
            tags=category_words(person),
            is_dead=person.life_status == Person.DEAD,
            needs_settling=bool(person.flags),
        )
        for person in persons
    ]


def duty_labels(uids: Sequence[UUID], user: Actor) -> dict[UUID, tuple[str, str, str]]:
    """How the worklist names persons: 舒** 女 84 岁, the place, the page for whoever may read files. One query."""
    found, may_open = persons_by_uid(uids, user).values(), user.may(People.READ)
    return {
        UUID(row.uid): (f"{row.name} {row.sex} {_age_words(row.age)}", row.place, row.url if may_open else "")
        for row in person_rows(found)
    }


def _age_words(age: int | None) -> str:
    return "" if age is None else _("{age} years").format(age=age)


def birth_words(person: Person) -> str:
    """The birth date as far as it is known: 1942-03, or 1942."""
    if person.birth_date is None:
        return ""
    digits = {"year": 4, "month": 7}.get(person.birth_precision, 10)
    return person.birth_date.isoformat()[:digits]


def category_words(person: Person) -> tuple[str, ...]:
    """Categories in force, in words (needs `open_categories`)."""
    return tuple(label("person_category", c.category) for c in getattr(person, "open_categories", ()))


def crumbs(place_key: int, user: Actor) -> list[Crumb]:
    """The line of places down to a division, each opening its list where the user may see it."""
    line = list(reversed(tree().line(place_key)))
    ranges = tuple(user.key_ranges())
    shown = []
    for division in line:
        mine = any(low <= division.key <= high for low, high in ranges)
        url = f"{reverse('people:list')}?place={division.key}" if mine and division.key != place_key else ""
        shown.append(Crumb(division.name, url))
    return shown


ALIKE = {"exact", "same", "village", "household", "address"}
APART = {"different", "conflict", "elsewhere"}


def agreement_words(field: str, level: str) -> dict[str, str]:
    """How well two records agree in a field, as the engine says it, and the tone to draw it in."""
    kind = FIELDS[field]
    tone = "ok" if level in ALIKE else "bad" if level in APART else "" if level == "unknown" else "doubt"
    return {"words": sentence(SENTENCES[field][kind[level.upper()]]), "tone": tone}


def side_by_side(one: Entry, other: Entry, why: Iterable[Sequence[str]]) -> list[dict[str, Any]]:
    """Each field of two records, masked, and how well it agrees. `why`: field and level, as the engine found."""
    agreement = {field: level for field, level in why}
    rows = (
        ("name", _("Name"), mask_name(one.name), mask_name(other.name)),
        ("document", _("Document"), mask_number(one.document_number), mask_number(other.document_number)),
        ("sex", _("Sex"), label("sex", one.sex), label("sex", other.sex)),
        ("birth", _("Birth date"), one.birth_date, other.birth_date),
        ("phone", _("Telephone"), mask_phone(one.phone), mask_phone(other.phone)),
        ("place", _("Place"), tree().path(one.place_key), tree().path(other.place_key)),
        ("dwelling", _("House"), _("given") if one.address else "", _("given") if other.address else ""),
    )
    return [
        {"label": name, "record": a or "—", "file": b or "—", **agreement_words(key, agreement.get(key, "unknown"))}
        for key, name, a, b in rows
    ]


def named_changes(changes: Sequence[Change], reader: User) -> list[tuple[str, str, Change]]:
    """Who acted, and from where, in words, beside each change. One query."""
    users = {
        u.uid: u for u in User.objects.filter(uid__in={c.actor_uid for c in changes}).prefetch_related("assignments")
    }
    named = []
    for change in changes:
        user = users.get(change.actor_uid)
        who = _("You") if user == reader else (mask_name(user.name) if user else _("Yinling"))
        where = tree().name(user.place_key) if user and user.place_key else ""
        named.append((who, where, change))
    return named


def change_sentence(change: Change) -> str:
    """A change of a file in words."""
    data = change.data
    sentences = {
        "people.registered": lambda: _("The file was opened"),
        "people.corrected": lambda: _("Corrected: {fields}").format(fields=", ".join(map(field_words, data["fields"]))),
        "people.moved": lambda: _("Moved from {old} to {new}").format(
            old=tree().path(data["from_key"]), new=tree().path(data["to_key"])
        ),
        "people.residence_registered": lambda: _("The registered residence changed"),
        "people.hospital_stay_recorded": lambda: _("A stay in hospital was recorded"),
        "people.died": lambda: _("Death on {day} registered").format(day=data["died_on"]),
        "people.death_reversed": lambda: _("The registration of a death was taken back"),
        "people.category_joined": lambda: _("Joined: {category}").format(
            category=label("person_category", data["category"])
        ),
        "people.category_left": lambda: _("Left: {category}").format(
            category=label("person_category", data["category"])
        ),
        "people.merged": lambda: _("Merged into another file"),
        "people.merge_undone": lambda: _("The merge was undone"),
        "people.transfer_sent": lambda: _("Offered to {place}").format(place=tree().path(data["to_key"])),
        "people.transfer_answered": lambda: _("Received") if data["received"] else _("Sent back"),
        "people.grant_opened": lambda: _("Opened to a user for a time"),
        "people.grant_closed": lambda: _("A user's view was ended"),
    }
    words = sentences.get(change.type)
    return str(words()) if words else gettext(words_of(change.type) or "Changed")


def looked_at(change: Change) -> str:
    """What a look opened, in words."""
    names = {
        "document": _("Document number"), "phone": _("Telephone"), "address": _("House number"), "name": _("Name"),
        "contacts": _("Contacts and their telephones"), "position": _("Position"), "vital_signs": _("Vital signs"),
    }  # fmt: skip
    return pgettext("between names", ", ").join(names.get(item, item) for item in change.data.get("items", []))


def field_words(field: str) -> str:
    """A field of the card in words."""
    names = {
        "name": _("name"), "document_kind": _("document kind"), "document_number": _("document number"),
        "phone": _("telephone"), "address": _("house number"), "sex": _("sex"), "birth_date": _("birth date"),
        "birth_precision": _("precision of the birth date"), "birth_is_lunar": _("lunar date"),
        "birth_is_uncertain": _("uncertain date"), "ethnic_group": _("ethnic group"),
        "marital_state": _("marital state"), "education": _("education"),
        "living_arrangement": _("living arrangement"), "registered_place_key": _("registered residence"),
        "place_key": _("residence"), "kin": _("contacts"), "guardian": _("guardian"), "consent": _("consent"),
        "consent_sheet": _("signed sheet of a consent"),
        "willingness": _("willingness for central care"), "photo": _("photograph"), "household": _("household"),
    }  # fmt: skip
    return names.get(field) or label("person_category", field)
