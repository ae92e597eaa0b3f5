"""Facts about rules and alerts. Ids and codes only, never a name."""

from dataclasses import dataclass
from typing import ClassVar

from yinling.kernel.events import Event


@dataclass(frozen=True)
class RuleLoaded(Event):
    """A rule came from its pack."""

    kind: ClassVar[str] = "supervision.rule_loaded"
    subject: ClassVar[str] = "rule"
    key: str = ""
    version_of_rule: int = 1


@dataclass(frozen=True)
class RuleSwitched(Event):
    """A rule was taken off, or on again, in a division."""

    kind: ClassVar[str] = "supervision.rule_switched"
    subject: ClassVar[str] = "rule_switch"
    key: str = ""
    is_on: bool = False


@dataclass(frozen=True)
class Silenced(Event):
    """A rule says nothing about a subject until a time."""

    kind: ClassVar[str] = "supervision.silenced"
    subject: ClassVar[str] = "silence"
    key: str = ""
    until: str = ""


@dataclass(frozen=True)
class SilenceEnded(Event):
    """It speaks again before its time."""

    kind: ClassVar[str] = "supervision.silence_ended"
    subject: ClassVar[str] = "silence"


@dataclass(frozen=True)
class AlertEvent(Event):
    """Base of what happens to an alert: its rule, its level, what it is about."""

    subject: ClassVar[str] = "alert"
    rule: str = ""
    level: str = ""
    about_kind: str = ""
    about_uid: str = ""


@dataclass(frozen=True)
class AlertRaised(AlertEvent):
    """Something is wrong."""

    kind: ClassVar[str] = "supervision.alert_raised"
    is_late: bool = False


@dataclass(frozen=True)
class AlertGrew(AlertEvent):
    """An open alert reached a higher level."""

    kind: ClassVar[str] = "supervision.alert_grew"


@dataclass(frozen=True)
class AlertAcknowledged(AlertEvent):
    """Somebody has answered."""

    kind: ClassVar[str] = "supervision.alert_acknowledged"


@dataclass(frozen=True)
class AlertDispatched(AlertEvent):
    """Somebody is on the way."""

    kind: ClassVar[str] = "supervision.alert_dispatched"


@dataclass(frozen=True)
class AlertArrived(AlertEvent):
    """Somebody is there."""

    kind: ClassVar[str] = "supervision.alert_arrived"


@dataclass(frozen=True)
class AlertResolved(AlertEvent):
    """It was dealt with, or was a false alarm (`cause`)."""

    kind: ClassVar[str] = "supervision.alert_resolved"
    is_false: bool = False
    cause: str = ""


@dataclass(frozen=True)
class AlertVerified(AlertEvent):
    """Somebody other looked, and agrees."""

    kind: ClassVar[str] = "supervision.alert_verified"
    is_false: bool = False


@dataclass(frozen=True)
class AlertClosed(AlertEvent):
    """Nothing is left to do."""

    kind: ClassVar[str] = "supervision.alert_closed"
    is_false: bool = False


@dataclass(frozen=True)
class AlertReopened(AlertEvent):
    """There is more to do."""

    kind: ClassVar[str] = "supervision.alert_reopened"
