"""The proof of the books: sums, sequences, hashes, and the record of changes beside them. Reads every row twice."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from django.db.models import Sum

from yinling.kernel.models import Change
from yinling.ledger import rules
from yinling.ledger.events import TransferPosted
from yinling.ledger.models import Posting, Transfer

CHUNK = 5000


@dataclass(frozen=True)
class Broken:
    """What is wrong, and where: the uid of an account or a transfer, or the key of a book."""

    where: str
    what: str


def unbalanced() -> Iterator[Broken]:
    """Books, and transfers, whose lines do not add up to zero."""
    for key, total in Posting.objects.values_list("transfer__book__key").annotate(total=Sum("amount")):
        if total:
            yield Broken(key, f"the book adds up to {total}")
    sums = Posting.objects.values_list("transfer__uid").annotate(total=Sum("amount")).exclude(total=0)
    for uid, total in sums:
        yield Broken(str(uid), f"the transfer adds up to {total}")


def broken_chains() -> Iterator[Broken]:
    """Accounts with a gap, a balance that does not follow, or a hash that does not match."""
    rows = (
        Posting.objects.order_by("account_id", "seq", "id")
        .values_list(
            "account_id", "account__uid", "seq", "amount", "balance_after", "previous", "hash", "floor", "ceiling",
            "transfer__uid", "transfer__kind", "transfer__key", "transfer__happened_at",
        )
        .iterator(chunk_size=CHUNK)
    )  # fmt: skip
    for _, postings in groupby(rows, key=itemgetter(0)):
        number, balance, last = 0, 0, b""
        for _, account, seq, amount, after, previous, hashed, floor, ceiling, uid, kind, key, happened_at in postings:
            binding = rules.Binding(uid, kind, key, happened_at).text
            if bytes(hashed) != rules.posting_hash(bytes(previous), account, seq, amount, after, binding):
                yield Broken(str(account), f"posting {seq} does not match its hash")
            if seq is None or after is None or floor is None:
                continue
            number, balance = number + 1, balance + amount
            if seq != number:
                yield Broken(str(account), f"posting {number} is missing")
                number = seq
            if after != balance:
                yield Broken(str(account), f"the balance after posting {seq} is {after}, not {balance}")
                balance = after
            if bytes(previous) != last:
                yield Broken(str(account), f"posting {seq} does not follow the one before it")
            if after < floor or (ceiling is not None and after > ceiling):
                yield Broken(str(account), f"posting {seq} lies outside the limits")
            last = bytes(hashed)


def broken_transfers() -> Iterator[Broken]:
    """Transfers with a line too few or too many, or that do not match their digest."""
    rows = (
        Posting.objects.order_by("transfer_id", "id")
        .values_list(
            "transfer_id", "hash", "transfer__lines", "transfer__digest", "transfer__reverses__uid", "transfer__memo",
            "transfer__uid", "transfer__kind", "transfer__key", "transfer__happened_at",
        )
        .iterator(chunk_size=CHUNK)
    )  # fmt: skip
    for _, group in groupby(rows, key=itemgetter(0)):
        postings = list(group)
        _, _, lines, digest, reverses, memo, uid, kind, key, happened_at = postings[0]
        binding = rules.Binding(uid, kind, key, happened_at)
        hashes = [bytes(row[1]) for row in postings]
        if len(postings) != lines:
            yield Broken(str(uid), f"the transfer has {len(postings)} lines, not {lines}")
        elif rules.digest_of(binding, reverses, memo, hashes) != bytes(digest):
            yield Broken(str(uid), "the transfer does not match its digest")
    for uid in Transfer.objects.filter(postings__isnull=True).values_list("uid", flat=True):
        yield Broken(str(uid), "the transfer has no lines")


def vanished() -> Iterator[Broken]:
    """Transfers that the record of changes knows and the books do not."""
    posted = Change.objects.filter(type=TransferPosted.kind).exclude(subject_uid__in=Transfer.objects.values("uid"))
    for uid in posted.values_list("subject_uid", flat=True).iterator(chunk_size=CHUNK):
        yield Broken(str(uid), "the transfer has vanished")
