"""What other departments share with us, field by field: whose it is, what for, how long it is kept; and what came last.

On record as the code list `shared_field` of the packs, dated and marked like every other value; a city replaces a line
by naming its code. A test sees to it that no list takes a field that is not on record.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_noop as _

from yinling.kernel.actors import Actor
from yinling.kernel.listings import Heading, Listing
from yinling.people.models import ListEdition
from yinling.people.permissions import People
from yinling.people.rosters.departments import DEPARTMENT_LISTS
from yinling.places.queries import tree
from yinling.reference.queries import entries

SHARED_FIELDS = "shared_field"
NOT_STATED = {"zh": "未登记", "en": "not on record"}


@dataclass(frozen=True)
class SharedField:
    """One field: its title, whose it is, what for, and how long it is kept, in words."""

    title: str
    department: str
    purpose: str
    term: str
    verified: bool


@dataclass(frozen=True)
class SharedList:
    """One list of a department, its fields, and the last edition that came (members' lists only)."""

    key: str
    title: str
    fields: list[SharedField]
    edition: ListEdition | None
    place: str


def shared_lists(by: Actor) -> list[SharedList]:
    """Every list of a department, with what its fields are for. One statement, for the editions the actor sees."""
    latest: dict[str, ListEdition] = {}
    for edition in ListEdition.objects.visible_to(by).order_by("-month", "-id")[:200]:
        latest.setdefault(edition.register, edition)
    fields = _fields()
    return [
        SharedList(one.key, gettext(one.title), fields.get(one.key, []), latest.get(one.key),
                   tree().path(latest[one.key].place_key) if one.key in latest else "")
        for one in DEPARTMENT_LISTS
    ]  # fmt: skip


def _fields() -> dict[str, list[SharedField]]:
    language = "zh" if (get_language() or "zh-hans").startswith("zh") else "en"
    found: dict[str, list[SharedField]] = {}
    for code in entries(SHARED_FIELDS):
        key, _dot, _field = code.code.partition(".")
        data: dict[str, Any] = code.data
        department, purpose = (data.get(name, NOT_STATED)[language] for name in ("department", "purpose"))
        field = SharedField(code.words(language), department, purpose, _term(data.get("term_months")), code.verified)
        found.setdefault(key, []).append(field)
    return found


def _term(months: int | None) -> str:
    if months is None:
        return gettext("not on record")
    if months == 0:
        return gettext("compared only, not kept")
    if months % 12 == 0:
        return ngettext("{count} year", "{count} years", months // 12).format(count=months // 12)
    return ngettext("{count} month", "{count} months", months).format(count=months)


def _rows(by: Actor, address: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    for one in shared_lists(by):
        for field in one.fields:
            state = gettext("confirmed") if field.verified else gettext("not confirmed yet")
            yield one.title, field.title, field.department, field.purpose, field.term, state


LISTINGS = (
    Listing(
        "shared_fields", _("Shared by departments"),
        (Heading(_("Department list"), 20), Heading(_("Field"), 18), Heading(_("Shared by"), 30),
         Heading(_("What for"), 50), Heading(_("Kept for"), 18), Heading(_("Confirmed by the department"), 14)),
        _rows, (People.IMPORT,),
    ),
)  # fmt: skip
