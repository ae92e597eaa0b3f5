"""What devices have reported: the doors to it for every other module.

Readings come in through `yinling.devices.ingest` and are never in SQL. Devices and metrics are named by their numbers
(`Device.number`, `Metric.number`). Nothing here asks who may see it: pages ask `queries.allowed_metrics` first.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from yinling.devices.ingest import history as kept
from yinling.devices.ingest import journal, latest, state
from yinling.devices.ingest.journal import Position
from yinling.devices.ingest.latest import LastValue
from yinling.devices.ingest.options import folders
from yinling.devices.ingest.readings import Readings
from yinling.devices.ingest.state import State
from yinling.engines.signals.columns import Floats, Int64
from yinling.kernel.clock import ms_of

__all__ = [
    "History",
    "LastValue",
    "Position",
    "Readings",
    "State",
    "glance",
    "health",
    "history",
    "hold",
    "journal_batches",
    "last_values",
    "process_state",
]


@dataclass(frozen=True)
class History:
    """One channel over a time: epoch milliseconds and values, in order, each reading once."""

    at_ms: Int64
    value: Floats


def journal_batches(after: Position) -> Iterator[tuple[Position, Readings]]:
    """Every flush after a position, oldest first, with the position to go on from. Ends when it has caught up.

    The same reading may come twice: whoever counts takes each (device, metric, ts_ms) once. Call again to go on.
    """
    return journal.batches(folders().journal, after)


def glance() -> tuple[object, ...]:
    """The journal and the state of its process as they look from outside: between two that are equal is no news."""
    place = folders()
    return (*journal.newest(place.journal), *state.version(place.state))


def hold(reader: str, position: Position) -> None:
    """Say how far a reader is, so that the journal keeps what it has not read. For a week at most."""
    kept.hold(folders(), reader, position)


def history(device: int, metric: int, start: dt.datetime, end: dt.datetime) -> History:
    """What a device reported about a metric from `start` up to `end`."""
    return History(*kept.read(folders(), device, metric, ms_of(start), ms_of(end)))


def last_values(devices: Iterable[int]) -> list[LastValue]:
    """The newest value of each metric of these devices, by device and metric."""
    return latest.read(folders().latest, devices)


def health() -> list[tuple[bool, str]]:
    """What the doctor says of the process that takes readings in: is it well, and a line on it."""
    return state.findings(process_state())


def process_state() -> State | None:
    """How the process that takes readings in is; None where it has never run."""
    return state.read(folders().state)
