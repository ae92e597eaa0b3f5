"""Facts about inspections, draws and hazards."""

from dataclasses import dataclass
from typing import ClassVar

from yinling.kernel.events import Event


@dataclass(frozen=True)
class ChecklistLoaded(Event):
    """A checklist came from its pack."""

    kind: ClassVar[str] = "inspections.checklist_loaded"
    subject: ClassVar[str] = "checklist"
    key: str = ""
    version_of_list: str = ""


@dataclass(frozen=True)
class InspectionPlanned(Event):
    """An inspection is to take place."""

    kind: ClassVar[str] = "inspections.planned"
    subject: ClassVar[str] = "inspection"
    institution: str = ""
    what: str = ""
    planned_on: str = ""


@dataclass(frozen=True)
class InspectionStarted(Event):
    """The first thing was written down on site."""

    kind: ClassVar[str] = "inspections.started"
    subject: ClassVar[str] = "inspection"
    institution: str = ""


@dataclass(frozen=True)
class ItemsAnswered(Event):
    """Answers that were given without a signal arrived."""

    kind: ClassVar[str] = "inspections.answered"
    subject: ClassVar[str] = "inspection"
    institution: str = ""
    count: int = 0


@dataclass(frozen=True)
class InspectorCheckedIn(Event):
    """An inspector said to be there."""

    kind: ClassVar[str] = "inspections.checked_in"
    subject: ClassVar[str] = "inspection"
    institution: str = ""
    has_position: bool = False


@dataclass(frozen=True)
class InspectionSigned(Event):
    """An inspector signed; `is_complete` when it was the last signature needed."""

    kind: ClassVar[str] = "inspections.signed"
    subject: ClassVar[str] = "inspection"
    institution: str = ""
    position: int = 0
    is_complete: bool = False
    result: str = ""


@dataclass(frozen=True)
class SignatureRefused(Event):
    """A wrong PIN or password."""

    kind: ClassVar[str] = "inspections.signature_refused"
    subject: ClassVar[str] = "inspection"


@dataclass(frozen=True)
class InspectionVoided(Event):
    """An inspection does not take place, or was a mistake."""

    kind: ClassVar[str] = "inspections.voided"
    subject: ClassVar[str] = "inspection"
    institution: str = ""


@dataclass(frozen=True)
class PhotoAttached(Event):
    """A photo was attached; `same_as` names the earlier photo that is the same picture."""

    kind: ClassVar[str] = "inspections.photo_attached"
    subject: ClassVar[str] = "photo"
    institution: str = ""
    same_as: str = ""


@dataclass(frozen=True)
class InterestDeclared(Event):
    """A user must not inspect a home."""

    kind: ClassVar[str] = "inspections.interest_declared"
    subject: ClassVar[str] = "interest"
    institution: str = ""


@dataclass(frozen=True)
class InterestWithdrawn(Event):
    """The interest is gone."""

    kind: ClassVar[str] = "inspections.interest_withdrawn"
    subject: ClassVar[str] = "interest"
    institution: str = ""


@dataclass(frozen=True)
class DrawOpened(Event):
    """A seed was committed to. The commitment stands in the sealed record before any list exists."""

    kind: ClassVar[str] = "inspections.draw_opened"
    subject: ClassVar[str] = "draw"
    commitment: str = ""


@dataclass(frozen=True)
class DrawClosed(Event):
    """The list is fixed."""

    kind: ClassVar[str] = "inspections.draw_closed"
    subject: ClassVar[str] = "draw"
    list_digest: str = ""


@dataclass(frozen=True)
class DrawRevealed(Event):
    """The witness spoke; homes and inspectors are drawn."""

    kind: ClassVar[str] = "inspections.draw_revealed"
    subject: ClassVar[str] = "draw"
    homes: int = 0


@dataclass(frozen=True)
class DrawAbandoned(Event):
    """The draw does not count. It stays public, with the reason."""

    kind: ClassVar[str] = "inspections.draw_abandoned"
    subject: ClassVar[str] = "draw"


@dataclass(frozen=True)
class HazardFound(Event):
    """Something that may hurt somebody was written down."""

    kind: ClassVar[str] = "inspections.hazard_found"
    subject: ClassVar[str] = "hazard"
    institution: str = ""
    level: str = ""
    origin_kind: str = ""
    origin_uid: str = ""
    is_repeat: bool = False


@dataclass(frozen=True)
class HazardGraded(Event):
    """General or major, after a closer look."""

    kind: ClassVar[str] = "inspections.hazard_graded"
    subject: ClassVar[str] = "hazard"
    level: str = ""


@dataclass(frozen=True)
class NoticeIssued(Event):
    """The home was ordered to remove a hazard."""

    kind: ClassVar[str] = "inspections.notice_issued"
    subject: ClassVar[str] = "hazard"
    number: str = ""
    due_on: str = ""


@dataclass(frozen=True)
class WorkSubmitted(Event):
    """The home says that it is done."""

    kind: ClassVar[str] = "inspections.work_submitted"
    subject: ClassVar[str] = "hazard"


@dataclass(frozen=True)
class HazardReturned(Event):
    """The re-check found it not done."""

    kind: ClassVar[str] = "inspections.hazard_returned"
    subject: ClassVar[str] = "hazard"


@dataclass(frozen=True)
class HazardClosed(Event):
    """Somebody other looked, and it is gone."""

    kind: ClassVar[str] = "inspections.hazard_closed"
    subject: ClassVar[str] = "hazard"
    institution: str = ""
    days: int = 0


@dataclass(frozen=True)
class HazardVoided(Event):
    """It was none."""

    kind: ClassVar[str] = "inspections.hazard_voided"
    subject: ClassVar[str] = "hazard"


@dataclass(frozen=True)
class ExtensionAsked(Event):
    """The home asks for more time."""

    kind: ClassVar[str] = "inspections.extension_asked"
    subject: ClassVar[str] = "hazard"
    until: str = ""


@dataclass(frozen=True)
class ExtensionDecided(Event):
    """More time, or not."""

    kind: ClassVar[str] = "inspections.extension_decided"
    subject: ClassVar[str] = "hazard"
    is_granted: bool = False


@dataclass(frozen=True)
class HazardListed(Event):
    """A major hazard is under supervision by list."""

    kind: ClassVar[str] = "inspections.hazard_listed"
    subject: ClassVar[str] = "hazard"


@dataclass(frozen=True)
class HazardReported(Event):
    """A major hazard was reported to the level above."""

    kind: ClassVar[str] = "inspections.hazard_reported"
    subject: ClassVar[str] = "hazard"


@dataclass(frozen=True)
class PartShut(Event):
    """Part of a home is out of use until the hazard is gone."""

    kind: ClassVar[str] = "inspections.part_shut"
    subject: ClassVar[str] = "hazard"
    institution: str = ""


@dataclass(frozen=True)
class PartReopened(Event):
    """It is in use again."""

    kind: ClassVar[str] = "inspections.part_reopened"
    subject: ClassVar[str] = "hazard"
    institution: str = ""


@dataclass(frozen=True)
class PastLoaded(Event):
    """Inspections and hazards of earlier years came in one batch."""

    kind: ClassVar[str] = "inspections.past_loaded"
    subject: ClassVar[str] = "load"
    inspections: int = 0
    hazards: int = 0
