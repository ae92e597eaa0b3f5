"""Facts about volunteers, services and hours. Ids, codes and minutes only."""

from dataclasses import dataclass
from typing import ClassVar

from yinling.kernel.events import Event


@dataclass(frozen=True)
class BranchChanged(Event):
    """A branch was opened, got another coordinator or a group, or was closed; `what` says which."""

    kind: ClassVar[str] = "volunteers.branch_changed"
    subject: ClassVar[str] = "time_branch"
    what: str = ""


@dataclass(frozen=True)
class MemberJoined(Event):
    """Somebody became a member of a branch."""

    kind: ClassVar[str] = "volunteers.member_joined"
    subject: ClassVar[str] = "time_member"
    branch_uid: str = ""
    person_uid: str = ""


@dataclass(frozen=True)
class VolunteerChanged(Event):
    """An application, its decision, a check, a training, an insurance, an honour; `what` says which."""

    kind: ClassVar[str] = "volunteers.volunteer_changed"
    subject: ClassVar[str] = "volunteer"
    what: str = ""
    code: str = ""


@dataclass(frozen=True)
class ServiceAsked(Event):
    """A service was asked for, or the request withdrawn."""

    kind: ClassVar[str] = "volunteers.service_asked"
    subject: ClassVar[str] = "time_request"
    service: str = ""
    what: str = "asked"


@dataclass(frozen=True)
class ServiceOffered(Event):
    """A volunteer offers a service, or no longer."""

    kind: ClassVar[str] = "volunteers.service_offered"
    subject: ClassVar[str] = "volunteer"
    service: str = ""
    what: str = "offered"


@dataclass(frozen=True)
class OrderChanged(Event):
    """An order reached another state."""

    kind: ClassVar[str] = "volunteers.order_changed"
    subject: ClassVar[str] = "time_order"
    state: str = ""
    volunteer_uid: str = ""
    person_uid: str = ""
    minutes: int | None = None


@dataclass(frozen=True)
class HoursMoved(Event):
    """Hours were given, donated, granted, inherited, expired or corrected; the transfer says how many."""

    kind: ClassVar[str] = "volunteers.hours_moved"
    subject: ClassVar[str] = "time_member"
    verb: str = ""
    transfer_uid: str = ""
    minutes: int = 0


@dataclass(frozen=True)
class ActedFor(Event):
    """Somebody acted for a member; the receipt names both."""

    kind: ClassVar[str] = "volunteers.acted_for"
    subject: ClassVar[str] = "time_member"
    receipt_uid: str = ""
    verb: str = ""


@dataclass(frozen=True)
class AccountsLocked(Event):
    """A member died: nothing moves on the accounts until the estate is settled; or the death was a mistake."""

    kind: ClassVar[str] = "volunteers.accounts_locked"
    subject: ClassVar[str] = "time_member"
    is_locked: bool = True
