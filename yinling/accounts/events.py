"""Facts about users, their roles and their moves. Ids only: names and passwords never leave the tables."""

from dataclasses import dataclass
from typing import ClassVar

from yinling.kernel.events import Event


@dataclass(frozen=True)
class UserCreated(Event):
    """Somebody has an account."""

    kind: ClassVar[str] = "accounts.user_created"
    subject: ClassVar[str] = "user"
    place_key: int = 0


@dataclass(frozen=True)
class UserChanged(Event):
    """A user's name, user name, division or language was changed; `fields` names which."""

    kind: ClassVar[str] = "accounts.user_changed"
    subject: ClassVar[str] = "user"
    fields: str = ""


@dataclass(frozen=True)
class UserDeactivated(Event):
    """The account is closed: sessions ended, roles and loans ended."""

    kind: ClassVar[str] = "accounts.user_deactivated"
    subject: ClassVar[str] = "user"


@dataclass(frozen=True)
class UserReactivated(Event):
    """A closed account is open again, without roles."""

    kind: ClassVar[str] = "accounts.user_reactivated"
    subject: ClassVar[str] = "user"


@dataclass(frozen=True)
class RoleAssigned(Event):
    """A user holds a role in a division."""

    kind: ClassVar[str] = "accounts.role_assigned"
    subject: ClassVar[str] = "user"
    role: str = ""
    place_key: int = 0
    valid_from: str = ""
    valid_to: str = ""


@dataclass(frozen=True)
class AssignmentEnded(Event):
    """A user no longer holds a role in a division."""

    kind: ClassVar[str] = "accounts.assignment_ended"
    subject: ClassVar[str] = "user"
    role: str = ""
    place_key: int = 0


@dataclass(frozen=True)
class RoleLent(Event):
    """A user holds somebody else's role until a day; `lender_uid` is whose."""

    kind: ClassVar[str] = "accounts.role_lent"
    subject: ClassVar[str] = "user"
    lender_uid: str = ""
    role: str = ""
    place_key: int = 0
    valid_from: str = ""
    valid_to: str = ""


@dataclass(frozen=True)
class WorkerSent(Event):
    """A worker is on the way to another division."""

    kind: ClassVar[str] = "accounts.worker_sent"
    subject: ClassVar[str] = "user"
    transfer_uid: str = ""
    from_place_key: int = 0
    to_place_key: int = 0


@dataclass(frozen=True)
class WorkerReceived(Event):
    """The other side has received the worker; roles at the old place have ended."""

    kind: ClassVar[str] = "accounts.worker_received"
    subject: ClassVar[str] = "user"
    transfer_uid: str = ""
    from_place_key: int = 0
    to_place_key: int = 0


@dataclass(frozen=True)
class TransferClosed(Event):
    """A worker stays: the other side declined, or the sender withdrew (`state`)."""

    kind: ClassVar[str] = "accounts.transfer_closed"
    subject: ClassVar[str] = "user"
    transfer_uid: str = ""
    state: str = ""


@dataclass(frozen=True)
class PasswordChanged(Event):
    """A password was changed by its owner, or replaced by an administrator's temporary one."""

    kind: ClassVar[str] = "accounts.password_changed"
    subject: ClassVar[str] = "user"
    temporary: bool = False


@dataclass(frozen=True)
class PinChanged(Event):
    """A user has a new PIN for shared devices."""

    kind: ClassVar[str] = "accounts.pin_changed"
    subject: ClassVar[str] = "user"


@dataclass(frozen=True)
class SessionEnded(Event):
    """A device was logged out from another one."""

    kind: ClassVar[str] = "accounts.session_ended"
    subject: ClassVar[str] = "user"


@dataclass(frozen=True)
class TokenGranted(Event):
    """A program may act for a user; `token` is its uid, `scopes` the permissions."""

    kind: ClassVar[str] = "accounts.token_granted"
    subject: ClassVar[str] = "user"
    token: str = ""
    scopes: str = ""
    expires_on: str = ""


@dataclass(frozen=True)
class TokenCollected(Event):
    """The user has taken the secret of a token."""

    kind: ClassVar[str] = "accounts.token_collected"
    subject: ClassVar[str] = "user"
    token: str = ""


@dataclass(frozen=True)
class TokenRevoked(Event):
    """A token opens nothing any more."""

    kind: ClassVar[str] = "accounts.token_revoked"
    subject: ClassVar[str] = "user"
    token: str = ""
