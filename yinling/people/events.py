"""Facts about persons. Ids and plain codes only."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from yinling.kernel.actors import Actor
from yinling.kernel.events import Event


@dataclass(frozen=True)
class PersonEvent(Event):
    """Any fact whose subject is a person."""

    subject: ClassVar[str] = "person"


@dataclass(frozen=True)
class PersonRegistered(PersonEvent):
    """A file was opened."""

    kind: ClassVar[str] = "people.registered"
    source: str = ""


@dataclass(frozen=True)
class PersonCorrected(PersonEvent):
    """Fields of the card changed."""

    kind: ClassVar[str] = "people.corrected"
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class PersonMoved(PersonEvent):
    """The person lives elsewhere from a day on."""

    kind: ClassVar[str] = "people.moved"
    from_key: int = 0
    to_key: int = 0


@dataclass(frozen=True)
class PersonDied(PersonEvent):
    """A death was registered."""

    kind: ClassVar[str] = "people.died"
    died_on: str = ""


@dataclass(frozen=True)
class DeathReversed(PersonEvent):
    """The registration of a death was a mistake and is taken back."""

    kind: ClassVar[str] = "people.death_reversed"


@dataclass(frozen=True)
class CategoryJoined(PersonEvent):
    """The person belongs to a category from a day on."""

    kind: ClassVar[str] = "people.category_joined"
    category: str = ""


@dataclass(frozen=True)
class CategoryLeft(PersonEvent):
    """The person no longer belongs to a category."""

    kind: ClassVar[str] = "people.category_left"
    category: str = ""


@dataclass(frozen=True)
class FilesMerged(PersonEvent):
    """This file is the same person as another, which is canonical from now on."""

    kind: ClassVar[str] = "people.merged"
    into: str = ""


@dataclass(frozen=True)
class MergeUndone(PersonEvent):
    """The files are two persons after all."""

    kind: ClassVar[str] = "people.merge_undone"
    from_: str = ""


@dataclass(frozen=True)
class TransferSent(PersonEvent):
    """A person is being handed to another county."""

    kind: ClassVar[str] = "people.transfer_sent"
    to_key: int = 0


@dataclass(frozen=True)
class TransferAnswered(PersonEvent):
    """The other county received the person, or sent the case back."""

    kind: ClassVar[str] = "people.transfer_answered"
    received: bool = True


@dataclass(frozen=True)
class ProtectedLooked(PersonEvent):
    """Somebody opened protected data; the reason is on the change."""

    kind: ClassVar[str] = "people.looked"
    items: tuple[str, ...] = ()
    inquiry: str = ""


@dataclass(frozen=True)
class InquiryOpened(Event):
    """An inquiry into abuse was opened. Names the inquiry, never the person."""

    kind: ClassVar[str] = "people.inquiry_opened"
    subject: ClassVar[str] = "inquiry"


@dataclass(frozen=True)
class InquiryClosed(Event):
    """An inquiry into abuse was closed."""

    kind: ClassVar[str] = "people.inquiry_closed"
    subject: ClassVar[str] = "inquiry"
    outcome: str = ""


@dataclass(frozen=True)
class GrantOpened(PersonEvent):
    """A user may see this person for a time."""

    kind: ClassVar[str] = "people.grant_opened"
    ground: str = ""


@dataclass(frozen=True)
class GrantClosed(PersonEvent):
    """A grant ended."""

    kind: ClassVar[str] = "people.grant_closed"
    ground: str = ""


@dataclass(frozen=True)
class RosterApplied(Event):
    """One batch of an imported roster was written: how many rows of each outcome."""

    kind: ClassVar[str] = "people.roster_applied"
    subject: ClassVar[str] = "import"
    rows: int = 0
    created: int = 0
    updated: int = 0
    doubts: int = 0


@dataclass(frozen=True)
class NamesShown(Event):
    """Somebody opened full names in lists for a while; the reason is on the change."""

    kind: ClassVar[str] = "people.names_shown"
    subject: ClassVar[str] = "user"


@dataclass(frozen=True)
class ListExported(Event):
    """Somebody took a list of persons out of the register; the reason is on the change."""

    kind: ClassVar[str] = "people.list_exported"
    subject: ClassVar[str] = "user"

    @classmethod
    def by(cls, actor: Actor) -> "ListExported":
        """The event of this actor."""
        return cls(uid=UUID(str(actor.uid)))


@dataclass(frozen=True)
class HospitalStayRecorded(PersonEvent):
    """A list told of a stay in hospital."""

    kind: ClassVar[str] = "people.hospital_stay_recorded"


@dataclass(frozen=True)
class ResidenceRegistered(PersonEvent):
    """The household is registered elsewhere from a day on."""

    kind: ClassVar[str] = "people.residence_registered"
    to_key: int = 0


@dataclass(frozen=True)
class ListJudged(Event):
    """An edition of a department's list was compared with what stood before."""

    kind: ClassVar[str] = "people.list_judged"
    subject: ClassVar[str] = "list"
    register: str = ""
    month: str = ""
    left: int = 0
