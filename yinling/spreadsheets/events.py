"""Facts about imports. Counts only; what became of each row lies in the import's file."""

from dataclasses import dataclass
from typing import ClassVar

from yinling.kernel.events import Event


@dataclass(frozen=True)
class ImportEvent(Event):
    """Any fact whose subject is an import."""

    subject: ClassVar[str] = "import"
    register: str = ""


@dataclass(frozen=True)
class RosterUploaded(ImportEvent):
    """A file was let in and waits to be read."""

    kind: ClassVar[str] = "spreadsheets.uploaded"
    rows: int = 0


@dataclass(frozen=True)
class ImportStarted(ImportEvent):
    """Somebody confirmed how the file is read; its rows are being taken."""

    kind: ClassVar[str] = "spreadsheets.started"


@dataclass(frozen=True)
class ImportEnded(ImportEvent):
    """No more rows are taken: done, stopped or failed."""

    kind: ClassVar[str] = "spreadsheets.ended"
    state: str = ""
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    doubt: int = 0
    refused: int = 0
