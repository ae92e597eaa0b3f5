"""Facts about care in shifts, incidents and risks. Ids and codes only."""

from dataclasses import dataclass
from typing import ClassVar

from yinling.kernel.events import Event


@dataclass(frozen=True)
class WardChanged(Event):
    """A ward was opened or closed, or a patrol point put up, replaced or taken down; `what` says which."""

    kind: ClassVar[str] = "shifts.ward_changed"
    subject: ClassVar[str] = "ward"
    what: str = ""


@dataclass(frozen=True)
class PlanChanged(Event):
    """A turning plan, a diet or a medicine order began or ended."""

    kind: ClassVar[str] = "shifts.plan_changed"
    subject: ClassVar[str] = "person"
    what: str = ""
    stay_uid: str = ""


@dataclass(frozen=True)
class CareRecorded(Event):
    """Something due was done. For a meal the subject is the ward, for the rest the record."""

    kind: ClassVar[str] = "shifts.care_recorded"
    subject: ClassVar[str] = "care_record"
    what: str = ""
    rows: int = 1


@dataclass(frozen=True)
class CareTakenBack(Event):
    """A record was a mistake."""

    kind: ClassVar[str] = "shifts.care_taken_back"
    subject: ClassVar[str] = "care_record"


@dataclass(frozen=True)
class MedicineChecked(Event):
    """A second person confirmed a medicine."""

    kind: ClassVar[str] = "shifts.medicine_checked"
    subject: ClassVar[str] = "care_record"


@dataclass(frozen=True)
class CheckRefused(Event):
    """A wrong PIN was given for a second person."""

    kind: ClassVar[str] = "shifts.check_refused"
    subject: ClassVar[str] = "user"


@dataclass(frozen=True)
class HandedOver(Event):
    """A shift ended with a head count."""

    kind: ClassVar[str] = "shifts.handed_over"
    subject: ClassVar[str] = "hand_over"
    institution_uid: str = ""
    expected: int = 0
    not_seen: int = 0


@dataclass(frozen=True)
class TakenOver(Event):
    """The next shift took over."""

    kind: ClassVar[str] = "shifts.taken_over"
    subject: ClassVar[str] = "hand_over"


@dataclass(frozen=True)
class ResidentNotSeen(Event):
    """At the head count nobody had seen a resident who should be in the home. The subject is the person."""

    kind: ClassVar[str] = "shifts.resident_not_seen"
    subject: ClassVar[str] = "person"
    institution_uid: str = ""
    incident_uid: str = ""


@dataclass(frozen=True)
class ShiftClosed(Event):
    """A shift is over; what was not done in it was written down."""

    kind: ClassVar[str] = "shifts.closed"
    subject: ClassVar[str] = "ward"
    day: str = ""
    shift: str = ""
    missed: int = 0


@dataclass(frozen=True)
class IncidentReported(Event):
    """Something happened to somebody in a home."""

    kind: ClassVar[str] = "shifts.incident_reported"
    subject: ClassVar[str] = "incident"
    institution_uid: str = ""
    incident_kind: str = ""
    happened_at: str = ""
    is_late: bool = False
    persons: tuple[str, ...] = ()


@dataclass(frozen=True)
class IncidentCompleted(Event):
    """What happened, what was done and who was told was written down."""

    kind: ClassVar[str] = "shifts.incident_completed"
    subject: ClassVar[str] = "incident"


@dataclass(frozen=True)
class IncidentReviewed(Event):
    """Cause and measures are known."""

    kind: ClassVar[str] = "shifts.incident_reviewed"
    subject: ClassVar[str] = "incident"


@dataclass(frozen=True)
class IncidentClosed(Event):
    """Somebody other agreed with the review."""

    kind: ClassVar[str] = "shifts.incident_closed"
    subject: ClassVar[str] = "incident"


@dataclass(frozen=True)
class IncidentReturned(Event):
    """The review was not enough."""

    kind: ClassVar[str] = "shifts.incident_returned"
    subject: ClassVar[str] = "incident"


@dataclass(frozen=True)
class RisksAssessed(Event):
    """The nine safety risks of a resident were graded. The subject is the person."""

    kind: ClassVar[str] = "shifts.risks_assessed"
    subject: ClassVar[str] = "person"
    stay_uid: str = ""
    high: tuple[str, ...] = ()


@dataclass(frozen=True)
class PastLoaded(Event):
    """Care of past days came in one batch."""

    kind: ClassVar[str] = "shifts.past_loaded"
    subject: ClassVar[str] = "load"
    rows: int = 0
