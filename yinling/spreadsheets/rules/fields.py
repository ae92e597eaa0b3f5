"""What a register can take from a roster, and what can be wrong with a cell."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from yinling.kernel.reasons import Reason


class Kind(StrEnum):
    """How the cells of a field are to be read; the value that comes out stands behind it."""

    TEXT = "text"  # str, outer and double blanks gone, full-width letters and digits made half-width
    NAME = "name"  # str, one person
    ID_NUMBER = "id_number"  # str, digits and capital letters; its checksum is for `engines.codes`
    PHONES = "phones"  # tuple[str, ...] of digits
    DATE = "date"  # LooseDate
    YES_NO = "yes_no"  # bool
    SEX = "sex"  # "male", "female" or "unknown"
    INTEGER = "integer"  # int
    DECIMAL = "decimal"  # Decimal


class Level(StrEnum):
    """How much a finding matters to its row."""

    REFUSE = "refuse"  # the row cannot be taken
    DOUBT = "doubt"  # the row can be taken once somebody has looked
    NOTE = "note"  # the row is taken; the clerk is told


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a register takes from a roster.

    `synonyms` are further headers that clerks write. A bad cell in a field that `refuses` refuses its
    row; in any other field the value is left out and the clerk is told.
    """

    key: str
    title_zh: str
    title_en: str
    kind: Kind = Kind.TEXT
    synonyms: tuple[str, ...] = ()
    is_required: bool = False
    refuses: bool = field(default=False)

    @property
    def is_strict(self) -> bool:
        """Whether a bad cell refuses the row."""
        return self.refuses or self.is_required or self.kind in (Kind.NAME, Kind.ID_NUMBER)


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with one cell, what to do, and the value that can still be used (None if there is none).

    Reasons never carry a whole name, ID or telephone number: they are stored and shown outside the register.
    """

    level: Level
    reason: Reason
    next_step: Reason
    value: Any = None

    @staticmethod
    def refuse(reason: Reason, next_step: Reason) -> "Finding":
        """The cell cannot be used at all."""
        return Finding(Level.REFUSE, reason, next_step)

    @staticmethod
    def doubt(reason: Reason, next_step: Reason, value: Any) -> "Finding":
        """The cell can be used, but a person should look."""
        return Finding(Level.DOUBT, reason, next_step, value)

    @staticmethod
    def note(reason: Reason, next_step: Reason, value: Any) -> "Finding":
        """The cell can be used as `value`; the clerk is told what was made of it."""
        return Finding(Level.NOTE, reason, next_step, value)


@dataclass(frozen=True, slots=True, order=True)
class LooseDate:
    """A date as people know it: to the day, the month or the year; in the solar or the lunar calendar.

    A lunar date is kept as written. It is not converted: the roster rarely says which leap month, and a
    wrong solar date is worse than a known uncertainty.
    """

    year: int
    month: int | None = None
    day: int | None = None
    is_lunar: bool = False

    @property
    def date(self) -> date | None:
        """The civil date, if it is known to the day and solar."""
        if self.is_lunar or self.month is None or self.day is None:
            return None
        return date(self.year, self.month, self.day)

    def __str__(self) -> str:
        parts = (f"{self.year:04}", *(f"{part:02}" for part in (self.month, self.day) if part is not None))
        return ("农历" if self.is_lunar else "") + "-".join(parts)
