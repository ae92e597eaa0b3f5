"""Group commit: threads that want a transfer at the same moment share one transaction, and each gets its own answer.

A commit that must reach the disk takes milliseconds however little it carries. The first thread that finds nobody at
the counter serves itself and all who wait; whoever waits then takes over. Nobody is answered before the commit that
carries the transfer is on disk. Where a transaction is open already, the transfer simply joins it (`services`).
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import DatabaseError, IntegrityError

from yinling.kernel.database import durable, is_postgresql
from yinling.ledger.models import Transfer
from yinling.ledger.posting import Order, Outcome, write

MOST = 32  # orders per commit: on SQLite the writers' lock stays well under 50 ms
RETRIES = 3
DEADLOCKS = ("40P01", "40001")  # PostgreSQL: deadlock, serialisation


Answer = Outcome | BaseException
Serve = Callable[[Callable[[], Sequence[Order]]], list[Answer]]


@dataclass
class _Ticket:
    """One caller's place in the queue."""

    order: Order
    is_taken: bool = False
    outcome: Answer | None = None


class Teller:
    """The counters of one process: as many batches are under way at once as it has counters."""

    def __init__(self, serve: Serve, counters: Callable[[], int]) -> None:
        self._serve = serve
        self._counters = counters
        self._news = threading.Condition()
        self._queue: list[_Ticket] = []
        self._staffed = 0

    def post(self, order: Order) -> Transfer:
        """Have the order served, by this thread or another. Raises what it was refused for, or what went wrong."""
        ticket, counters = _Ticket(order), self._counters()
        with self._news:
            self._queue.append(ticket)
        while True:
            with self._news:
                while ticket.outcome is None and (ticket.is_taken or self._staffed >= counters):
                    self._news.wait()
                if ticket.outcome is not None:
                    return _answer(ticket)
                self._staffed += 1
            self._work()

    def _work(self) -> None:
        """Serve a batch, then leave the counter to those who wait."""
        batch: list[_Ticket] = []

        def take() -> list[Order]:
            # Called when it is our turn to write: those who came while we waited for it are served as well.
            if not batch:
                with self._news:
                    batch[:], self._queue = self._queue[:MOST], self._queue[MOST:]
                    for ticket in batch:
                        ticket.is_taken = True
            return [ticket.order for ticket in batch]

        try:
            outcomes = self._serve(take)
        except BaseException as error:  # noqa: BLE001  every caller of the batch must hear of it, this one too
            outcomes = [error] * len(take())
        with self._news:
            for ticket, outcome in zip(batch, outcomes, strict=False):
                ticket.outcome = outcome
            self._staffed -= 1
            self._news.notify_all()


def _answer(ticket: _Ticket) -> Transfer:
    if isinstance(ticket.outcome, BaseException):
        raise ticket.outcome
    assert ticket.outcome is not None
    return ticket.outcome


def serve_durably(take: Callable[[], Sequence[Order]]) -> list[Answer]:
    """One commit for all orders; when one of them spoils the batch, one commit each."""
    try:
        with durable():
            return list(write(take()))
    except DatabaseError as error:
        if not _is_worth_repeating(error):
            raise
    return [_serve_alone(order) for order in take()]


def _serve_alone(order: Order) -> Answer:
    """One order by itself. What went wrong is an answer too: the others of its batch have theirs already."""
    failure: DatabaseError | None = None
    for _ in range(RETRIES):
        try:
            with durable():
                return write([order])[0]
        except DatabaseError as error:
            failure = error
            if not _is_worth_repeating(error):
                break
    assert failure is not None
    return failure


def _is_worth_repeating(error: DatabaseError) -> bool:
    """A key used elsewhere at the same instant, or a deadlock; a server that is gone is not."""
    return isinstance(error, IntegrityError) or getattr(error.__cause__, "sqlstate", "") in DEADLOCKS


def _counters() -> int:
    """PostgreSQL flushes several commits to disk at once; SQLite has one writer whatever we do."""
    return 3 if is_postgresql() else 1


counter = Teller(serve_durably, _counters)
