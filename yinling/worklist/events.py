"""Facts about duties."""

from dataclasses import dataclass
from typing import ClassVar

from yinling.kernel.events import Event


@dataclass(frozen=True)
class ItemEvent(Event):
    """A fact about one duty. `item_kind` is the duty's kind, `about_kind` and `about_uid` its subject."""

    subject: ClassVar[str] = "work_item"
    item_kind: str = ""
    about_kind: str = ""
    about_uid: str = ""


@dataclass(frozen=True)
class ItemOpened(ItemEvent):
    """Something waits for somebody."""

    kind: ClassVar[str] = "worklist.opened"
    due_at: str = ""


@dataclass(frozen=True)
class ItemClosed(ItemEvent):
    """A duty was done; `result` is an English msgid."""

    kind: ClassVar[str] = "worklist.closed"
    result: str = ""
    minutes_late: int = 0


@dataclass(frozen=True)
class ItemVoided(ItemEvent):
    """A duty fell away."""

    kind: ClassVar[str] = "worklist.voided"
    result: str = ""


@dataclass(frozen=True)
class ItemPaused(ItemEvent):
    """The clock was stopped."""

    kind: ClassVar[str] = "worklist.paused"


@dataclass(frozen=True)
class ItemResumed(ItemEvent):
    """The clock runs again."""

    kind: ClassVar[str] = "worklist.resumed"
    due_at: str = ""


@dataclass(frozen=True)
class ItemAssigned(ItemEvent):
    """A user was named for it."""

    kind: ClassVar[str] = "worklist.assigned"
    user_uid: str = ""


@dataclass(frozen=True)
class ItemHandedOver(ItemEvent):
    """It went to another user or division."""

    kind: ClassVar[str] = "worklist.handed_over"
    from_place: int = 0
    to_place: int = 0
    user_uid: str = ""


@dataclass(frozen=True)
class HandOverReceived(ItemEvent):
    """The other side has taken it."""

    kind: ClassVar[str] = "worklist.received"


@dataclass(frozen=True)
class TellingChosen(Event):
    """A user said how to be told of duties that fall due."""

    kind: ClassVar[str] = "worklist.telling_chosen"
    subject: ClassVar[str] = "user"
    way: str = ""


@dataclass(frozen=True)
class ItemRaised(ItemEvent):
    """It was late and climbed its ladder."""

    kind: ClassVar[str] = "worklist.raised"
    level: str = ""
    role: str = ""
    step: int = 0
