"""Keeping time: writes the truth, sets the pace, sends each message when its time has come."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from random import Random

from yinling.city.live.cast import Cast
from yinling.city.live.day import Message, messages
from yinling.city.live.door import Door
from yinling.city.live.planting import DAY_MS, HOUR_MS, MINUTE_MS, Planted, plant
from yinling.city.live.settling import settle
from yinling.devices import telemetry
from yinling.supervision.watching.beats import folder, last_beat, now_ms
from yinling.supervision.watching.pace import Pace, write_pace
from yinling.supervision.watching.truth import Event, Truth, write_truth

SLICE_S, READY_S = 0.05, 60.0
BEFORE_MS = 4000  # the watcher looks for a new pace every second
Say = Callable[[str], None]


@dataclass(frozen=True)
class Performance:
    """How a day is played. `begin_ms`: the city's time at which it begins. `stays`: the devices go on afterwards."""

    speed: int
    seed: int
    begin_ms: int
    lasts_ms: int = DAY_MS
    stays: bool = False


def performance(speed: int, seed: int, lasts_h: float = 24.0, *, stays: bool = False) -> Performance:
    """At the clock's speed the day begins now; faster, it begins so long ago that it ends as it meets the clock."""
    now, lasts = now_ms(), int(lasts_h * 60) * MINUTE_MS
    begin = now if speed == 1 else now - lasts + lasts // speed + BEFORE_MS
    return Performance(speed, seed, begin, lasts, stays)


def play(cast: Cast, asked: Performance, say: Say) -> Door:
    """Play it to its end. The door that was used knows how much was acknowledged."""
    settle({scope for device in cast.devices for scope in device.about})
    planted = plant(cast.devices, asked.begin_ms, Random(asked.seed))
    day = messages(cast.devices, planted, asked.begin_ms, asked.seed)
    pace = Pace(now_ms() + BEFORE_MS, asked.begin_ms, asked.speed)
    write_truth(folder(), _truth(cast, planted, asked))
    write_pace(folder(), pace)
    _wait_for_watcher(pace)
    door = Door(_http_port())
    say(f"{len(cast.devices)} devices, {len(planted)} events planted, {len(day):,} messages")
    told_ms = asked.begin_ms
    for until, chosen in _slices(
        _days(cast, day, asked), pace, None if asked.stays else asked.begin_ms + asked.lasts_ms
    ):
        _send(door, cast, chosen)
        if until - told_ms > asked.lasts_ms // 24:
            told_ms = until
            say(f"{(until - asked.begin_ms) / HOUR_MS:5.1f} h  {door.acknowledged:,} readings acknowledged")
    return door


def _days(cast: Cast, first: list[Message], asked: Performance) -> Iterator[Message]:
    """The day with its events; then, where the devices are to stay alive, days on which nothing happens."""
    end_ms = asked.begin_ms + asked.lasts_ms
    yield from (message for message in first if message.sent_ms < end_ms)
    for number in count(1):
        yield from messages(cast.devices, (), end_ms + (number - 1) * DAY_MS, asked.seed + number)


def _send(door: Door, cast: Cast, chosen: Sequence[Message]) -> None:
    """Each gateway sends what it has gathered, as one batch."""
    players = {device.number: device for device in cast.devices}
    batches: dict[int, dict[str, list[dict[str, object]]]] = defaultdict(lambda: defaultdict(list))
    for message in chosen:
        device = players[message.device]
        batches[device.gateway][device.name].append({"ts": message.at_ms, "values": message.values})
    door.send([(cast.tokens[gateway], entries) for gateway, entries in batches.items()])


def _slices(days: Iterator[Message], pace: Pace, end_ms: int | None) -> Iterator[tuple[int, Sequence[Message]]]:
    """What is due, a twentieth of a second of the clock at a time."""
    waiting = next(days)
    while True:
        until, due = pace.at(now_ms()), []
        while waiting.sent_ms <= until and (end_ms is None or waiting.sent_ms < end_ms):
            due.append(waiting)
            waiting = next(days)
        if due:
            yield until, due
        if end_ms is not None and until >= end_ms:
            return
        time.sleep(SLICE_S)


def _truth(cast: Cast, planted: Sequence[Planted], asked: Performance) -> Truth:
    about = {device.number: device.about for device in cast.devices}
    events = [
        Event(
            kind=one.kind.key, families=one.kind.families, is_real=one.kind.is_real, begins_ms=one.begins_ms,
            ends_ms=one.ends_ms + one.kind.slack_min * MINUTE_MS,
            about=tuple(sorted({scope for number in one.devices for scope in about[number]})),
        )
        for one in planted
    ]  # fmt: skip
    scopes = sorted({scope for device in cast.devices for scope in device.about})
    return Truth(asked.begin_ms, asked.begin_ms + asked.lasts_ms, now_ms(), tuple(events), tuple(scopes))


def _wait_for_watcher(pace: Pace) -> None:
    """Until the watcher judges by this pace; a city without one plays all the same."""
    until = time.monotonic() + READY_S
    while time.monotonic() < until:
        beat = last_beat()
        if beat is None or beat.pace_ms == pace.wall_ms:
            return
        time.sleep(0.2)


def _http_port() -> int:
    """Where ingest listens, by its own account."""
    state = telemetry.process_state()
    return state.http_port if state else 0
