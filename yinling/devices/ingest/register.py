"""The register of devices as the stream needs it: who opens with which token, what each device may report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yinling.devices.models import Device, Profile
from yinling.devices.queries import DeviceTable, Mark, Passes, credentials, device_table, is_behind
from yinling.engines.signals.columns import Floats, Int32

NOT_IN_USE = UNKNOWN = -1
WORD = 64


class Names(dict[str, int]):
    """Devices by what they are called on the wire: `names[name]`, UNKNOWN for a stranger. User names are put in when
    they first come up: a million of them beforehand would cost a second and a half of every start."""

    def __init__(self, serials: Sequence[tuple[str, int]], profile: NDArray[np.int16]) -> None:
        """Serials are of what hangs on a gateway, which knows nothing else. One given twice is nobody's."""
        super().__init__()
        self._profile = profile
        for serial, number in serials:
            self[serial] = UNKNOWN if serial in self else number

    def __missing__(self, name: str) -> int:
        digits = name[1:]
        if name[:1] != "d" or not digits.isascii() or not digits.isdigit() or len(digits) > 9 or digits[0] == "0":
            return UNKNOWN
        number = int(digits)
        if number >= len(self._profile) or self._profile[number] == NOT_IN_USE:
            return UNKNOWN
        self[name] = number
        return number


@dataclass(frozen=True)
class Register:
    """One reading of the register. Arrays by device are indexed by `Device.number`, by metric by `Metric.number`;
    `purpose_of` names the consent of each metric that needs one.

    `allowed` is a bit for each device and metric: the profile measures it, and somebody has agreed where it needs that.
    `measured` is the same without the consent, by profile. `column` is the place of a metric within its profile.
    """

    passes: Passes
    number_of: Names
    metric_of: dict[str, int]
    profile: NDArray[np.int16]
    gateway: Int32
    allowed: NDArray[np.uint64]
    measured: NDArray[np.bool_]
    column: NDArray[np.int16]
    lowest: Floats
    highest: Floats
    mark: Mark
    purpose_of: Mapping[int, str]

    def withdraw(self, agreed: Mapping[int, frozenset[str]]) -> None:
        """Take in nothing more that these devices (by number) have no consent for. Gives none back."""
        for number, purposes in agreed.items():
            if not self.has(number):
                continue
            for metric, purpose in self.purpose_of.items():
                if purpose not in purposes:
                    self.allowed[number, metric // WORD] &= ~(np.uint64(1) << np.uint64(metric % WORD))

    @property
    def count(self) -> int:
        """Devices in use."""
        return int(np.count_nonzero(self.profile != NOT_IN_USE))

    def has(self, number: int) -> bool:
        """Whether a device is in use."""
        return 0 <= number < len(self.profile) and bool(self.profile[number] != NOT_IN_USE)

    def opened_by(self, username: str, token: str, at_s: float) -> int | None:
        """The device in use that these open. Without a password the user name is the token, as many makers have it."""
        name, secret = (username, token) if token else ("", username)
        number = self.passes.number_for(secret, at_s, name)
        return number if number is not None and self.has(number) else None


def load_register() -> Register:
    """Read the register as it stands now."""
    passes, table = credentials(), device_table()
    hanging = Device.objects.in_use().filter(gateway__isnull=False)
    data = Profile.objects.filter(key__in=table.profiles).values_list("key", "data")
    return build(
        table,
        passes,
        list(hanging.values_list("serial", "number")),
        {key: list(held.get("metrics", ())) for key, held in data},
    )


def newer_register(held: Register) -> Register | None:
    """The register read again, if anything it is made of has changed since."""
    return load_register() if is_behind(held.mark) else None


def build(
    table: DeviceTable,
    passes: Passes,
    serials: Sequence[tuple[str, int]],
    metrics_of: Mapping[str, Sequence[str]],
) -> Register:
    """Put the columns where one index finds them. `serials`: of what hangs on gateways; `metrics_of`: what each
    profile measures."""
    size = int(table.number.max(initial=0)) + 1
    metrics = max((metric.number for metric in table.metrics), default=0) + 1
    profile = np.full(size, NOT_IN_USE, np.int16)
    profile[table.number] = table.profile
    gateway = np.full(size, NOT_IN_USE, np.int32)
    gateway[table.number] = table.gateway
    measured = _measured(table, metrics, metrics_of)
    lowest, highest = np.full(metrics, np.inf), np.full(metrics, -np.inf)
    for metric in table.metrics:
        lowest[metric.number], highest[metric.number] = metric.lowest, metric.highest
    return Register(
        passes=passes,
        number_of=Names(serials, profile),
        metric_of={metric.key: metric.number for metric in table.metrics},
        profile=profile,
        gateway=gateway,
        allowed=_bits(table, size, metrics),
        measured=measured,
        column=np.where(measured, np.cumsum(measured, axis=1) - 1, NOT_IN_USE).astype(np.int16),
        lowest=lowest,
        highest=highest,
        mark=table.mark,
        purpose_of={metric.number: metric.purpose for metric in table.metrics if metric.purpose},
    )


def _measured(table: DeviceTable, metrics: int, metrics_of: Mapping[str, Sequence[str]]) -> NDArray[np.bool_]:
    measured = np.zeros((len(table.profiles), metrics), dtype=bool)
    numbers = {metric.key: metric.number for metric in table.metrics}
    for row, key in enumerate(table.profiles):
        measured[row, [numbers[name] for name in metrics_of.get(key, ()) if name in numbers]] = True
    return measured


def _bits(table: DeviceTable, size: int, metrics: int) -> NDArray[np.uint64]:
    allowed = np.zeros((size, -(-metrics // WORD)), np.uint64)
    device = table.number[table.channel_device]
    for metric in np.unique(table.channel_metric):
        has = device[table.channel_metric == metric]  # each device once, so that |= counts every one
        allowed[has, metric // WORD] |= np.uint64(1) << np.uint64(metric % WORD)
    return allowed
