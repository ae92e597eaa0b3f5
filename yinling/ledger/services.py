"""Writes of the ledger: books, accounts, transfers, reversals, locks, limits. Nothing is ever changed or deleted."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_noop as _

from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.clock import now
from yinling.kernel.errors import NotFound, Refused
from yinling.ledger import rules
from yinling.ledger.events import AccountLocked, AccountOpened, AccountUnlocked, LimitsSet
from yinling.ledger.models import Account, Book, Posting, Transfer
from yinling.ledger.permissions import Ledger
from yinling.ledger.posting import Line, Order, write
from yinling.ledger.queries import balance_of, why_not_reversed
from yinling.ledger.teller import counter

__all__ = [
    "Line", "Past", "load_past", "lock_accounts", "open_account", "open_book", "reverse", "set_limits", "take_back",
    "transfer", "unlock_accounts",
]  # fmt: skip
REVERSAL = _("Reversal")
BATCH = 400  # transfers that are carried over in one transaction


def open_book(*, key: str, unit: str) -> Book:
    """The book of this key, made when it is new. Again changes nothing."""
    return Book.objects.get_or_create(key=key, defaults={"unit": Book.Unit(unit)})[0]


@transaction.atomic
def open_account(
    *,
    book: Book,
    owner_kind: str,
    owner_uid: UUID,
    kind: str,
    place_key: int,
    by: Actor,
    floor: int = 0,
    ceiling: int | None = None,
    slots: int = 1,
    is_clearing: bool = False,
) -> Account:
    """The owner's account of this kind, opened when it is new. `slots` above 1 makes a pot that many may draw on.

    A clearing account stands for the world outside (bank, cash, the state): it carries no balance and no limits.
    Again changes nothing, also not the limits (see `set_limits`).
    """
    require(by, Ledger.POST, place_key)
    same = Account.objects.select_for_update().of(owner_kind, owner_uid).filter(book=book, kind=kind)
    if (known := same.first()) is not None:
        return known
    account = Account.objects.create(
        book=book, owner_kind=owner_kind, owner_uid=owner_uid, kind=kind, place_key=place_key, is_clearing=is_clearing,
        floor=None if is_clearing else floor, ceiling=ceiling, slot_count=slots,
    )  # fmt: skip
    Account.objects.bulk_create(
        Account(
            book=book, owner_kind=owner_kind, owner_uid=owner_uid, kind=kind, place_key=place_key, slot=slot,
            slot_count=slots, pot=account,
        )
        for slot in range(1, slots)
    )  # fmt: skip
    opened = AccountOpened(
        account.uid, book=book.key, account_kind=kind, owner_kind=owner_kind, owner_uid=str(owner_uid)
    )
    record(opened, by=by, place_key=place_key)
    return account


def transfer(
    *,
    kind: str,
    lines: Sequence[Line],
    key: str,
    by: Actor,
    place_key: int | None = None,
    happened_at: dt.datetime | None = None,
    memo: str = "",
    may_move_locked: bool = False,
) -> Transfer:
    """Move amounts between accounts of one book; on disk when this returns, unless a transaction is open outside.

    Lines add up to zero. `key` is the caller's idempotency key: the same transfer asked for twice moves once.
    Limits block: Refused says the balance, what was asked, the limit and the next step. `memo` is an English msgid.
    `may_move_locked` settles an account that was locked (an estate). Own accounts must lie where `by` may post;
    clearing accounts and pots belong to the office and are open to whatever service calls.
    """
    if not lines:
        raise Refused("A transfer needs two lines or more, none of them empty. Take the empty lines out.")
    owned = [line.account for line in lines if not line.account.is_clearing and not line.account.is_hot]
    place = place_key if place_key is not None else (owned[0] if owned else lines[0].account).place_key
    require(by, Ledger.POST, place)
    lines[0].account.book  # noqa: B018  read before the writers' lock is held, when the caller has not
    if not all(by.may(Ledger.POST, account.place_key) for account in owned):
        raise NotFound("account")
    return _make(Order(kind, key, tuple(lines), by, place, happened_at or now(), memo, None, may_move_locked))


@dataclass(frozen=True)
class Past:
    """A transfer of books that are carried over: what, when it happened and was written down, under which key."""

    kind: str
    lines: tuple[Line, ...]
    key: str
    happened_at: dt.datetime
    place_key: int
    memo: str = ""


def load_past(*, past: Sequence[Past], by: Actor) -> list[UUID]:
    """Carry over books from before, oldest first, many in one statement; the limits hold as they do today.
    Returns the uids of the transfers. Raises Refused for the first that the books do not allow: then nothing is kept
    of its batch."""
    require(by, Ledger.POST)
    made: list[UUID] = []
    for start in range(0, len(past), BATCH):
        orders = [
            Order(
                one.kind, one.key, one.lines, by, one.place_key, one.happened_at, one.memo, recorded_at=one.happened_at
            )
            for one in past[start : start + BATCH]
        ]
        with transaction.atomic():
            for outcome in write(orders):
                if isinstance(outcome, Refused):
                    raise outcome
                made.append(outcome.uid)
    return made


def _make(order: Order) -> Transfer:
    if not connection.in_atomic_block:
        return counter.post(order)
    outcome = write([order])[0]
    if isinstance(outcome, Refused):
        raise outcome
    return outcome


def reverse(
    *, uid: object, by: Actor, memo: str = REVERSAL, may_move_locked: bool = False, reason: str = ""
) -> Transfer:
    """Move a transfer's amounts back, as a transfer of its own. Again returns the reversal there is."""
    made = Transfer.objects.visible_to(by, Ledger.REVERSE).one(uid=uid)
    key = f"reverse:{made.uid}"
    if (known := Transfer.objects.filter(key=key).first()) is not None:
        return known
    if refusal := why_not_reversed(made):
        raise Refused(refusal)
    lines = _lines_back(made)
    return _make(Order("reversal", key, lines, by, made.place_key, now(), memo, made, may_move_locked, reason.strip()))


def take_back(*, uid: object, by: Actor, reason: str) -> Transfer:
    """Reverse what a person found to be wrong, and say why. Raises Refused the second time: programs may ask `reverse`
    again, a person who asks again has overlooked something."""
    made = Transfer.objects.visible_to(by, Ledger.REVERSE).one(uid=uid)
    if refusal := why_not_reversed(made):
        raise Refused(refusal)
    if not reason.strip():
        raise Refused("Say why, so that the record can be understood.", field="reason")
    return reverse(uid=uid, by=by, reason=reason)


def _lines_back(made: Transfer) -> tuple[Line, ...]:
    """The opposite of every line; what came from several slots of a pot goes back to the pot as one."""
    amounts: dict[Account, int] = {}
    for posting in Posting.objects.filter(transfer=made).select_related("account__pot"):
        account = posting.account.pot or posting.account
        amounts[account] = amounts.get(account, 0) - posting.amount
    return tuple(Line(account, amount) for account, amount in amounts.items() if amount)


@transaction.atomic
def lock_accounts(*, owner_kind: str, owner_uid: UUID, by: Actor) -> int:
    """Have nothing move on an owner's accounts any more (a death, a seizure). Returns how many were locked now."""
    return _lock(owner_kind, owner_uid, by, is_locked=True)


@transaction.atomic
def unlock_accounts(*, owner_kind: str, owner_uid: UUID, by: Actor) -> int:
    """Let an owner's accounts move again (the death was a mistake). Returns how many were unlocked now."""
    return _lock(owner_kind, owner_uid, by, is_locked=False)


def _lock(owner_kind: str, owner_uid: UUID, by: Actor, *, is_locked: bool) -> int:
    mine = Account.objects.visible_to(by, Ledger.LOCK).filter(owner_kind=owner_kind, owner_uid=owner_uid)
    found = list(mine.filter(locked_at__isnull=is_locked).select_for_update(no_key=True).order_by("slot_count", "pk"))
    for account in found:
        account.locked_at = now() if is_locked else None
        account.save(update_fields=["locked_at"])
        event = AccountLocked(account.uid) if is_locked else AccountUnlocked(account.uid)
        record(event, by=by, place_key=account.place_key)
    return len(found)


@transaction.atomic
def set_limits(*, uid: object, by: Actor, floor: int, ceiling: int | None) -> Account:
    """Give an account other limits from now on. Raises Refused when its balance lies outside them already."""
    scope = Account.objects.visible_to(by, Ledger.LOCK).filter(is_clearing=False, slot_count=1)
    account = scope.select_for_update(no_key=True).one(uid=uid)
    balance = balance_of(account)
    if balance < floor or (ceiling is not None and balance > ceiling):
        raise Refused(
            "The account holds {balance}, which lies outside the limits you set. Settle it first, or set wider ones.",
            balance=rules.amount_words(balance, account.book.unit),
        )
    account.floor, account.ceiling = floor, ceiling
    account.save(update_fields=["floor", "ceiling"])
    record(LimitsSet(account.uid, floor=floor, ceiling=ceiling), by=by, place_key=account.place_key)
    return account
