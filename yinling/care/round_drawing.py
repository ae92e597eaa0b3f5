"""Geometry of the planner's page: time lines and a schematic from positions. Coordinates out; templates write SVG."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from yinling.care.models import DayPlan, Stop
from yinling.care.queries.rounds import minute, person_of
from yinling.care.rules.rounds import Given, given_of
from yinling.kernel.names import mask_name
from yinling.reference.queries import label

LEFT, HOUR, LANE = 130, 100, 46  # pixels: names, an hour, a lane
MAP_WIDTH, MAP_HEIGHT, EDGE = 600, 320, 14


@dataclass(frozen=True)
class Block:
    """A stop on a time line: where it lies, what it says, how it looks."""

    stop: Stop
    x: float
    width: float
    words: str
    tone: str
    road_x: float
    late_minutes: int


@dataclass
class Lane:
    """One visitor's day."""

    uid: str
    name: str
    mode: str
    y: int
    blocks: list[Block] = field(default_factory=list)


@dataclass(frozen=True)
class Chart:
    """All lanes, the hours above them, the size in pixels."""

    lanes: list[Lane]
    hours: list[tuple[str, int]]
    width: int
    height: int


def words_of(stop: Stop) -> str:
    """Whom and what for."""
    service = label("home_service", stop.session.line.service) if stop.session else ""
    return f"{mask_name(person_of(stop).name)} {service}".strip()


def chart_of(plan: DayPlan, stops: Sequence[Stop], names: dict[str, tuple[str, str]], new: frozenset[str]) -> Chart:
    """The time lines. `names`: visitor uid -> name, how she goes. `new`: doors that the version before did not have."""
    given = given_of(plan.given)
    first, last = _span(given, plan, stops)
    lanes = {
        hand.uid: Lane(hand.uid, *names.get(hand.uid, (hand.uid, "")), 24 + n * LANE)
        for n, hand in enumerate(sorted(given.hands, key=lambda one: names.get(one.uid, ("", ""))[0]))
    }
    closes = {door.uid: door.closes for door in given.doors}
    for stop in stops:
        lane = lanes[str(stop.visitor.uid)]
        lane.blocks.append(_block(stop, plan, first, closes[stop.door], stop.door in new))
    hours = [(f"{hour:02d}:00", LEFT + (hour - first) * HOUR) for hour in range(first, last)]
    return Chart(list(lanes.values()), hours, LEFT + (last - first) * HOUR, 24 + len(lanes) * LANE)


def _span(given: Given, plan: DayPlan, stops: Sequence[Stop]) -> tuple[int, int]:
    """First and last hour shown."""
    starts = [hand.starts for hand in given.hands] + [minute(one.starts_at, plan) for one in stops]
    ends = [hand.ends for hand in given.hands] + [minute(one.ends_at, plan) for one in stops]
    return int(min(starts, default=480) // 60), int(-(-max(ends, default=1050) // 60))


def _block(stop: Stop, plan: DayPlan, first: int, closes: float, is_new: bool) -> Block:
    start, end = minute(stop.starts_at, plan), minute(stop.ends_at, plan)
    late = round(max(0.0, start - closes))
    tone = "fix" if stop.is_promised or stop.is_locked else "late" if late else "new" if is_new else ""
    x = LEFT + (start / 60 - first) * HOUR
    road = stop.travel_minutes / 60 * HOUR
    return Block(stop, round(x, 1), round(max((end - start) / 60 * HOUR, 6), 1), words_of(stop), tone,
                 round(max(x - road, LEFT), 1), late)  # fmt: skip


@dataclass(frozen=True)
class Way:
    """A visitor's way through the schematic, and her doors."""

    name: str
    tone: int
    path: str
    dots: list[tuple[float, float]]


def ways_of(given: Given, stops: Sequence[Stop]) -> list[Way]:
    """The schematic: every position fitted into the picture, north above."""
    points = [(one.longitude, one.latitude) for one in given.hands]
    points += [(one.longitude, one.latitude) for one in given.doors]
    if not points:
        return []
    west, south = min(x for x, _ in points), min(y for _, y in points)
    wide, high = max(x for x, _ in points) - west or 1e-6, max(y for _, y in points) - south or 1e-6

    def at(longitude: float, latitude: float) -> tuple[float, float]:
        x = EDGE + (longitude - west) / wide * (MAP_WIDTH - 2 * EDGE)
        return round(x, 1), round(MAP_HEIGHT - EDGE - (latitude - south) / high * (MAP_HEIGHT - 2 * EDGE), 1)

    doors = {one.uid: at(one.longitude, one.latitude) for one in given.doors}
    found = []
    for n, hand in enumerate(given.hands):
        mine = [one for one in stops if str(one.visitor.uid) == hand.uid]
        if not mine:
            continue
        dots = [doors[one.door] for one in mine]
        line = [at(hand.longitude, hand.latitude), *dots]
        path = "M" + " L".join(f"{x} {y}" for x, y in line)
        found.append(Way(mine[0].visitor.name, n % 4, path, dots))
    return found


def clock(minutes: float) -> str:
    """08:30 for 510 minutes."""
    return (dt.datetime.min + dt.timedelta(minutes=round(minutes))).strftime("%H:%M")
