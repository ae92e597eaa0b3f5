"""What the process says about itself, for `yinling check` and the board: a small file, written every second."""

import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

DEAD_AFTER_MS = 15_000
LATE_S = 30


@dataclass(frozen=True)
class Beat:
    """`watermark_ms`: up to when everything was judged. `waits_for`: "", "database", "disk" or "ingest"."""

    at_ms: int
    watermark_ms: int
    readings: int = 0
    alerts: int = 0
    bad: int = 0
    rules: int = 0
    devices: int = 0
    waits_for: str = ""
    pace_ms: int = 0  # when the played day that is judged began, 0 for none


def folder() -> Path:
    """Where the watcher keeps its files."""
    return Path(settings.HOME) / "watching"


def write_beat(beat: Beat) -> None:
    """Put a beat in the place of the last. A full disk is no reason to stop."""
    folder().mkdir(parents=True, exist_ok=True)
    part = folder() / "beat.part"
    try:
        part.write_text(json.dumps(asdict(beat)))
        part.replace(folder() / "beat.json")
    except OSError:
        part.unlink(missing_ok=True)


def last_beat() -> Beat | None:
    """The last beat, None where the watcher never ran."""
    try:
        return Beat(**json.loads((folder() / "beat.json").read_text()))
    except (FileNotFoundError, ValueError):
        return None


def health() -> list[tuple[bool, str]]:
    """What the doctor says: is it running, how far behind, what does it wait for."""
    beat, at = last_beat(), now_ms()
    if beat is None:
        return [(True, "the watcher has not run here")]
    if is_dead(beat, at):
        return [(False, f"the watcher was last heard {(at - beat.at_ms) // 1000} s ago: is it running?")]
    waits = f", waits for {beat.waits_for}" if beat.waits_for else ""
    behind = behind_s(beat, at)
    return [
        (behind <= LATE_S, f"the watcher is {behind} s behind{waits}; {beat.rules} rules, {beat.devices:,} devices")
    ]


def now_ms() -> int:
    """The clock, in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def is_dead(beat: Beat | None, at_ms: int) -> bool:
    """Whether the watcher has not been heard for longer than any wait of its own takes between two beats."""
    return beat is None or at_ms - beat.at_ms > DEAD_AFTER_MS


def behind_s(beat: Beat, at_ms: int) -> int:
    """By how many seconds judging lags behind the clock."""
    return max(0, at_ms - beat.watermark_ms) // 1000
