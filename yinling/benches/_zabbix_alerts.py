"""Whether two systems raised the alerts that the readings of bench `zabbix` ask for, and the same ones. Pure.

An alert is a device and the second since which it stands; a system that warns twice about a device has two.
"""

from collections.abc import Mapping, Sequence

from yinling.benches._zabbix_stream import Due, Part

Told = Mapping[int, Sequence[float]]  # by device: the onset of each alert, in seconds of the stream
ABOVE_OFF_S = 1.0  # either system dates a value by its own time
SILENT_LATE_S = 60.0  # Zabbix looks for silence every 30 seconds and dates it by when it looked


def right(due: Mapping[int, Due], told: Told, half: Part) -> int:
    """How many alerts of one half of the rule came, once each and at their time."""
    return sum(_is_right(each, told.get(device, ())) for device, each in due.items() if each.half is half)


def wrong(due: Mapping[int, Due], told: Told) -> list[int]:
    """Devices with an alert missing, doubled, at the wrong time or not called for."""
    missed = {device for device, each in due.items() if not _is_right(each, told.get(device, ()))}
    return sorted(missed | {device for device, onsets in told.items() if onsets and device not in due})


def differing(due: Mapping[int, Due], one: Told, other: Told) -> list[int]:
    """Devices about which the two do not say the same: how often, and which half."""
    devices = {device for told in (one, other) for device in told}
    return sorted(
        device
        for device in devices
        if _halves(due.get(device), one.get(device, ())) != _halves(due.get(device), other.get(device, ()))
    )


def _is_right(each: Due, onsets: Sequence[float]) -> bool:
    return len(onsets) == 1 and _fits(each, onsets[0])


def _fits(each: Due, onset: float) -> bool:
    if each.half is Part.ABOVE:
        return abs(onset - each.onset_s) <= ABOVE_OFF_S
    return -ABOVE_OFF_S <= onset - each.onset_s <= SILENT_LATE_S


def _halves(each: Due | None, onsets: Sequence[float]) -> list[Part | None]:
    """Which half each alert tells; None where it fits none that was due."""
    return [each.half if each and _fits(each, onset) else None for onset in onsets]
