"""How soon an alert must be answered: `packs/national/response.yaml`, then the city's own, which replaces by name."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from yinling.supervision.rules import LEVELS

STAGES = ("acknowledge", "on_site", "resolve", "verify")


@dataclass(frozen=True)
class Deadlines:
    """Minutes from one step to the next, how often is asked again, which ladder its clock climbs."""

    acknowledge: int
    on_site: int
    resolve: int
    verify: int
    ask_every: int
    ladder: str

    def length(self, stage: str) -> dt.timedelta:
        """How long a stage may take."""
        return dt.timedelta(minutes=getattr(self, stage))


@dataclass(frozen=True)
class Telling:
    """Limits of messages to one receiver, and how long alerts of one family are one message."""

    most_messages: int
    within_minutes: int
    group_minutes: int
    most_by_channel: Mapping[str, int] = field(default_factory=dict)


def deadlines(family: str, level: int) -> Deadlines:
    """What holds for alerts of a family at a level."""
    data, name = _data(), LEVELS[level]
    return Deadlines(**(data["levels"][name] | data["families"].get(family, {}).get(name, {})))


def telling() -> Telling:
    """Limits of messages."""
    return Telling(**_data()["telling"])


def channels(level: int) -> tuple[str, ...]:
    """Ways out of the platform on which alerts of a level are told besides."""
    return tuple(_data()["channels"].get(LEVELS[level], ()))


def is_verified() -> bool:
    """Whether an office has signed the deadlines."""
    return bool(_data()["verified"])


def _data() -> dict[str, Any]:
    files = [settings.PACKS_DIR / name / "response.yaml" for name in ("national", settings.CITY_PACK)]
    present = tuple(path for path in files if path.exists())
    return _read(present, tuple(path.stat().st_mtime_ns for path in present))


@lru_cache(maxsize=4)
def _read(paths: tuple[Path, ...], changed: tuple[int, ...]) -> dict[str, Any]:
    """The files merged, later ones replacing; every level is complete. Raises KeyError naming what is missing."""
    merged: dict[str, Any] = {"levels": {}, "families": {}, "telling": {}, "channels": {}, "verified": True}
    for path in paths:
        read = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        for part in ("levels", "families", "telling", "channels"):
            merged[part] |= read.get(part) or {}
        merged["verified"] = merged["verified"] and bool(read.get("verified"))
    for name in LEVELS:
        Deadlines(**merged["levels"][name])
    return merged
