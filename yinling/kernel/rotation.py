"""Re-sealing protected columns under the current key. May be stopped at any moment and started again.

Every sealed value names the version of its key, so what is done is known from the rows themselves.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from yinling.kernel.crypto import seal, sealed_with, unseal
from yinling.kernel.keyring import keyring

BATCH = 200
Where = Callable[[Any], str]


@dataclass(frozen=True)
class Sealed:
    """The sealed columns of one table, and what each value is bound to."""

    model: type[models.Model]
    columns: Mapping[str, Where]


_tables: list[Sealed] = []


def offer(*tables: Sealed) -> None:
    """Make sealed columns known."""
    _tables.extend(table for table in tables if table not in _tables)


def reseal() -> Iterator[tuple[str, int]]:
    """Seal every value that stands under an older key again; yields (table, rows rewritten) after each batch."""
    current = keyring().current
    for table in _tables:
        name, last = table.model._meta.db_table, 0
        while True:
            with transaction.atomic():
                rows = list(table.model._default_manager.filter(pk__gt=last).order_by("pk")[:BATCH])
                changed = [row for row in rows if _renew(row, table.columns, current)]
                table.model._default_manager.bulk_update(changed, list(table.columns))
            if not rows:
                break
            last = rows[-1].pk
            yield name, len(changed)


def _renew(row: models.Model, columns: Mapping[str, Where], current: int) -> bool:
    """Re-seal a row's old values; says whether there were any."""
    changed = False
    for column, where in columns.items():
        value = getattr(row, column)
        if sealed_with(value) not in (0, current):
            setattr(row, column, seal(unseal(value, where(row)), where(row)))
            changed = True
    return changed
