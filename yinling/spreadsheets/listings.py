"""The list of imports as a workbook holds it."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_noop as _

from yinling.kernel.actors import Actor
from yinling.kernel.clock import CITY_ZONE
from yinling.kernel.listings import Heading, Listing
from yinling.spreadsheets.outcomes import OutcomeKind
from yinling.spreadsheets.presenting import list_row
from yinling.spreadsheets.queries import imports_seen_by


def _imports(by: Actor, address: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    for found in imports_seen_by(by).order_by("-id").iterator(200):
        row = list_row(found)
        yield (
            found.file_name, row["title"], row["place"], found.source, found.uploaded_at.astimezone(CITY_ZONE),
            found.uploader, row["word"], found.taken, *(found.count(kind) for kind in OutcomeKind),
        )  # fmt: skip


LISTINGS = (
    Listing(
        "imports", _("Imports"),
        (Heading(_("File"), 32), Heading(_("What the rows are"), 18), Heading(_("Division of the roster"), 20),
         Heading(_("Where it comes from"), 24), Heading(_("Uploaded"), 18), Heading(_("Uploaded by"), 14),
         Heading(_("State"), 10), Heading(_("Rows"), 8), Heading(_("Refused"), 8), Heading(_("In doubt"), 8),
         Heading(_("Created"), 8), Heading(_("Updated"), 8), Heading(_("Unchanged"), 8)),
        _imports, ("people.import", "institutions.import"),
    ),
)  # fmt: skip
