"""What the ledger says of the time bank. Every figure here is a sum of postings; nothing is kept beside them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum

from yinling.kernel.actors import WHOLE_CITY, KeyRange
from yinling.kernel.clock import start_of
from yinling.kernel.scope import within
from yinling.ledger.models import Account, Posting
from yinling.volunteers.models import Branch

BOOK = "time_bank"
STOCKS = ("saved", "held", "pool", "pool_held", "grant_pot")
SOURCES, SINKS = ("given", "allotted", "corrections"), ("received", "expired")
FLOWS = (*SOURCES, *SINKS)


def credited_since(account: Account, since: dt.datetime) -> int:
    """What entered an account since an instant."""
    rows = Posting.objects.filter(account=account, amount__gt=0, transfer__happened_at__gte=since)
    return rows.aggregate(total=Sum("amount"))["total"] or 0


def _held(accounts: QuerySet[Account]) -> "QuerySet[Any, Any]":
    newest = Posting.objects.filter(account=OuterRef("pk")).order_by("-seq").values("balance_after")[:1]
    return accounts.annotate(balance=Subquery(newest))


@dataclass(frozen=True)
class Totals:
    """Minutes: what is held, by kind of account; what came and went, by clearing account. And how many accounts."""

    stocks: Mapping[str, int]
    flows: Mapping[str, int]
    accounts: int
    members_with_hours: int

    @property
    def promised(self) -> int:
        """All minutes that somebody may still claim."""
        return sum(self.stocks.values())

    @property
    def balances(self) -> bool:
        """Whether what came in is what went out and what is held."""
        came = sum(self.flows[kind] for kind in SOURCES)
        return came == sum(self.flows[kind] for kind in SINKS) + self.promised


def totals(ranges: tuple[KeyRange, ...] = WHOLE_CITY) -> Totals:
    """The bank's totals for places, from the ledger alone. Two statements."""
    mine = Account.objects.filter(book__key=BOOK)
    if ranges != WHOLE_CITY:
        mine = mine.filter(within(ranges))
    rows = _held(mine.filter(kind__in=STOCKS)).values("kind")
    stocks, count, with_hours = dict.fromkeys(STOCKS, 0), 0, 0
    for row in rows.annotate(total=Sum("balance"), count=Count("pk"), full=Count("pk", filter=Q(balance__gt=0))):
        stocks[row["kind"]], count = row["total"] or 0, count + row["count"]
        with_hours += row["full"] if row["kind"] == "saved" else 0
    flows = dict.fromkeys(FLOWS, 0)
    moved = Posting.objects.filter(account__in=mine.filter(kind__in=FLOWS)).values_list("account__kind")
    for kind, amount in moved.annotate(total=Sum("amount")):
        flows[kind] = -amount if kind in SOURCES else amount
    return Totals(stocks, flows, count, with_hours)


def held_by(owner_kind: str, uids: Iterable[UUID], kind: str) -> dict[UUID, int]:
    """What many owners hold on one kind of account. One statement."""
    rows = _held(Account.objects.filter(book__key=BOOK, owner_kind=owner_kind, kind=kind, owner_uid__in=list(uids)))
    return {uid: balance or 0 for uid, balance in rows.values_list("owner_uid", "balance")}


@dataclass(frozen=True)
class Settled:
    """What passed between one branch (or county) and another, in minutes: handed over, taken, and the difference."""

    other: UUID
    handed: int
    taken: int

    @property
    def net(self) -> int:
        """Above zero: the other owes service to this side's members."""
        return self.handed - self.taken


def settlement(owner_kind: str, uid: UUID, first: dt.date, last: dt.date) -> list[Settled]:
    """What passed the clearing account of one branch or county on some days, by the other side."""
    return settlements(owner_kind, {uid}, first, last).get(uid, [])


def settlements(owner_kind: str, uids: Collection[UUID], first: dt.date, last: dt.date) -> dict[UUID, list[Settled]]:
    """The same of many branches, or counties. One statement; a transfer joins two of them."""
    wanted, sides = set(uids), defaultdict(list)
    rows = Posting.objects.filter(
        account__book__key=BOOK, account__owner_kind=owner_kind, account__kind="between",
        transfer__happened_at__gte=start_of(first), transfer__happened_at__lt=start_of(last + dt.timedelta(days=1)),
    )  # fmt: skip
    for transfer, owner, amount in rows.values_list("transfer_id", "account__owner_uid", "amount"):
        sides[transfer].append((owner, amount))
    sums: dict[tuple[UUID, UUID], list[int]] = {}
    for pair in sides.values():
        for owner, _own in pair:
            for other, amount in pair:
                if owner in wanted and other != owner:
                    handed_taken = sums.setdefault((owner, other), [0, 0])
                    handed_taken[0 if amount < 0 else 1] += abs(amount)
    found: dict[UUID, list[Settled]] = defaultdict(list)
    for (owner, other), (handed, taken) in sums.items():
        found[owner].append(Settled(other, handed, taken))
    return {owner: sorted(many, key=lambda one: -abs(one.net)) for owner, many in found.items()}


def branch_stocks(branches: Iterable[Branch]) -> dict[UUID, int]:
    """The pool of many branches. One statement."""
    return held_by("time_branch", [one.uid for one in branches], "pool")


def monthly(ranges: tuple[KeyRange, ...], first: dt.date) -> dict[tuple[int, int], tuple[int, int]]:
    """(year, month) -> minutes given and received since a day, from the clearing accounts. One statement."""
    mine = Account.objects.filter(book__key=BOOK, kind__in=("given", "received"))
    if ranges != WHOLE_CITY:
        mine = mine.filter(within(ranges))
    rows = Posting.objects.filter(account__in=mine, transfer__happened_at__gte=start_of(first)).values_list(
        "transfer__happened_at__year", "transfer__happened_at__month", "account__kind"
    )
    found: dict[tuple[int, int], list[int]] = {}
    for year, month, kind, amount in rows.annotate(total=Sum("amount")):
        pair = found.setdefault((year, month), [0, 0])
        pair[0 if kind == "given" else 1] = abs(amount)
    return {month: (given, received) for month, (given, received) in sorted(found.items())}
