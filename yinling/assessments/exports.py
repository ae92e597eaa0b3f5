"""Lists of assessments as workbooks: names masked, a marker of who took them out and why."""

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from yinling.accounts.models import User
from yinling.assessments import rules
from yinling.assessments.permissions import Assessments
from yinling.assessments.presenting import Row, rows_for
from yinling.assessments.queries import Filters, certificates, listed
from yinling.assessments.services import note_export
from yinling.kernel.actors import require
from yinling.kernel.clock import now
from yinling.kernel.errors import Refused
from yinling.kernel.listings import Heading, Listing
from yinling.spreadsheets.exporting import Column, write_list
from yinling.spreadsheets.marker import Marker
from yinling.web.sentences import sentence

BATCH = 500


@transaction.atomic
def export_assessments(filters: Filters, *, by: User, reason: str) -> Path:
    """Write the list that the filters give to a temporary workbook. Leaves a change row."""
    require(by, Assessments.EXPORT)
    if refusal := rules.why_no_reason(reason):
        raise Refused(refusal, field="reason")
    rows = listed(filters, by)
    change = note_export(rows=rows.count(), reason=reason, by=by)
    path = Path(tempfile.mkdtemp(prefix="yinling-")) / "assessments.xlsx"
    marker = Marker(what=_("Assessments"), who=by.label, when=now(), why=reason, record=str(change.pk))
    write_list(_columns(), (_cells(row) for row in _all(filters, by)), path, marker, sentence)
    return path


def _all(filters: Filters, by: User) -> Iterator[Row]:
    after = 0
    while batch := list(listed(filters, by).filter(pk__gt=after).order_by("pk")[:BATCH]):
        yield from rows_for(batch)
        after = batch[-1].pk


def _columns() -> list[Column]:
    return [
        Column(_("Number"), 20, is_identifier=True),
        Column(_("Name"), 10),
        Column(_("Place"), 36),
        Column(_("Scale"), 24),
        Column(_("Day"), 12),
        Column(_("Total"), 10),
        Column(_("Level"), 20),
        Column(_("State"), 12),
    ]


def _cells(row: Row) -> tuple[Any, ...]:
    return row.number, row.name, row.place, row.scale, row.day, row.total, row.level, row.state


def _assessors(by: User, address: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    for one in certificates(by):
        yield one.user.label, one.number, one.valid_from, one.valid_to


LISTINGS = (
    Listing(
        "assessors", gettext_noop("Assessors"),
        (Heading(gettext_noop("Assessor"), 12), Heading(gettext_noop("Number of the certificate"), 22, True),
         Heading(gettext_noop("Valid from"), 12), Heading(gettext_noop("Ends"), 12)),
        _assessors, (Assessments.CERTIFY,),
    ),
)  # fmt: skip
