"""Facts about care: ids, codes, days. By subject."""

from dataclasses import dataclass
from typing import ClassVar

from yinling.kernel.events import Event

# Visits


@dataclass(frozen=True)
class VisitMade(Event):
    """A visit was reported. Instants as ISO text. Without contact it does not count; `is_verified`: hours may be
    credited from it."""

    kind: ClassVar[str] = "care.visit_made"
    subject: ClassVar[str] = "visit"
    visitor_uid: str = ""
    person_uid: str = ""
    started_at: str = ""
    ended_at: str = ""
    has_contact: bool = False
    way: str = ""
    is_verified: bool = False
    rule: str = ""


@dataclass(frozen=True)
class VisitTakenBack(Event):
    """A report of a visit was a mistake: what rested on it is to be undone."""

    kind: ClassVar[str] = "care.visit_taken_back"
    subject: ClassVar[str] = "visit"
    visitor_uid: str = ""
    person_uid: str = ""


@dataclass(frozen=True)
class VisitAsked(Event):
    """A visit was asked for after something happened (`rule`: discharge, alert, retrofit, wish)."""

    kind: ClassVar[str] = "care.visit_asked"
    subject: ClassVar[str] = "visit"
    person_uid: str = ""
    rule: str = ""


@dataclass(frozen=True)
class VisitsOpened(Event):
    """The night opened the visits that fall due, and took away those no longer needed. Subject: the rules."""

    kind: ClassVar[str] = "care.visits_opened"
    subject: ClassVar[str] = "visit_rules"
    day: str = ""
    opened: int = 0
    voided: int = 0
    missed: int = 0


@dataclass(frozen=True)
class VisitVoided(Event):
    """A visit is no longer needed."""

    kind: ClassVar[str] = "care.visit_voided"
    subject: ClassVar[str] = "visit"
    person_uid: str = ""


@dataclass(frozen=True)
class AttemptNoted(Event):
    """Somebody tried to reach a person who did not answer."""

    kind: ClassVar[str] = "care.attempt_noted"
    subject: ClassVar[str] = "visit"
    rung: str = ""
    is_answered: bool = False


@dataclass(frozen=True)
class ProofAdded(Event):
    """A photograph was added to a visit, under consent."""

    kind: ClassVar[str] = "care.proof_added"
    subject: ClassVar[str] = "visit"
    proof: str = ""


@dataclass(frozen=True)
class DoubtRaised(Event):
    """Visits were found that can hardly be true together."""

    kind: ClassVar[str] = "care.doubt_raised"
    subject: ClassVar[str] = "visit_doubt"
    what: str = ""
    visitor_uid: str = ""


@dataclass(frozen=True)
class DoubtSettled(Event):
    """Somebody looked into a doubt."""

    kind: ClassVar[str] = "care.doubt_settled"
    subject: ClassVar[str] = "visit_doubt"
    state: str = ""


@dataclass(frozen=True)
class VisitRulesLoaded(Event):
    """The rules of due visits came from a pack."""

    kind: ClassVar[str] = "care.visit_rules_loaded"
    subject: ClassVar[str] = "visit_rules"
    pack: str = ""


@dataclass(frozen=True)
class SpellDeclared(Event):
    """Cold or heat was declared in a division."""

    kind: ClassVar[str] = "care.spell_declared"
    subject: ClassVar[str] = "spell"
    what: str = ""
    first_on: str = ""
    last_on: str = ""


@dataclass(frozen=True)
class SpellWithdrawn(Event):
    """A spell is over before its last day."""

    kind: ClassVar[str] = "care.spell_withdrawn"
    subject: ClassVar[str] = "spell"


@dataclass(frozen=True)
class TierSet(Event):
    """Somebody set the risk of a person by hand."""

    kind: ClassVar[str] = "care.tier_set"
    subject: ClassVar[str] = "person"
    risk: str = ""


@dataclass(frozen=True)
class DoorCodeMade(Event):
    """A person's door got a code, or a new one."""

    kind: ClassVar[str] = "care.door_code_made"
    subject: ClassVar[str] = "person"


# Pairings


@dataclass(frozen=True)
class VisitorChanged(Event):
    """A visitor was entered, changed or ended; `what` says which."""

    kind: ClassVar[str] = "care.visitor_changed"
    subject: ClassVar[str] = "visitor"
    what: str = ""


@dataclass(frozen=True)
class PairingEvent(Event):
    """Any fact about who visits a person; the subject is the person."""

    subject: ClassVar[str] = "person"
    visitor_uid: str = ""
    pairing: str = ""


@dataclass(frozen=True)
class Paired(PairingEvent):
    """A person got a visitor."""

    kind: ClassVar[str] = "care.paired"
    ground: str = ""


@dataclass(frozen=True)
class Substituted(PairingEvent):
    """Somebody stands in for a person's visitor until a day."""

    kind: ClassVar[str] = "care.substituted"
    until: str = ""


@dataclass(frozen=True)
class PairingEnded(PairingEvent):
    """A pairing ended; the reason is on the change."""

    kind: ClassVar[str] = "care.pairing_ended"


@dataclass(frozen=True)
class WishSet(Event):
    """A person's wishes about visitors were written down."""

    kind: ClassVar[str] = "care.wish_set"
    subject: ClassVar[str] = "person"


@dataclass(frozen=True)
class ProposalSettled(Event):
    """A proposal of pairings was applied or discarded."""

    kind: ClassVar[str] = "care.proposal_settled"
    subject: ClassVar[str] = "pairing_proposal"
    state: str = ""
    lines: int = 0


# Rounds


@dataclass(frozen=True)
class RoundsChanged(Event):
    """A version of a block's day was planned or published, or a stop of it locked or promised; `what` says which."""

    kind: ClassVar[str] = "care.rounds_changed"
    subject: ClassVar[str] = "day_plan"
    what: str = ""
    plan_version: int = 0  # `version` is the event's own
