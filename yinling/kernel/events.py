"""Facts announced: the base of every module's events. Past tense, ids and values only, never protected text."""

import datetime as dt
from dataclasses import dataclass, fields
from typing import Any, ClassVar
from uuid import UUID


@dataclass(frozen=True)
class Event:
    """A fact. `uid` is the subject's. Subclasses add fields and set `kind`, the name that is stored.

    Changes to a stored event are additive; when that is not enough, raise `version` and keep an upcaster.
    """

    kind: ClassVar[str] = ""
    version: ClassVar[int] = 1
    subject: ClassVar[str] = ""

    uid: UUID

    def data(self) -> dict[str, Any]:
        """The fields besides the subject, as JSON values."""
        return {f.name: _plain(getattr(self, f.name)) for f in fields(self) if f.name != "uid"}


def _plain(value: Any) -> Any:
    """Dates and uids as text; the rest as it is."""
    return str(value) if isinstance(value, UUID | dt.date | dt.datetime) else value
