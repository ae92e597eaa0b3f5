"""Writes to the register of organisations."""

import datetime as dt
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from django.db import transaction

from yinling.engines.codes.phone import read_phone
from yinling.kernel import crypto
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date, now
from yinling.kernel.errors import Refused
from yinling.kernel.names import initials, name_readings, normalise_name
from yinling.kernel.reasons import Reason
from yinling.organisations import rules
from yinling.organisations.events import (
    IdentifierAdded,
    MergeUndone,
    OrganisationChanged,
    OrganisationClosed,
    OrganisationRegistered,
    OrganisationsMerged,
    PhoneSeen,
    RoleEnded,
    RoleGiven,
)
from yinling.organisations.models import Identifier, Merge, Organisation, Role, Status, Version
from yinling.organisations.permissions import Organisations
from yinling.places.queries import place_named
from yinling.reference import queries as reference

OFFICIAL = ("name", "legal_form", "registrar", "representative", "address", "status")


@dataclass(frozen=True)
class Details:
    """What a register entry says. Codes: `legal_form` from the code list of that name. None: leave as it is."""

    name: str | None = None
    short_name: str | None = None
    uscc: str | None = None
    legal_form: str | None = None
    registrar: str | None = None
    representative: str | None = None
    phone: str | None = None
    address: str | None = None
    status: str | None = None
    founded_on: dt.date | None = None

    def given(self) -> dict[str, Any]:
        """The fields that are not None."""
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in found.items() if value is not None}


@transaction.atomic
def register_organisation(
    *, place_key: int, details: Details, by: Actor, uid: UUID | None = None, valid_from: dt.date | None = None
) -> Organisation:
    """Enter a legal person. Raises Refused for a missing name, a wrong or known credit code, an unknown form."""
    require(by, Organisations.EDIT, place_key)
    place_named(place_key)
    values = _checked(details)
    if not values.get("name"):
        raise Refused("Enter the registered name.", field="name")
    _refuse_known_code(values.get("uscc"), None)
    values.setdefault("uscc", None)
    organisation = Organisation(place_key=place_key, **({"uid": uid} if uid else {}))
    _fill(organisation, values)
    organisation.save()
    begins = valid_from or values.get("founded_on") or civil_date()
    Version.objects.create(organisation=organisation, valid_from=begins, **_official(organisation))
    event = OrganisationRegistered(organisation.uid)
    record(event, by=by, place_key=place_key, content=_content(values))
    return organisation


@transaction.atomic
def change_organisation(*, uid: UUID, details: Details, on: dt.date, by: Actor) -> Organisation:
    """Change what is on file, official matters from a day on. What was before stays readable for its days."""
    organisation = _seen(uid, by, Organisations.EDIT)
    values = _checked(details)
    if values.get("name") == "":
        raise Refused("Enter the registered name.", field="name")
    _refuse_known_code(values.get("uscc"), organisation)
    changed = _different(organisation, values)
    if not changed:
        return organisation
    if official := {name: value for name, value in changed.items() if name in OFFICIAL}:
        _new_version(organisation, official, on)
    _fill(organisation, changed)
    organisation.save()
    event = OrganisationChanged(organisation.uid, tuple(sorted(changed)))
    record(event, by=by, place_key=organisation.place_key, content=_content(changed))
    return organisation


@transaction.atomic
def close_organisation(*, uid: UUID, on: dt.date, reason: str, by: Actor) -> Organisation:
    """A legal person ceases to work on a day; the roles it holds end with it."""
    organisation = _seen(uid, by, Organisations.EDIT)
    _new_version(organisation, {"status": Status.CLOSED.value}, on)
    organisation.status = Status.CLOSED
    organisation.save(update_fields=["status"])
    for role in Role.objects.current().filter(organisation=organisation, valid_to__isnull=True):
        _end_role(role, on)
    record(OrganisationClosed(organisation.uid, on.isoformat()), by=by, place_key=organisation.place_key, reason=reason)
    return organisation


@transaction.atomic
def reopen_organisation(*, uid: UUID, on: dt.date, reason: str, by: Actor) -> Organisation:
    """A closed legal person works again from a day on (or was never closed: then on the day it closed)."""
    organisation = _seen(uid, by, Organisations.EDIT)
    if organisation.status != Status.CLOSED:
        raise Refused("{name} is not closed.", name=organisation.name)
    _write_version(organisation, {"status": Status.ACTIVE.value}, on)
    organisation.status = Status.ACTIVE
    organisation.save(update_fields=["status"])
    event = OrganisationChanged(organisation.uid, ("status",))
    record(event, by=by, place_key=organisation.place_key, reason=reason)
    return organisation


@transaction.atomic
def merge_organisations(*, uid: UUID, into: UUID, reason: str, by: Actor) -> Organisation:
    """Say that one record is the same legal person as another, which stands. Returns the one that stands."""
    organisation, standing = _seen(uid, by, Organisations.MERGE), _seen(into, by, Organisations.MERGE)
    why = rules.why_no_merge(
        same=organisation == standing,
        merged=organisation.canonical_id is not None,
        into_merged=standing.canonical_id is not None,
        codes=(organisation.uscc, standing.uscc),
    )
    if why:
        raise Refused(why)
    # Those merged into this record before follow it: a link is never followed twice.
    moved = [organisation, *organisation.absorbed.all()]
    for one in moved:
        Merge.objects.filter(organisation=one, undone_at__isnull=True).update(undone_at=now())
        Merge.objects.create(organisation=one, into=standing, reason=reason[:300])
        Organisation.objects.filter(pk=one.pk).update(canonical=standing)
    event = OrganisationsMerged(organisation.uid, standing.uid)
    record(event, by=by, place_key=organisation.place_key, reason=reason)
    return standing


@transaction.atomic
def undo_merge(*, uid: UUID, reason: str, by: Actor) -> Organisation:
    """Say that a merged record is a legal person of its own after all."""
    organisation = _seen(uid, by, Organisations.MERGE)
    standing = organisation.canonical
    if standing is None:
        raise Refused("{name} is not merged into another record.", name=organisation.name)
    Merge.objects.filter(organisation=organisation, undone_at__isnull=True).update(undone_at=now())
    organisation.canonical = None
    organisation.save(update_fields=["canonical"])
    record(MergeUndone(organisation.uid, standing.uid), by=by, place_key=organisation.place_key, reason=reason)
    return organisation


@transaction.atomic
def give_role(*, uid: UUID, role: str, valid_from: dt.date, by: Actor, valid_to: dt.date | None = None) -> Role:
    """An organisation acts as something from a day on. Given twice, it is held once."""
    organisation = _seen(uid, by, Organisations.EDIT)
    if organisation.status == Status.CLOSED:
        raise Refused("This organisation is closed. Reopen it before changing it.")
    _refuse_unknown_code("organisation_role", role, "role")
    held = Role.objects.holding(valid_from).filter(organisation=organisation, role=role).first()
    if held is not None:
        return held
    given = Role.objects.create(organisation=organisation, role=role, valid_from=valid_from, valid_to=valid_to)
    record(RoleGiven(organisation.uid, role), by=by, place_key=organisation.place_key)
    return given


@transaction.atomic
def end_role(*, uid: UUID, role: str, on: dt.date, by: Actor) -> None:
    """An organisation no longer acts as something from a day on."""
    organisation = _seen(uid, by, Organisations.EDIT)
    held = Role.objects.current().filter(organisation=organisation, role=role, valid_to__isnull=True).first()
    if held is None:
        raise Refused("{name} does not hold this role.", name=organisation.name)
    _end_role(held, on)
    record(RoleEnded(organisation.uid, role), by=by, place_key=organisation.place_key)


@transaction.atomic
def add_identifier(*, uid: UUID, system: str, value: str, by: Actor) -> Identifier:
    """Note an organisation's number in another system. The same again changes nothing."""
    organisation = _seen(uid, by, Organisations.EDIT)
    known = Identifier.objects.select_related("organisation").filter(system=system, value=value).first()
    if known is not None and known.organisation_id != organisation.pk:
        raise Refused(
            "The number {value} of {system} belongs to another organisation already. Check it, or merge the two.",
            value=value, system=system,
        )  # fmt: skip
    if known is not None:
        return known
    added = Identifier.objects.create(organisation=organisation, system=system, value=value)
    record(IdentifierAdded(organisation.uid, system), by=by, place_key=organisation.place_key)
    return added


@transaction.atomic
def reveal_phone(*, uid: UUID, reason: str, by: Actor) -> str:
    """The telephone number in full. The look is recorded with its reason."""
    organisation = _seen(uid, by, Organisations.REVEAL)
    if not reason.strip():
        raise Refused("Say why you need the number.", field="reason")
    record(PhoneSeen(organisation.uid), by=by, place_key=organisation.place_key, reason=reason)
    return crypto.unseal(organisation.phone, organisation.phone_place)


def _seen(uid: UUID, by: Actor, permission: str) -> Organisation:
    """The record, locked, if the actor sees it and may do this to it there."""
    organisation = Organisation.objects.visible_to(by).select_for_update().one(uid=uid)
    require(by, permission, organisation.place_key)
    return organisation


def _checked(details: Details) -> dict[str, Any]:
    """The given fields as they are kept. Raises Refused naming the field."""
    values = details.given()
    for name in ("name", "registrar", "representative", "short_name"):
        if name in values:
            values[name] = normalise_name(values[name])
    if "uscc" in values:
        values["uscc"] = _answer(rules.checked_uscc(values["uscc"]), "uscc")
    if values.get("phone"):
        values["phone"] = str(_answer(read_phone(values["phone"], area_code=_area_code()), "phone"))
    if values.get("legal_form"):
        _refuse_unknown_code("legal_form", values["legal_form"], "legal_form")
    if values.get("status") == Status.CLOSED:
        raise Refused("Close an organisation with the button for it: its roles end with it.", field="status")
    return values


def _answer(found: Any, field: str) -> Any:
    if isinstance(found, Reason):
        raise Refused(found, field=field)
    return found


def _area_code() -> str:
    """What local telephone numbers are completed with; a city without the parameter types them in full."""
    try:
        return str(reference.parameter("phone.area_code"))
    except reference.MissingParameter:
        return ""


def _refuse_unknown_code(list_key: str, code: str, field: str) -> None:
    if reference.has_list(list_key) and code not in {entry.code for entry in reference.entries(list_key)}:
        raise Refused("{code} is not in the list {list}. Choose one that is.", field=field, code=code, list=list_key)


def _refuse_known_code(uscc: str | None, own: Organisation | None) -> None:
    if not uscc:
        return
    holder = Organisation.objects.filter(uscc=uscc).first()
    if holder is not None and holder != own:
        # Said without a name: it may lie in a county that this clerk does not see.
        raise Refused("The credit code {code} is registered already. Search for it.", field="uscc", code=uscc)


def _different(organisation: Organisation, values: dict[str, Any]) -> dict[str, Any]:
    held = {name: getattr(organisation, name) for name in values if name != "phone"}
    if "phone" in values:
        held["phone"] = crypto.unseal(organisation.phone, organisation.phone_place)
    return {name: value for name, value in values.items() if held[name] != value}


def _fill(organisation: Organisation, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(organisation, name, crypto.seal(value, organisation.phone_place) if name == "phone" else value)
    if "name" in values:
        organisation.pinyin = " ".join(name_readings(values["name"], is_person=False))[:400]
        organisation.initials = initials(values["name"], is_person=False)[0][:120]


def _official(organisation: Organisation) -> dict[str, Any]:
    return {name: getattr(organisation, name) for name in OFFICIAL}


def _new_version(organisation: Organisation, changes: dict[str, Any], on: dt.date) -> None:
    open_version = Version.objects.current().get(organisation=organisation, valid_to__isnull=True)
    if reason := rules.why_no_change(since=open_version.valid_from, on=on, status=organisation.status):
        raise Refused(reason)
    _write_version(organisation, changes, on)


def _write_version(organisation: Organisation, changes: dict[str, Any], on: dt.date) -> None:
    """End what holds and write what follows it. A change on the day it began corrects it."""
    held = Version.objects.current().get(organisation=organisation, valid_to__isnull=True)
    Version.objects.filter(pk=held.pk).update(superseded_at=now())
    if held.valid_from < on:
        Version.objects.create(
            organisation=organisation, valid_from=held.valid_from, valid_to=on,
            **{name: getattr(held, name) for name in OFFICIAL},
        )  # fmt: skip
    Version.objects.create(organisation=organisation, valid_from=on, **(_official(organisation) | changes))


def _end_role(role: Role, on: dt.date) -> None:
    """A role that had not begun by then was never held."""
    Role.objects.filter(pk=role.pk).update(superseded_at=now())
    if role.valid_from < on:
        Role.objects.create(organisation=role.organisation, role=role.role, valid_from=role.valid_from, valid_to=on)


def _content(values: dict[str, Any]) -> dict[str, Any]:
    """What the change row keeps a digest of."""
    return {name: str(value) for name, value in values.items()}
