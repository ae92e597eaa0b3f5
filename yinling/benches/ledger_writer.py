"""A child of the bench `ledger`: prepares the books, writes as one of its processes, or proves the books.

`python -m yinling.benches.ledger_writer prepare | write NUMBER TRANSFERS | prove`; ends with one JSON line.
"""

import json
import random
import sys
import threading
import time
from collections import Counter
from typing import Any
from uuid import UUID

import django
from django.core.management import call_command
from django.db import connection, transaction

django.setup()

from yinling.kernel.actors import System  # noqa: E402  models need the settings first
from yinling.kernel.errors import Refused  # noqa: E402
from yinling.ledger.models import Account, Posting, Transfer  # noqa: E402
from yinling.ledger.queries import verify_books  # noqa: E402
from yinling.ledger.services import Line, open_account, open_book  # noqa: E402
from yinling.ledger.services import transfer as move  # noqa: E402

THREADS = 8
RESIDENTS, HOMES, SLOTS = 2000, 50, 8
PLACE = 431224000000
BENCH = System("bench")


def prepare() -> dict[str, int]:
    """Migrate an empty database and open the accounts."""
    call_command("migrate", verbosity=0)
    book = open_book(key="bench", unit="fen")
    office = UUID(int=0)
    common: dict[str, Any] = {"book": book, "owner_kind": "bench", "place_key": PLACE, "by": BENCH}
    world = open_account(owner_uid=office, kind="world", is_clearing=True, **common)
    pot = open_account(owner_uid=office, kind="pot", slots=SLOTS, **common)
    for kind, count in (("home", HOMES), ("resident", RESIDENTS)):
        with transaction.atomic():
            for number in range(count):
                open_account(owner_uid=UUID(int=number + 1), kind=kind, **common)
    for number in range(SLOTS * 4):
        move(kind="fill", lines=[Line(world, -10_000_000), Line(pot, 10_000_000)], key=f"fill {number}", by=BENCH)
    return {"accounts": Account.objects.count()}


def write(number: int, transfers: int) -> dict[str, object]:
    """Make (or be refused) a share of transfers with several threads; returns counts and waiting times in ms."""
    accounts = Account.objects.select_related("book")
    world, pot = accounts.get(kind="world"), accounts.get(kind="pot", pot=None)
    homes, residents = list(accounts.filter(kind="home")), list(accounts.filter(kind="resident"))
    counts: Counter[str] = Counter()
    waits: list[float] = []

    def work(thread: int) -> None:
        dice = random.Random(f"{number} {thread}")
        for turn in range(transfers // THREADS):
            lines = _chosen(dice, world, pot, homes, residents)
            began = time.perf_counter()
            try:
                move(kind="bench", lines=lines, key=f"{number} {thread} {turn}", by=BENCH)
                counts["made"] += 1
            except Refused:
                counts["refused"] += 1
            if turn % 20 == 0:
                waits.append((time.perf_counter() - began) * 1000)
        connection.close()

    connection.close()  # each thread has its own, out of a pool of eight
    print("ready", flush=True)
    sys.stdin.readline()  # all processes start together: their own start is not what is measured
    threads = [threading.Thread(target=work, args=(thread,)) for thread in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {"made": counts["made"], "refused": counts["refused"], "waits": waits}


def _chosen(
    dice: random.Random, world: Account, pot: Account, homes: list[Account], residents: list[Account]
) -> list[Line]:
    """One everyday transfer; one in fifty asks for more than anybody has."""
    one, other = dice.sample(residents, 2)
    amount, lot = dice.randint(100, 50_000), dice.random()
    if lot < 0.02:
        return [Line(one, -(10**12)), Line(other, 10**12)]
    if lot < 0.60:
        return [Line(world, -amount), Line(one, amount)]
    if lot < 0.75:
        return [Line(one, -(amount // 10)), Line(dice.choice(homes), amount // 10)]
    if lot < 0.90:
        return [Line(one, -(amount // 20)), Line(other, amount // 20)]
    return [Line(pot, -amount), Line(one, amount)]


def prove() -> dict[str, int]:
    """Count what is there and prove it."""
    fills = Transfer.objects.filter(kind="fill").count()
    return {
        "postings": Posting.objects.count(),
        "transfers": Transfer.objects.count() - fills,
        "faults": sum(1 for _ in verify_books()),
    }


def main(words: list[str]) -> None:
    """The command line of this file."""
    if words[0] == "write":
        print(json.dumps(write(int(words[1]), int(words[2]))))
    else:
        print(json.dumps({"prepare": prepare, "prove": prove}[words[0]]()))


if __name__ == "__main__":
    main(sys.argv[1:])
