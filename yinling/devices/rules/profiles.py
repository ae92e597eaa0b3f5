"""What a pack may say about devices: every profile and metric, checked before any is loaded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

PLACES = ("institution", "home", "public")
MOST_METRICS = 32_767  # a stored reading holds the number in 16 bits


class FaultyProfiles(ValueError):
    """Names the profile or metric and what is wrong with it."""


@dataclass(frozen=True)
class MetricEntry:
    """One metric as the pack states it."""

    number: int
    key: str
    zh: str
    en: str
    unit: str
    lowest: float
    highest: float
    purpose: str
    retention_days: int


@dataclass(frozen=True)
class ProfileEntry:
    """One profile as the pack states it; `data` is what is kept of it whole."""

    key: str
    kind: str
    zh: str
    en: str
    silent_after_s: int
    has_battery: bool
    data: dict[str, Any]


def metrics_from(rows: Sequence[Mapping[str, Any]], purposes: Sequence[str]) -> list[MetricEntry]:
    """The metrics of a file, by number. Raises FaultyProfiles."""
    found = [_metric(row) for row in rows]
    for one in found:
        if one.purpose and one.purpose not in purposes:
            raise FaultyProfiles(f"{one.key}: no consent is asked for the purpose {one.purpose}")
    _once([one.number for one in found], "number")
    _once([one.key for one in found], "metric")
    return sorted(found, key=lambda one: one.number)


def _metric(row: Mapping[str, Any]) -> MetricEntry:
    key = str(row.get("key", "?"))
    try:
        found = MetricEntry(
            number=int(row["number"]), key=row["key"], zh=row["zh"], en=row["en"], unit=row.get("unit", ""),
            lowest=float(row["lowest"]), highest=float(row["highest"]), purpose=row.get("purpose", ""),
            retention_days=int(row["retention_days"]),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError) as fault:
        raise FaultyProfiles(f"{key}: {fault}") from None
    if not 0 < found.number <= MOST_METRICS:
        raise FaultyProfiles(f"{key}: the number {found.number} lies outside 1 to {MOST_METRICS}")
    if found.lowest > found.highest or found.retention_days < 1:
        raise FaultyProfiles(f"{key}: range or retention make no sense")
    return found


def profiles_from(rows: Sequence[Mapping[str, Any]], metrics: Sequence[str]) -> list[ProfileEntry]:
    """The profiles of a file. Raises FaultyProfiles."""
    found = [_profile(row, metrics) for row in rows]
    _once([one.key for one in found], "profile")
    return found


def _profile(row: Mapping[str, Any], metrics: Sequence[str]) -> ProfileEntry:
    key = str(row.get("key", "?"))
    try:
        intervals = {str(name): int(seconds) for name, seconds in row["metrics"].items()}
        stands = [str(one) for one in row["stands"]]
        battery = row.get("battery_months")
        found = ProfileEntry(
            row["key"], row["kind"], row["zh"], row["en"], int(row["silent_after_s"]), battery is not None,
            {
                "metrics": intervals, "stands": stands, "never": list(row.get("never", [])), "battery": battery,
                "is_worn": bool(row.get("is_worn", False)),
            },
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise FaultyProfiles(f"{key}: {fault}") from None
    if unknown := sorted(set(intervals) - set(metrics)):
        raise FaultyProfiles(f"{key}: {unknown[0]} is no metric of this file")
    if not stands or set(stands) - set(PLACES):
        raise FaultyProfiles(f"{key}: stands must name some of {', '.join(PLACES)}")
    if found.silent_after_s < 1 or min(intervals.values(), default=0) < 1:
        raise FaultyProfiles(f"{key}: times are whole seconds above 0")
    return found


def _once(values: Sequence[object], what: str) -> None:
    twice = {value for value in values if values.count(value) > 1}
    if twice:
        raise FaultyProfiles(f"the {what} {sorted(map(str, twice))[0]} stands there twice")
