"""Resident ID numbers as columns: which are valid, which are the same, which are one slip of the finger apart.

GB 11643-1999: 17 digits and a check character; 15-digit numbers of before 1999 lack the century and the check.
Only length, charset, birth date and check are judged; the division in front proves nothing.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

WIDTH = 20
_LENGTH = 18
_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_CHECKS = np.frombuffer(b"10X98765432", dtype=np.uint8)
_ZERO = ord("0")
_SHORTEST_WORTH_COMPARING = 14


@dataclass(frozen=True)
class Documents:
    """Columns: `text` is (n, WIDTH) ASCII padded with 0; `number` the 17 digits of valid ones plus check, else 0."""

    text: NDArray[np.uint8]
    length: Ints
    valid: Flags
    number: Ints  # a valid ID as an integer (X counts as 10); 0 where not valid
    born: Ints  # YYYYMMDD of valid ones, else 0


def encode_documents(documents: pl.Series) -> Documents:
    """Clean, lengthen 15-digit numbers and check. Anything without at least 14 characters counts as unknown."""
    clean = documents.str.normalize("NFKC").str.to_uppercase().str.replace_all(r"[^0-9X]", "")
    clean = clean.set(clean.str.len_chars() < _SHORTEST_WORTH_COMPARING, "").fill_null("")
    packed = np.array(clean.to_list(), dtype=f"S{WIDTH}")
    text = packed.view(np.uint8).reshape(len(packed), WIDTH).copy()
    length = clean.str.len_chars().to_numpy().astype(np.int64).clip(max=WIDTH)
    _lengthen(text, length)
    valid, born = _checked(text, length)
    digits = (text[:, :_LENGTH].astype(np.int64) - _ZERO).clip(0, 9)
    seventeen = digits[:, :17] @ 10 ** np.arange(16, -1, -1, dtype=np.int64)
    return Documents(text, length, valid, np.where(valid, seventeen, 0), np.where(valid, born, 0))


def _lengthen(text: NDArray[np.uint8], length: Ints) -> None:
    old = np.flatnonzero((length == 15) & (text[:, :15] >= _ZERO).all(axis=1) & (text[:, :15] <= _ZERO + 9).all(axis=1))
    text[old, 8:17] = text[old, 6:15]
    text[old, 6:8] = _ZERO + 1, _ZERO + 9
    text[old, 17] = _check_characters(text[old, :17])
    length[old] = _LENGTH


def _check_characters(seventeen: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return _CHECKS[((seventeen.astype(np.int64) - _ZERO) * _WEIGHTS).sum(axis=1) % 11]


def _checked(text: NDArray[np.uint8], length: Ints) -> tuple[Flags, Ints]:
    front = text[:, :17].astype(np.int64) - _ZERO
    all_digits = ((front >= 0) & (front <= 9)).all(axis=1) & (length == _LENGTH)
    born = front[:, 6:14].clip(0, 9) @ 10 ** np.arange(7, -1, -1)
    year, month, day = born // 10_000, born // 100 % 100, born % 100
    in_range = (year >= 1850) & (year < 2100) & (month >= 1) & (month <= 12) & (day >= 1)
    months = np.where(in_range, (year - 1970) * 12 + month - 1, 0).astype("M8[M]")
    days_in_month = ((months + 1).astype("M8[D]") - months.astype("M8[D]")).astype(np.int64)
    right_check = _check_characters(text[:, :17]) == text[:, 17]
    return all_digits & in_range & (day <= days_in_month) & right_check, born


def one_slip_apart(documents: Documents, left: Ints, right: Ints) -> Flags:
    """True for pairs of different numbers that one slip explains: a digit wrong, lost, doubled, two swapped,
    or the last three lost to zeros by a spreadsheet."""
    a, b = documents.text[left], documents.text[right]
    length_a, length_b = documents.length[left], documents.length[right]
    unequal = a != b
    differing = unequal.sum(axis=1)
    first = unequal.argmax(axis=1)
    rows = np.arange(len(a))
    after = np.minimum(first + 1, WIDTH - 1)
    swapped = (differing == 2) & (a[rows, first] == b[rows, after]) & (a[rows, after] == b[rows, first])
    same_length = (length_a == length_b) & ((differing <= 1) | swapped)
    zeros = (a[:, 15:18] == _ZERO).all(axis=1) | (b[:, 15:18] == _ZERO).all(axis=1)
    cut_by_spreadsheet = zeros & ~unequal[:, :15].any(axis=1) & (length_a == length_b)
    shorter_first = length_a < length_b
    short = np.where(shorter_first[:, None], a, b)
    long = np.where(shorter_first[:, None], b, a)
    one_longer = (np.abs(length_a - length_b) == 1) & _without_one(short, long, np.minimum(length_a, length_b))
    return same_length | cut_by_spreadsheet | one_longer


def _without_one(short: NDArray[np.uint8], long: NDArray[np.uint8], length: Ints) -> Flags:
    """True where `short` is `long` with one character left out."""
    prefix = np.cumprod(short == long, axis=1).sum(axis=1)
    tail_equal = np.concatenate([short[:, :-1] == long[:, 1:], np.ones((len(short), 1), bool)], axis=1)
    position = np.arange(WIDTH)
    needed = (position >= prefix[:, None]) & (position < length[:, None])
    return np.asarray((tail_equal | ~needed).all(axis=1))
