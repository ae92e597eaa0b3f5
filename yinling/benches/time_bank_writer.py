"""A child of the bench `time_bank`: prepares branches and members, moves hours as one of its processes, or proves.

`python -m yinling.benches.time_bank_writer prepare | write NUMBER TRANSFERS | prove`; ends with one JSON line.
"""

import datetime as dt
import json
import random
import sys
import threading
import time
from collections import Counter

import django
from django.core.management import call_command
from django.db import connection, transaction

django.setup()

from yinling.kernel.actors import System  # noqa: E402  models need the settings first
from yinling.kernel.errors import Refused  # noqa: E402
from yinling.ledger.models import Account, Posting  # noqa: E402
from yinling.ledger.queries import verify_books  # noqa: E402
from yinling.ledger.services import Line  # noqa: E402
from yinling.volunteers.models import Branch, Member  # noqa: E402
from yinling.volunteers.queries.books import totals  # noqa: E402
from yinling.volunteers.services import accounts  # noqa: E402

THREADS = 8
BRANCHES, MEMBERS = 40, 2000
COUNTIES = (431224, 431202, 431221, 431230)
BENCH = System("bench")
OPENED = dt.date(2026, 1, 1)


def prepare() -> dict[str, int]:
    """Migrate an empty database, enter branches and members, open their accounts."""
    call_command("migrate", verbosity=0)
    with transaction.atomic():
        branches = [
            Branch.objects.create(
                name=f"网点 {number}", place_key=COUNTIES[number % 4] * 10**6 + number + 1, opened_on=OPENED
            )
            for number in range(BRANCHES)
        ]
        for branch in branches:
            for kind in (accounts.POOL, accounts.POOL_HELD, accounts.BETWEEN):
                accounts.of_branch(branch, kind)
            for kind in (accounts.GIVEN, accounts.RECEIVED, accounts.BETWEEN):
                accounts.of_county(branch.place_key, kind)
    for start in range(0, MEMBERS, 200):
        with transaction.atomic():
            for number in range(start, start + 200):
                branch = branches[number % BRANCHES]
                member = Member.objects.create(
                    number=f"B{number}", branch=branch, place_key=branch.place_key, name=f"会员{number}",
                    birth_date=dt.date(1955, 1, 1), joined_on=OPENED,
                )  # fmt: skip
                accounts.of_member(member)
                accounts.of_member(member, accounts.HELD)
    return {"accounts": Account.objects.count()}


class Books:
    """The accounts a writer knows, read once: an account is never changed by a posting."""

    def __init__(self) -> None:
        rows = Account.objects.select_related("book")
        self.by_owner = {(one.owner_uid, one.kind): one for one in rows}
        self.branches = {one.pk: one for one in Branch.objects.all()}
        self.members = list(Member.objects.all())

    def of(self, member: Member, kind: str) -> Account:
        """A member's account."""
        return self.by_owner[member.uid, kind]

    def county(self, branch: Branch, kind: str) -> Account:
        """An account of the branch's county."""
        return self.by_owner[accounts.county_uid(branch.place_key), kind]

    def between(self, giving: Branch, taking: Branch, minutes: int) -> list[Line]:
        """As `accounts.between`, from what is known already."""
        if giving.pk == taking.pk:
            return []
        kind = accounts.BETWEEN
        lines = [Line(self.by_owner[giving.uid, kind], minutes), Line(self.by_owner[taking.uid, kind], -minutes)]
        if accounts.county_of(giving.place_key) != accounts.county_of(taking.place_key):
            lines += [Line(self.county(giving, kind), minutes), Line(self.county(taking, kind), -minutes)]
        return lines


def write(number: int, transfers: int) -> dict[str, object]:
    """Make (or be refused) a share of transfers with several threads; returns counts and waiting times in ms."""
    books = Books()
    counts: Counter[str] = Counter()
    waits: list[float] = []

    def work(thread: int) -> None:
        dice = random.Random(f"{number} {thread}")
        for turn in range(transfers // THREADS):
            verb, lines, place = _chosen(dice, books)
            began = time.perf_counter()
            try:
                accounts.move(verb, lines, key=f"{number} {thread} {turn}", by=BENCH, memo="", place_key=place)
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


def _chosen(dice: random.Random, books: Books) -> tuple[str, list[Line], int]:
    """One everyday move of the bank; one in fifty asks for more than anybody has."""
    one, other = dice.sample(books.members, 2)
    here, there = books.branches[one.branch_id], books.branches[other.branch_id]
    minutes, lot = 15 * dice.randint(2, 8), dice.random()
    mine, held = books.of(one, accounts.SAVED), books.of(one, accounts.HELD)
    if lot < 0.02:
        return "gift", [Line(mine, -(10**9)), Line(books.of(other, accounts.SAVED), 10**9)], one.place_key
    if lot < 0.60:
        return "earn", [Line(books.county(here, accounts.GIVEN), -minutes), Line(mine, minutes)], one.place_key
    if lot < 0.75:
        return "hold", [Line(mine, -minutes), Line(held, minutes)], one.place_key
    if lot < 0.85:
        return "redeem", [Line(held, -minutes), Line(books.county(here, accounts.RECEIVED), minutes)], one.place_key
    if lot < 0.95:
        gift = [Line(mine, -minutes), Line(books.of(other, accounts.SAVED), minutes)]
        return "gift", [*gift, *books.between(here, there, minutes)], one.place_key
    return "donate", [Line(mine, -minutes), Line(books.by_owner[here.uid, accounts.POOL], minutes)], one.place_key


def prove() -> dict[str, int]:
    """Count what is there and prove it: nothing lost, nothing below zero, every chain whole."""
    found = totals()
    came, went = found.flows["given"], found.flows["received"]
    return {
        "postings": Posting.objects.count(),
        "drift": abs(came - went - found.promised),
        "overdrawn": Posting.objects.filter(balance_after__lt=0).count(),
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
