"""Re-sealing protected columns under the current key. May be stopped at any moment and started again.

Every sealed value and every blind index names the version of its key, so what is done is known from the rows
themselves; meanwhile both versions are read, and both are searched.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction

from yinling.kernel.crypto import blind, indexed_with, seal, sealed_with, unseal
from yinling.kernel.keyring import Keyring, keyring

BATCH = 200
Where = Callable[[Any], str]
Told = Callable[[Any], tuple[str, str]]


@dataclass(frozen=True)
class Sealed:
    """The sealed columns of one table, and what each value is bound to; its blind indexes, and the purpose and text
    each is made of (read from the opened row)."""

    model: type[models.Model]
    columns: Mapping[str, Where]
    indexes: Mapping[str, Told] = field(default_factory=dict)


_tables: list[Sealed] = []


def offer(*tables: Sealed) -> None:
    """Make sealed columns known."""
    _tables.extend(table for table in tables if table not in _tables)


def offered() -> dict[type[models.Model], set[str]]:
    """The sealed columns that are known, by table."""
    return {table.model: {*table.columns} for table in _tables}


def reseal() -> Iterator[tuple[str, int]]:
    """Seal every value that stands under an older key again; yields (table, rows rewritten) after each batch."""
    ring = keyring()
    for table in _tables:
        name, last = table.model._meta.db_table, 0
        while True:
            with transaction.atomic():
                rows = list(table.model._default_manager.filter(pk__gt=last).order_by("pk")[:BATCH])
                changed = [row for row in rows if _renew(row, table, ring)]
                table.model._default_manager.bulk_update(changed, [*table.columns, *table.indexes])
            if not rows:
                break
            last = rows[-1].pk
            yield name, len(changed)


def _renew(row: models.Model, table: Sealed, ring: Keyring) -> bool:
    """Re-seal and index a row's old values anew; says whether there were any."""
    changed = False
    for column, told in table.indexes.items():
        if indexed_with(getattr(row, column)) not in (0, ring.index_current):
            setattr(row, column, blind(*told(row)))
            changed = True
    for column, where in table.columns.items():
        value = getattr(row, column)
        if sealed_with(value) not in (0, ring.current):
            setattr(row, column, seal(unseal(value, where(row)), where(row)))
            changed = True
    return changed
