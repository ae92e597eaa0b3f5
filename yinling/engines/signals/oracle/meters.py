"""Windows in local time, minute by minute, and the number that a reading is tested as."""

import math
from dataclasses import dataclass, field

from yinling.engines.signals.conditions import Band, Fence, Measure, Measured
from yinling.engines.signals.rules import Window

MINUTE = 60_000


def minute_is_open(windows: tuple[Window, ...], minute: int) -> bool:
    """Is this local minute (since the epoch) in a window?"""
    day, of_day = minute // 1440, minute % 1440
    for back in (0, 1):
        weekday = (day - back + 3) % 7
        for window in windows:
            length = (window.ends - window.begins) % 1440 or 1440
            if weekday in window.days and window.begins <= of_day + back * 1440 < window.begins + length:
                return True
    return False


@dataclass
class Clockwork:
    """Windows in local civil time; searched minute by minute, remembered by minute of the week."""

    windows: tuple[Window, ...]
    offset: int
    known: dict[tuple[str, int], int] = field(default_factory=dict)

    def is_open(self, at: int) -> bool:
        return minute_is_open(self.windows, at // MINUTE + self.offset)

    def next_where(self, at: int, wanted: bool) -> int:
        """The first minute after the one of `at` that is open (or not), as an instant."""
        minute = at // MINUTE + self.offset
        key = (str(wanted), minute % 10_080)
        if key not in self.known:
            ahead = 1
            while minute_is_open(self.windows, minute + ahead) != wanted:
                ahead += 1
            self.known[key] = ahead
        return (minute + self.known[key] - self.offset) * MINUTE

    def end(self, at: int) -> int:
        if not self.is_open(at):
            at = self.next_where(at, True)
        return self.next_where(at, False)

    def matures(self, since: int, lasting: int) -> int:
        if self.is_open(since) and since + lasting < self.end(since):
            return since + lasting
        if self.is_open(since):
            since = self.end(since)
        return self.next_where(since, True) + lasting


def holds(band: Band, x: float) -> bool:
    inside = band.lowest <= x <= band.highest
    return not inside if band.outside else inside


class Meter:
    """From a reading to the number that is tested; None is no verdict."""

    def __init__(self, measured: Measured, centre: tuple[float, float], offset: int) -> None:
        self.measured, self.centre, self.offset = measured, centre, offset
        self.anchor: tuple[float, int] | None = None
        self.last: float | None = None
        self.changes: list[int] = []
        self.habits: dict[int, tuple[float, float, int]] = {}

    def measure(self, at: int, value: float, second: float | None, ahead_ms: int) -> float | None:
        kind = self.measured.kind
        if kind is Measure.RATE:
            return self.rate(at, value)
        if kind is Measure.BASELINE:
            return self.baseline(at, value)
        if kind is Measure.CHANGES:
            return self.flapping(at, value)
        if kind is Measure.CLOCK:
            return ahead_ms / 1000
        if kind is Measure.FENCE:
            return self.beyond(value, second)
        return value

    def rate(self, at: int, value: float) -> float | None:
        if self.anchor is None:
            self.anchor = (value, at)
            return None
        passed = at - self.anchor[1]
        if passed < self.measured.over_ms:
            return None
        x = (value - self.anchor[0]) / passed * self.measured.per_ms
        self.anchor = (value, at)
        return x

    def flapping(self, at: int, value: float) -> float:
        if self.last is not None and self.last != value:
            self.changes.append(at)
        self.last = value
        count = self.measured.count
        return 1.0 if len(self.changes) >= count and at - self.changes[-count] <= self.measured.over_ms else 0.0

    def baseline(self, at: int, value: float) -> float | None:
        hour = (at // MINUTE + self.offset) // 60 % 24
        habit, spread, learnt = self.habits.get(hour, (0.0, 0.0, 0))
        unit = max(spread, self.measured.floor)
        pull, x = value - habit, None
        if learnt >= self.measured.quiet_start:
            x = pull / unit
            pull = min(max(pull, -3.0 * unit), 3.0 * unit)
        share = 1.0 / (min(learnt, self.measured.memory - 1) + 1.0)
        spread = spread + share * (abs(pull) - spread) if learnt else 0.0
        self.habits[hour] = (habit + share * pull, spread, learnt + 1)
        return x

    def beyond(self, latitude: float, longitude: float | None) -> float | None:
        fence = self.measured.fence
        if longitude is None or fence is None:
            return None
        if fence.corners:
            return beyond_polygon(latitude, longitude, fence)
        centre = fence.centre or self.centre
        east_m = 111_320.0 * math.cos(math.radians(centre[0]))
        north, east = (latitude - centre[0]) * 111_320.0, (longitude - centre[1]) * east_m
        return math.sqrt(north * north + east * east) - fence.radius_m


def beyond_polygon(latitude: float, longitude: float, fence: Fence) -> float:
    scale = 111_320.0 * math.cos(math.radians(fence.corners[0][0]))
    points = [(longitude_ * scale, latitude_ * 111_320.0) for latitude_, longitude_ in fence.corners]
    x, y, inside, nearest = longitude * scale, latitude * 111_320.0, False, math.inf
    for (ax, ay), (bx, by) in zip([points[-1], *points[:-1]], points, strict=True):
        dx, dy = bx - ax, by - ay
        along = min(max(((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy), 0.0), 1.0)
        ex, ey = x - (ax + along * dx), y - (ay + along * dy)
        nearest = min(nearest, math.sqrt(ex * ex + ey * ey))
        if (ay > y) != (by > y) and x < dx * (y - ay) / dy + ax:
            inside = not inside
    return -nearest if inside else nearest
