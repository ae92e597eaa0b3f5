"""A message on its way: from a door to the disk, and the answer back."""

from dataclasses import dataclass
from typing import Any, Protocol

from yinling.devices.ingest.payloads import Form


class Door(Protocol):
    """Where messages come in and acknowledgements go out."""

    def acknowledge(self, done: "list[Done]") -> None:
        """These messages are on disk (what holds of them): say so to their senders."""

    def pause(self) -> None:
        """Take nothing more in."""

    def resume(self) -> None:
        """Go on."""


@dataclass(slots=True)
class Message:
    """What one sender sent at once. `ticket` is the door's own: by it the door knows whom to answer."""

    door: Door
    sender: int
    form: Form
    payload: bytes
    ticket: Any


@dataclass(slots=True)
class Done:
    """A message that is dealt with: so many of its readings are on disk, so many did not hold."""

    sender: int
    ticket: Any
    batch: str | None
    accepted: int
    refused: int
