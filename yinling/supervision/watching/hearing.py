"""Up to when everything that devices sent is in the journal: no verdict of silence goes beyond that."""

from dataclasses import dataclass
from typing import Any

from yinling.devices import telemetry

INGEST = "ingest"
MARGIN_MS = 1000  # a reading is given its time of arrival before it goes to the disk
STALE_MS = 10_000


@dataclass(frozen=True)
class Heard:
    """`until_ms`: everything received until then is in the journal. `began_ms`: when the process began, 0 unknown."""

    until_ms: int
    began_ms: int
    is_alive: bool


def ingest_state() -> Any:
    """What the ingest process last said of itself, None where it has never run here."""
    return telemetry.state.read(telemetry.folders().state)  # type: ignore[attr-defined]


def heard(at_ms: int) -> Heard:
    """What the ingest process last said of itself. It does not move on while that process is down or behind."""
    state = ingest_state()
    if state is None or state.trouble:
        return Heard(0, 0, False)
    until = int((state.at - state.lag_s) * 1000) - MARGIN_MS
    return Heard(until, int(state.started_at * 1000), not state.is_stopped and at_ms - state.at * 1000 < STALE_MS)
