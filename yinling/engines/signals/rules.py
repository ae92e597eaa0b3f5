"""What a rule is: versioned data that says when whom to warn, and by when somebody must answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any

from yinling.engines.signals.conditions import Atom, Composite, Condition
from yinling.kernel.reasons import Words


class Level(IntEnum):
    """How grave an alert is; the highest level that holds is the alert's."""

    BLUE = 0
    YELLOW = 1
    ORANGE = 2
    RED = 3


class Scope(StrEnum):
    """Whose alert it is. Everything below `area` lies inside one care scope, and so inside one shard."""

    DEVICE = "device"
    PERSON = "person"
    ROOM = "room"
    HOUSEHOLD = "household"
    INSTITUTION = "institution"
    AREA = "area"


class GapPolicy(StrEnum):
    """What a gap in the data does. An open alert stays open under all three: a gap is never resolved."""

    HOLD = "hold"  # the last reading still counts
    RESET = "reset"  # counting and waiting start anew
    RAISE = "raise"  # a gap counts as readings that raise


@dataclass(frozen=True, slots=True)
class Gap:
    """No reading of a channel for `after_ms` is a gap."""

    after_ms: int
    policy: GapPolicy


@dataclass(frozen=True, slots=True)
class Window:
    """Local civil time from minute `begins` to minute `ends` of the day, across midnight where it ends earlier.

    `days` are those on which it begins: 0 is Monday.
    """

    begins: int
    ends: int
    days: frozenset[int]


@dataclass(frozen=True, slots=True)
class LevelRule:
    """One level: its condition, who is told, and how soon somebody must have answered."""

    level: Level
    condition: Condition
    addressees: tuple[str, ...]
    deadline_ms: int | None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule in one version. Only verified rules may be called the source's own.

    `never_suppressed` (smoke, gas, SOS, fall): merged into the open alert, raised however late.
    `remind_ms`: an alert that is open and happens again is updated at most this often.
    `held_back_by`: an open alert of that rule about the same institution explains this one.
    """

    key: str
    version: int
    title: Words
    family: str
    scope: Scope
    levels: tuple[LevelRule, ...]
    source: str
    verified: bool
    gap: Gap | None = None
    schedule: tuple[Window, ...] = ()
    remind_ms: int = 0
    never_suppressed: bool = False
    consent: str | None = None
    held_back_by: str | None = None
    tests: tuple[Mapping[str, Any], ...] = ()

    @property
    def atoms(self) -> tuple[Atom, ...]:
        """Every atom of every level, in order."""
        return tuple(atom for level in self.levels for atom in atoms_of(level.condition))

    @property
    def metrics(self) -> frozenset[str]:
        return frozenset(atom.metric for atom in self.atoms)


def atoms_of(condition: Condition) -> tuple[Atom, ...]:
    """The atoms of a condition; none for one over alerts."""
    if isinstance(condition, Atom):
        return (condition,)
    return condition.atoms if isinstance(condition, Composite) else ()
