"""A process of the concurrency tests: `writer.py prepare | draw NUMBER TIMES AMOUNT | prove`; ends with one JSON line.

`draw` writes one line per answered transfer as it is answered, so that a killed process leaves what it was told.
"""

import json
import sys
import threading
from uuid import UUID

import django
from django.core.management import call_command

django.setup()

from django.db import connection  # noqa: E402

from yinling.kernel.actors import System  # noqa: E402
from yinling.kernel.database import is_postgresql  # noqa: E402
from yinling.kernel.errors import Refused  # noqa: E402
from yinling.ledger.models import Account, Transfer  # noqa: E402
from yinling.ledger.queries import balances, verify_books  # noqa: E402
from yinling.ledger.services import Line, open_account, open_book, transfer  # noqa: E402

BY = System("test")
THREADS = 4
speaking = threading.Lock()


def prepare(filled: int) -> None:
    if is_postgresql():  # SQLite's home comes with its tables
        call_command("migrate", verbosity=0)
    book = open_book(key="test", unit="fen")
    for kind, more in {"world": {"is_clearing": True}, "purse": {}, "pot": {"slots": 4}, "got": {}}.items():
        open_account(book=book, owner_kind="test", owner_uid=UUID(int=1), kind=kind, place_key=1, by=BY, **more)
    world, purse, pot = (Account.objects.get(kind=k, pot=None) for k in ("world", "purse", "pot"))
    transfer(kind="fill", lines=[Line(world, -filled), Line(purse, filled)], key="purse", by=BY)
    for part in range(4):
        transfer(kind="fill", lines=[Line(world, -filled), Line(pot, filled)], key=f"pot {part}", by=BY)
    print(json.dumps({}))


def say(answer: list[str]) -> None:
    """One line at a time: threads share the pipe."""
    with speaking:
        print(json.dumps(answer), flush=True)


def draw(number: int, times: int, amount: int) -> None:
    """Every thread draws on the purse and the pot in turn; keys of even numbers are shared by all processes."""
    sources = [Account.objects.select_related("book").get(kind=k, pot=None) for k in ("purse", "pot")]
    got = Account.objects.select_related("book").get(kind="got")
    connection.close()
    print("ready", flush=True)
    sys.stdin.readline()

    def work(thread: int) -> None:
        for turn in range(times):
            source = sources[turn % 2]
            key = f"shared {thread} {turn}" if turn % 4 == 0 else f"{number} {thread} {turn}"
            try:
                transfer(kind="draw", lines=[Line(source, -amount), Line(got, amount)], key=key, by=BY)
                say(["made", key])
            except Refused:
                say(["refused", key])
        connection.close()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def prove() -> None:
    accounts = list(Account.objects.filter(pot=None))
    held = balances(accounts)
    print(
        json.dumps(
            {
                "faults": [str(fault.what) for fault in verify_books()],
                "balances": {account.kind: held[account.pk] for account in accounts},
                "keys": list(Transfer.objects.filter(kind="draw").values_list("key", flat=True)),
            }
        )
    )


if __name__ == "__main__":
    {"prepare": prepare, "draw": draw, "prove": prove}[sys.argv[1]](*map(int, sys.argv[2:]))
