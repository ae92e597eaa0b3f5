"""SQLite whose writers stand in a queue instead of SQLite's own, unfair, busy loop.

To begin a write transaction (or to write outside one) a connection takes its turn in `<database>.lock`: first come,
first served, between processes and threads alike. Readers never touch it (WAL).
"""

import fcntl
import os
import struct
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.backends.sqlite3.base import SQLiteCursorWrapper
from django.db.backends.sqlite3.operations import DatabaseOperations
from django.db.utils import OperationalError

FIRST_BYTE = 4096
WRITE_VERBS = ("INSERT", "UPDATE", "DELETE", "REPLACE")


class FairCursor(SQLiteCursorWrapper):
    """A cursor that takes the writers' lock around a write in autocommit mode."""

    owner: "DatabaseWrapper"

    def execute(self, query: str, params: Any = None) -> Any:
        """Run one statement; a lone write waits for its turn."""
        if not self.owner.is_lone_write(query):
            return super().execute(query, params)
        with self.owner.turn:
            return super().execute(query, params)

    def executemany(self, query: str, param_list: Any) -> Any:
        """Run one statement for many parameters; a lone write waits for its turn."""
        if not self.owner.is_lone_write(query):
            return super().executemany(query, param_list)
        with self.owner.turn:
            return super().executemany(query, param_list)


class Turn:
    """A place in the writers' queue of one database: first come, first served, also when a writer is killed.

    A writer draws a number, locks the byte of its number, and waits for the byte of the number before. The system
    lets go of a dead process's bytes, so the next one is never stuck. If somebody dies while still waiting, the one
    behind may start early; then SQLite's own lock holds it until its turn.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.file: int | None = None

    def take(self) -> None:
        """Wait until it is this connection's turn to write."""
        if self.file is not None or not self.path:
            return
        file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            _lock_byte(file, _draw_number(file) - 1)
        except BaseException:
            os.close(file)
            raise
        self.file = file

    def give(self) -> None:
        """Let the next writer in: closing the file lets go of its bytes."""
        if self.file is not None:
            os.close(self.file)
            self.file = None

    def __enter__(self) -> None:
        self.take()

    def __exit__(self, *_: object) -> None:
        self.give()


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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._turn: Turn | None = None

    @property
    def turn(self) -> Turn:
        """This connection's place in the writers' queue."""
        if self._turn is None:
            name = str(self.settings_dict["NAME"])
            in_memory = ":memory:" in name or "mode=memory" in name
            self._turn = Turn("" if in_memory else f"{name}.lock")
        return self._turn

    def is_lone_write(self, query: str) -> bool:
        """Whether a statement writes outside any transaction."""
        return not self.in_atomic_block and query.lstrip()[:7].upper().startswith(WRITE_VERBS)

    def create_cursor(self, name: str | None = None) -> FairCursor:
        """A cursor that knows its connection."""
        cursor = self.connection.cursor(factory=FairCursor)
        cursor.owner = self
        return cursor

    def _start_transaction_under_autocommit(self) -> None:
        """Begin in turn. The next one is called once this one has begun: it wakes while this one works, and then waits
        at SQLite's own lock, where it is alone."""
        with self.turn:
            while not self._has_begun():
                pass

    def _has_begun(self) -> bool:
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except OperationalError as error:
            if "locked" not in str(error):
                raise
            return False  # somebody writes for longer than the timeout; our turn stays ours
        return True

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self.turn.give()
