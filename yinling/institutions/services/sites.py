"""The register of institutions."""

import datetime as dt
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from django.db import transaction

from yinling.institutions.events import InstitutionChanged, InstitutionRegistered
from yinling.institutions.models import Institution
from yinling.institutions.permissions import Institutions
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.errors import Refused
from yinling.kernel.names import initials, normalise_name
from yinling.organisations.models import Organisation
from yinling.places.queries import place_named
from yinling.reference.queries import entries, has_list
from yinling.worklist.models import Subject
from yinling.worklist.services import close_item

FILING_DUTY = "institutions.filing"
CODED = {
    "kind": "institution_kind", "operator_model": "operator_model", "mutual_aid_model": "mutual_aid_model",
    "combination": "combination_model", "kitchen": "kitchen_kind",
}  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """What is on file of an institution; None leaves a fact as it is. Money in fen per month, areas in m2."""

    name: str | None = None
    kind: str | None = None
    operator_model: str | None = None
    filing_number: str | None = None
    level: int | None = None
    address: str | None = None
    phone: str | None = None
    longitude: float | None = None
    latitude: float | None = None
    area_m2: int | None = None
    floor_area_m2: int | None = None
    fees: dict[str, int] | None = None
    kitchen: str | None = None
    fire: str | None = None
    has_lift: bool | None = None
    services: list[str] | None = None
    mutual_aid_model: str | None = None
    combination: str | None = None
    has_canteen_plaque: bool | None = None
    medical_kind: str | None = None
    opened_on: dt.date | None = None
    organisation: Organisation | None = None
    operator: Organisation | None = None

    def given(self) -> dict[str, Any]:
        """The facts that are not None."""
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in found.items() if value is not None}


@transaction.atomic
def register_institution(*, place_key: int, facts: Facts, by: Actor, uid: UUID | None = None) -> Institution:
    """Enter a site. Raises Refused for a missing name or kind, an unknown code, a filing number in use."""
    require(by, Institutions.EDIT, place_key)
    place_named(place_key)
    values = _checked(facts)
    if not values.get("name"):
        raise Refused("Enter the name.", field="name")
    if not values.get("kind"):
        raise Refused("Choose what kind of institution it is.", field="kind")
    _refuse_known_number(values.get("filing_number"), None)
    made = Institution(place_key=place_key, **({"uid": uid} if uid else {}), **values)
    made.initials = initials(made.name, is_person=False)[0][:120]
    made.save(force_insert=True)
    record(InstitutionRegistered(made.uid, institution_kind=made.kind), by=by, place_key=place_key)
    return made


@transaction.atomic
def change_institution(*, uid: object, facts: Facts, by: Actor) -> Institution:
    """Change what is on file. Leaves a change row that names the fields."""
    found = Institution.objects.visible_to(by).select_for_update(of=("self",), no_key=True).one(uid=uid)
    require(by, Institutions.EDIT, found.place_key)
    values = _checked(facts)
    if values.get("name") == "":
        raise Refused("Enter the name.", field="name")
    _refuse_known_number(values.get("filing_number"), found)
    changed = {name: value for name, value in values.items() if getattr(found, name) != value}
    if not changed:
        return found
    for name, value in changed.items():
        setattr(found, name, value)
    found.initials = initials(found.name, is_person=False)[0][:120]
    found.save()
    if found.filing_number:
        close_item(kind=FILING_DUTY, subject=Subject("institution", found.uid), by=by)
    record(InstitutionChanged(found.uid, tuple(sorted(changed))), by=by, place_key=found.place_key)
    return found


def _checked(facts: Facts) -> dict[str, Any]:
    """The facts given, cleaned; codes must stand in their lists."""
    values = facts.given()
    if "name" in values:
        values["name"] = normalise_name(values["name"])
    for name, list_key in CODED.items():
        code = values.get(name)
        if code and has_list(list_key) and code not in {entry.code for entry in entries(list_key)}:
            raise Refused("{code} is not in the list. Choose one of the words offered.", field=name, code=code)
    if "filing_number" in values:
        values["filing_number"] = values["filing_number"].strip() or None
    return values


def _refuse_known_number(number: str | None, found: Institution | None) -> None:
    same = Institution.objects.filter(filing_number=number) if number else Institution.objects.none()
    if (other := same.exclude(pk=found.pk if found else 0).first()) is not None:
        raise Refused(
            "Filing number {number} belongs to {name}. Compare the papers.",
            field="filing_number", number=number, name=other.name,
        )  # fmt: skip
