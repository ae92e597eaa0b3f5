"""Reads the ladders of the packs: `packs/national/ladders.yaml`, then the city's own, which replaces by name.

A ladder that misses a word, or names an unknown level or unit, stops the start with the file and the key in the
message: a duty without a clock would be forgotten.
"""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from yinling.kernel.clock import CITY_ZONE
from yinling.kernel.reasons import Words
from yinling.reference.queries import MissingParameter, is_working_day, parameter
from yinling.worklist.rules import LEVELS, Calendar, Delay, Ladder, Step, Unit

Hours = tuple[tuple[dt.time, dt.time], ...]


class BrokenLadders(ValueError):
    """A ladder file does not say what it must; the message names file and key."""


@dataclass(frozen=True)
class Ladders:
    """All ladders in force, their titles, the role that does the work at each level, default office hours."""

    ladders: dict[str, Ladder]
    titles: dict[str, Words]
    roles: dict[str, str]
    hours: Hours
    is_verified: bool

    def level_of(self, role: str) -> str:
        """The level at which a role works; village for a role that no ladder names."""
        return next((level for level, named in self.roles.items() if named == role), LEVELS[0])


def load_ladders(*paths: Path) -> Ladders:
    """The ladders of one or more files, later files replacing by name. Raises BrokenLadders."""
    merged: dict[str, Any] = {"ladders": {}, "roles": {}, "verified": True, "office_hours": []}
    for path in paths:
        read = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        merged["ladders"] |= {key: (path, data) for key, data in (read.get("ladders") or {}).items()}
        merged["roles"] |= read.get("roles") or {}
        merged["office_hours"] = read.get("office_hours") or merged["office_hours"]
        merged["verified"] = merged["verified"] and bool(read.get("verified"))
    roles: dict[str, str] = merged["roles"]
    return Ladders(
        ladders={key: _ladder(path, key, data, roles) for key, (path, data) in merged["ladders"].items()},
        titles={key: Words(**data["title"]) for key, (_, data) in merged["ladders"].items()},
        roles=roles,
        hours=_hours(merged["office_hours"]),
        is_verified=merged["verified"],
    )


def _ladder(path: Path, key: str, data: dict[str, Any], roles: dict[str, str]) -> Ladder:
    try:
        steps = [
            Step(step["level"], step.get("role") or roles[step["level"]], _delay(step["after"]))
            for step in data.get("steps", ())
        ]
        ranks = [LEVELS.index(step.level) for step in steps]
        if ranks != sorted(set(ranks)):
            raise ValueError("steps must climb")
        return Ladder(key, _delay(data["due"]), tuple(steps))
    except (KeyError, ValueError, TypeError) as error:
        raise BrokenLadders(f"{path}: ladder {key!r}: {error}") from error


def _delay(data: dict[str, int]) -> Delay:
    ((unit, amount),) = data.items()
    if int(amount) < 0:
        raise ValueError(f"{unit}: {amount} is negative")
    return Delay(int(amount), Unit(unit))


def _hours(spans: list[list[str]]) -> Hours:
    return tuple((dt.time.fromisoformat(begin), dt.time.fromisoformat(end)) for begin, end in spans)


def ladders() -> Ladders:
    """The ladders of this city: the nation's, then its own pack's. Read again when a file changes."""
    files = [settings.PACKS_DIR / "national" / "ladders.yaml", settings.PACKS_DIR / settings.CITY_PACK / "ladders.yaml"]
    present = tuple(path for path in files if path.exists())
    return _read(present, tuple(path.stat().st_mtime_ns for path in present))


@lru_cache(maxsize=4)
def _read(paths: tuple[Path, ...], changed: tuple[int, ...]) -> Ladders:
    return load_ladders(*paths)


def ladder(key: str) -> Ladder:
    """One ladder. Raises KeyError for a name no pack knows: a programming mistake, not a refusal."""
    return ladders().ladders[key]


def calendar() -> Calendar:
    """The city's working time: its holiday table and the office hours in force today."""
    try:
        hours = _hours(parameter("working_hours"))
    except MissingParameter:
        hours = ladders().hours
    return Calendar(is_working_day, hours, CITY_ZONE)
