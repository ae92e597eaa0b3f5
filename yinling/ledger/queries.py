"""Reads of the ledger: balances, statements, and the proof that the books are whole."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum

from yinling.kernel.actors import Actor, require
from yinling.kernel.clock import start_of
from yinling.kernel.reasons import Reason
from yinling.kernel.scope import within
from yinling.ledger import names, rules
from yinling.ledger.checks import Broken, Tell, broken_chains, broken_transfers, unbalanced, vanished
from yinling.ledger.models import Account, AccountQuerySet, Posting, Transfer
from yinling.ledger.permissions import Ledger


def accounts_read_by(user: Actor) -> AccountQuerySet:
    """Accounts a user may open: all of the divisions where READ_ALL holds, and one's own. Of a pot, its first slot.

    Raises NotAllowed for whoever may not open the books at all.
    """
    require(user, Ledger.READ)
    here = within(user.key_ranges(Ledger.READ_ALL)) | names.owned_by(user)
    return Account.objects.filter(here, pot__isnull=True)


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


def transfer_on(account: Account, uid: object) -> Transfer:
    """A transfer that has a line on an account; the caller may open the account. Raises NotFound."""
    here = Posting.objects.filter(Q(account=account) | Q(account__pot=account)).values("transfer")
    return Transfer.objects.filter(pk__in=here).select_related("book", "reverses", "reversal").one(uid=uid)


def why_not_reversed(made: Transfer) -> Reason | None:
    """Why a transfer cannot be taken back; None when it can."""
    return rules.why_not_reversed(hasattr(made, "reversal"), made.reverses_id is not None)


def lines_of(made: Transfer) -> list[tuple[Account, int]]:
    """The accounts of a transfer and what entered each (negative: left it). One statement."""
    rows = Posting.objects.filter(transfer=made).select_related("account__book", "account__pot__book").order_by("id")
    return [(row.account.pot or row.account, row.amount) for row in rows]


def was_posted(key: str) -> bool:
    """Whether a transfer was made under an idempotency key."""
    return Transfer.objects.filter(key=key).exists()


def standing_key(key: str) -> str:
    """The idempotency key under which something is to be posted: `key`, or with a number behind it once what was posted
    under it has been taken back. So a fee that was reversed can be charged again."""
    number, found = 1, key
    while Transfer.objects.filter(key=found, reversal__isnull=False).exists():
        number += 1
        found = f"{key}#{number}"
    return found


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
    reverses_at: dt.datetime | None = None  # this line takes back one made then
    reversed_at: dt.datetime | None = None  # this line was taken back then


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
        .select_related("transfer__reverses", "transfer__reversal")
        .order_by("id")
    )
    opening = running = balance_of(account, begin)
    lines = []
    for row in rows:
        running += row.amount
        lines.append(_line(row.transfer, row.amount, running))
    return Statement(account, first, last, opening, lines)


def _line(made: Transfer, amount: int, balance: int) -> StatementLine:
    taken_back, reversal = made.reverses, getattr(made, "reversal", None)
    return StatementLine(
        made.recorded_at, made.happened_at, made.kind, made.memo, amount, balance, made.uid,
        reverses_at=taken_back.recorded_at if taken_back else None,
        reversed_at=reversal.recorded_at if reversal else None,
    )  # fmt: skip


def lines_between(account: Account, first: dt.date, last: dt.date) -> int:
    """How many lines a statement would have."""
    begin, end = start_of(first), start_of(last + dt.timedelta(days=1))
    rows = Posting.objects.filter(Q(account=account) | Q(account__pot=account))
    return rows.filter(transfer__recorded_at__gte=begin, transfer__recorded_at__lt=end).count()


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


def verify_books(tell: Tell = lambda _rows: None) -> Iterator[Broken]:
    """Everything in the books that does not add up, follow or match its hash; nothing when they are whole.

    `tell` hears how many rows were read since it last heard; every posting is read twice.
    """
    yield from unbalanced()
    yield from broken_chains(tell)
    yield from broken_transfers(tell)
    yield from vanished()
