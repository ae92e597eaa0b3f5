"""Facts about packs."""

from dataclasses import dataclass
from typing import ClassVar

from yinling.kernel.events import Event


@dataclass(frozen=True)
class PackLoaded(Event):
    """A pack's files were brought into the modules, all of them or none."""

    kind: ClassVar[str] = "packs.loaded"
    subject: ClassVar[str] = "pack"
    pack: str = ""
    edition: str = ""
    differences: int = 0
