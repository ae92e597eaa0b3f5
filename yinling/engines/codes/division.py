"""Administrative division codes: twelve digits that nest (GB/T 2260, GB/T 10114, statistics codes below).

431222100203 is a village of the township 431222100000, in the county 431222000000, in the city
431200000000. As integers the places under a division are one range: that is how scope is checked by index.
"""

from enum import StrEnum

from yinling.engines.codes.cells import cell_text
from yinling.kernel.reasons import Reason

DIGITS = 12


class Level(StrEnum):
    """The ladder, from the top."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"


LADDER = tuple(Level)
_SIGNIFICANT = {Level.PROVINCE: 2, Level.CITY: 4, Level.COUNTY: 6, Level.TOWNSHIP: 9, Level.VILLAGE: 12}


def read_division_code(raw: object) -> str | Reason:
    """The twelve-digit code in a cell; shorter codes of a whole level (2, 4, 6, 9 digits) are filled with 0."""
    text = cell_text(raw)
    if isinstance(text, Reason):
        return text
    if not (text.isascii() and text.isdigit()) or len(text) not in _SIGNIFICANT.values():
        return Reason(
            "The division code is {code}; it must have 12 digits (or 2, 4, 6 or 9 for a province, city, county "
            "or township). Correct the cell.",
            code=text or "—",
        )
    return text.ljust(DIGITS, "0")


def level_of(code: str) -> Level:
    """The level of a twelve-digit code, by its zeros.

    A city without counties has townships whose county digits are zero; they are townships all the same.
    """
    for level in LADDER:
        if code.endswith("0" * (DIGITS - _SIGNIFICANT[level])):
            return level
    return Level.VILLAGE


def parent_code(code: str) -> str | None:
    """The twelve-digit code one level up, None above a province."""
    level = level_of(code)
    if level is Level.PROVINCE:
        return None
    above = LADDER[LADDER.index(level) - 1]
    return code[: _SIGNIFICANT[above]].ljust(DIGITS, "0")


def ancestors(code: str) -> list[str]:
    """The codes above, nearest first."""
    found: list[str] = []
    above = parent_code(code)
    while above is not None:
        found.append(above)
        above = parent_code(above)
    return found


def key_range(key: int, level: Level | str) -> tuple[int, int]:
    """First and last key (both included) of the places in and under the division with this key.

    A county K covers K to K + 10**6 - 1, a village itself. The level is given, not guessed from zeros:
    keys never change, while the official code may have.
    """
    return key, key + 10 ** (DIGITS - _SIGNIFICANT[Level(level)]) - 1


def is_within(key: int, division_key: int, level: Level | str) -> bool:
    """Whether the place with `key` is the division or lies under it."""
    first, last = key_range(division_key, level)
    return first <= key <= last


def short_code(code: str) -> str:
    """The digits that mean something at the code's level: 431222000000 → 431222."""
    return code[: _SIGNIFICANT[level_of(code)]]
