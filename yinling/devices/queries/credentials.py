"""What devices prove themselves with, for whoever takes readings in."""

from dataclasses import dataclass

from yinling.devices.models import Credential, Device
from yinling.kernel.clock import now
from yinling.kernel.crypto import blinds

TOKEN = "devices.token"  # noqa: S105  the purpose of a blind index, not a secret


def username_of(number: int) -> str:
    """What a device is called on the wire, as its token is issued to."""
    return f"d{number}"


@dataclass(frozen=True)
class Pass:
    """Which device a token opens, under which user name, and until when (seconds since 1970; 0 without end)."""

    number: int
    username: str
    until_s: float


class Passes:
    """All tokens in force, in memory: a check is one keyed hash and one look into a dictionary."""

    def __init__(self, by_index: dict[bytes, Pass]) -> None:
        self._by_index = by_index

    def __len__(self) -> int:
        return len(self._by_index)

    def number_for(self, token: str, at_s: float, username: str = "") -> int | None:
        """The device that this token opens at an instant; None when it opens none.

        Many devices send the token as their user name and no password: then `username` stays empty.
        """
        for index in blinds(TOKEN, token):
            found = self._by_index.get(index)
            if found and (not username or username == found.username) and not 0 < found.until_s <= at_s:
                return found.number
        return None


def credentials() -> Passes:
    """Tokens in force of devices that are not out of use. One statement. Read again when `is_behind` says so."""
    rows = (
        Credential.objects.in_force(now())
        .exclude(device__state=Device.State.OUT_OF_USE)
        .values_list("token_index", "device__number", "username", "expires_at")
    )
    return Passes(
        {bytes(index): Pass(number, name, end.timestamp() if end else 0.0) for index, number, name, end in rows}
    )
