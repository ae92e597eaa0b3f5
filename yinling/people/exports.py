"""Persons, doubts, transfers, inquiries as workbooks: numbers as masked text, a marker of who took them out and why."""

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from yinling.accounts.permissions import Accounts
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import CITY_ZONE, now
from yinling.kernel.errors import Refused
from yinling.kernel.listings import Heading, Listing
from yinling.kernel.models import Change
from yinling.kernel.names import mask_name
from yinling.people.events import ListExported
from yinling.people.forms import LookForm
from yinling.people.looks import in_words, looks_found
from yinling.people.models import Inquiry, Transfer
from yinling.people.permissions import People
from yinling.people.presenting import PersonRow, person_rows
from yinling.people.queries import Filters, find_persons, open_doubts, transfers_of
from yinling.people.rules import why_not_revealed
from yinling.places.queries import tree
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


STATES = {
    Transfer.SENT: gettext_noop("waits for a receipt"), Transfer.RECEIVED: gettext_noop("received"),
    Transfer.RETURNED: gettext_noop("sent back"),
}  # fmt: skip


def _doubts(by: Actor, address: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    for doubt in open_doubts(by).order_by("place_key", "id").iterator(BATCH):
        [row] = person_rows([doubt.candidate])
        waiting_since = doubt.recorded_at.astimezone(CITY_ZONE)
        yield row.name, row.sex, row.born, row.document, tree().path(doubt.place_key), doubt.source, waiting_since


def _transfers(by: Actor, address: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    places = tree()
    for one in transfers_of(by).order_by("-id").iterator(BATCH):
        answered = one.answered_at.astimezone(CITY_ZONE) if one.answered_at else None
        yield (
            mask_name(one.person.name), places.path(one.from_key), places.path(one.to_key),
            one.sent_at.astimezone(CITY_ZONE), one.note, _(STATES[one.state]), answered, one.answer,
        )  # fmt: skip


def _inquiries(by: Actor, address: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    """The open ones, or those that ended, as the page shows them."""
    still_open = address.get("state") != "closed"
    found = Inquiry.objects.visible_to(by).filter(closed_at__isnull=still_open).select_related("person")
    for one in found.order_by("id").iterator(BATCH):
        [row] = person_rows([one.person])
        closed = one.closed_at.astimezone(CITY_ZONE) if one.closed_at else None
        yield row.name, row.sex, row.born, row.place, one.opened_at.astimezone(CITY_ZONE), closed


def _looks(by: Actor, address: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    """The log as the page shows it: nothing of what was opened."""
    found = looks_found(LookForm(address, by=by).wanted(), by=by).order_by("-id")
    for some in _batched(found.iterator(BATCH), BATCH):
        for look in in_words(some):
            yield (
                look.at.astimezone(CITY_ZONE), look.who, look.username, look.works_at, look.what, look.about,
                look.place, look.reason,
            )  # fmt: skip


def _batched(changes: Iterable[Change], size: int) -> Iterator[list[Change]]:
    """Some at a time."""
    waiting = iter(changes)
    while some := list(islice(waiting, size)):
        yield some


LISTINGS = (
    Listing(
        "looks", gettext_noop("Log of looks"),
        (Heading(gettext_noop("When"), 18), Heading(gettext_noop("Who"), 12),
         Heading(gettext_noop("User name"), 20, is_identifier=True), Heading(gettext_noop("Works at"), 18),
         Heading(gettext_noop("What"), 30), Heading(gettext_noop("File, end of its number"), 14, is_identifier=True),
         Heading(gettext_noop("Division of the file"), 30), Heading(gettext_noop("Reason"), 40)),
        _looks, (Accounts.READ_LOG,),
    ),
    Listing(
        "inquiries", gettext_noop("Inquiries"),
        (Heading(gettext_noop("Name"), 12), Heading(gettext_noop("Sex"), 8), Heading(gettext_noop("Birth date"), 12),
         Heading(gettext_noop("Lives in"), 36), Heading(gettext_noop("Inquiry opened"), 18),
         Heading(gettext_noop("Inquiry closed"), 18)),
        _inquiries, (People.INQUIRE,),
    ),
    Listing(
        "doubts", gettext_noop("Doubts"),
        (Heading(gettext_noop("Resembles"), 12), Heading(gettext_noop("Sex"), 8),
         Heading(gettext_noop("Birth date"), 12), Heading(gettext_noop("Document number"), 22, is_identifier=True),
         Heading(gettext_noop("Place in the row"), 36), Heading(gettext_noop("Row from"), 30),
         Heading(gettext_noop("Waits since"), 18)),
        _doubts, (People.EDIT,),
    ),
    Listing(
        "transfers", gettext_noop("Transfers"),
        (Heading(gettext_noop("Who"), 12), Heading(gettext_noop("From division"), 30),
         Heading(gettext_noop("To division"), 30), Heading(gettext_noop("Sent"), 18), Heading(gettext_noop("Note"), 30),
         Heading(gettext_noop("State"), 12), Heading(gettext_noop("Answered"), 18),
         Heading(gettext_noop("Answer"), 30)),
        _transfers, (People.TRANSFER,),
    ),
)  # fmt: skip
