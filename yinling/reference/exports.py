"""Parameters, code lists and holidays, as workbooks hold them. The filters are those of the pages."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_noop as _

from yinling.kernel.actors import Actor
from yinling.kernel.clock import civil_date
from yinling.kernel.listings import Heading, Listing
from yinling.reference import listings, queries
from yinling.reference.models import Parameter
from yinling.reference.permissions import Reference

MAY = (Reference.READ,)
Rows = Iterator[tuple[Any, ...]]


def _parameters(by: Actor, address: Mapping[str, str]) -> Rows:
    found: list[Any] = list(listings.parameters(query=address.get("q", ""), state=address.get("state", "")))
    for row in found:
        yield (
            row.key, row.title, row.text, row.unit_words, row.valid_from, row.valid_to, _verified(row), row.source,
            row.note, row.pack,
        )  # fmt: skip


def _verified(row: Any) -> str:
    if isinstance(row, Parameter) and row.is_own:
        return gettext("Operator's own limit")
    return pgettext("reference", "Verified") if row.verified else gettext("Not verified")


def _lists(by: Actor, address: Mapping[str, str]) -> Rows:
    found: list[Any] = list(listings.code_lists())
    for row in found:
        yield row.key, row.zh, row.en, row.codes, row.unverified, row.source


def _codes(by: Actor, address: Mapping[str, str]) -> Rows:
    for row in listings.codes(listings.code_list(address.get("list", "")).key):
        yield row.code, row.zh, row.en, row.valid_from, row.valid_to, _verified(row), row.source, row.note


def _holidays(by: Actor, address: Mapping[str, str]) -> Rows:
    asked = address.get("year", "")
    year = int(asked) if asked.isdigit() and len(asked) == 4 and asked != "0000" else civil_date().year
    for row in queries.special_days(year):
        yield row.day, gettext("working day") if row.is_working else gettext("day off"), row.zh, row.en, row.source


FROM, UNTIL = Heading(_("In force from"), 12), Heading(_("Until"), 12)
VERIFIED, SOURCE = Heading(_("Compared with its source"), 16), Heading(_("Source"), 40)
CODE = Heading(_("Code"), 16, is_identifier=True)
CHINESE, ENGLISH = Heading(_("Chinese"), 28), Heading(_("English"), 28)
LISTINGS = (
    Listing(
        "parameters", _("Parameters"),
        (Heading(_("Key"), 34, is_identifier=True), Heading(_("Parameter"), 30), Heading(_("Value"), 20, True),
         Heading(_("Unit"), 14), FROM, UNTIL, VERIFIED, SOURCE, Heading(_("Note"), 30), Heading(_("Pack"), 12)),
        _parameters, MAY,
    ),
    Listing(
        "code_lists", _("Code lists"),
        (Heading(_("Key"), 24, is_identifier=True), CHINESE, ENGLISH, Heading(_("Codes"), 8),
         Heading(_("Not verified"), 10), SOURCE),
        _lists, MAY,
    ),
    Listing(
        "codes", _("Codes of a list"),
        (CODE, CHINESE, ENGLISH, FROM, UNTIL, VERIFIED, SOURCE, Heading(_("Note"), 30)), _codes, MAY,
    ),
    Listing(
        "holidays", _("Holidays"),
        (Heading(_("Day"), 12), Heading(_("Is it worked?"), 12), CHINESE, ENGLISH, SOURCE), _holidays, MAY,
    ),
)  # fmt: skip
