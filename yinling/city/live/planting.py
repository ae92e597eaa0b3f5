"""What is planted into a day: kinds, how often, and which families of rules should notice."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

MINUTE_MS, HOUR_MS, DAY_MS = 60_000, 3_600_000, 86_400_000


@dataclass(frozen=True)
class Kind:
    """One kind of event. `devices`: kinds of device that it happens to, `at_once` of them in one home.

    `families`: of rules, any of which is right. `hours`: of the day in which it may begin. `is_real`: False for what
    only looks like it. `slack_min`: how long after its end an alert still belongs to it. `share`: of all devices of
    these kinds, at least one. `at_home`: the rules that should notice watch over homes, not over institutions.
    """

    key: str
    devices: tuple[str, ...]
    families: tuple[str, ...]
    hours: tuple[float, float]
    lasts_min: int
    share: float
    at_once: int = 1
    is_real: bool = True
    slack_min: int = 15
    at_home: bool = False


KINDS = (
    Kind("fire", ("smoke",), ("smoke", "smoke_spread"), (0, 24), 25, 0.01),
    Kind("fire_spreading", ("smoke",), ("smoke", "smoke_spread"), (0, 24), 25, 0.002, at_once=3),
    Kind("steam", ("smoke",), ("smoke",), (11, 12.5), 3, 0.01, is_real=False),
    Kind("gas_leak", ("gas",), ("gas",), (10, 19), 20, 0.01),
    Kind("fall", ("fall_radar", "wearable"), ("fall",), (4, 22), 10, 0.02),
    Kind("call_for_help", ("sos",), ("sos",), (0, 24), 5, 0.02),
    Kind("wandering", ("wearable",), ("wandering",), (8, 17), 80, 0.03),
    Kind("stove_left_on", ("kitchen",), ("kitchen",), (10, 18), 150, 0.03),
    Kind("door_at_night", ("door",), ("night",), (22.5, 26), 70, 0.02, at_home=True),
    Kind("up_all_night", ("bed_mat",), ("night",), (23, 25), 120, 0.02),
    Kind("heart", ("bed_mat",), ("vital_signs",), (23, 28), 30, 0.02),
    Kind("leak", ("water",), ("water",), (6, 20), 60, 0.03),
    Kind("hot_cable", ("electricity",), ("electricity",), (9, 21), 45, 0.03),
    Kind("dead_gateway", ("gateway",), ("no_data",), (9, 21), 45, 0.02),
    Kind("bad_clock", ("door",), ("device_fault",), (6, 12), 420, 0.01, slack_min=60),
    Kind("broken_sensor", ("door",), ("device_fault",), (6, 20), 20, 0.01),
    Kind("empty_battery", ("door", "water"), ("battery",), (0, 6), 1440, 0.01, slack_min=1440),
)


@dataclass(frozen=True)
class Played:
    """A device that plays. `home`: what it stands in, in one word. `latitude` and `longitude` of that home, degrees."""

    number: int
    kind: str
    name: str
    home: str
    gateway: int
    latitude: float = 0.0
    longitude: float = 0.0
    is_at_home: bool = True
    about: tuple[str, ...] = ()


@dataclass(frozen=True)
class Planted:
    """One event of a day. Times in epoch milliseconds; `devices` are numbers of the register."""

    kind: Kind
    devices: tuple[int, ...]
    begins_ms: int
    ends_ms: int

    def holds(self, at_ms: int) -> bool:
        """Whether it is going on."""
        return self.begins_ms <= at_ms < self.ends_ms


def plant(cast: Sequence[Played], begin_ms: int, dice: Random, utc_offset_h: int = 8) -> list[Planted]:
    """Events of the 24 hours from `begin_ms`, no device in two of them."""
    taken: set[int] = set()
    planted = []
    for kind in KINDS:
        able = [one for one in cast if one.kind in kind.devices and (one.is_at_home or not kind.at_home)]
        for _ in range(max(1, round(kind.share * len(able))) if able else 0):
            chosen = _chosen(kind, [one for one in able if one.number not in taken], dice)
            if not chosen:
                break
            begins = _moment(kind, begin_ms, dice, utc_offset_h)
            if begins is not None:
                taken.update(chosen)
                planted.append(Planted(kind, chosen, begins, begins + kind.lasts_min * MINUTE_MS))
    return planted


def _chosen(kind: Kind, free: Sequence[Played], dice: Random) -> tuple[int, ...]:
    if not free:
        return ()
    first = dice.choice(free)
    if kind.at_once == 1:
        return (first.number,)
    homes: dict[str, list[int]] = {}
    for one in free:
        homes.setdefault(one.home, []).append(one.number)
    large = [numbers for numbers in homes.values() if len(numbers) >= kind.at_once]
    return tuple(dice.sample(dice.choice(large), kind.at_once)) if large else ()


def _moment(kind: Kind, begin_ms: int, dice: Random, utc_offset_h: int) -> int | None:
    """When it begins: within its hours of the city's clock, with time left for a verdict before the day ends."""
    need_ms = min(kind.lasts_min, 100) * MINUTE_MS + 20 * MINUTE_MS
    for _ in range(40):
        at = begin_ms + int(dice.random() * (DAY_MS - need_ms))
        hour = (at / HOUR_MS + utc_offset_h) % 24
        if kind.hours[0] <= hour < kind.hours[1] or kind.hours[0] <= hour + 24 < kind.hours[1]:
            return at
    return None
