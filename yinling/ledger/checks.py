"""The proof of the books: sums, sequences, hashes, and the record of changes beside them. Reads every row twice."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import Sum

from yinling.kernel.models import Change
from yinling.kernel.reasons import Reason
from yinling.ledger import rules
from yinling.ledger.events import TransferPosted
from yinling.ledger.models import Posting, Transfer

CHUNK = 5000
Tell = Callable[[int], None]


@dataclass(frozen=True)
class Broken:
    """What is wrong, and where: the uid of an account or a transfer, or the key of a book."""

    where: str
    what: Reason


def _untold(rows: int) -> None:
    """Nobody waits to hear how far it is."""


def _telling(rows: Iterable[tuple[Any, ...]], tell: Tell) -> Iterator[tuple[Any, ...]]:
    """The same rows; `tell` hears how many have passed, every now and then."""
    passed = 0
    for passed, row in enumerate(rows, start=1):
        if passed % CHUNK == 0:
            tell(CHUNK)
        yield row
    tell(passed % CHUNK)


def unbalanced() -> Iterator[Broken]:
    """Books, and transfers, whose lines do not add up to zero."""
    for key, total in Posting.objects.values_list("transfer__book__key").annotate(total=Sum("amount")):
        if total:
            yield Broken(key, Reason("the book adds up to {total}", total=total))
    sums = Posting.objects.values_list("transfer__uid").annotate(total=Sum("amount")).exclude(total=0)
    for uid, total in sums:
        yield Broken(str(uid), Reason("the transfer adds up to {total}", total=total))


def broken_chains(tell: Tell = _untold) -> Iterator[Broken]:
    """Accounts with a gap, a balance that does not follow, or a hash that does not match."""
    rows = (
        Posting.objects.order_by("account_id", "seq", "id")
        .values_list(
            "account_id", "account__uid", "seq", "amount", "balance_after", "previous", "hash", "floor", "ceiling",
            "transfer__uid", "transfer__kind", "transfer__key", "transfer__happened_at",
        )
        .iterator(chunk_size=CHUNK)
    )  # fmt: skip
    for _, postings in groupby(_telling(rows, tell), key=itemgetter(0)):
        number, balance, last = 0, 0, b""
        for _, account, seq, amount, after, previous, hashed, floor, ceiling, uid, kind, key, happened_at in postings:
            binding = rules.Binding(uid, kind, key, happened_at).text
            if bytes(hashed) != rules.posting_hash(bytes(previous), account, seq, amount, after, binding):
                yield Broken(str(account), Reason("posting {seq} does not match its hash", seq=seq or ""))
            if seq is None or after is None or floor is None:
                continue
            number, balance = number + 1, balance + amount
            if seq != number:
                yield Broken(str(account), Reason("posting {seq} is missing", seq=number))
                number = seq
            if after != balance:
                yield Broken(str(account), _unexpected(seq, after, balance))
                balance = after
            if bytes(previous) != last:
                yield Broken(str(account), Reason("posting {seq} does not follow the one before it", seq=seq))
            if after < floor or (ceiling is not None and after > ceiling):
                yield Broken(str(account), Reason("posting {seq} lies outside the limits", seq=seq))
            last = bytes(hashed)


def _unexpected(seq: int, after: int, balance: int) -> Reason:
    return Reason("the balance after posting {seq} is {after}, not {balance}", seq=seq, after=after, balance=balance)


def broken_transfers(tell: Tell = _untold) -> Iterator[Broken]:
    """Transfers with a line too few or too many, or that do not match their digest."""
    rows = (
        Posting.objects.order_by("transfer_id", "id")
        .values_list(
            "transfer_id", "hash", "transfer__lines", "transfer__digest", "transfer__reverses__uid", "transfer__memo",
            "transfer__uid", "transfer__kind", "transfer__key", "transfer__happened_at",
        )
        .iterator(chunk_size=CHUNK)
    )  # fmt: skip
    for _, group in groupby(_telling(rows, tell), key=itemgetter(0)):
        postings = list(group)
        _, _, lines, digest, reverses, memo, uid, kind, key, happened_at = postings[0]
        binding = rules.Binding(uid, kind, key, happened_at)
        hashes = [bytes(row[1]) for row in postings]
        if len(postings) != lines:
            yield Broken(str(uid), _miscounted(len(postings), lines))
        elif rules.digest_of(binding, reverses, memo, hashes) != bytes(digest):
            yield Broken(str(uid), Reason("the transfer does not match its digest"))
    for uid in Transfer.objects.filter(postings__isnull=True).values_list("uid", flat=True):
        yield Broken(str(uid), Reason("the transfer has no lines"))


def _miscounted(found: int, stated: int) -> Reason:
    return Reason("the transfer has {found} lines, not {stated}", found=found, stated=stated)


def vanished() -> Iterator[Broken]:
    """Transfers that the record of changes knows and the books do not."""
    posted = Change.objects.filter(type=TransferPosted.kind).exclude(subject_uid__in=Transfer.objects.values("uid"))
    for uid in posted.values_list("subject_uid", flat=True).iterator(chunk_size=CHUNK):
        yield Broken(str(uid), Reason("the transfer has vanished"))
