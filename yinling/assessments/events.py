"""Facts about assessments. Ids, dates and levels only."""

from dataclasses import dataclass
from typing import ClassVar

from yinling.kernel.events import Event


@dataclass(frozen=True)
class AssessmentEvent(Event):
    """Any fact whose subject is an assessment; `person` is the uid of the person assessed."""

    subject: ClassVar[str] = "assessment"
    person: str = ""


@dataclass(frozen=True)
class AssessmentPlanned(AssessmentEvent):
    """An assessment is to take place."""

    kind: ClassVar[str] = "assessments.planned"
    instrument: str = ""
    planned_on: str = ""


@dataclass(frozen=True)
class AssessmentSaved(AssessmentEvent):
    """Answers were written down; so many are still missing."""

    kind: ClassVar[str] = "assessments.saved"
    missing: int = 0


@dataclass(frozen=True)
class AssessmentSigned(AssessmentEvent):
    """An assessor signed; `position` 1 or 2, `is_complete` when no further signature is needed."""

    kind: ClassVar[str] = "assessments.signed"
    position: int = 1
    is_complete: bool = False


@dataclass(frozen=True)
class SignatureFellAway(AssessmentEvent):
    """The content changed after an assessor had signed, so the signature no longer counts."""

    kind: ClassVar[str] = "assessments.signature_fell_away"
    assessor: str = ""


@dataclass(frozen=True)
class ResultRecorded(AssessmentEvent):
    """A result made elsewhere was written down from paper."""

    kind: ClassVar[str] = "assessments.recorded"
    instrument: str = ""


@dataclass(frozen=True)
class ResultsLoaded(Event):
    """One batch of finished results was written."""

    kind: ClassVar[str] = "assessments.results_loaded"
    subject: ClassVar[str] = "import"
    instrument: str = ""
    rows: int = 0


@dataclass(frozen=True)
class AssessmentVoided(AssessmentEvent):
    """The assessment no longer counts; the reason is on the change."""

    kind: ClassVar[str] = "assessments.voided"


@dataclass(frozen=True)
class EvidenceAdded(AssessmentEvent):
    """A photo, a video or a signed sheet was attached."""

    kind: ClassVar[str] = "assessments.evidence_added"
    what: str = ""


@dataclass(frozen=True)
class LevelChanged(Event):
    """The level of a person on a scale is another one. `uid` is the person's; `old` is None for the first level,
    `new` is None when the only assessment was voided."""

    kind: ClassVar[str] = "assessments.level_changed"
    subject: ClassVar[str] = "person"
    old: int | None = None
    new: int | None = None
    instrument: str = ""


@dataclass(frozen=True)
class ConditionReported(Event):
    """Somebody saw that a person's ability changed."""

    kind: ClassVar[str] = "assessments.condition_reported"
    subject: ClassVar[str] = "person"
    report: str = ""


@dataclass(frozen=True)
class ConditionRead(Event):
    """Somebody who plans the assessment read what was reported about a person."""

    kind: ClassVar[str] = "assessments.condition_read"
    subject: ClassVar[str] = "person"
    reports: int = 0


@dataclass(frozen=True)
class CertificateRegistered(Event):
    """A user holds an assessor's certificate."""

    kind: ClassVar[str] = "assessments.certificate_registered"
    subject: ClassVar[str] = "user"
    valid_to: str = ""


@dataclass(frozen=True)
class SignatureRefused(Event):
    """A wrong PIN or password was given for a signature."""

    kind: ClassVar[str] = "assessments.signature_refused"
    subject: ClassVar[str] = "assessment"


@dataclass(frozen=True)
class InstrumentLoaded(Event):
    """A scale was loaded from a pack, or replaced by a corrected reading of it."""

    kind: ClassVar[str] = "assessments.instrument_loaded"
    subject: ClassVar[str] = "instrument"
    key: str = ""
    version_of_scale: str = ""


@dataclass(frozen=True)
class AssessmentsExported(Event):
    """A list left the platform; the reason is on the change."""

    kind: ClassVar[str] = "assessments.exported"
    subject: ClassVar[str] = "user"
    rows: int = 0
