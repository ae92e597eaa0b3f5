"""The values that components take: plain, frozen, made by views. Geometry is in `drawings`."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Chip:
    """One filter: the value that goes into the address, its words, how many rows it has."""

    value: str
    label: str
    count: int | None = None
    icon: str = ""


@dataclass(frozen=True)
class Crumb:
    """One place on the way here; no `url` for the last one."""

    label: str
    url: str = ""


@dataclass(frozen=True)
class Step:
    """One step of a duty's loop. `state`: done, now (where it stuck), or "" (to come). `at` is words, "" shows —."""

    label: str
    at: str = ""
    state: str = ""


@dataclass(frozen=True)
class Share:
    """One part of a whole. `tone`: made, changed, same, doubt, bad."""

    label: str
    count: int
    tone: str


@dataclass(frozen=True)
class Tile:
    """One county on the schematic map. `tone`: red, orange, yellow, blue (warnings), q1 to q4 (how many), or "".

    `row` (1 to 8) and `column` (1 to 5) say where the square stands; `words` are read out after the number.
    """

    name: str
    value: str
    url: str
    row: int
    column: int
    tone: str = ""
    late: int = 0
    words: str = ""
    is_current: bool = False


@dataclass(frozen=True)
class Figure:
    """One figure of a division: `value` and `change` are words already; `is_good` colours the change.

    `history`: the last months' values, oldest first, for the spark line. `direction`: up, down or "".
    """

    label: str
    value: str
    url: str = ""
    unit: str = ""
    change: str = ""
    direction: str = ""
    is_good: bool | None = None
    history: Sequence[float] = ()
    why: str = ""
