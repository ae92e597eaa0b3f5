"""Facts about devices. Ids and codes only; never a token, a code or an address of a picture."""

from dataclasses import dataclass
from typing import ClassVar

from yinling.kernel.events import Event


@dataclass(frozen=True)
class DeviceEvent(Event):
    """Something about one device."""

    subject: ClassVar[str] = "device"


@dataclass(frozen=True)
class ProfilesLoaded(DeviceEvent):
    """A pack's profiles and metrics were loaded."""

    kind: ClassVar[str] = "devices.profiles_loaded"
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class DeviceRegistered(DeviceEvent):
    """A device entered the register."""

    kind: ClassVar[str] = "devices.registered"
    profile: str = ""
    number: int = 0


@dataclass(frozen=True)
class DevicesLoaded(DeviceEvent):
    """Many devices entered the register at once."""

    kind: ClassVar[str] = "devices.loaded"
    rows: int = 0


@dataclass(frozen=True)
class DeviceChanged(DeviceEvent):
    """Facts on file changed; `fields` names which."""

    kind: ClassVar[str] = "devices.changed"
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class DevicePlaced(DeviceEvent):
    """A device stands somewhere from now on; `is_claim` when the label on it was used."""

    kind: ClassVar[str] = "devices.placed"
    where: str = ""
    spot: str = ""
    care_scope: int = 0
    is_claim: bool = False


@dataclass(frozen=True)
class DeviceTakenDown(DeviceEvent):
    """A device stands nowhere any more."""

    kind: ClassVar[str] = "devices.taken_down"
    care_scope: int = 0


@dataclass(frozen=True)
class DeviceStateSet(DeviceEvent):
    """A device is in another state."""

    kind: ClassVar[str] = "devices.state_set"
    state: str = ""


@dataclass(frozen=True)
class LabelsPrinted(DeviceEvent):
    """Labels with claim codes were made; older labels of these devices are worth nothing."""

    kind: ClassVar[str] = "devices.labels_printed"
    rows: int = 0


@dataclass(frozen=True)
class TokenIssued(DeviceEvent):
    """A device got a new token; the older ones end after the overlap."""

    kind: ClassVar[str] = "devices.token_issued"
    hint: str = ""


@dataclass(frozen=True)
class TokensRevoked(DeviceEvent):
    """No token of a device opens any more."""

    kind: ClassVar[str] = "devices.tokens_revoked"
    count: int = 0


@dataclass(frozen=True)
class MaintenanceRecorded(DeviceEvent):
    """Work was done on a device."""

    kind: ClassVar[str] = "devices.maintained"
    work: str = ""


@dataclass(frozen=True)
class CameraLooked(DeviceEvent):
    """Somebody looked at a camera's picture."""

    kind: ClassVar[str] = "devices.camera_looked"
    until: str = ""


@dataclass(frozen=True)
class PositionShared(Event):
    """A named user may see where a person is, under the person's consent."""

    kind: ClassVar[str] = "devices.position_shared"
    subject: ClassVar[str] = "person"
    consent: str = ""
