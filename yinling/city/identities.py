"""Numbers that point to a person: resident ID (GB 11643, in form only) and telephone.

No number can belong to anybody: IDs start with 99, which is no province, and have an invented area for each village
(so that one village can be built alone and its IDs are still unique); telephones start with 154, which no operator
had been given when this was written.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from yinling.city.draws import Draws, Flags, Ints, draws_for

_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_CHECK = pl.Series(list("10X98765432"), dtype=pl.String)
_AREA_BASE = 990_000
_MOVED_IN = 5_000  # second area of a village, for those whose ID was issued elsewhere
_PHONE_PREFIX, _PHONE_SPACE = 154, 100_000_000
PHONES_PER_VILLAGE = 35_900


def resident_ids(area: Ints, birth: Ints, serial: Ints) -> pl.Series:
    """18-character IDs. `area` has six digits, `birth` is in days since 1970, `serial` is 0 to 999 (odd: a man)."""
    days = birth.astype("datetime64[D]")
    years = days.astype("datetime64[Y]")
    months = days.astype("datetime64[M]")
    year = years.astype(np.int64) + 1970
    month = (months - years.astype("datetime64[M]")).astype(np.int64) + 1
    day = (days - months.astype("datetime64[D]")).astype(np.int64) + 1
    body = ((area * 10_000 + year) * 10_000 + month * 100 + day) * 1_000 + serial
    total, rest = np.zeros(len(body), dtype=np.int64), body.copy()
    for weight in _WEIGHTS[::-1]:
        total += (rest % 10) * weight
        rest //= 10
    return pl.Series(body).cast(pl.String) + _CHECK.gather(total % 11)


def old_ids(ids: pl.Series) -> pl.Series:
    """The 15-digit number that the same person held before 2000: no century, no check character."""
    return ids.str.slice(0, 6) + ids.str.slice(8, 9)


def areas(village_ordinal: Ints, is_moved_in: Flags) -> Ints:
    """The invented six-digit area of an ID."""
    return _AREA_BASE + village_ordinal + np.where(is_moved_in, _MOVED_IN, 0)


def serials(seed: int, area: Ints, birth: Ints, is_man: Flags) -> Ints:
    """Serial numbers, unique among those of one area, birthday and sex (up to 100 such persons)."""
    order = np.lexsort((is_man, birth, area))
    key_changes = np.ones(len(order), dtype=bool)
    key_changes[1:] = (
        (np.diff(area[order]) != 0) | (np.diff(birth[order]) != 0) | (np.diff(is_man[order].astype(np.int8)) != 0)
    )
    starts = np.maximum.accumulate(np.where(key_changes, np.arange(len(order)), 0))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order)) - starts
    first = draws_for(seed, "serial", area, birth + 100_000).below("first", 400)
    return 2 * (first + rank) + is_man


def mobile_numbers(village_ordinal: Ints, slot: Ints) -> pl.Series:
    """Eleven-digit mobile numbers, each (village, slot) another one. Raises ValueError when a village has too many."""
    if len(slot) and slot.max() >= PHONES_PER_VILLAGE:
        raise ValueError(f"A village needs {slot.max() + 1} telephone numbers; it has {PHONES_PER_VILLAGE}.")
    # an affine map modulo 10^8 is one to one because 48,271 shares no factor with 10
    scrambled = ((village_ordinal * PHONES_PER_VILLAGE + slot) * 48_271 + 31_415_926) % _PHONE_SPACE
    return pl.Series(scrambled + _PHONE_PREFIX * _PHONE_SPACE).cast(pl.String)


def land_lines(draws: Draws) -> pl.Series:
    """Numbers of the area code 0745 that start with 9, which subscribers do not get."""
    return "0745-9" + pl.Series(draws.below("land line", 1_000_000)).cast(pl.String).str.zfill(6)
