"""The time that is judged by: the clock's, or the faster time of a day that the demonstration plays."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from yinling.engines.signals.columns import Int64

SECOND_MS = 1000
LONGEST_STEP_MS = 10_000


@dataclass(frozen=True)
class Pace:
    """From `wall_ms` on, time runs `speed` times as fast, beginning at `city_ms`, until it meets the clock."""

    wall_ms: int = 0
    city_ms: int = 0
    speed: int = 1

    def at(self, wall_ms: int) -> int:
        """The time judged by, when the clock says `wall_ms`. Never ahead of the clock."""
        if self.speed == 1:
            return wall_ms
        return min(wall_ms, self.city_ms + max(0, wall_ms - self.wall_ms) * self.speed)

    def all_at(self, wall_ms: Int64) -> Int64:
        """The same for many."""
        if self.speed == 1:
            return wall_ms
        return np.minimum(wall_ms, self.city_ms + np.maximum(0, wall_ms - self.wall_ms) * self.speed)

    @property
    def step_ms(self) -> int:
        """How long one step of judging is: a second, or longer where time runs faster."""
        return min(LONGEST_STEP_MS, SECOND_MS * self.speed)


def steps_of(at: Int64, step_ms: int) -> list[tuple[int, slice]]:
    """Runs of readings that were received within the same step: (beginning of the step, rows)."""
    if not len(at):
        return []
    step = np.maximum.accumulate(at // step_ms)  # several writers may be a little out of order
    begins = np.flatnonzero(np.diff(step, prepend=step[0] - 1))
    ends = [*begins[1:], len(at)]
    return [(int(step[a]) * step_ms, slice(int(a), int(b))) for a, b in zip(begins, ends, strict=True)]


def read_pace(folder: Path) -> Pace:
    """The pace of the day that is played; the clock's where none is."""
    try:
        return Pace(**json.loads((folder / "pace.json").read_text()))
    except FileNotFoundError:
        return Pace()


def write_pace(folder: Path, pace: Pace) -> None:
    """Have the watcher judge by this pace from now on, with nothing remembered of the time before."""
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / "pace.part"
    part.write_text(json.dumps(asdict(pace)))
    part.replace(folder / "pace.json")
