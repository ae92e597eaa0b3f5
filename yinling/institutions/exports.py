"""Lists as workbooks, with a marker of who took them out and why."""

import tempfile
from pathlib import Path

from django.utils.translation import gettext as _

from yinling.institutions.presenting import HomeRow, home_rows
from yinling.institutions.queries import Filters, institutions_for
from yinling.institutions.services import note_export
from yinling.kernel.actors import Actor
from yinling.kernel.clock import now
from yinling.spreadsheets.exporting import Column, write_list
from yinling.spreadsheets.marker import Marker
from yinling.web.sentences import sentence

MOST = 20_000


def export_institutions(filters: Filters, *, by: Actor, reason: str) -> Path:
    """The list that the filters give, with beds as they stand now. Leaves a change row."""
    change = note_export(by=by, reason=reason)
    homes = institutions_for(by, filters).select_related("organisation").order_by("place_key", "id")[:MOST]
    path = Path(tempfile.mkdtemp(prefix="yinling-")) / "list.xlsx"
    marker = Marker(what=_("Institutions"), who=by.label, when=now(), why=reason, record=str(change.pk))
    write_list(_columns(), (_cells(row) for row in home_rows(homes)), path, marker, sentence)
    return path


def _columns() -> list[Column]:
    return [
        Column(_("Institution"), 32), Column(_("Kind"), 18), Column(_("Operator model"), 14), Column(_("Place"), 36),
        Column(_("Filing number"), 18, is_identifier=True), Column(_("Credit code"), 22, is_identifier=True),
        Column(_("Telephone"), 16, is_identifier=True), Column(_("Beds set up"), 10), Column(_("Usable beds"), 10),
        Column(_("Occupied"), 10), Column(_("Reserved"), 10), Column(_("Nursing beds"), 10), Column(_("Opened on"), 12),
    ]  # fmt: skip


def _cells(row: HomeRow) -> tuple[object, ...]:
    home, beds = row.home, row.beds
    uscc = home.organisation.uscc if home.organisation else ""
    return (
        home.name, row.kind, row.model, row.place, home.filing_number or "", uscc or "", home.phone, beds.set_up,
        beds.usable, beds.occupied, beds.reserved, beds.nursing, home.opened_on,
    )  # fmt: skip
