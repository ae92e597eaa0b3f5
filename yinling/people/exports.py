"""Lists of persons as workbooks: numbers as masked text, a marker of who took them out and why."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import now
from yinling.kernel.errors import Refused
from yinling.people.events import ListExported
from yinling.people.permissions import People
from yinling.people.presenting import PersonRow, person_rows
from yinling.people.queries import Filters, find_persons
from yinling.people.rules import why_not_revealed
from yinling.spreadsheets.exporting import Column, write_list
from yinling.spreadsheets.marker import Marker
from yinling.web.sentences import sentence

BATCH, MOST = 500, 200_000


def export_persons(filters: Filters, *, by: Actor, reason: str) -> Path:
    """Write the list that the filters give to a temporary workbook; copies stay masked. Leaves a change row."""
    require(by, People.EXPORT)
    if objection := why_not_revealed(reason):
        raise Refused(objection, field="reason")
    change = record(ListExported.by(by), by=by, reason=reason)
    path = Path(tempfile.mkdtemp(prefix="yinling-")) / "list.xlsx"
    marker = Marker(what=_("Elders"), who=by.label, when=now(), why=reason, record=str(change.pk))
    write_list(_columns(), (_cells(row) for row in _rows(filters, by)), path, marker, sentence)
    return path


def _columns() -> list[Column]:
    return [
        Column(_("Name"), 12),
        Column(_("Sex"), 8),
        Column(_("Birth date"), 12),
        Column(_("Age"), 8),
        Column(_("Document number"), 22, is_identifier=True),
        Column(_("Telephone"), 16, is_identifier=True),
        Column(_("Place"), 36),
        Column(_("Categories"), 30),
    ]


def _cells(row: PersonRow) -> tuple[Any, ...]:
    return row.name, row.sex, row.born, row.age, row.document, row.phone, row.place, "、".join(row.tags)


def _rows(filters: Filters, by: Actor) -> Iterator[PersonRow]:
    after, count = 0, 0
    while count < MOST:
        found = find_persons(filters, by=by, after=after, size=BATCH)
        yield from person_rows(found.persons)
        count += len(found.persons)
        if found.next_after is None or found.by_number:
            return
        after = found.next_after
