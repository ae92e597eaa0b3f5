"""What the pages of the ledger are given: accounts with their owners and balances, statements, the proof in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from yinling.kernel.actors import Actor
from yinling.kernel.reasons import Reason, Words
from yinling.kernel.uids import uid_of
from yinling.ledger import names
from yinling.ledger.models import Account, AccountQuerySet, Book, Transfer
from yinling.ledger.proof import BOOKS, Fault
from yinling.ledger.queries import Statement, StatementLine, accounts_read_by, balances, lines_of
from yinling.ledger.rules import amount_words
from yinling.places.queries import tree
from yinling.web.pieces import Chip
from yinling.web.sentences import sentence

LOCKED = gettext_lazy("Locked")


@dataclass(frozen=True)
class AccountRow:
    """One account, ready to draw. `owner` is its label, or the sort of owner where that is all the user may know."""

    account: Account
    title: str
    book: str
    owner: names.Label
    place: str
    balance: Words

    @property
    def url(self) -> str:
        """Its statement."""
        return reverse("ledger:statement", args=[self.account.uid])


@dataclass(frozen=True)
class LineRow:
    """One line of a statement, ready to draw."""

    line: StatementLine
    what: str
    amount: Words
    balance: Words


@dataclass(frozen=True)
class BackRow:
    """One line of a reversal before it is made: whose account, which, and what it would move there."""

    owner: str
    title: str
    amount: Words


@dataclass(frozen=True)
class FaultRow:
    """One thing that is broken, named: what it is, which, what about it, and the page that shows it."""

    sort: str
    name: str
    what: str
    url: str


def account_rows(accounts: Sequence[Account], user: Actor) -> list[AccountRow]:
    """Rows of accounts: three statements for the balances, one per kind of owner; the book is selected along."""
    held = balances(accounts)
    known = names.labels({(one.owner_kind, one.owner_uid) for one in accounts}, user)
    places = tree()
    return [
        AccountRow(
            account=one,
            title=sentence(names.title(one.kind)),
            book=sentence(names.title(one.book.key)),
            owner=known.get((one.owner_kind, one.owner_uid))
            or names.Label(sentence(names.owner_title(one.owner_kind))),
            place=places.path(one.place_key) or places.name(one.place_key),
            balance=amount_words(held[one.pk], one.book.unit),
        )
        for one in accounts
    ]


def line_rows(found: Statement) -> list[LineRow]:
    """The lines of a statement in words."""
    unit = found.account.book.unit
    return [
        LineRow(
            line, sentence(line.memo or line.kind), amount_words(line.amount, unit), amount_words(line.balance, unit)
        )
        for line in found.lines
    ]


def lines_back(made: Transfer, user: Actor) -> list[BackRow]:
    """What a reversal of this transfer would move, account by account."""
    lines = lines_of(made)
    known = names.labels({(account.owner_kind, account.owner_uid) for account, _amount in lines}, user)
    return [
        BackRow(
            owner=(
                known.get((one.owner_kind, one.owner_uid)) or names.Label(sentence(names.owner_title(one.owner_kind)))
            ).text,
            title=sentence(names.title(one.kind)),
            amount=amount_words(-amount, made.book.unit),
        )
        for one, amount in lines
    ]


def totals(found: Statement) -> dict[str, Words]:
    """What it held before, what came and went, what it holds after."""
    amounts = {"opening": found.opening, "paid_in": found.paid_in, "paid_out": found.paid_out, "closing": found.closing}
    return {name: amount_words(amount, found.account.book.unit) for name, amount in amounts.items()}


def filtered(accounts: AccountQuerySet, address: Mapping[str, str]) -> AccountQuerySet:
    """Those that the address asks for: book, kind, state=locked."""
    if book := address.get("book"):
        accounts = accounts.filter(book__key=book)
    if kind := address.get("kind"):
        accounts = accounts.filter(kind=kind)
    return accounts.filter(locked_at__isnull=False) if address.get("state") == "locked" else accounts


def book_chips() -> list[Chip]:
    """The books, by name."""
    return [Chip(book.key, sentence(names.title(book.key))) for book in Book.objects.order_by("key")]


def kind_chips(accounts: AccountQuerySet) -> list[Chip]:
    """The kinds of account among those that the user may open."""
    kinds = accounts.order_by("kind").values_list("kind", flat=True).distinct()
    return sorted((Chip(kind, sentence(names.title(kind))) for kind in kinds), key=lambda chip: chip.label)


def panel_rows(page: str, uid: UUID, user: Actor) -> list[AccountRow]:
    """The accounts that stand on the page of a thing: those of its owners that the user may open."""
    owners = names.holders_on(page, uid, user)
    by_kind = {kind: [one for sort, one in owners if sort == kind] for kind, _uid in owners}
    mine = accounts_read_by(user).select_related("book").order_by("owner_kind", "-kind", "id")
    found = [one for kind, uids in by_kind.items() for one in mine.filter(owner_kind=kind, owner_uid__in=uids)]
    return account_rows(found, user)


def fault_rows(faults: Iterable[Fault], user: Actor) -> list[FaultRow]:
    """What is broken, with the account's owner where the user may open it."""
    listed = list(faults)
    uids = [one.where for one in listed if one.kind == BOOKS and uid_of(one.where)]
    accounts = list(accounts_read_by(user).filter(uid__in=uids).select_related("book"))
    known = {str(row.account.uid): row for row in account_rows(accounts, user)}
    return [_fault_row(one, known.get(one.where)) for one in listed]


def _fault_row(fault: Fault, row: AccountRow | None) -> FaultRow:
    what = sentence(Reason(fault.what.text, **fault.what.values))
    if row is not None:
        return FaultRow(pgettext("books", "Account"), f"{row.owner.text} · {row.title}", what, row.url)
    if fault.kind != BOOKS:
        return FaultRow(_("Sealed change"), fault.where, what, "")
    return FaultRow(_("In the books"), sentence(names.title(fault.where)), what, "")
