"""Words for tests of the ledger."""

from typing import Any

from yinling.kernel.actors import System
from yinling.kernel.uids import new_uid
from yinling.ledger.models import Account, Book, Transfer
from yinling.ledger.services import Line, open_account, open_book, transfer

BY = System("test")
PLACE = 431224100001


def a_book(unit: str = "fen") -> Book:
    """The book of the tests."""
    return open_book(key=f"test.{unit}", unit=unit)


def an_account(kind: str = "resident", **changes: Any) -> Account:
    """An account of somebody new."""
    given: dict[str, Any] = {
        "book": a_book(), "owner_kind": "person", "owner_uid": new_uid(), "kind": kind, "place_key": PLACE, "by": BY,
    }  # fmt: skip
    return open_account(**(given | changes))


def the_world() -> Account:
    """Where money comes from and goes to."""
    return an_account("world", is_clearing=True)


def paid(amount: int, *, out_of: Account, into: Account, key: str = "", **more: Any) -> Transfer:
    """Move an amount from one account into another."""
    lines = [Line(out_of, -amount), Line(into, amount)]
    return transfer(kind="test", lines=lines, key=key or str(new_uid()), **({"by": BY} | more))


def holding(amount: int, **changes: Any) -> Account:
    """An account that holds an amount."""
    account = an_account(**changes)
    paid(amount, out_of=the_world(), into=account)
    return account
