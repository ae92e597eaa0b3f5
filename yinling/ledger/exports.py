"""A statement, and the list of accounts, as workbooks, with a marker of who took it out and why."""

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import CITY_ZONE, now
from yinling.kernel.errors import Refused
from yinling.kernel.listings import Heading, Listing
from yinling.ledger.events import StatementTaken
from yinling.ledger.permissions import Ledger
from yinling.ledger.queries import Statement, accounts_read_by
from yinling.ledger.showing import LOCKED, account_rows, filtered
from yinling.spreadsheets.exporting import Column, write_list
from yinling.spreadsheets.marker import Marker
from yinling.web.sentences import sentence

LEAST_REASON, BATCH = 4, 200


def export_statement(*, found: Statement, by: Actor, reason: str) -> Path:
    """The statement as a workbook. Leaves a change row. Raises Refused without a reason, NotAllowed."""
    account = found.account
    require(by, Ledger.EXPORT, account.place_key)
    if len(reason.strip()) < LEAST_REASON:
        raise Refused("Say in at least {limit} characters what the list is for.", field="reason", limit=LEAST_REASON)
    taken = StatementTaken(account.uid, first=str(found.first), last=str(found.last))
    change = record(taken, by=by, place_key=account.place_key, reason=reason)
    row = account_rows([account], by)[0]
    what = f"{row.owner.text} · {row.title} {found.first} – {found.last}"
    path = Path(tempfile.mkdtemp(prefix="yinling-")) / "statement.xlsx"
    marker = Marker(what, by.label, now(), reason, str(change.pk))
    write_list(_columns(account.book.unit), _cells(found), path, marker, sentence)
    return path


def _columns(unit: str) -> list[Column]:
    amounts = (_("Amount, yuan"), _("Balance, yuan")) if unit == "fen" else (_("Minutes"), _("Balance, minutes"))
    return [
        Column(_("Written down"), 18), Column(_("Happened"), 18), Column(_("Item"), 30), Column(amounts[0], 16),
        Column(amounts[1], 16), Column(_("Taken back"), 18), Column(_("Transfer"), 38, is_identifier=True),
    ]  # fmt: skip


def _cells(found: Statement) -> Iterator[tuple[Any, ...]]:
    """A line in yuan (two exact decimals) or minutes; the first and the last row carry the balances."""
    per = 100 if found.account.book.unit == "fen" else 1
    yield found.first, None, _("Carried forward"), None, found.opening / per, None, ""
    for line in found.lines:
        written, happened = (at.astimezone(CITY_ZONE) for at in (line.recorded_at, line.happened_at))
        back = line.reversed_at.astimezone(CITY_ZONE) if line.reversed_at else None
        yield (
            written, happened, sentence(line.memo or line.kind), line.amount / per, line.balance / per, back,
            str(line.transfer_uid),
        )  # fmt: skip
    yield found.last, None, _("Balance at the end"), None, found.closing / per, None, ""


def _accounts(by: Actor, address: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    found = list(filtered(accounts_read_by(by), address).select_related("book").order_by("place_key", "id"))
    for start in range(0, len(found), BATCH):
        for row in account_rows(found[start : start + BATCH], by):
            state = str(LOCKED) if row.account.locked_at else ""
            yield row.owner.text, row.title, row.book, row.place, sentence(row.balance), state


LISTINGS = (
    Listing(
        "accounts", gettext_noop("Books and accounts"),
        (Heading(gettext_noop("Owner"), 24), Heading(gettext_noop("Kind of account"), 24),
         Heading(gettext_noop("Book"), 20), Heading(gettext_noop("Place"), 30), Heading(gettext_noop("Balance"), 18),
         Heading(gettext_noop("Locked"), 10)),
        _accounts, (Ledger.EXPORT,),
    ),
)  # fmt: skip
