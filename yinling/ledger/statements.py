"""The few statements of the hot path, written out: building them anew for each transfer took most of its time.

Everything else in the ledger goes through Django. All of these run inside the writing transaction.
"""

from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection, models

from yinling.kernel.database import is_postgresql
from yinling.ledger.models import Transfer

LOCK = "SELECT id FROM ledger_account WHERE id IN ({marks}) ORDER BY slot_count, id FOR NO KEY UPDATE"
STANDINGS = """
SELECT a.id, a.floor, a.ceiling, a.locked_at IS NOT NULL, p.seq, p.balance_after, p.hash
FROM ledger_account a LEFT JOIN ledger_posting p
  ON NOT a.is_clearing
  AND p.id = (SELECT q.id FROM ledger_posting q WHERE q.account_id = a.id ORDER BY q.seq DESC LIMIT 1)
WHERE a.id IN ({marks})
"""
POSTING = (
    "INSERT INTO ledger_posting"
    " (account_id, transfer_id, seq, amount, balance_after, floor, ceiling, previous, hash) VALUES "
)
KNOWN = "SELECT key FROM ledger_transfer WHERE key IN ({marks})"


def _marks(values: Collection[object]) -> str:
    return ", ".join(["%s"] * len(values))


def lock_accounts(ids: Collection[int]) -> None:
    """Lock rows on PostgreSQL, in the order all writers keep. On SQLite the writers' turn is lock enough.

    `NO KEY`: foreign keys of new postings to the account do not wait for it.
    """
    if ids and is_postgresql():
        with connection.cursor() as cursor:
            cursor.execute(LOCK.format(marks=_marks(ids)), list(ids))


def read_standings(ids: Collection[int]) -> list[tuple[Any, ...]]:
    """(account, floor, ceiling, is locked, seq, balance, hash) per account; the last three null while it is new.

    A statement of its own after the locks: on PostgreSQL it sees what was committed before it began.
    """
    with connection.cursor() as cursor:
        cursor.execute(STANDINGS.format(marks=_marks(ids)), list(ids))
        return cursor.fetchall()


def known_keys(keys: Collection[str]) -> set[str]:
    """Which idempotency keys were used already."""
    with connection.cursor() as cursor:
        cursor.execute(KNOWN.format(marks=_marks(keys)), list(keys))
        return {row[0] for row in cursor.fetchall()}


def insert_transfers(transfers: Sequence[Transfer]) -> None:
    """Insert them in one statement and give each its number."""
    numbers = dict(_insert(transfers, "key, id"))
    for made in transfers:
        made.pk, made._state.adding = numbers[made.key], False


def insert_postings(rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert lines, their values in the order of POSTING."""
    one = f"({_marks(rows[0])})"
    with connection.cursor() as cursor:
        cursor.execute(POSTING + ", ".join([one] * len(rows)), [value for row in rows for value in row])


def _insert(rows: Sequence[models.Model], returning: str) -> list[tuple[Any, ...]]:
    meta = rows[0]._meta
    fields = [field for field in meta.concrete_fields if not field.primary_key]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    marks = ", ".join([f"({_marks(fields)})"] * len(rows))
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(f'INSERT INTO "{meta.db_table}" ({columns}) VALUES {marks} RETURNING {returning}', values)
        return cursor.fetchall()
