"""Who acts: a user of `accounts`, or the system itself. Services take one as `by`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from yinling.kernel.errors import NotAllowed
from yinling.kernel.uids import Uid

KeyRange = tuple[int, int]
WHOLE_CITY: tuple[KeyRange, ...] = ((0, 10**12),)


@runtime_checkable
class Actor(Protocol):
    """What a service needs to know of whoever acts."""

    @property
    def uid(self) -> Uid: ...

    @property
    def label(self) -> str: ...

    def key_ranges(self, permission: str | None = None) -> Sequence[KeyRange]:
        """Inclusive ranges of place keys in which the actor sees (or holds `permission`), today."""
        ...

    def may(self, permission: str, place_key: int | None = None) -> bool:
        """Whether the actor holds the permission somewhere, or at this place."""
        ...


@dataclass(frozen=True)
class System:
    """The platform acting by itself: a job, a pack, the generator. Sees everything, is named in every record."""

    label: str
    uid: str = "00000000-0000-7000-8000-000000000000"

    def key_ranges(self, permission: str | None = None) -> Sequence[KeyRange]:
        """The whole city."""
        return WHOLE_CITY

    def may(self, permission: str, place_key: int | None = None) -> bool:
        """Always: what the system does is decided in code and recorded under its name."""
        return True


def require(by: Actor, permission: str, place_key: int | None = None) -> None:
    """Raise NotAllowed unless `by` holds `permission` (at `place_key`)."""
    if not by.may(permission, place_key):
        raise NotAllowed(permission)
