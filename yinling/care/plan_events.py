"""Facts about plans and home beds: ids, codes, days. `events` is the door."""

from dataclasses import dataclass
from typing import ClassVar

from yinling.kernel.events import Event


@dataclass(frozen=True)
class TemplateLoaded(Event):
    """A template of plans was loaded from a pack, or replaced by a corrected reading."""

    kind: ClassVar[str] = "care.template_loaded"
    subject: ClassVar[str] = "plan_template"
    key: str = ""
    version_of_template: str = ""


@dataclass(frozen=True)
class PlanEvent(Event):
    """Any fact whose subject is a plan; `person` is the uid of the person it is for."""

    subject: ClassVar[str] = "care_plan"
    person: str = ""


@dataclass(frozen=True)
class PlanWritten(PlanEvent):
    """A plan was begun."""

    kind: ClassVar[str] = "care.plan_written"
    programme: str = ""
    template: str = ""


@dataclass(frozen=True)
class PlanChanged(PlanEvent):
    """A goal, a service or a part was added or ended; `what` says which."""

    kind: ClassVar[str] = "care.plan_changed"
    what: str = ""
    row: str = ""


@dataclass(frozen=True)
class PlanAgreed(PlanEvent):
    """A plan was agreed, under a consent; its partners were let in."""

    kind: ClassVar[str] = "care.plan_agreed"
    consent: str = ""


@dataclass(frozen=True)
class PlanReviewed(PlanEvent):
    """A plan was looked at again."""

    kind: ClassVar[str] = "care.plan_reviewed"
    cause: str = ""
    result: str = ""


@dataclass(frozen=True)
class PlanEnded(PlanEvent):
    """A plan ended; partners see it no more."""

    kind: ClassVar[str] = "care.plan_ended"


@dataclass(frozen=True)
class GoalMeasured(PlanEvent):
    """A value of a goal's measure was written down."""

    kind: ClassVar[str] = "care.goal_measured"
    goal: str = ""
    on: str = ""


@dataclass(frozen=True)
class SessionEvent(Event):
    """Any fact whose subject is a session; `person` is the uid of the person it was planned for."""

    subject: ClassVar[str] = "care_session"
    person: str = ""


@dataclass(frozen=True)
class SessionHeld(SessionEvent):
    """A session was held."""

    kind: ClassVar[str] = "care.session_held"
    minutes: int = 0


@dataclass(frozen=True)
class SessionMissed(SessionEvent):
    """A session was not held."""

    kind: ClassVar[str] = "care.session_missed"


@dataclass(frozen=True)
class SessionCancelled(SessionEvent):
    """A session will not be held."""

    kind: ClassVar[str] = "care.session_cancelled"


@dataclass(frozen=True)
class SessionTakenBack(SessionEvent):
    """What was recorded of a session was a mistake."""

    kind: ClassVar[str] = "care.session_taken_back"


@dataclass(frozen=True)
class PlansLoaded(Event):
    """Plans with their past came in one batch."""

    kind: ClassVar[str] = "care.plans_loaded"
    subject: ClassVar[str] = "load"
    rows: int = 0


# Home beds


@dataclass(frozen=True)
class BedEvent(Event):
    """Any fact whose subject is a home bed; `person` is the uid of the person it is for."""

    subject: ClassVar[str] = "home_bed"
    person: str = ""


@dataclass(frozen=True)
class BedApplied(BedEvent):
    """A home bed was applied for."""

    kind: ClassVar[str] = "care.bed_applied"


@dataclass(frozen=True)
class BedDecided(BedEvent):
    """The county approved a home bed, or refused it; the reason is on the change."""

    kind: ClassVar[str] = "care.bed_decided"
    is_approved: bool = False


@dataclass(frozen=True)
class BedSetUp(BedEvent):
    """A home bed went into use, under a contract."""

    kind: ClassVar[str] = "care.bed_set_up"
    contract: str = ""


@dataclass(frozen=True)
class BedCalled(BedEvent):
    """Somebody called from a home bed."""

    kind: ClassVar[str] = "care.bed_called"
    call: str = ""


@dataclass(frozen=True)
class BedCallAnswered(BedEvent):
    """A call was answered."""

    kind: ClassVar[str] = "care.bed_call_answered"
    call: str = ""
    outcome: str = ""


@dataclass(frozen=True)
class BedClosed(BedEvent):
    """A home bed was closed."""

    kind: ClassVar[str] = "care.bed_closed"
    why: str = ""
