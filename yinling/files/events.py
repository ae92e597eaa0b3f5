"""Facts about files."""

from dataclasses import dataclass
from typing import ClassVar

from yinling.kernel.events import Event


@dataclass(frozen=True)
class FileStored(Event):
    """A file was put in."""

    kind: ClassVar[str] = "files.stored"
    subject: ClassVar[str] = "file"
    file_kind: str = ""
    about: str = ""
    size: int = 0


@dataclass(frozen=True)
class FileOpened(Event):
    """Somebody looked into a protected file; under which inquiry into abuse, if under any."""

    kind: ClassVar[str] = "files.opened"
    subject: ClassVar[str] = "file"
    about: str = ""
    inquiry: str = ""


@dataclass(frozen=True)
class FileErased(Event):
    """A file's content is gone; its digest stays."""

    kind: ClassVar[str] = "files.erased"
    subject: ClassVar[str] = "file"
    sha256: str = ""
