"""Facts about institutions, beds and stays. Ids and codes only."""

from dataclasses import dataclass
from typing import ClassVar

from yinling.kernel.events import Event


@dataclass(frozen=True)
class InstitutionEvent(Event):
    """Something about an institution."""

    subject: ClassVar[str] = "institution"


@dataclass(frozen=True)
class InstitutionRegistered(InstitutionEvent):
    """A site entered the register."""

    kind: ClassVar[str] = "institutions.registered"
    institution_kind: str = ""


@dataclass(frozen=True)
class InstitutionChanged(InstitutionEvent):
    """Facts on file changed; `fields` names which."""

    kind: ClassVar[str] = "institutions.changed"
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class InstitutionClosed(InstitutionEvent):
    """A site ceased to work on a day."""

    kind: ClassVar[str] = "institutions.closed"
    on: str = ""


@dataclass(frozen=True)
class InstitutionsLoaded(InstitutionEvent):
    """A bulk load wrote rows by table."""

    kind: ClassVar[str] = "institutions.loaded"
    rows: dict[str, int] | None = None


@dataclass(frozen=True)
class ListTakenOut(InstitutionEvent):
    """A list left as a workbook."""

    kind: ClassVar[str] = "institutions.exported"


@dataclass(frozen=True)
class LicenceRecorded(InstitutionEvent):
    """A licence was entered or renewed."""

    kind: ClassVar[str] = "institutions.licence_recorded"
    licence_kind: str = ""
    expires_on: str = ""


@dataclass(frozen=True)
class StaffChanged(InstitutionEvent):
    """Somebody came, left, or got a certificate."""

    kind: ClassVar[str] = "institutions.staff_changed"
    staff_uid: str = ""
    what: str = ""


@dataclass(frozen=True)
class BedsAdded(InstitutionEvent):
    """Beds were set up."""

    kind: ClassVar[str] = "institutions.beds_added"
    count: int = 0


@dataclass(frozen=True)
class BedStateSet(Event):
    """A bed became usable, under repair or closed on a day."""

    kind: ClassVar[str] = "institutions.bed_state_set"
    subject: ClassVar[str] = "bed"
    state: str = ""
    on: str = ""


@dataclass(frozen=True)
class StayEvent(Event):
    """Something about a person's life in a home: the subject is the person."""

    subject: ClassVar[str] = "person"
    institution_uid: str = ""
    stay_uid: str = ""


@dataclass(frozen=True)
class AdmissionApplied(StayEvent):
    """Somebody applied for a place."""

    kind: ClassVar[str] = "institutions.applied"


@dataclass(frozen=True)
class AdmissionDecided(StayEvent):
    """An application was decided: waiting, refused or withdrawn."""

    kind: ClassVar[str] = "institutions.decided"
    state: str = ""
    priority: int = 0


@dataclass(frozen=True)
class BedReserved(StayEvent):
    """A bed was reserved for an application, or released."""

    kind: ClassVar[str] = "institutions.bed_reserved"
    bed_uid: str = ""
    is_released: bool = False


@dataclass(frozen=True)
class Admitted(StayEvent):
    """A stay began."""

    kind: ClassVar[str] = "institutions.admitted"
    bed_uid: str = ""


@dataclass(frozen=True)
class BedMoved(StayEvent):
    """A resident moved to another bed of the home."""

    kind: ClassVar[str] = "institutions.bed_moved"
    bed_uid: str = ""


@dataclass(frozen=True)
class Discharged(StayEvent):
    """A stay ended: the person has left."""

    kind: ClassVar[str] = "institutions.discharged"
    leaving_reason: str = ""


@dataclass(frozen=True)
class DischargeCorrected(StayEvent):
    """The instant of leaving was corrected."""

    kind: ClassVar[str] = "institutions.discharge_corrected"


@dataclass(frozen=True)
class StayVoided(StayEvent):
    """A stay was entered by mistake and never took place."""

    kind: ClassVar[str] = "institutions.stay_voided"


@dataclass(frozen=True)
class WentOut(StayEvent):
    """A resident went out for a while."""

    kind: ClassVar[str] = "institutions.went_out"
    leave_kind: str = ""


@dataclass(frozen=True)
class CameBack(StayEvent):
    """A resident came back."""

    kind: ClassVar[str] = "institutions.came_back"
