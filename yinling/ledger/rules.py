"""Decisions of the ledger: does a transfer balance, do its accounts allow it, what is each posting's hash. Pure."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from yinling.kernel.reasons import Reason, Words

NOTHING = b""


@dataclass(frozen=True)
class Standing:
    """An account as it stands: its last posting's number, balance and hash, its limits, whether it moves."""

    account_id: int
    uid: UUID
    seq: int = 0
    balance: int = 0
    hash: bytes = NOTHING
    floor: int | None = 0
    ceiling: int | None = None
    is_clearing: bool = False
    is_locked: bool = False

    @property
    def room_below(self) -> int:
        """How much can be taken out before the floor; a clearing account gives whatever is asked."""
        return self.balance - self.floor if self.floor is not None else 2**62


@dataclass(frozen=True)
class Move:
    """One line of a transfer: the account and the amount that enters it (negative: leaves it)."""

    account_id: int
    amount: int


@dataclass(frozen=True)
class Posted:
    """One posting to write, and the account's standing after it."""

    standing: Standing
    amount: int
    previous: bytes


@dataclass(frozen=True)
class Binding:
    """What every posting of a transfer is bound to by its hash."""

    transfer_uid: UUID
    kind: str
    key: str
    happened_at: dt.datetime

    @property
    def text(self) -> str:
        """As hashed."""
        return f"{self.transfer_uid}|{self.kind}|{self.key}|{self.happened_at.astimezone(dt.UTC).isoformat()}"


def amount_words(amount: int, unit: str) -> Words:
    """An amount as people read it: 164.00 元 / CNY 164.00; 90 分钟 / 90 min."""
    if unit == "minute":
        return Words(f"{amount:,} 分钟", f"{amount:,} min")
    sign, (whole, fen) = "-" if amount < 0 else "", divmod(abs(amount), 100)
    return Words(f"{sign}{whole:,}.{fen:02d} 元", f"CNY {sign}{whole:,}.{fen:02d}")


def why_not_balanced(moves: Sequence[Move], unit: str) -> Reason | None:
    """Why lines are no transfer: too few, empty ones, or a sum that is not zero. None when they are one."""
    total = sum(move.amount for move in moves)
    if total != 0:
        return Reason(
            "The lines add up to {sum}, not to zero. Give every amount that leaves an account one that receives it.",
            sum=amount_words(total, unit),
        )
    if len(moves) < 2 or any(move.amount == 0 for move in moves):
        return Reason("A transfer needs two lines or more, none of them empty. Take the empty lines out.")
    return None


def why_not_moved(standing: Standing, amount: int, unit: str, *, may_move_locked: bool) -> Reason | None:
    """Why one account does not allow a line; None when it does. Limits block, they do not flag."""
    if standing.is_locked and not may_move_locked:
        return Reason("The account is locked and nothing moves on it. Settle it with the office that locked it.")
    if standing.is_clearing:
        return None
    after = standing.balance + amount
    if amount < 0 and standing.floor is not None and after < standing.floor:
        return Reason(
            "The account holds {balance}; {asked} was asked and it may not fall below {floor}. "
            "Pay in first, or ask for no more than {room}.",
            balance=amount_words(standing.balance, unit),
            asked=amount_words(-amount, unit),
            floor=amount_words(standing.floor, unit),
            room=amount_words(max(standing.room_below, 0), unit),
        )
    if amount > 0 and standing.ceiling is not None and after > standing.ceiling:
        return Reason(
            "The account holds {balance}; with {asked} more it would rise above its limit of {ceiling}. "
            "Pay in no more than {room}.",
            balance=amount_words(standing.balance, unit),
            asked=amount_words(amount, unit),
            ceiling=amount_words(standing.ceiling, unit),
            room=amount_words(max(standing.ceiling - standing.balance, 0), unit),
        )
    return None


def post(
    moves: Sequence[Move],
    standings: Mapping[int, Standing],
    binding: Binding,
    unit: str,
    *,
    may_move_locked: bool = False,
) -> list[Posted] | Reason:
    """The postings of a transfer in account order, or the first reason why it is refused.

    An account that appears twice is one chain: its second line stands on its first.
    """
    if reason := why_not_balanced(moves, unit):
        return reason
    now: dict[int, Standing] = {}
    posted = []
    for move in sorted(moves, key=lambda m: (m.account_id, -m.amount)):
        standing = now.get(move.account_id) or standings[move.account_id]
        if reason := why_not_moved(standing, move.amount, unit, may_move_locked=may_move_locked):
            return reason
        line = _posted(standing, move.amount, binding)
        posted.append(line)
        now[move.account_id] = line.standing
    return posted


def _posted(standing: Standing, amount: int, binding: Binding) -> Posted:
    if standing.is_clearing:
        hashed = posting_hash(NOTHING, standing.uid, None, amount, None, binding.text)
        return Posted(replace(standing, hash=hashed), amount, NOTHING)
    seq, balance = standing.seq + 1, standing.balance + amount
    hashed = posting_hash(standing.hash, standing.uid, seq, amount, balance, binding.text)
    return Posted(replace(standing, seq=seq, balance=balance, hash=hashed), amount, standing.hash)


def posting_hash(
    previous: bytes, account: UUID, seq: int | None, amount: int, balance: int | None, binding: str
) -> bytes:
    """SHA-256 over the previous posting's hash and everything a posting says."""
    return hashlib.sha256(previous + f"{account}|{seq}|{amount}|{balance}|{binding}".encode()).digest()


def digest_of(binding: Binding, reverses: UUID | None, memo: str, hashes: Iterable[bytes]) -> bytes:
    """SHA-256 over a transfer's head and the hashes of its postings in the order they were written."""
    body = hashlib.sha256(f"{binding.text}|{reverses}|{memo}".encode())
    for one in hashes:
        body.update(one)
    return body.digest()


def drawn_from_slots(amount: int, slots: Sequence[Standing]) -> list[Move] | None:
    """How a pot pays `amount` (positive): from the fullest slots first; None when all of them together cannot."""
    moves, left = [], amount
    for slot in sorted(slots, key=lambda s: (-s.balance, s.account_id)):
        part = min(left, slot.room_below)
        if part > 0:
            moves.append(Move(slot.account_id, -part))
            left -= part
        if left == 0:
            return moves
    return None


def why_not_reversed(reversed_already: bool, is_reversal: bool) -> Reason | None:
    """Why a transfer cannot be reversed; None when it can."""
    if reversed_already:
        return Reason("This transfer was reversed already. Open the reversal to see when and why.")
    if is_reversal:
        return Reason("A reversal is not reversed itself. Make the transfer again.")
    return None
