"""SQLite whose writers stand in a queue instead of SQLite's own, unfair, busy loop.

To begin a write transaction (or to write outside one) a connection takes its turn in `<database>.lock`: first come,
first served, between processes and threads alike. Readers never touch it (WAL).
"""

import fcntl
import os
import sqlite3
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.backends.sqlite3 import base
from django.db.backends.sqlite3.base import SQLiteCursorWrapper
from django.db.backends.sqlite3.operations import DatabaseOperations

FIRST_BYTE = 4096
WRITE_VERBS = ("BEGIN", "INSERT", "UPDATE", "DELETE", "REPLACE")
# Another writer is at work. SQLITE_BUSY_SNAPSHOT is not here: whoever reads on an old snapshot waits in vain.
ANOTHER_WRITES = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_BUSY_RECOVERY)


class FairCursor(SQLiteCursorWrapper):
    """A cursor that begins to write, a transaction or a lone statement, when it is its connection's turn."""

    owner: "DatabaseWrapper"

    def execute(self, query: str, params: Any = None) -> Any:
        """Run one statement; the first of a write waits for its turn."""
        if not self.owner.begins_to_write(query):
            return super().execute(query, params)
        run = super().execute
        return self.owner.in_turn(lambda: run(query, params))

    def executemany(self, query: str, param_list: Any) -> Any:
        """Run one statement for many parameters. Outside a transaction they get one: SQLite would else commit row by
        row, and a row that has to wait would leave half of them written."""
        if not self.owner.begins_to_write(query):
            return super().executemany(query, param_list)
        with transaction.atomic(using=self.owner.alias):
            return super().executemany(query, param_list)


@contextmanager
def turn_at(path: str) -> Iterator[None]:
    """A place in the writers' queue of one database: first come, first served, also when a writer is killed.

    A writer draws a number, locks the byte of its number, and waits for the byte of the number before. The system
    lets go of a dead process's bytes, so the next one is never stuck. If somebody dies while still waiting, the one
    behind may start early; then SQLite's own lock holds it until its turn.
    """
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _lock_byte(file, _draw_number(file) - 1)
        yield
    finally:
        os.close(file)  # lets go of its bytes: the next one enters


def _draw_number(file: int) -> int:
    """The next number of the queue, its byte locked before anybody else can draw."""
    fcntl.flock(file, fcntl.LOCK_EX)
    try:
        number = int.from_bytes(os.pread(file, 8, 0), "little") + 1
        os.pwrite(file, number.to_bytes(8, "little"), 0)
        _lock_byte(file, number)
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)
    return number


def _lock_byte(file: int, number: int) -> None:
    """Lock one byte beyond the counter for this open file, waiting as long as it takes."""
    lock = struct.pack("hhqqixxxx", fcntl.F_WRLCK, os.SEEK_SET, FIRST_BYTE + number, 1, 0)
    fcntl.fcntl(file, fcntl.F_OFD_SETLKW, lock)


class Operations(DatabaseOperations):
    """Django's operations; emptying tables (in tests) first lifts the triggers that refuse deletion."""

    def sql_flush(
        self, style: Any, tables: Any, *, reset_sequences: bool = False, allow_cascade: bool = False
    ) -> list[str]:
        """Statements that empty tables, between dropping and making again the guards of append-only ones."""
        sql = super().sql_flush(style, tables, reset_sequences=reset_sequences, allow_cascade=allow_cascade)
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%BEFORE DELETE%'")
            guards = cursor.fetchall()
        return [f'DROP TRIGGER "{name}"' for name, _ in guards] + sql + [text for _, text in guards] if sql else sql


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's SQLite connection plus the writers' turn."""

    ops_class = Operations

    def begins_to_write(self, query: str) -> bool:
        """Whether a statement begins a transaction, or writes outside any."""
        return not self.in_atomic_block and query.lstrip()[:7].upper().startswith(WRITE_VERBS)

    def in_turn(self, begin: Callable[[], Any]) -> Any:
        """Begin to write in turn, whatever the busy timeout says: behind a long writer the turn stays ours.

        The turn covers the beginning only. The next one wakes while this one works, and then waits at SQLite's own
        lock, where it is alone. `begin` has done nothing when it fails for being locked out, so it may be repeated.
        """
        if self.is_in_memory_db():
            return begin()
        with turn_at(f"{self.settings_dict['NAME']}.lock"):
            while True:
                try:
                    return begin()
                except sqlite3.OperationalError as error:
                    if error.sqlite_errorcode not in ANOTHER_WRITES:
                        raise

    def create_cursor(self, name: str | None = None) -> FairCursor:
        """A cursor that knows its connection."""
        cursor = self.connection.cursor(factory=FairCursor)
        cursor.owner = self
        return cursor
