"""Lists of modules below as workbooks, with a marker of who took them out and why.

The worklist and organisations stand below the floor of `spreadsheets`; so their lists are exported from here.
"""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext as _

from yinling.accounts.models import User
from yinling.kernel.actors import require
from yinling.kernel.changes import record
from yinling.kernel.clock import CITY_ZONE, now
from yinling.kernel.errors import Refused
from yinling.kernel.events import Event
from yinling.organisations.permissions import Organisations
from yinling.organisations.queries import EXPORT_COLUMNS, export_rows, matching
from yinling.spreadsheets.exporting import Column, write_list
from yinling.spreadsheets.marker import Marker
from yinling.web.sentences import sentence
from yinling.worklist.queries import duties_of, open_for

LEAST_REASON, MOST_DUTIES, BATCH = 4, 5000, 200


@dataclass(frozen=True)
class ListTaken(Event):
    """Somebody took a list out; the reason is on the change."""

    kind: ClassVar[str] = "desk.list_taken"
    subject: ClassVar[str] = "user"
    what: str = ""


def export_duties(*, by: User, reason: str) -> Path:
    """The user's own open duties."""
    titles = ((_("Due"), 18), (_("Duty"), 40), (_("Reason"), 50), (_("About"), 24), (_("Place"), 20))
    columns = [Column(title, width) for title, width in titles]
    return _written("duties", _("Worklist"), columns, _duty_rows(by), by, reason)


def _duty_rows(by: User) -> Iterator[tuple[Any, ...]]:
    items = list(open_for(by).order_by("due_at", "id")[:MOST_DUTIES])
    for start in range(0, len(items), BATCH):
        for duty in duties_of(items[start : start + BATCH], by):
            due = duty.item.due_at.astimezone(CITY_ZONE).replace(tzinfo=None)
            why = sentence(duty.why) if duty.why else ""
            yield due, sentence(duty.title), why, duty.label.text, duty.label.place


def export_organisations(*, by: User, reason: str) -> Path:
    """The organisations of the user's divisions."""
    require(by, Organisations.EXPORT)
    columns = [Column(_(title), 20, is_identifier) for _key, title, is_identifier in EXPORT_COLUMNS]
    return _written("organisations", _("Organisations"), columns, export_rows(matching(by).iterator(BATCH)), by, reason)


def _written(
    key: str, what: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]], by: User, reason: str
) -> Path:
    if len(reason.strip()) < LEAST_REASON:
        raise Refused("Say in at least {limit} characters what the list is for.", field="reason", limit=LEAST_REASON)
    change = record(ListTaken(uid=UUID(str(by.uid)), what=key), by=by, reason=reason)
    path = Path(tempfile.mkdtemp(prefix="yinling-")) / f"{key}.xlsx"
    write_list(columns, rows, path, Marker(what, by.label, now(), reason, str(change.pk)), sentence)
    return path
