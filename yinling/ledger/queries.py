"""Reads of the ledger: balances, statements, and the proof that the books are whole."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum

from yinling.kernel.clock import start_of
from yinling.ledger.checks import Broken, broken_chains, broken_transfers, unbalanced, vanished
from yinling.ledger.models import Account, Posting


def balance_of(account: Account, before: dt.datetime | None = None) -> int:
    """What an account holds (or held before an instant), in fen or minutes; of a pot, all slots together."""
    return balances([account], before)[account.pk]


def balances(accounts: Iterable[Account], before: dt.datetime | None = None) -> dict[int, int]:
    """Balances of many accounts by their number. Three statements at most. A clearing account's is summed up."""
    wanted = list(accounts)
    found = dict.fromkeys((a.pk for a in wanted), 0)
    clearing = [a.pk for a in wanted if a.is_clearing]
    if clearing:
        rows = _before(Posting.objects.filter(account__in=clearing), before)
        found |= dict(rows.values_list("account").annotate(total=Sum("amount")))
    chained = [a.pk for a in wanted if not a.is_clearing]
    held = Account.objects.filter(Q(pk__in=chained) | Q(pot__in=chained))
    newest = (
        _before(Posting.objects.filter(account=OuterRef("pk")), before).order_by("-seq").values("balance_after")[:1]
    )
    for pk, pot, balance in held.annotate(balance=Subquery(newest)).values_list("pk", "pot_id", "balance"):
        found[pot or pk] = found.get(pot or pk, 0) + (balance or 0)
    return found


def _before(postings: QuerySet[Posting], instant: dt.datetime | None) -> QuerySet[Posting]:
    return postings.filter(transfer__recorded_at__lt=instant) if instant else postings


@dataclass(frozen=True)
class StatementLine:
    """One line as the owner reads it: when, what, how much, and what was left after it."""

    recorded_at: dt.datetime
    happened_at: dt.datetime
    kind: str
    memo: str
    amount: int
    balance: int
    transfer_uid: UUID


@dataclass(frozen=True)
class Statement:
    """An account over some days: what it held at the start, each line, what it held at the end."""

    account: Account
    first: dt.date
    last: dt.date
    opening: int
    lines: list[StatementLine]

    @property
    def closing(self) -> int:
        """What it held at the end."""
        return self.lines[-1].balance if self.lines else self.opening

    @property
    def paid_in(self) -> int:
        """All that entered."""
        return sum(line.amount for line in self.lines if line.amount > 0)

    @property
    def paid_out(self) -> int:
        """All that left, as a positive amount."""
        return -sum(line.amount for line in self.lines if line.amount < 0)


def statement(account: Account, first: dt.date, last: dt.date) -> Statement:
    """The lines recorded on the days from `first` to `last`, both included. Two statements."""
    begin, end = start_of(first), start_of(last + dt.timedelta(days=1))
    rows = (
        Posting.objects.filter(Q(account=account) | Q(account__pot=account))
        .filter(transfer__recorded_at__gte=begin, transfer__recorded_at__lt=end)
        .select_related("transfer")
        .order_by("id")
    )
    opening = running = balance_of(account, begin)
    lines = []
    for row in rows:
        running += row.amount
        made = row.transfer
        lines.append(
            StatementLine(made.recorded_at, made.happened_at, made.kind, made.memo, row.amount, running, made.uid)
        )
    return Statement(account, first, last, opening, lines)


def totals_by_kind(accounts: QuerySet[Account], first: dt.date, last: dt.date) -> dict[str, tuple[int, int]]:
    """(paid in, paid out) per kind of transfer over days, for reports. One statement."""
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    rows = Posting.objects.filter(
        account__in=accounts,
        transfer__recorded_at__gte=start_of(first),
        transfer__recorded_at__lt=start_of(last + dt.timedelta(days=1)),
    )
    parts = rows.values_list("transfer__kind").annotate(
        paid_in=Sum("amount", filter=Q(amount__gt=0)), paid_out=Sum("amount", filter=Q(amount__lt=0))
    )
    for kind, paid_in, paid_out in parts:
        found[kind] = [paid_in or 0, -(paid_out or 0)]
    return {kind: (paid_in, paid_out) for kind, (paid_in, paid_out) in found.items()}


def verify_books() -> Iterator[Broken]:
    """Everything in the books that does not add up, follow or match its hash; nothing when they are whole."""
    yield from unbalanced()
    yield from broken_chains()
    yield from broken_transfers()
    yield from vanished()
