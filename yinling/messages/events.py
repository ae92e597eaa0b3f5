"""Facts about messages."""

from dataclasses import dataclass
from typing import ClassVar

from yinling.kernel.events import Event


@dataclass(frozen=True)
class MessageQueued(Event):
    """A message is on its way."""

    kind: ClassVar[str] = "messages.queued"
    subject: ClassVar[str] = "message"
    channel: str = ""
    about_kind: str = ""
    about_uid: str = ""


@dataclass(frozen=True)
class MessageDelivered(Event):
    """The gateway says that it arrived."""

    kind: ClassVar[str] = "messages.delivered"
    subject: ClassVar[str] = "message"
    channel: str = ""


@dataclass(frozen=True)
class MessageDied(Event):
    """It will not go out by itself any more."""

    kind: ClassVar[str] = "messages.died"
    subject: ClassVar[str] = "message"
    channel: str = ""
    error: str = ""


@dataclass(frozen=True)
class ReachSet(Event):
    """A user said, or took back, where to be reached outside the platform."""

    kind: ClassVar[str] = "messages.reach_set"
    subject: ClassVar[str] = "user"
    way: str = ""
    is_known: bool = True
