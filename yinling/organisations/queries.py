"""Reads of organisations."""

import datetime as dt
from collections.abc import Iterable, Iterator
from uuid import UUID

from django.db.models import Q

from yinling.kernel import crypto
from yinling.kernel.actors import Actor
from yinling.kernel.clock import civil_date, now
from yinling.kernel.errors import NotFound
from yinling.kernel.names import normalise_name, normalise_pinyin
from yinling.kernel.scope import within
from yinling.organisations.models import Organisation, OrganisationQuerySet, Role, Version
from yinling.places.queries import key_ranges, tree
from yinling.reference import queries as reference

# (key, English msgid of the title, whether its numbers are identifiers): a list out to a spreadsheet.
EXPORT_COLUMNS: tuple[tuple[str, str, bool], ...] = (
    ("name", "Name", False),
    ("uscc", "Credit code", True),
    ("legal_form", "Legal form", False),
    ("place", "Division", False),
    ("address", "Address", False),
    ("representative", "Legal representative", False),
    ("registrar", "Registered with", False),
    ("status", "Standing", False),
)


def matching(by: Actor, *, text: str = "", form: str = "", status: str = "", role: str = "", place: int = 0,
             on: dt.date | None = None) -> OrganisationQuerySet:  # fmt: skip
    """Organisations the actor sees that match every filter given; `place` narrows to what lies under a division."""
    found = Organisation.objects.visible_to(by).canonical()
    if place:
        found = found.filter(within(key_ranges([place])))
    if form:
        found = found.filter(legal_form=form)
    if status:
        found = found.filter(status=status)
    if role:
        found = found.in_role(role, on or civil_date())
    return found.filter(_names(text)) if text.strip() else found


def _names(text: str) -> Q:
    """By part of the name, credit code, or the beginning of pinyin or initials."""
    name, sound = normalise_name(text), normalise_pinyin(text)
    condition = Q(name__contains=name) | Q(short_name__contains=name) | Q(uscc=name.upper())
    if sound and sound == name.lower().replace(" ", ""):
        condition |= Q(initials__startswith=sound) | Q(pinyin__startswith=sound)
    return condition


def organisation(uid: UUID, by: Actor) -> Organisation:
    """One organisation, with the record it was merged into. Raises NotFound."""
    return Organisation.objects.visible_to(by).select_related("canonical").one(uid=uid)


def standing(uid: UUID) -> Organisation:
    """The record that stands for a uid, merged or not: foreign keys elsewhere may point to either. Raises NotFound."""
    found = Organisation.objects.select_related("canonical").filter(uid=uid).first()
    if found is None:
        raise NotFound("organisation")
    return found.canonical or found


def by_uscc(uscc: str) -> Organisation | None:
    """The record that stands for a credit code, in any county: for imports, which then ask for scope."""
    found = Organisation.objects.select_related("canonical").filter(uscc=uscc).first()
    return (found.canonical or found) if found else None


def by_identifier(system: str, value: str) -> Organisation | None:
    """The record that stands for a number of another system."""
    found = Organisation.objects.select_related("canonical").filter(
        identifiers__system=system, identifiers__value=value
    ).first()  # fmt: skip
    return (found.canonical or found) if found else None


def version_on(uid: UUID, *, valid_on: dt.date, known_at: dt.datetime | None = None) -> Version:
    """What was official about an organisation on a day, as it was known at an instant. Raises NotFound."""
    found = (
        Version.objects.known(known_at or now())
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=valid_on), organisation__uid=uid, valid_from__lte=valid_on)
        .order_by("-valid_from", "-recorded_at")
        .first()
    )
    if found is None:
        raise NotFound("organisation")
    return found


def history(found: Organisation) -> list[Version]:
    """What was official, newest first, corrections left out."""
    return list(found.versions.filter(superseded_at__isnull=True).order_by("-valid_from"))


def roles(found: Organisation) -> list[Role]:
    """The roles held and once held, newest first."""
    return list(found.roles.filter(superseded_at__isnull=True).order_by("-valid_from", "role"))


def phone(found: Organisation) -> str:
    """The telephone number, for masking; showing it in full is `services.reveal_phone`."""
    return crypto.unseal(found.phone, found.phone_place)


def export_rows(found: Iterable[Organisation]) -> Iterator[tuple[str, ...]]:
    """One row per organisation, in the order of EXPORT_COLUMNS; telephone numbers stay out."""
    places = tree()
    for one in found:
        yield (
            one.name, one.uscc or "", reference.label("legal_form", one.legal_form), places.path(one.place_key),
            one.address, one.representative, one.registrar, one.status,
        )  # fmt: skip
