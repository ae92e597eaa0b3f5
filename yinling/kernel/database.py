"""What services ask of the database beyond Django: durable commits, bulk writes, which engine this is."""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar, cast
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections, models, transaction

from yinling.kernel.clock import civil_date

P = ParamSpec("P")
T = TypeVar("T")
R = TypeVar("R", bound=models.Model)


def is_postgresql() -> bool:
    """Whether the database is PostgreSQL (else SQLite)."""
    return connection.vendor == "postgresql"


def refresh_statistics() -> None:
    """After a bulk load: what the planner knows of the tables. PostgreSQL learns it by itself only minutes later."""
    if is_postgresql():
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


@contextmanager
def durable() -> Iterator[None]:
    """A transaction whose commit is on disk before it returns (SQLite otherwise syncs at checkpoints only)."""
    if is_postgresql() or connection.in_atomic_block:
        with transaction.atomic():
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=FULL")
    try:
        with transaction.atomic():
            yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=NORMAL")


def answered_if_still(nothing: T) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """For a question that a process asks every second, of the database and the day alone: one that was answered with
    `nothing` is answered so again, by one cheap look, until somebody has written or another day has begun."""

    def decorate(ask: Callable[P, T]) -> Callable[P, T]:
        last: tuple[object, ...] = ()

        @wraps(ask)
        def asked(*args: P.args, **kwargs: P.kwargs) -> T:
            nonlocal last
            question = (_seen(), args, kwargs)  # before the answer: what is written meanwhile is asked for next time
            if question == last:
                return nothing
            answer = ask(*args, **kwargs)
            last = question if answer == nothing else ()
            return answer

        return asked

    return decorate


def _seen() -> tuple[object, ...]:
    """Equal for two looks of one connection between which nothing was written, by itself or by anybody else."""
    if is_postgresql() and connection.in_atomic_block:
        return (object(),)  # its own writes stand in no snapshot
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text" if is_postgresql() else "PRAGMA data_version")
        version = cursor.fetchone()[0]
    own = () if is_postgresql() else (connection.connection, connection.connection.total_changes)
    return (civil_date(), version, *own)


def insert(row: R) -> R:
    """Insert one new row, as `objects.create` does, with the statement made once for its table: Django makes it anew
    each time, which takes five times as long as running it, and on SQLite all other writers wait meanwhile.
    For what is written with every change; signals are not sent (we use none)."""
    fields, statement = _insertion(type(row))
    here = connections[DEFAULT_DB_ALIAS]  # itself: `connection` looks it up anew for every field
    values = [field.get_db_prep_save(field.pre_save(row, add=True), here) for field in fields]
    with here.cursor() as cursor:
        cursor.execute(statement, values)
        row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, here.alias
    return row


@lru_cache(maxsize=256)
def _insertion(model: type[models.Model]) -> tuple[list[models.Field], str]:
    fields = [field for field in model._meta.local_concrete_fields if not (field.primary_key or field.generated)]
    names, marks = ", ".join(f'"{field.column}"' for field in fields), ", ".join(["%s"] * len(fields))
    key = model._meta.pk.column
    return fields, f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({marks}) RETURNING "{key}"'


def bulk_insert(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows in one stream: COPY on PostgreSQL, executemany on SQLite (ten times faster than bulk_create).

    `columns` are database columns; values are what the model's fields hold (UUID, aware datetime, date, JSON value).
    Call inside a transaction; on SQLite keep batches under 50 ms where others write at the same time.
    """
    by_column = {field.column: field for field in model._meta.concrete_fields}
    converters = [_converter(by_column[column]) for column in columns]
    plain = [number for number, convert in enumerate(converters) if convert is not None]
    ready = (_converted(row, plain, converters) for row in rows) if plain else rows
    names = ", ".join(f'"{name}"' for name in columns)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if is_postgresql():
            with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
                for row in ready:
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * len(columns))
        cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', cast(Sequence[Any], ready))


def _converted(row: Sequence[Any], numbers: list[int], converters: list[Any]) -> list[Any]:
    values = list(row)
    for number in numbers:
        if values[number] is not None:
            values[number] = converters[number](values[number])
    return values


def _converter(field: models.Field) -> Any:
    """How a field's value becomes the database's; None where it already is."""
    if isinstance(field, models.JSONField):
        return json.dumps
    if is_postgresql():
        return None
    if isinstance(field, models.UUIDField):
        return lambda value: value.hex if isinstance(value, UUID) else UUID(value).hex
    if isinstance(field, models.DateTimeField):
        return _instant
    if isinstance(field, models.DateField):
        return dt.date.isoformat
    return None


@lru_cache(maxsize=1024)
def _instant(value: dt.datetime) -> str:
    """An instant as SQLite keeps it; every row of a batch carries the same one."""
    return value.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def reserve_ids(model: type[models.Model], count: int) -> list[int]:
    """`count` fresh primary keys for rows about to be inserted in bulk. Call inside the transaction that inserts."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if is_postgresql():
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])  # what AUTOINCREMENT goes by
        row = cursor.fetchone()
    first = (row[0] if row else 0) + 1
    return list(range(first, first + count))
