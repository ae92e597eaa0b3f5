"""How the process is: one small file, written every second, for the supervisor, the doctor and the page."""

import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

STALE_S = 10.0
SLOW_S = 5.0


@dataclass(frozen=True)
class State:
    """What was true at `at` (seconds since 1970). `trouble` is empty when all is well.

    `heard_since`: since when devices could reach the journal without a break (0 not yet); `broke_at`: when the break
    before it began (0 unknown).
    """

    pid: int
    at: float
    started_at: float
    mqtt_port: int
    http_port: int
    broker: str
    devices: int
    connections: int
    messages: int
    readings: int
    faults: int
    lag_s: float
    last_flush_at: float
    last_flush_ms: float
    journal: str
    trouble: str
    is_stopped: bool = False
    heard_since: float = 0.0
    broke_at: float = 0.0

    @property
    def age_s(self) -> float:
        """How long ago this was written."""
        return time.time() - self.at


def write(path: Path, state: State) -> None:
    """Whole or not at all. A full disk leaves the old one to grow stale, which says the same."""
    part = path.with_suffix(".part")
    part.write_bytes(orjson.dumps(asdict(state)))
    os.replace(part, path)


def version(path: Path) -> tuple[int, int]:
    """Another one for every state that is written, found without reading."""
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return 0, 0
    return found.st_ino, found.st_mtime_ns  # written whole into a new file: never the last one's number


def read(path: Path) -> State | None:
    """The state as last written, None where the process has never run here."""
    try:
        return State(**orjson.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def findings(state: State | None) -> list[tuple[bool, str]]:
    """What the doctor says of it."""
    if state is None:
        return [(True, "ingest has not run here")]
    if state.is_stopped:
        return [(True, "ingest was stopped")]
    alive = state.age_s < STALE_S
    lines = [(alive, f"ingest wrote its state {state.age_s:.0f} s ago; more than {STALE_S:.0f} s means it has died")]
    if alive:
        lines.append((not state.trouble, f"ingest: {state.trouble or 'no trouble'}; broker: {state.broker}"))
        lines.append((state.lag_s < SLOW_S, f"ingest lags {state.lag_s:.1f} s behind; last write {_ago(state)}"))
    return lines


def _ago(state: State) -> str:
    if not state.last_flush_at:
        return "none yet"
    return f"{time.time() - state.last_flush_at:.0f} s ago, took {state.last_flush_ms:.0f} ms"
