"""What can be worked out about an entry before the database is asked: keys to match by, sealed card, search line.

An import of a million rows does this in a process of its own, one batch ahead of the one that writes (`bulk`).
Everything here is plain tuples, because it travels between the two.
"""

import pickle
from collections.abc import Sequence
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from yinling.kernel.uids import new_uid
from yinling.people.cards import line_of_entry, plain_columns, sealed_columns
from yinling.people.matching import Keys, keys_of
from yinling.people.rules import NOT_STATED, Checked, Entry

_values = attrgetter(*NOT_STATED)
CARD_COLUMNS = (*plain_columns(Entry()), *sealed_columns(UUID(int=0), Entry()))


class Prepared(NamedTuple):
    """One entry, ready. `card` holds the values of `CARD_COLUMNS`, should the person be new and get this `uid`."""

    packed: bytes
    flags: tuple[str, ...]
    keys: Keys
    uid: UUID
    card: tuple[Any, ...]
    line: str
    categories: tuple[tuple[str, str], ...]
    other_names: tuple[str, ...]

    @property
    def entry(self) -> Entry:
        """The entry itself, unpacked: few rows need it again."""
        return Entry(*pickle.loads(self.packed))  # noqa: S301  packed below, by this very program


def prepare_entries(entries: Sequence[Checked]) -> list[Prepared]:
    """Seal, index and spell out each entry. Asks the database nothing."""
    return [_prepared(checked) for checked in entries]


def _prepared(checked: Checked) -> Prepared:
    entry, uid = checked.entry, new_uid()
    return Prepared(
        packed=pickle.dumps(_values(entry), pickle.HIGHEST_PROTOCOL),
        flags=checked.flags,
        keys=keys_of(entry),
        uid=uid,
        card=(*plain_columns(entry).values(), *sealed_columns(uid, entry).values()),
        line=line_of_entry(entry, [category for category, _ in entry.categories]),
        categories=entry.categories,
        other_names=entry.other_names,
    )
