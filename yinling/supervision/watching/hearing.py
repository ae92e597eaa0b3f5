"""Up to when everything that devices sent is in the journal: no verdict of silence goes beyond that."""

from dataclasses import dataclass

from yinling.devices import telemetry

INGEST = "ingest"
MARGIN_MS = 1000  # a reading is given its time of arrival before it goes to the disk
STALE_MS = 10_000


@dataclass(frozen=True)
class Heard:
    """`until_ms`: everything received until then is in the journal. `began_ms`: since when devices can be heard without
    a break, 0 unknown; `broke_ms`: when the break before it began, 0 unknown."""

    until_ms: int
    began_ms: int
    is_alive: bool
    broke_ms: int = 0


def heard(at_ms: int) -> Heard:
    """What the ingest process last said of itself. It does not move on while that process is down or behind, or while
    nobody can reach it."""
    state = telemetry.process_state()
    if state is None or state.trouble:
        return Heard(0, 0, False)
    until = int((state.at - state.lag_s) * 1000) - MARGIN_MS
    is_alive = not state.is_stopped and at_ms - state.at * 1000 < STALE_MS
    return Heard(until, int(state.heard_since * 1000), is_alive, int(state.broke_at * 1000))
