"""The list of packs as a workbook holds it."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_noop as _

from yinling.kernel.actors import Actor
from yinling.kernel.listings import Heading, Listing
from yinling.packs import queries
from yinling.packs.permissions import Packs


def _packs(by: Actor, address: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    is_chinese = (get_language() or "zh-hans").startswith("zh")
    for row in queries.overview():
        held = row.folder or row.loaded
        title = (held.zh if is_chinese else held.en) if held else row.key
        loaded, on_disk = row.loaded.version if row.loaded else "", row.folder.version if row.folder else ""
        yield row.key, title, loaded, on_disk, row.unverified.parameters, row.unverified.entries


LISTINGS = (
    Listing(
        "packs", _("Packs"),
        (Heading(_("Key"), 16, is_identifier=True), Heading(_("Pack"), 28),
         Heading(_("Loaded version"), 14, is_identifier=True), Heading(_("Version on disk"), 14, is_identifier=True),
         Heading(_("Parameters not verified"), 14), Heading(_("Codes not verified"), 14)),
        _packs, (Packs.READ,),
    ),
)  # fmt: skip
