"""Identifiers of generated rows: UUIDv7 in form, and the same again for the same seed."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import numpy as np

from yinling.city.draws import Ints, draws_for
from yinling.city.lives import day_number

_DAY_MS = 86_400_000


def uids(seed: int, kind: str, numbers: Ints, opened: date) -> list[bytes]:
    """16 bytes for each number of a kind (`person`, `kin` ...). Rising numbers within one call give rising uids, so
    that indexes over a million of them are filled in order. `opened`: the day that their time part falls on."""
    at = day_number(opened) * _DAY_MS + np.arange(len(numbers)) % _DAY_MS
    first, second = draws_for(seed, kind + " uid", numbers).keys, draws_for(seed, kind + " uid, end", numbers).keys
    high = at.astype(np.uint64) << np.uint64(16) | np.uint64(0x7000) | (first & np.uint64(0x0FFF))
    low = np.uint64(1 << 63) | (second >> np.uint64(2))
    raw = np.stack([high, low], axis=1).astype(">u8").tobytes()
    return [raw[at : at + 16] for at in range(0, len(raw), 16)]


def uid(seed: int, kind: str, number: int, opened: date) -> UUID:
    """One of them alone, not in step with those of a whole column."""
    return UUID(bytes=uids(seed, kind, np.array([number]), opened)[0])
