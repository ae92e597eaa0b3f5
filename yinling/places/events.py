"""Facts about places."""

from dataclasses import dataclass
from typing import ClassVar

from yinling.kernel.events import Event


@dataclass(frozen=True)
class PlacesLoaded(Event):
    """Divisions were added from a file."""

    kind: ClassVar[str] = "places.loaded"
    added: int = 0


@dataclass(frozen=True)
class PlaceChanged(Event):
    """A division changed its name, code or parent, or was merged into another."""

    kind: ClassVar[str] = "places.changed"
    key: int = 0
    change: str = ""
    into: int = 0


@dataclass(frozen=True)
class PlaceAdded(Event):
    """A division was set up; `split_from` is the one it was cut out of, if any."""

    kind: ClassVar[str] = "places.added"
    key: int = 0
    split_from: int = 0
