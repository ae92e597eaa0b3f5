"""Facts about dated values."""

from dataclasses import dataclass
from typing import ClassVar

from yinling.kernel.events import Event


@dataclass(frozen=True)
class ParameterSet(Event):
    """A local value was decided."""

    kind: ClassVar[str] = "reference.parameter_set"
    subject: ClassVar[str] = "parameter"
    key: str = ""


@dataclass(frozen=True)
class ValueVerified(Event):
    """Somebody compared a value or an entry with its source."""

    kind: ClassVar[str] = "reference.verified"
    subject: ClassVar[str] = "reference"
    table: str = ""
    key: str = ""


@dataclass(frozen=True)
class PackValuesLoaded(Event):
    """A pack's file changed values: how many began, changed, ended or went. `uid` is the actor's."""

    kind: ClassVar[str] = "reference.pack_loaded"
    table: str = ""
    pack: str = ""
    added: int = 0
    changed: int = 0
    ended: int = 0
    removed: int = 0
