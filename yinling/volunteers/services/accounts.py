"""The accounts of the bank, and the one function that moves minutes between them.

Every minute comes from a clearing account of a county (`given`: service that volunteers gave; `allotted`: hours the
government put in; `corrections`) and ends in one (`received`: service that members got; `expired`). In between it is
held by members (`saved`, and `held` for an agreed order), by branches (`pool`, `pool_held`) and by counties
(`grant_pot`). Hours that go from one branch to another pass their `between` accounts, so each can state what the
others owe it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import NAMESPACE_URL, UUID, uuid5

from yinling.kernel.actors import WHOLE_CITY, Actor, KeyRange, System
from yinling.kernel.errors import Refused
from yinling.kernel.uids import Uid
from yinling.ledger.models import Account, Book, Transfer
from yinling.ledger.queries import balance_of
from yinling.ledger.services import Line, open_account, open_book, set_limits, transfer
from yinling.volunteers import parameters
from yinling.volunteers.models import Branch, Member

BOOK, COUNTY = "time_bank", 10**6
MEMBER, BRANCH, COUNTY_OWNER = "time_member", "time_branch", "time_county"
SAVED, HELD, POOL, POOL_HELD, GRANT_POT = "saved", "held", "pool", "pool_held", "grant_pot"
GIVEN, RECEIVED, ALLOTTED, CORRECTIONS, EXPIRED = "given", "received", "allotted", "corrections", "expired"
BETWEEN = "between"
CLEARING = frozenset({GIVEN, RECEIVED, ALLOTTED, CORRECTIONS, EXPIRED, BETWEEN})
SLOTS = 4
BANK = System("time bank")


@dataclass(frozen=True)
class Teller:
    """Whoever acts, at the bank's counter: the service has decided already, so the books are open; the name stays."""

    uid: Uid
    label: str

    def key_ranges(self, permission: str | None = None) -> Sequence[KeyRange]:
        """The whole city: gifts cross counties."""
        return WHOLE_CITY

    def may(self, permission: str, place_key: int | None = None) -> bool:
        """Yes: the service asked already."""
        return True


def at_the_counter(by: Actor) -> Teller:
    """The actor as the books know them."""
    return Teller(by.uid, by.label)


def book() -> Book:
    """The book of all hours."""
    return open_book(key=BOOK, unit="minute")


def county_of(place_key: int) -> int:
    """The county of a place."""
    return place_key // COUNTY * COUNTY


def county_uid(place_key: int) -> UUID:
    """Under which uid a county's accounts stand."""
    return uuid5(NAMESPACE_URL, f"yinling time bank {county_of(place_key)}")


def _account(owner_kind: str, owner_uid: UUID, kind: str, place_key: int) -> Account:
    known = Account.objects.of(owner_kind, owner_uid).filter(kind=kind, book__key=BOOK).select_related("book").first()
    if known is not None:
        return known
    return open_account(
        book=book(), owner_kind=owner_kind, owner_uid=owner_uid, kind=kind, place_key=place_key, by=BANK,
        ceiling=parameters.limits().cap if kind == SAVED else None, slots=SLOTS if kind == GRANT_POT else 1,
        is_clearing=kind in CLEARING,
    )  # fmt: skip


def of_member(member: Member, kind: str = SAVED) -> Account:
    """A member's account: what is saved, or what is held for an order."""
    return _account(MEMBER, member.uid, kind, member.place_key)


def of_branch(branch: Branch, kind: str = POOL) -> Account:
    """A branch's account: its pool, what of it is held, what other branches owe it."""
    return _account(BRANCH, branch.uid, kind, branch.place_key)


def of_county(place_key: int, kind: str) -> Account:
    """A county's account: its grant pot, or where hours come from and go to."""
    return _account(COUNTY_OWNER, county_uid(place_key), kind, county_of(place_key))


def between(giving: Branch, taking: Branch, minutes: int) -> list[Line]:
    """The lines that say one branch's hours became another's, also between their counties; none within a branch."""
    if giving.pk == taking.pk:
        return []
    lines = [Line(of_branch(giving, BETWEEN), minutes), Line(of_branch(taking, BETWEEN), -minutes)]
    if county_of(giving.place_key) != county_of(taking.place_key):
        lines += [
            Line(of_county(giving.place_key, BETWEEN), minutes), Line(of_county(taking.place_key, BETWEEN), -minutes)
        ]  # fmt: skip
    return lines


def move(
    kind: str, lines: Sequence[Line], *, key: str, by: Actor, memo: str, place_key: int, estate: bool = False
) -> Transfer:
    """Move minutes. The same key moves once; limits block. `estate`: also on accounts that a death has locked."""
    return transfer(
        kind=f"time.{kind}", lines=[line for line in lines if line.amount], key=f"time.{kind}:{key}",
        by=at_the_counter(by), place_key=place_key, memo=memo, may_move_locked=estate,
    )  # fmt: skip


def saved_by(member: Member) -> tuple[Account, int]:
    """The member's account under the cap that holds today, locked until the transaction ends, and its balance.

    Where the cap was lowered below what somebody holds, the old one stays until they are below the new one.
    """
    account = of_member(member)
    account = Account.objects.select_related("book").select_for_update(of=("self",), no_key=True).get(pk=account.pk)
    balance, cap = balance_of(account), parameters.limits().cap
    if account.ceiling != cap and balance <= cap:
        account = set_limits(uid=account.uid, by=BANK, floor=0, ceiling=cap)
    return account, balance


def refuse_unless_covered(account: Account, minutes: int, words: str) -> None:
    """Say in the member's words what the ledger would refuse in its own."""
    held = balance_of(account)
    if held < minutes:
        raise Refused(words, held=held, asked=minutes)
