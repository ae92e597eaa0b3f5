"""A million resident IDs at once: the same answers as `read_resident_id`, most of them by columns.

Eighteen plain characters are checked as a matrix; whatever does not pass goes through the one-by-one
reader, which also finds the words for the refusal. So there is one place that decides and one that is fast.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from yinling.engines.codes.resident_id import (
    CHECK_CHARACTERS,
    OLDEST_BIRTH_YEAR,
    WEIGHTS,
    ResidentId,
    read_resident_id,
)
from yinling.kernel.reasons import Reason

_ROWS_AT_ONCE = 100_000  # 8 MB of characters: stays near the cache
_WEIGHTS = np.array(WEIGHTS, dtype=np.int32)
_CHECKS = np.frombuffer(CHECK_CHARACTERS.encode(), dtype=np.uint8).astype(np.int32)
_TENS = np.array([1000, 100, 10, 1, 10, 1, 10, 1], dtype=np.int32)
_MONTH_LENGTHS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], dtype=np.int32)


@dataclass(frozen=True, slots=True)
class ResidentIdColumns:
    """Row by row, in the order given.

    `numbers`: the eighteen characters, None where empty or refused. `birth_dates`: datetime64[D], NaT where
    none. `sexes`: 1 male, 2 female, 0 none. `reasons`: row → why refused; an empty cell is in neither.
    `from_15_digits`: rows that held an old number.
    """

    numbers: list[str | None]
    birth_dates: NDArray[np.datetime64]
    sexes: NDArray[np.int8]
    reasons: dict[int, Reason]
    from_15_digits: list[int]


def read_resident_ids(cells: Sequence[object], *, on: date | None = None) -> ResidentIdColumns:
    """Read a column of cells (text, int, float or None). `on`: births after this day are refused."""
    rows = len(cells)
    result = ResidentIdColumns(
        numbers=[None] * rows,
        birth_dates=np.full(rows, np.datetime64("NaT"), dtype="datetime64[D]"),
        sexes=np.zeros(rows, dtype=np.int8),
        reasons={},
        from_15_digits=[],
    )
    latest = np.datetime64(on or date.max, "D")
    for start in range(0, rows, _ROWS_AT_ONCE):
        _read_block(cells[start : start + _ROWS_AT_ONCE], start, latest, on, result)
    return result


def _read_block(
    cells: Sequence[object], start: int, latest: np.datetime64, on: date | None, result: ResidentIdColumns
) -> None:
    plain = [cell if isinstance(cell, str) and len(cell) == 18 and cell.isascii() else "0" * 18 for cell in cells]
    passed, births, sexes = _check_matrix(plain, latest)
    end = start + len(plain)
    result.birth_dates[start:end] = np.where(passed, births, np.datetime64("NaT"))
    result.sexes[start:end] = np.where(passed, sexes, 0)
    result.numbers[start:end] = plain
    for offset in np.flatnonzero(~passed).tolist():
        result.numbers[start + offset] = None
        _read_one(cells[offset], start + offset, on, result)


def _check_matrix(
    plain: list[str], latest: np.datetime64
) -> tuple[NDArray[np.bool_], NDArray[np.datetime64], NDArray[np.int8]]:
    """Which rows are right as they stand, their birth dates (datetime64[D]) and sexes."""
    characters = np.frombuffer("".join(plain).encode("ascii"), dtype=np.uint8).reshape(-1, 18)
    digits = characters[:, :17].astype(np.int32) - ord("0")
    are_digits = ((digits >= 0) & (digits <= 9)).all(axis=1)
    checks_agree = _CHECKS[(digits @ _WEIGHTS) % 11] == characters[:, 17]
    dates = digits[:, 6:14] * _TENS
    years, months, days = dates[:, :4].sum(axis=1), dates[:, 4:6].sum(axis=1), dates[:, 6:].sum(axis=1)
    in_year = (years >= OLDEST_BIRTH_YEAR) & (years <= 9999) & (months >= 1) & (months <= 12)
    safe_months, safe_years = np.where(in_year, months, 1), np.where(in_year, years, 2000)
    leap = (safe_years % 4 == 0) & ((safe_years % 100 != 0) | (safe_years % 400 == 0))
    lengths = _MONTH_LENGTHS[safe_months] + (leap & (safe_months == 2))
    dates_exist = in_year & (days >= 1) & (days <= lengths)
    month_starts = ((safe_years - 1970) * 12 + safe_months - 1).astype("datetime64[M]")
    births = month_starts.astype("datetime64[D]") + np.where(dates_exist, days - 1, 0).astype("timedelta64[D]")
    passed = are_digits & checks_agree & dates_exist & (births <= latest)
    return passed, births, (2 - digits[:, 16] % 2).astype(np.int8)


def _read_one(cell: object, row: int, on: date | None, result: ResidentIdColumns) -> None:
    if cell is None or cell == "" or (isinstance(cell, str) and not cell.strip()):
        return
    found = read_resident_id(cell, on=on)
    if isinstance(found, Reason):
        result.reasons[row] = found
        return
    _keep(found, row, result)


def _keep(found: ResidentId, row: int, result: ResidentIdColumns) -> None:
    result.numbers[row] = found.number
    result.birth_dates[row] = np.datetime64(found.birth_date, "D")
    result.sexes[row] = int(found.sex)
    if found.was_15_digits:
        result.from_15_digits.append(row)
