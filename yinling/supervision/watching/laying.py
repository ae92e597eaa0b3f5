"""The table of devices as the engine's register, and readings of the journal as the engine's.

Three differences between them are settled here: a position comes as two readings (latitude, longitude) and is judged as
one; a household is whoever is cared for together at home, one person without a household among them; an area is the
township in which a device stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yinling.devices.queries import DeviceTable
from yinling.devices.telemetry import Readings as Received
from yinling.engines.signals.columns import Index, Int32
from yinling.engines.signals.register import Readings, Register
from yinling.engines.signals.rules import Scope

LATITUDE, LONGITUDE, POSITION = "latitude", "longitude", "position"
TOWNSHIP = 1000  # the last three digits of a place key are the village's


@dataclass(frozen=True)
class Laid:
    """A register, and where a reading's channel is found in it: by device number, then metric number."""

    register: Register
    column: NDArray[np.int16]  # by metric number; -1 for a metric that no device may be judged by
    channel: Int32  # (device numbers, columns); -1 unknown, or without consent
    latitude: int  # numbers of these metrics, -1 where there are none
    longitude: int
    purposes: tuple[str, ...] = ()  # by metric of the register: the consent it needs, "" none

    def channels_of(self, devices: Index, purpose: str) -> Index:
        """Channels of these rows of the register that need the consent."""
        needs = np.array([one == purpose for one in self.purposes], np.bool_)
        own = np.isin(self.register.channel_device, devices)
        return np.flatnonzero(own & needs[self.register.channel_metric]) if needs.any() else np.empty(0, np.intp)

    def forget(self, devices: Index, channels: Index) -> None:
        """What still comes in on these channels of these rows is nobody's from now on."""
        numbers = self.register.device_id[devices]
        found = self.channel[numbers]
        self.channel[numbers] = np.where(np.isin(found, channels), -1, found)

    def readings(self, received: Received) -> Readings:
        """As the engine takes them. What belongs to no channel keeps channel -1, and is counted as bad there."""
        channel = self._channels(received.device, received.metric)
        north, east = (np.flatnonzero(received.metric == metric) for metric in (self.latitude, self.longitude))
        if not len(north) and not len(east):
            return Readings(channel, received.ts_ms, received.value)
        second = np.full(len(received), np.nan)
        row, other = _pairs(received, north, east)
        second[row] = received.value[other]
        kept = np.ones(len(received), np.bool_)
        kept[east] = False
        kept[np.setdiff1d(north, row)] = False
        return Readings(channel[kept], received.ts_ms[kept], received.value[kept], second[kept])

    def _channels(self, device: Int32, metric: NDArray[np.int16]) -> Int32:
        known = (device >= 0) & (device < len(self.channel)) & (metric >= 0) & (metric < len(self.column))
        column = self.column[np.where(known, metric, 0)]
        found = self.channel[np.where(known, device, 0), column]
        return np.where(known & (column >= 0), found, -1).astype(np.int32)


def lay(table: DeviceTable) -> Laid:
    """The register that rules are laid over, from the table of devices."""
    numbers = {metric.key: metric.number for metric in table.metrics}
    longitude = numbers.get(LONGITUDE, -1)
    kept = table.channel_metric != longitude
    device, metric = table.channel_device[kept], table.channel_metric[kept]
    row_of = np.zeros(max(numbers.values(), default=0) + 1, dtype=np.int16)
    row_of[[one.number for one in table.metrics]] = np.arange(len(table.metrics))
    register = Register(
        device_id=table.number.astype(np.int64),
        device_kind=table.kind.astype(np.int16),
        kinds=table.kinds,
        metrics=tuple(POSITION if one.key == LATITUDE else one.key for one in table.metrics),
        channel_device=device,
        channel_metric=row_of[metric],
        subjects={
            Scope.PERSON: table.person,
            Scope.ROOM: table.room,
            Scope.HOUSEHOLD: np.where((table.institution < 0) & (table.person >= 0), table.care_scope, -1),
            Scope.INSTITUTION: table.institution,
            Scope.AREA: table.place_key // TOWNSHIP * TOWNSHIP,
        },
        latitude=table.latitude,
        longitude=table.longitude,
        consents=table.consents,
    )
    purposes = tuple(one.purpose for one in table.metrics)
    return Laid(register, *_channel_table(table, device, metric), numbers.get(LATITUDE, -1), longitude, purposes)


def _channel_table(table: DeviceTable, device: Int32, metric: NDArray[np.int16]) -> tuple[NDArray[np.int16], Int32]:
    used = np.unique(metric)
    column = np.full(max((one.number for one in table.metrics), default=0) + 1, -1, dtype=np.int16)
    column[used] = np.arange(len(used), dtype=np.int16)
    highest = int(table.number.max()) if len(table) else 0
    channel = np.full((highest + 1, max(1, len(used))), -1, dtype=np.int32)
    channel[table.number[device], column[metric]] = np.arange(len(device), dtype=np.int32)
    return column, channel


def _pairs(received: Received, north: Index, east: Index) -> tuple[Index, Index]:
    """Rows of latitudes and of the longitudes of the same device at the same time."""
    one, two = _names(received, north), _names(received, east)
    _, at, other = np.intersect1d(one, two, return_indices=True)
    return north[at], east[other]


def _names(received: Received, rows: Index) -> NDArray[np.void]:
    names = np.empty(len(rows), dtype=[("device", np.int32), ("at", np.int64)])
    names["device"], names["at"] = received.device[rows], received.ts_ms[rows]
    return names


def joined(parts: Sequence[Received]) -> Received:
    """Several batches end to end; at least one."""
    if len(parts) == 1:
        return parts[0]
    names = ("device", "metric", "ts_ms", "value", "received_ms")
    return Received(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))
