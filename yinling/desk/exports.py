"""Lists of modules below as workbooks, with a marker of who took them out and why.

The worklist, organisations and others stand below the floor of `spreadsheets`; so their lists are exported from here.
Most say themselves what a list holds (`exports.py`, `kernel.listings`) and are offered in `config/wiring.py`.
"""

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from yinling.accounts.models import User
from yinling.desk.failures import last_line
from yinling.kernel import failures
from yinling.kernel.actors import require
from yinling.kernel.changes import record, words_of
from yinling.kernel.clock import CITY_ZONE, now
from yinling.kernel.errors import NotAllowed, NotFound, Refused
from yinling.kernel.events import Event
from yinling.kernel.listings import Heading, Listing
from yinling.kernel.permissions import Kernel
from yinling.organisations.permissions import Organisations
from yinling.organisations.queries import EXPORT_COLUMNS, export_rows, matching
from yinling.places.permissions import Places
from yinling.places.queries import EXPORT_COLUMNS as DIVISION_COLUMNS
from yinling.places.queries import export_rows as division_rows
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


def _organisations(by: User, address: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    place = address.get("place", "")
    found = matching(
        by, text=address.get("q", ""), form=address.get("form", ""), status=address.get("status", ""),
        role=address.get("role", ""), place=int(place) if place.isdigit() and len(place) == 12 else 0,
    )  # fmt: skip
    return export_rows(found.order_by("name", "id").iterator(BATCH))


def export_divisions(*, by: User, reason: str) -> Path:
    """The divisions of the user, as they stand."""
    require(by, Places.READ)
    columns = [Column(_(title), 20, title == "Division code") for title in DIVISION_COLUMNS]
    return _written("divisions", _("Divisions"), columns, division_rows(by), by, reason)


ORGANISATIONS = Listing(
    "organisations", gettext_noop("Organisations"),
    tuple(Heading(title, 20, is_identifier) for _key, title, is_identifier in EXPORT_COLUMNS), _organisations,
    (Organisations.EXPORT,),
)  # fmt: skip


def _failures(by: User, address: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    for letter in failures.dead_letters().iterator(BATCH):
        what = sentence(words_of(letter.change.type)) or letter.change.type
        failed_at = letter.failed_at.astimezone(CITY_ZONE)
        yield _("Change that a listener could not handle"), letter.listener, what, letter.error, failed_at
    for job in failures.failed_jobs().iterator(BATCH):
        ended_at = job.ended_at.astimezone(CITY_ZONE) if job.ended_at else None
        yield _("Job that ended in an error"), job.kind, "", last_line(job.error), ended_at


FAILURES = Listing(
    "failures", gettext_noop("What failed"),
    (Heading(gettext_noop("What failed"), 24), Heading(gettext_noop("Listener or job"), 30),
     Heading(gettext_noop("What changed"), 30), Heading(gettext_noop("Cause"), 60), Heading(gettext_noop("When"), 18)),
    _failures, (Kernel.READ_JOBS,),
)  # fmt: skip

_offered: dict[str, Listing] = {one.key: one for one in (ORGANISATIONS, FAILURES)}


def offer(*listings: Listing) -> None:
    """Make lists known that other modules describe."""
    _offered.update({listing.key: listing for listing in listings})


def listing_for(key: str, by: User) -> Listing:
    """An offered list that the user may take out. Raises NotFound, NotAllowed."""
    found = _offered.get(key)
    if found is None:
        raise NotFound("list")
    if found.permissions and not any(by.may(permission) for permission in found.permissions):
        raise NotAllowed(found.permissions[0])
    return found


def export_listing(key: str, address: Mapping[str, str], *, by: User, reason: str) -> Path:
    """An offered list, filtered as its page is."""
    listing = listing_for(key, by)
    rows = iter(listing.rows(by, address))
    first = next(rows, None)  # asked now, so that a refusal leaves no line of an export
    columns = [Column(_(one.title), one.width, one.is_identifier) for one in listing.columns]
    return _written(key, _(listing.title), columns, chain((first,), rows) if first else (), by, reason)


def _written(
    key: str, what: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]], by: User, reason: str
) -> Path:
    if len(reason.strip()) < LEAST_REASON:
        raise Refused("Say in at least {limit} characters what the list is for.", field="reason", limit=LEAST_REASON)
    change = record(ListTaken(uid=UUID(str(by.uid)), what=key), by=by, reason=reason)
    path = Path(tempfile.mkdtemp(prefix="yinling-")) / f"{key}.xlsx"
    write_list(columns, rows, path, Marker(what, by.label, now(), reason, str(change.pk)), sentence)
    return path
