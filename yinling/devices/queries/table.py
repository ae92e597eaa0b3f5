"""All devices in use as columns, for whoever evaluates and takes readings in. What needs a consent is in it only while
the consent holds; nothing of that is cached, so a withdrawal counts from the next table on."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Max
from numpy.typing import NDArray

from yinling.devices.models import Device, Metric, Profile
from yinling.devices.queries.consents import consenting
from yinling.institutions.models import BedUse
from yinling.kernel.clock import civil_date
from yinling.kernel.database import answered_if_still
from yinling.kernel.models import Change

NOBODY = -1
WINDOW = 5_000  # transactions may commit out of order: so many changes back are compared one by one
WATCHED = (
    "people.corrected", "people.moved", "people.died", "people.death_reversed", "people.merged", "people.merge_undone",
    "institutions.changed", "institutions.closed", "institutions.admitted", "institutions.bed_moved",
    "institutions.discharged", "institutions.discharge_corrected", "institutions.stay_voided", "institutions.loaded",
    "devices.registered", "devices.loaded", "devices.placed", "devices.taken_down", "devices.state_set",
    "devices.changed", "devices.token_issued", "devices.tokens_revoked", "devices.profiles_loaded",
)  # fmt: skip
COLUMNS = (
    "number", "profile_id", "care_scope_id", "place_key", "institution_id", "room_id", "bed_id", "person_id",
    "gateway__number", "person__canonical_id", "person__household_id", "person__latitude", "person__longitude",
    "institution__latitude", "institution__longitude", "person__life_status",
)  # fmt: skip


@dataclass(frozen=True)
class Mark:
    """Up to which change a table, or the tokens, were read. `seen`: the changes that matter among the last ones."""

    day: dt.date
    last: int
    seen: frozenset[int]


@dataclass(frozen=True)
class MetricRow:
    """One metric as processes need it. `purpose` "" needs no consent."""

    number: int
    key: str
    unit: str
    lowest: float
    highest: float
    purpose: str
    retention_days: int


@dataclass(frozen=True)
class DeviceTable:
    """Devices in use (d rows, by number) and their channels (c rows; a channel is one metric of one device).

    Subjects are primary keys, -1 where there is none: `care_scope`, `institution`, `room`, `bed`, `household`,
    `person` (who wears it, lives there, or lies in the bed today), `gateway` (a device number). `latitude` and
    `longitude` NaN when unknown. `consents`: by purpose, whose evaluation somebody has agreed to (d,). A channel
    whose metric needs a purpose is there only under that consent. `interval_s`: expected seconds between readings.
    """

    number: NDArray[np.int32]
    profile: NDArray[np.int16]
    kind: NDArray[np.int16]
    care_scope: NDArray[np.int64]
    place_key: NDArray[np.int64]
    institution: NDArray[np.int64]
    room: NDArray[np.int64]
    bed: NDArray[np.int64]
    household: NDArray[np.int64]
    person: NDArray[np.int64]
    gateway: NDArray[np.int32]
    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]
    consents: Mapping[str, NDArray[np.bool_]]
    channel_device: NDArray[np.int32]  # row of the device
    channel_metric: NDArray[np.int16]  # number of the metric
    interval_s: NDArray[np.int32]
    profiles: tuple[str, ...]
    kinds: tuple[str, ...]
    metrics: tuple[MetricRow, ...]
    mark: Mark

    def __len__(self) -> int:
        return len(self.number)

    def row_of(self, number: int) -> int:
        """The row of a device, -1 when it is not in use."""
        at = int(np.searchsorted(self.number, number))
        return at if at < len(self.number) and self.number[at] == number else NOBODY

    def allowed(self, number: int) -> set[str]:
        """Keys of the metrics of a device that may be evaluated."""
        keys = {metric.number: metric.key for metric in self.metrics}
        channels = self.channel_metric[self.channel_device == self.row_of(number)]
        return {keys[int(one)] for one in channels}


def mark() -> Mark:
    """Where the record of changes stands. Two statements on an index."""
    last = Change.objects.aggregate(last=Max("id"))["last"] or 0
    recent = Change.objects.filter(id__gt=last - WINDOW, id__lte=last, type__in=WATCHED)
    return Mark(civil_date(), last, frozenset(recent.values_list("id", flat=True)))


@answered_if_still(False)
def is_behind(held: Mark) -> bool:
    """Whether anything that the table or the tokens are made of has changed since `held`. Poll this: it is cheap."""
    last = Change.objects.aggregate(last=Max("id"))["last"] or 0
    if last == held.last and held.day == civil_date():
        return False
    if held.day != civil_date() or last - held.last > WINDOW:
        return True
    recent = Change.objects.filter(id__gt=held.last - WINDOW, type__in=WATCHED).values_list("id", flat=True)
    return not held.seen.issuperset(recent)


def device_table() -> DeviceTable:
    """The table as it stands now. Six statements, whatever its size."""
    at = mark()  # before the rows: what changes meanwhile is seen as new by the next poll
    profiles = list(Profile.objects.order_by("id"))
    metrics = tuple(
        MetricRow(m.number, m.key, m.unit, m.lowest, m.highest, m.purpose, m.retention_days)
        for m in Metric.objects.order_by("number")
    )
    columns = _columns(Device.objects.in_use().order_by("number").values_list(*COLUMNS))
    occupants = _occupants()
    person = _subjects(columns, occupants)
    agreed = consenting(metric.purpose for metric in metrics)
    consents = {purpose: _under(found, columns, person, occupants) for purpose, found in agreed.items()}
    index = {profile.pk: row for row, profile in enumerate(profiles)}
    profile = np.array([index[pk] for pk in columns["profile_id"]], dtype=np.int16)
    kinds = tuple(sorted({one.kind for one in profiles}))
    kind_of = np.array([kinds.index(one.kind) for one in profiles], dtype=np.int16)
    channels = _channels(profile, profiles, metrics, consents)
    return DeviceTable(
        number=_ints(columns["number"], np.int32), profile=profile,
        kind=kind_of[profile] if profiles else profile,
        care_scope=_ints(columns["care_scope_id"]), place_key=_ints(columns["place_key"]),
        institution=_ints(columns["institution_id"]), room=_ints(columns["room_id"]), bed=_ints(columns["bed_id"]),
        household=_ints(columns["person__household_id"]), person=person,
        gateway=_ints(columns["gateway__number"], np.int32),
        latitude=_points(columns["person__latitude"], columns["institution__latitude"]),
        longitude=_points(columns["person__longitude"], columns["institution__longitude"]),
        consents=consents, channel_device=channels[0], channel_metric=channels[1], interval_s=channels[2],
        profiles=tuple(one.key for one in profiles), kinds=kinds, metrics=metrics, mark=at,
    )  # fmt: skip


def _columns(rows: Iterable[tuple[Any, ...]]) -> dict[str, tuple[Any, ...]]:
    by_column = list(zip(*rows, strict=True)) or [()] * len(COLUMNS)
    return dict(zip(COLUMNS, by_column, strict=True))


def _ints(values: Iterable[int | None], kind: Any = np.int64) -> NDArray[Any]:
    return np.array([NOBODY if value is None else value for value in values], dtype=kind)


def _points(at_home: Iterable[float | None], in_institution: Iterable[float | None]) -> NDArray[np.float64]:
    """Degrees: of the institution where there is one, else of the person's home."""
    pairs = zip(at_home, in_institution, strict=True)
    return np.array([b if b is not None else a for a, b in pairs], dtype=np.float64)


def _occupants() -> dict[str, dict[int, list[int]]]:
    """Who lies where today: persons (files they were merged into) by bed and by room. One statement."""
    held = BedUse.objects.open().filter(kind=BedUse.OCCUPIED, bed__devices__isnull=False)
    in_rooms = BedUse.objects.open().filter(kind=BedUse.OCCUPIED, bed__room__devices__isnull=False)
    found: dict[str, dict[int, list[int]]] = {"bed": defaultdict(list), "room": defaultdict(list)}
    fields = ("bed_id", "bed__room_id", "stay__person_id", "stay__person__canonical_id")
    for bed, room, person, canonical in held.union(in_rooms).values_list(*fields):
        found["bed"][bed].append(canonical or person)
        found["room"][room].append(canonical or person)
    return found


def _subjects(columns: dict[str, tuple[Any, ...]], occupants: dict[str, dict[int, list[int]]]) -> NDArray[np.int64]:
    """The person of each device: who wears it or lives there, else who lies in its bed; -1 where there is none."""
    rows = zip(columns["person_id"], columns["person__canonical_id"], columns["bed_id"], strict=True)
    beds = occupants["bed"]
    return _ints(canonical or person or next(iter(beds.get(bed, ())), None) for person, canonical, bed in rows)


def _under(
    agreed: frozenset[int],
    columns: dict[str, tuple[Any, ...]],
    person: NDArray[np.int64],
    occupants: dict[str, dict[int, list[int]]],
) -> NDArray[np.bool_]:
    """Which devices may be evaluated for a purpose. In a room that several share, all of them have agreed."""
    allowed = np.isin(person, np.fromiter(agreed, dtype=np.int64, count=len(agreed)))
    for row, room in enumerate(columns["room_id"]):
        if room is not None and person[row] == NOBODY:
            inside = occupants["room"].get(room, [])
            allowed[row] = bool(inside) and agreed.issuperset(inside)
    return allowed


def _channels(
    profile: NDArray[np.int16],
    profiles: list[Profile],
    metrics: tuple[MetricRow, ...],
    consents: Mapping[str, NDArray[np.bool_]],
) -> tuple[NDArray[np.int32], NDArray[np.int16], NDArray[np.int32]]:
    """Row of the device, number of the metric, expected interval: for each channel that may be evaluated."""
    devices, numbers, intervals = [], [], []
    for at, one in enumerate(profiles):
        rows = np.flatnonzero(profile == at).astype(np.int32)
        for metric in metrics:
            if metric.key not in one.data["metrics"]:
                continue
            kept = rows[consents[metric.purpose][rows]] if metric.purpose else rows
            devices.append(kept)
            numbers.append(np.full(len(kept), metric.number, dtype=np.int16))
            intervals.append(np.full(len(kept), one.data["metrics"][metric.key], dtype=np.int32))
    if not devices:
        return np.empty(0, np.int32), np.empty(0, np.int16), np.empty(0, np.int32)
    return np.concatenate(devices), np.concatenate(numbers), np.concatenate(intervals)
