"""Facts about rosters."""

from dataclasses import dataclass
from typing import ClassVar

from yinling.kernel.events import Event


@dataclass(frozen=True)
class RosterOpened(Event):
    """A post of a division or organisation is kept here from now on."""

    kind: ClassVar[str] = "rosters.opened"
    subject: ClassVar[str] = "roster"
    post: str = ""
    organisation_uid: str = ""


@dataclass(frozen=True)
class ShiftAdded(Event):
    """The roster has a further pattern."""

    kind: ClassVar[str] = "rosters.shift_added"
    subject: ClassVar[str] = "roster"
    shift_uid: str = ""


@dataclass(frozen=True)
class ShiftEnded(Event):
    """A pattern is planned no more; turns made from it stay."""

    kind: ClassVar[str] = "rosters.shift_ended"
    subject: ClassVar[str] = "roster"
    shift_uid: str = ""


@dataclass(frozen=True)
class TurnsPlanned(Event):
    """Turns of one shift were made for a span of days (both included); `open_slots` found nobody."""

    kind: ClassVar[str] = "rosters.planned"
    subject: ClassVar[str] = "roster"
    shift_uid: str = ""
    first: str = ""
    last: str = ""
    count: int = 0
    open_slots: int = 0


@dataclass(frozen=True)
class PutOn(Event):
    """A user is on duty from an instant until another."""

    kind: ClassVar[str] = "rosters.put_on"
    subject: ClassVar[str] = "turn"
    roster_uid: str = ""
    user_uid: str = ""
    starts_at: str = ""
    ends_at: str = ""


@dataclass(frozen=True)
class TakenOff(Event):
    """A turn does not take place."""

    kind: ClassVar[str] = "rosters.taken_off"
    subject: ClassVar[str] = "turn"
    roster_uid: str = ""
    user_uid: str = ""


@dataclass(frozen=True)
class SwapOffered(Event):
    """A turn waits for somebody else to take it; whoever offered stays on duty until then."""

    kind: ClassVar[str] = "rosters.swap_offered"
    subject: ClassVar[str] = "swap"
    turn_uid: str = ""
    user_uid: str = ""


@dataclass(frozen=True)
class SwapTaken(Event):
    """A colleague took the turn: `turn_uid` is the new one."""

    kind: ClassVar[str] = "rosters.swap_taken"
    subject: ClassVar[str] = "swap"
    turn_uid: str = ""
    user_uid: str = ""


@dataclass(frozen=True)
class SwapWithdrawn(Event):
    """The offer stands no more."""

    kind: ClassVar[str] = "rosters.swap_withdrawn"
    subject: ClassVar[str] = "swap"


@dataclass(frozen=True)
class SwapReceived(Event):
    """Whoever offered, or plans the roster, has seen who took it."""

    kind: ClassVar[str] = "rosters.swap_received"
    subject: ClassVar[str] = "swap"
