"""The readings that both sides of bench `zabbix` get, and the alerts that must come of them. Pure.

Every device sends once a second. Most stay far below the limit. Some rise above it three times running; some fall
silent; some do both, which is one alert. As many come near to either without reaching it: they must stay quiet.
"""

from dataclasses import dataclass
from enum import StrEnum

LIMIT, TIMES = 50.0, 3
ABOVE_S = 5  # how many readings running a device stays above that does


class Part(StrEnum):
    """What a device plays."""

    STEADY = "steady"
    ABOVE = "above"
    SILENT = "silent"
    ABOVE_THEN_SILENT = "above, then silent"
    NEARLY_ABOVE = "twice above, again and again"
    NEARLY_SILENT = "silent, but not long enough"


# of a hundred devices, by number: the others are steady
PARTS = {3: Part.ABOVE, 23: Part.ABOVE, 43: Part.SILENT, 63: Part.SILENT, 83: Part.ABOVE_THEN_SILENT,
         13: Part.NEARLY_ABOVE, 53: Part.NEARLY_SILENT}  # fmt: skip


@dataclass(frozen=True)
class Size:
    """Devices, how long silence is allowed, how many seconds of readings; in which of these troubles begin."""

    devices: int
    silent_s: int
    seconds: int
    quiet_s: int = 10
    begin_within_s: int = 40

    @property
    def nearly_silent_s(self) -> int:
        """Without a word for so long, and no alert."""
        return self.silent_s - max(3, self.silent_s // 4)


@dataclass(frozen=True)
class Due:
    """An alert that must come: of which half of the rule, and from which second on."""

    half: Part
    onset_s: int


def part_of(device: int) -> Part:
    """What the device of this number plays."""
    return PARTS.get(device % 100, Part.STEADY)


def begins_s(device: int, size: Size) -> int:
    """The second in which its trouble begins."""
    return size.quiet_s + (device * 7) % size.begin_within_s


def value(device: int, second: int, size: Size) -> float | None:
    """What a device sends in a second; None when it does not."""
    since, calm = second - begins_s(device, size), 2.0 + (device * 31 + second * 17) % 97 / 10
    high = LIMIT + 10 + (device + second) % 20
    if since < 0:
        return calm
    match part_of(device):
        case Part.ABOVE:
            return high if since < ABOVE_S else calm
        case Part.SILENT:
            return None
        case Part.ABOVE_THEN_SILENT:
            return high if since < ABOVE_S else None
        case Part.NEARLY_ABOVE:
            return high if since % TIMES < TIMES - 1 else calm
        case Part.NEARLY_SILENT:
            return None if since < size.nearly_silent_s else calm
        case _:
            return calm


def due(size: Size) -> dict[int, Due]:
    """The alert of each device that must have one."""
    found = {}
    for device in range(size.devices):
        part, begins = part_of(device), begins_s(device, size)
        if part in (Part.ABOVE, Part.ABOVE_THEN_SILENT):
            found[device] = Due(Part.ABOVE, begins + TIMES - 1)
        elif part is Part.SILENT:
            found[device] = Due(Part.SILENT, begins - 1 + size.silent_s)
    return found
