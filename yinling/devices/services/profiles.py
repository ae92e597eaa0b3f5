"""Profiles and metrics come from packs. A number once given to a metric stays that metric's."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction

from yinling.devices.events import ProfilesLoaded
from yinling.devices.models import Metric, Profile
from yinling.devices.queries.consents import PURPOSES
from yinling.devices.rules.profiles import FaultyProfiles, MetricEntry, ProfileEntry, metrics_from, profiles_from
from yinling.kernel.actors import Actor
from yinling.kernel.changes import record
from yinling.kernel.clock import now
from yinling.kernel.errors import Refused
from yinling.kernel.readings import Difference, Reading, digest_of
from yinling.kernel.uids import new_uid


@dataclass(frozen=True)
class _File:
    metrics: list[MetricEntry]
    profiles: list[ProfileEntry]
    valid_from: dt.date
    verified: bool


def profile_differences(data: Mapping[str, Any], *, file: str, pack: str) -> list[Difference]:
    """What loading a file would change; empty when it stands there already. Raises Refused with its faults."""
    return [difference for difference, _ in _found(_read(data, file))]


@transaction.atomic
def load_profiles(data: Mapping[str, Any], *, file: str, pack: str, by: Actor, layer: int = 0) -> list[Difference]:
    """Load a file of profiles and metrics. The same file again changes nothing. Raises Refused naming the fault."""
    found = _found(_read(data, file))
    for _, entry in found:
        about = {**asdict(entry), "pack": pack, "loaded_at": now()}
        if isinstance(entry, MetricEntry):
            Metric.objects.update_or_create(number=entry.number, defaults=about)
        else:
            Profile.objects.update_or_create(key=entry.key, defaults={**about, "digest": digest_of(asdict(entry))})
    if found:
        keys = tuple(difference.key for difference, _ in found)
        record(ProfilesLoaded(new_uid(), keys), by=by, content=json.loads(json.dumps(data, default=str)))
    return [difference for difference, _ in found]


def _read(data: Mapping[str, Any], file: str) -> _File:
    try:
        metrics = metrics_from(data.get("metrics", []), PURPOSES)
        profiles = profiles_from(data.get("profiles", []), [one.key for one in metrics])
        held = dict(Metric.objects.values_list("number", "key"))
        for one in metrics:
            if held.get(one.number, one.key) != one.key or (one.key in held.values() and one.number not in held):
                raise FaultyProfiles(f"{one.key}: the number {one.number} was given otherwise before")
        begins = dt.date.fromisoformat(str(data["valid_from"]))
    except (FaultyProfiles, KeyError, TypeError, ValueError) as fault:
        raise Refused("{file} cannot be read: {fault}.", file=file, fault=str(fault)) from None
    return _File(metrics, profiles, begins, bool(data.get("verified", False)))


def _found(file: _File) -> list[tuple[Difference, MetricEntry | ProfileEntry]]:
    metrics, profiles = Metric.objects.in_bulk(), {one.key: one for one in Profile.objects.all()}
    pairs: list[tuple[MetricEntry | ProfileEntry, Metric | Profile | None]] = []
    pairs += [(entry, metrics.get(entry.number)) for entry in file.metrics]
    pairs += [(entry, profiles.get(entry.key)) for entry in file.profiles]
    return [
        (Difference("changed" if row else "added", entry.key, None, _reading(entry, file)), entry)
        for entry, row in pairs
        if row is None or any(getattr(row, name) != value for name, value in asdict(entry).items())
    ]


def _reading(entry: MetricEntry | ProfileEntry, file: _File) -> Reading:
    return Reading({"value": entry.zh}, file.valid_from, None, file.verified)
