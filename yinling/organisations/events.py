"""Facts about organisations."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from yinling.kernel.events import Event


@dataclass(frozen=True)
class OrganisationRegistered(Event):
    """A legal person entered the register."""

    kind: ClassVar[str] = "organisations.registered"
    subject: ClassVar[str] = "organisation"


@dataclass(frozen=True)
class OrganisationChanged(Event):
    """Name, form, address, standing or contact changed; `fields` names which."""

    kind: ClassVar[str] = "organisations.changed"
    subject: ClassVar[str] = "organisation"
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class OrganisationClosed(Event):
    """A legal person ceased to work, on a day."""

    kind: ClassVar[str] = "organisations.closed"
    subject: ClassVar[str] = "organisation"
    on: str = ""


@dataclass(frozen=True)
class OrganisationsMerged(Event):
    """Two records turned out to be one; `into` is the one that stands."""

    kind: ClassVar[str] = "organisations.merged"
    subject: ClassVar[str] = "organisation"
    into: UUID | None = None


@dataclass(frozen=True)
class MergeUndone(Event):
    """Two records turned out to be two after all."""

    kind: ClassVar[str] = "organisations.merge_undone"
    subject: ClassVar[str] = "organisation"
    into: UUID | None = None


@dataclass(frozen=True)
class RoleGiven(Event):
    """An organisation acts as something from a day on."""

    kind: ClassVar[str] = "organisations.role_given"
    subject: ClassVar[str] = "organisation"
    role: str = ""


@dataclass(frozen=True)
class RoleEnded(Event):
    """An organisation no longer acts as something."""

    kind: ClassVar[str] = "organisations.role_ended"
    subject: ClassVar[str] = "organisation"
    role: str = ""


@dataclass(frozen=True)
class IdentifierAdded(Event):
    """An organisation's number in another system became known."""

    kind: ClassVar[str] = "organisations.identifier_added"
    subject: ClassVar[str] = "organisation"
    system: str = ""


@dataclass(frozen=True)
class PhoneSeen(Event):
    """Somebody looked at the telephone number."""

    kind: ClassVar[str] = "organisations.phone_seen"
    subject: ClassVar[str] = "organisation"
