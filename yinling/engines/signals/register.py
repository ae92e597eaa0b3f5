"""Who is watched and what arrived: the columns that the caller brings."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from yinling.engines.signals.columns import Floats, Index, Int32, Int64
from yinling.engines.signals.rules import Scope


@dataclass(frozen=True)
class Register:
    """Devices (d rows) and their channels (c rows; a channel is one metric of one device).

    subjects: ids by scope, shape (d,), -1 where there is none; DEVICE is the device itself.
    latitude, longitude: the point (d,) that fences without a centre are drawn about; NaN unknown.
    consents: by name, who may be evaluated (d,). A name that is not here is consent from nobody.
    utc_offset: minutes of local civil time east of UTC.
    """

    device_id: Int64
    device_kind: NDArray[np.int16]
    kinds: tuple[str, ...]
    metrics: tuple[str, ...]
    channel_device: Int32
    channel_metric: NDArray[np.int16]
    subjects: Mapping[Scope, Int64]
    latitude: Floats
    longitude: Floats
    consents: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict)
    utc_offset: int = 480

    def subject_ids(self, scope: Scope) -> Int64:
        """Ids (d,) of the subject of this scope that each device belongs to, -1 none."""
        if scope is Scope.DEVICE:
            return self.device_id
        return self.subjects.get(scope, np.full(len(self.device_id), -1, dtype=np.int64))

    def channels(self, metric: str, kinds: tuple[str, ...]) -> Index:
        """Channels of a metric, of devices of these kinds (of any, where none is named)."""
        if metric not in self.metrics:
            return np.empty(0, dtype=np.intp)
        found = np.flatnonzero(self.channel_metric == self.metrics.index(metric))
        if not kinds:
            return found
        wanted = np.array([kind in kinds for kind in self.kinds], dtype=bool)
        return found[wanted[self.device_kind[self.channel_device[found]]]]


@dataclass(frozen=True)
class Readings:
    """A batch in order of arrival: channel (row of the register), time (epoch ms), value.

    A position has its latitude in `value` and its longitude in `second`; `second` is None in a batch without positions.
    """

    channel: Int32
    at: Int64
    value: Floats
    second: Floats | None = None

    def __len__(self) -> int:
        return len(self.channel)

    def part(self, rows: slice) -> "Readings":
        """Some of them."""
        second = None if self.second is None else self.second[rows]
        return Readings(self.channel[rows], self.at[rows], self.value[rows], second)


def no_readings() -> Readings:
    """The batch of a tick."""
    return Readings(np.empty(0, np.int32), np.empty(0, np.int64), np.empty(0))
