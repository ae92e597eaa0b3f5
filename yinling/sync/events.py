"""Facts about phones."""

from dataclasses import dataclass
from typing import ClassVar

from yinling.kernel.events import Event


@dataclass(frozen=True)
class PhoneOpened(Event):
    """A user began to work with a phone; it was given a data key."""

    kind: ClassVar[str] = "sync.phone_opened"
    subject: ClassVar[str] = "phone"
    user: str = ""


@dataclass(frozen=True)
class PhoneLost(Event):
    """A phone was declared lost: its key is gone, and it is wiped when it comes near."""

    kind: ClassVar[str] = "sync.phone_lost"
    subject: ClassVar[str] = "phone"
    user: str = ""


@dataclass(frozen=True)
class PhoneWiped(Event):
    """A phone said that it has deleted all it held."""

    kind: ClassVar[str] = "sync.phone_wiped"
    subject: ClassVar[str] = "phone"
    user: str = ""
