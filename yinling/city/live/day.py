"""A believable day of every device, with what was planted into it. Pure: same cast, seed and day, same messages.

Who is at home sleeps, gets up, cooks, goes out, naps and goes to bed at hours of her own; the devices see that.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from yinling.city.live.planting import DAY_MS, HOUR_MS, MINUTE_MS, Planted, Played

Values = dict[str, float]
Said = tuple[int, Values]  # time of the device's clock, values
CLOCK_WRONG_MS = 30 * MINUTE_MS
METRES_PER_DEGREE = 111_195.0


@dataclass(frozen=True)
class Message:
    """What a device says: when it is sent, what its clock shows, the values."""

    sent_ms: int
    device: int
    at_ms: int
    values: Values


@dataclass(frozen=True)
class Rhythm:
    """Hours of the city's clock at which somebody does things."""

    rises: float
    cooks: tuple[float, float, float]
    goes_out: float
    naps: float
    sleeps: float
    up_at_night: tuple[float, ...]


@dataclass(frozen=True)
class Scene:
    """The day of one device: from when, whose rhythm, what is planted on it."""

    begin_ms: int
    rhythm: Rhythm
    planted: Sequence[Planted]
    dice: Random
    device: Played
    utc_offset_h: int = 8

    def hour(self, at_ms: int) -> float:
        """Hour of the city's clock."""
        return (at_ms / HOUR_MS + self.utc_offset_h) % 24

    def every(self, seconds: int) -> Iterator[int]:
        """Regular moments of the day, at the device's own offset."""
        first = self.begin_ms + int(self.dice.random() * min(seconds * 1000, DAY_MS))
        return iter(range(first, self.begin_ms + DAY_MS, seconds * 1000))

    def now(self, key: str, at_ms: int) -> bool:
        """Whether something planted is going on."""
        return any(one.kind.key == key and one.holds(at_ms) for one in self.planted)

    def within(self, *keys: str) -> Iterator[Planted]:
        """What is planted of these kinds."""
        return (one for one in self.planted if one.kind.key in keys)

    def in_bed(self, at_ms: int) -> bool:
        """Whether whoever lives there lies down."""
        hour, rhythm = self.hour(at_ms), self.rhythm
        if any(0 <= hour - up < 0.15 for up in rhythm.up_at_night) or self.now("up_all_night", at_ms):
            return False
        return hour < rhythm.rises or hour >= rhythm.sleeps or 0 <= hour - rhythm.naps < 1.2


def messages(cast: Sequence[Played], planted: Sequence[Planted], begin_ms: int, seed: int) -> list[Message]:
    """Everything that is sent in a day, in the order in which it is sent."""
    rhythms: dict[str, Rhythm] = {}
    dead = {one.devices[0]: one for one in planted if one.kind.key == "dead_gateway"}
    found: list[Message] = []
    for device in cast:
        dice = Random(f"{seed}/{device.number}")
        whose = device.home if device.kind != "bed_mat" else f"{device.home}/{device.number}"
        rhythm = rhythms.setdefault(whose, _rhythm(Random(f"{seed}/{whose}")))
        own = [one for one in planted if device.number in one.devices]
        scene = Scene(begin_ms, rhythm, own, dice, device)
        outage = dead.get(device.gateway) or dead.get(device.number)
        found += [_sent(scene, said, outage) for said in PARTS[device.kind](scene)]
    return sorted(found, key=lambda message: (message.sent_ms, message.device))


def _rhythm(dice: Random) -> Rhythm:
    def about(hour: float, spread: float) -> float:
        return dice.gauss(hour, spread)

    cooks = (about(6.9, 0.3), about(11.2, 0.25), about(17.4, 0.3))
    nights = tuple(dice.uniform(0.5, 4.5) for _ in range(dice.choice((0, 1, 1, 2))))
    return Rhythm(about(6.1, 0.4), cooks, about(8.8, 0.6), about(12.7, 0.2), about(20.9, 0.3), nights)


def _sent(scene: Scene, said: Said, outage: Planted | None) -> Message:
    """With a wrong clock it says another time; behind a dead gateway it is sent when the gateway is back."""
    at, values = said
    shown = at + CLOCK_WRONG_MS if scene.now("bad_clock", at) else at
    sent = at + 200 + int(scene.dice.random() * 1500)
    if outage and outage.holds(at):
        sent = outage.ends_ms + int(scene.dice.random() * 20_000)
    return Message(sent, scene.device.number, shown, values)


def _smoke(scene: Scene) -> Iterator[Said]:
    for at in scene.every(21_600):
        yield at, {"smoke": 0, "temperature": 22.0, "heartbeat": 1}
    for one in scene.within("fire", "fire_spreading", "steam"):
        later = scene.device.number % 3 * 2 * MINUTE_MS if one.kind.at_once > 1 else 0
        yield one.begins_ms + later, {"smoke": 1, "smoke_density": 0.6, "temperature": 41.0}
        yield one.ends_ms, {"smoke": 0, "temperature": 25.0, "heartbeat": 1}


def _gas(scene: Scene) -> Iterator[Said]:
    for at in scene.every(600):
        yield at, {"gas": abs(scene.dice.gauss(0, 0.6)), "carbon_monoxide": abs(scene.dice.gauss(3, 2)), "heartbeat": 1}
    for one in scene.within("gas_leak"):
        for at in range(one.begins_ms, one.ends_ms, MINUTE_MS):
            yield at, {"gas": 8.0 + 10 * (at - one.begins_ms) / (one.ends_ms - one.begins_ms)}
        for minute in range(8):
            yield one.ends_ms + minute * MINUTE_MS, {"gas": 1.0}


def _water(scene: Scene) -> Iterator[Said]:
    for at in scene.every(3_600):
        at_home = not scene.in_bed(at)
        used = abs(scene.dice.gauss(9, 5)) if at_home else 0.0
        yield at, {"water_flow": used, "water_leak": 0, **_battery(scene, at)}
    for one in scene.within("leak"):
        yield one.begins_ms, {"water_leak": 1}
        yield one.ends_ms, {"water_leak": 0}


def _electricity(scene: Scene) -> Iterator[Said]:
    for at in scene.every(300):
        hot = 66.0 if scene.now("hot_cable", at) else 31.0
        power = 80 + (400 * (0 < scene.hour(at) - 17 < 4)) + scene.dice.gauss(0, 12)
        yield at, {"power": max(0.0, power), "cable_temperature": hot + scene.dice.gauss(0, 1), "mains": 1}


def _kitchen(scene: Scene) -> Iterator[Said]:
    for at in scene.every(60):
        cooking = any(0 <= scene.hour(at) - meal < 0.6 for meal in scene.rhythm.cooks)
        left = scene.now("stove_left_on", at)
        if cooking or left or at // MINUTE_MS % 10 == 0:
            warm = 170.0 if cooking or left else 24.0
            yield at, {"stove_on": int(cooking or left), "stove_temperature": warm, "kitchen_motion": int(cooking)}


def _door(scene: Scene) -> Iterator[Said]:
    for at in scene.every(21_600 if not list(scene.within("bad_clock")) else 3_600):
        yield at, {"door_open": int(scene.now("door_at_night", at)), "heartbeat": 1, **_battery(scene, at)}
    morning = _at_hour(scene, scene.rhythm.goes_out)
    back = morning + int(scene.dice.uniform(0.7, 2) * HOUR_MS)
    quiet = not (scene.planted and scene.planted[0].kind.key in ("broken_sensor", "door_at_night"))
    for at in (morning, back, back + 4 * HOUR_MS) if quiet else ():
        yield at, {"door_open": 1}
        yield at + 25_000, {"door_open": 0}
    for one in scene.within("door_at_night"):
        yield one.begins_ms, {"door_open": 1}
        yield one.ends_ms, {"door_open": 0}
    for one in scene.within("broken_sensor"):
        for number, at in enumerate(range(one.begins_ms, one.ends_ms, 20_000)):
            yield at, {"door_open": number % 2}


def _bed(scene: Scene) -> Iterator[Said]:
    rest = scene.dice.gauss(66, 5)
    for at in scene.every(60):
        if not scene.in_bed(at):
            yield at, {"in_bed": 0, **({"heartbeat": 1} if at // MINUTE_MS % 5 == 0 else {})}
            continue
        fast = 84.0 if scene.now("heart", at) else 0.0
        breath = max(10.0, min(22.0, scene.dice.gauss(15, 1.2)))
        yield at, {"in_bed": 1, "heart_rate": _bounded(rest + fast + scene.dice.gauss(0, 2.5)), "breath_rate": breath}


def _radar(scene: Scene) -> Iterator[Said]:
    for at in scene.every(300):
        yield at, {"fall": int(scene.now("fall", at)), "presence": int(not scene.in_bed(at)), "heartbeat": 1}
    yield from _falls(scene)


def _falls(scene: Scene) -> Iterator[Said]:
    for one in scene.within("fall"):
        yield one.begins_ms, {"fall": 1}
        yield one.ends_ms, {"fall": 0}


def _sos(scene: Scene) -> Iterator[Said]:
    for at in scene.every(43_200):
        yield at, {"heartbeat": 1, "battery": 78.0}
    for one in scene.within("call_for_help"):
        yield one.begins_ms, {"sos": 1}
        yield one.ends_ms, {"sos": 0}


def _wearable(scene: Scene) -> Iterator[Said]:
    for at in scene.every(300):
        away = _away_m(scene, at)
        turn = scene.dice.uniform(0, 2 * math.pi) if away < 300 else scene.device.number
        north = scene.device.latitude + away * math.cos(turn) / METRES_PER_DEGREE
        shrunk = METRES_PER_DEGREE * math.cos(math.radians(scene.device.latitude))
        values = {
            "latitude": round(north, 6),
            "longitude": round(scene.device.longitude + away * math.sin(turn) / shrunk, 6),
        }
        yield at, values | ({"heart_rate": _bounded(scene.dice.gauss(76, 5))} if at // MINUTE_MS % 10 < 5 else {})
    yield from _falls(scene)


def _away_m(scene: Scene, at: int) -> float:
    """How far from home: a walk in the morning, or much further."""
    for one in scene.within("wandering"):
        if one.holds(at):
            return 900 + 2600 * (at - one.begins_ms) / (one.ends_ms - one.begins_ms)
    out = 0 <= scene.hour(at) - scene.rhythm.goes_out < 1.2
    return abs(scene.dice.gauss(250, 80)) if out else abs(scene.dice.gauss(12, 6))


def _camera(scene: Scene) -> Iterator[Said]:
    for at in scene.every(300):
        yield at, {"picture": 1, "heartbeat": 1}


def _gateway(scene: Scene) -> Iterator[Said]:
    for at in scene.every(60):
        if not scene.now("dead_gateway", at):  # its own heartbeats are not kept, only what its children sent
            yield at, {"heartbeat": 1, "mains": 1, "signal": -70.0}


def _battery(scene: Scene, at: int) -> Values:
    low = any(at >= one.begins_ms for one in scene.within("empty_battery"))
    return {"battery": 14.0 if low else 81.0} if low or at // HOUR_MS % 6 == 0 else {}


def _at_hour(scene: Scene, hour: float) -> int:
    """The moment of the day at which the city's clock shows this hour."""
    return scene.begin_ms + int((hour - scene.hour(scene.begin_ms)) % 24 * HOUR_MS)


def _bounded(rate: float) -> float:
    return round(max(52.0, min(170.0, rate)), 1)


PARTS: dict[str, Callable[[Scene], Iterator[Said]]] = {
    "smoke": _smoke, "gas": _gas, "water": _water, "electricity": _electricity, "kitchen": _kitchen, "door": _door,
    "bed_mat": _bed, "fall_radar": _radar, "sos": _sos, "wearable": _wearable, "camera": _camera, "gateway": _gateway,
}  # fmt: skip
