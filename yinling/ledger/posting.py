"""Writes transfers, many in one transaction: lock, look, decide one by one, save together.

Order of locks: ordinary accounts by number, then slots of pots by number; clearing accounts are never locked. So
two writers never wait for each other in a circle. Each order is accepted or refused by itself; a refused one
leaves no trace and disturbs no other. Private: the doors are in `services`.
"""

import datetime as dt
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q

from yinling.kernel.actors import Actor
from yinling.kernel.changes import save_all
from yinling.kernel.clock import now
from yinling.kernel.errors import Refused
from yinling.kernel.models import Change
from yinling.kernel.reasons import Reason
from yinling.kernel.uids import new_uid
from yinling.ledger import rules, statements
from yinling.ledger.events import TransferPosted
from yinling.ledger.models import Account, Transfer


@dataclass(frozen=True)
class Line:
    """One line of a transfer: `amount` (fen or minutes) enters the account; negative, it leaves."""

    account: Account
    amount: int


@dataclass(frozen=True)
class Order:
    """A transfer somebody wants made."""

    kind: str
    key: str
    lines: tuple[Line, ...]
    by: Actor
    place_key: int
    happened_at: dt.datetime
    memo: str = ""
    reverses: Transfer | None = None
    may_move_locked: bool = False
    reason: str = ""  # why a person asked for it; stays on the change, never on the transfer
    recorded_at: dt.datetime | None = None  # only of books carried over from before: when it was written down there

    @property
    def content(self) -> tuple[str, tuple[tuple[int, int], ...]]:
        """What makes two orders the same: the kind, and what each account (a pot as a whole) gets."""
        return self.kind, _folded((line.account.pk, line.amount) for line in self.lines)


Outcome = Transfer | Refused


@dataclass
class _Draft:
    """An accepted order before it is saved."""

    order: Order
    transfer: Transfer
    postings: list[rules.Posted]


class _PotTooSmall(Exception):
    """The slot that was chosen cannot pay alone: try again with all slots of every pot locked."""


def write(orders: Sequence[Order]) -> list[Outcome]:
    """Make the transfers; one outcome per order, in order. Call where a transaction may be opened or joined."""
    if not orders:
        return []
    has_pots = any(line.account.is_hot for order in orders for line in order.lines)
    try:
        with transaction.atomic(savepoint=has_pots):  # only a pot makes us begin again, with other locks
            return _write(orders, whole_pots=False)
    except _PotTooSmall:
        with transaction.atomic():
            return _write(orders, whole_pots=True)


def _write(orders: Sequence[Order], *, whole_pots: bool) -> list[Outcome]:
    slots = _slots_of(line.account for order in orders for line in order.lines)
    standings = _stand(orders, slots, whole_pots)
    used = statements.known_keys([order.key for order in orders])
    known = {t.key: t for t in Transfer.objects.filter(key__in=used)} if used else {}
    drafts: dict[str, _Draft] = {}
    outcomes: list[Outcome] = []
    for order in orders:
        if order.key in known:
            outcomes.append(_again(order, known[order.key]))
        elif order.key in drafts:
            same = drafts[order.key].order.content == order.content
            outcomes.append(drafts[order.key].transfer if same else _other_content(order))
        else:
            outcomes.append(_draft(order, standings, slots, drafts, whole_pots))
    _save(list(drafts.values()))
    return outcomes


def _slots_of(accounts: Iterable[Account]) -> dict[int, list[Account]]:
    """Pot -> its slots in order. One statement when there are pots, none otherwise."""
    pots = {a.pk for a in accounts if a.is_hot}
    found: dict[int, list[Account]] = {pot: [] for pot in pots}
    if pots:
        for slot in Account.objects.filter(Q(pk__in=pots) | Q(pot__in=pots)).order_by("slot"):
            found[slot.pot_id or slot.pk].append(slot)
    return found


def _stand(orders: Sequence[Order], slots: dict[int, list[Account]], whole_pots: bool) -> dict[int, rules.Standing]:
    """Lock every account the orders touch, then read where each stands."""
    touched: dict[int, Account] = {}
    for order in orders:
        for account in (line.account for line in order.lines):
            parts = [account]
            if account.pk in slots:
                parts = slots[account.pk] if whole_pots else [_slot_for(order.key, slots[account.pk])]
            touched.update((part.pk, part) for part in parts)
    statements.lock_accounts([pk for pk, account in touched.items() if not account.is_clearing])
    return {row[0]: _standing(touched[row[0]], row) for row in statements.read_standings(list(touched))}


def _standing(account: Account, row: tuple[Any, ...]) -> rules.Standing:
    _, floor, ceiling, is_locked, seq, balance, hashed = row
    return rules.Standing(
        account_id=account.pk,
        uid=account.uid,
        seq=seq or 0,
        balance=balance or 0,
        hash=bytes(hashed) if hashed is not None else rules.NOTHING,
        floor=floor,
        ceiling=ceiling,
        is_clearing=account.is_clearing,
        is_locked=bool(is_locked),
    )


def _slot_for(key: str, slots: Sequence[Account]) -> Account:
    """The slot an idempotency key falls on: the same one at every attempt, evenly spread over keys."""
    return slots[zlib.crc32(key.encode()) % len(slots)]


def _draft(
    order: Order,
    standings: dict[int, rules.Standing],
    slots: dict[int, list[Account]],
    drafts: dict[str, _Draft],
    whole_pots: bool,
) -> Outcome:
    """Decide one order; when accepted, keep its draft and move the standings on."""
    if len({line.account.book_id for line in order.lines}) != 1:
        return Refused("A transfer stays in one book. Make one transfer per book.")
    book = order.lines[0].account.book
    moves = _moves(order, standings, slots, whole_pots, book.unit)
    if isinstance(moves, Reason):
        return Refused(moves)
    uid = new_uid()
    binding = rules.Binding(uid, order.kind, order.key, order.happened_at)
    posted = rules.post(moves, standings, binding, book.unit, may_move_locked=order.may_move_locked)
    if isinstance(posted, Reason):
        return Refused(posted)
    reverses = order.reverses.uid if order.reverses else None
    transfer = Transfer(
        uid=uid, book=book, kind=order.kind, key=order.key, reverses=order.reverses, memo=order.memo,
        place_key=order.place_key, by_uid=order.by.uid, happened_at=order.happened_at,
        recorded_at=order.recorded_at or now(), lines=len(posted),
        digest=rules.digest_of(binding, reverses, order.memo, (line.standing.hash for line in posted)),
    )  # fmt: skip
    drafts[order.key] = _Draft(order, transfer, posted)
    standings.update({line.standing.account_id: line.standing for line in posted})
    return transfer


def _moves(
    order: Order, standings: dict[int, rules.Standing], slots: dict[int, list[Account]], whole_pots: bool, unit: str
) -> list[rules.Move] | Reason:
    """Lines as moves, each pot's line laid on its slots."""
    moves: list[rules.Move] = []
    for line in order.lines:
        own = slots.get(line.account.pk)
        if own is None:
            moves.append(rules.Move(line.account.pk, line.amount))
            continue
        chosen = _slot_for(order.key, own).pk
        if standings[chosen].balance + line.amount >= 0:
            moves.append(rules.Move(chosen, line.amount))
            continue
        if not whole_pots:
            raise _PotTooSmall
        drawn = rules.drawn_from_slots(-line.amount, [standings[slot.pk] for slot in own])
        if drawn is None:
            held = sum(standings[slot.pk].balance for slot in own)
            return Reason(
                "The pot holds {balance}; {asked} was asked. Ask for less, or have the pot filled up.",
                balance=rules.amount_words(held, unit),
                asked=rules.amount_words(-line.amount, unit),
            )
        moves.extend(drawn)
    return moves


def _again(order: Order, known: Transfer) -> Outcome:
    """The same order once more is answered with what it made; another order under its key is refused."""
    made = known.postings.values_list("account_id", "account__pot_id", "amount")
    content = known.kind, _folded((pot or account, amount) for account, pot, amount in made)
    return known if content == order.content else _other_content(order)


def _other_content(order: Order) -> Refused:
    return Refused(
        "Under the key {key} another transfer was made already. Use a key of its own for each transfer.", key=order.key
    )


def _folded(lines: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Amounts per account, sorted; what cancels out within an account is left out."""
    total: dict[int, int] = {}
    for account, amount in lines:
        total[account] = total.get(account, 0) + amount
    return tuple(sorted((account, amount) for account, amount in total.items() if amount))


def _save(drafts: list[_Draft]) -> None:
    if not drafts:
        return
    statements.insert_transfers([draft.transfer for draft in drafts])
    statements.insert_postings([_row(line, draft.transfer.pk) for draft in drafts for line in draft.postings])
    save_all([_change(draft) for draft in drafts])


def _change(draft: _Draft) -> Change:
    made = draft.transfer
    reverses = str(made.reverses.uid) if made.reverses else ""
    event = TransferPosted(made.uid, made.kind, made.book.key, reverses, bytes(made.digest).hex())
    return Change(
        type=event.kind, version=event.version, actor_uid=draft.order.by.uid, subject_kind=event.subject,
        subject_uid=event.uid, place_key=made.place_key, data=event.data(), reason=draft.order.reason[:300],
    )  # fmt: skip


def _row(line: rules.Posted, transfer_id: int) -> tuple[object, ...]:
    at = line.standing
    if at.is_clearing:
        return at.account_id, transfer_id, None, line.amount, None, None, None, line.previous, at.hash
    return (
        at.account_id, transfer_id, at.seq, line.amount, at.balance, at.floor, at.ceiling, line.previous, at.hash,
    )  # fmt: skip
