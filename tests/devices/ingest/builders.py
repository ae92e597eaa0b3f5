"""A register without a database, and the process around it."""

import asyncio
import datetime as dt
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np

from yinling.devices.ingest.bridge import Broker
from yinling.devices.ingest.journal import Position, batches
from yinling.devices.ingest.options import Folders, Options
from yinling.devices.ingest.process import Ingest
from yinling.devices.ingest.readings import Readings, joined
from yinling.devices.ingest.register import Register, build
from yinling.devices.queries import Agreed, DeviceTable, Mark, MetricRow, Pass, Passes
from yinling.devices.queries.credentials import TOKEN
from yinling.kernel.crypto import blind

SMOKE, HEART, TEMPERATURE = 1, 17, 30
METRICS = (
    MetricRow(SMOKE, "smoke", "", 0, 1, "", 730),
    MetricRow(HEART, "heart_rate", "次/分", 20, 250, "vital_signs", 180),
    MetricRow(TEMPERATURE, "temperature", "°C", -40, 125, "", 180),
)
MEASURES = {"detector": ["smoke", "temperature"], "mat": ["heart_rate", "temperature"], "gateway": ["temperature"]}
GATEWAY, DETECTOR, MAT, SHY_MAT, STRANGER = 1, 2, 3, 4, 6  # 5 is not in use; SHY_MAT has no consent
NO_TLS = {"certificate": "", "key": "", "authority": ""}


def token_of(number: int) -> str:
    """The token of a device of these tests."""
    return f"token-of-{number}"


def a_register(devices: int = 0) -> Register:
    """Gateway 1 with detector 2 and mats 3 and 4 (4 without consent); 6 on its own. Or so many detectors."""
    if devices:
        number, profile = np.arange(1, devices + 1, dtype=np.int32), np.zeros(devices, np.int16)
        gateway = np.where(number == 1, -1, 1).astype(np.int32)
        profile[0] = 2
    else:
        number = np.array([GATEWAY, DETECTOR, MAT, SHY_MAT, STRANGER], np.int32)
        profile, gateway = np.array([2, 0, 1, 1, 0], np.int16), np.array([-1, 1, 1, 1, -1], np.int32)
    ids = np.arange(len(number), dtype=np.int64)
    agreed = number == MAT
    channels = [
        (row, metric.number)
        for row in range(len(number))
        for metric in METRICS
        if metric.key in list(MEASURES.values())[profile[row]] and (not metric.purpose or agreed[row])
    ]
    table = DeviceTable(
        number=number, profile=profile, kind=profile, care_scope=ids, place_key=ids, institution=ids, room=ids,
        bed=ids, household=ids, person=ids, gateway=gateway, latitude=np.zeros(len(ids)),
        longitude=np.zeros(len(ids)), consents={"vital_signs": agreed},
        channel_device=np.array([row for row, _ in channels], np.int32),
        channel_metric=np.array([metric for _, metric in channels], np.int16),
        interval_s=np.full(len(channels), 60, np.int32), profiles=tuple(MEASURES), kinds=("x",), metrics=METRICS,
        mark=Mark(dt.date(2026, 1, 1), 0, frozenset()),
    )  # fmt: skip
    passes = {blind(TOKEN, token_of(n)): Pass(n, f"d{n}", 0.0) for n in number[:1000].tolist()}
    return build(table, Passes(passes), [("SN-2", DETECTOR)] if not devices else [], MEASURES)


def options_in(folder: Path, broker: str = "", mqtt_port: int = 0, http_port: int = 0) -> Options:
    """Settings for a run in this folder."""
    where = Broker.parse(broker) if broker else None
    return Options(Folders(folder), "127.0.0.1", mqtt_port, http_port, where, **NO_TLS)


def nothing_new(_: Register) -> None:
    """The register never changes."""


def nobody_withdrew(*_: object) -> Agreed:
    """No consent ends."""
    return Agreed()


@asynccontextmanager
async def running(options: Options, register: Register | None = None) -> AsyncIterator[Ingest]:
    """The process, in this one's loop."""
    stopping = asyncio.Event()
    ingest = Ingest(options, register or a_register(), nothing_new, nobody_withdrew)
    work = asyncio.create_task(ingest.run(stopping))
    while not ingest.http_port:
        await asyncio.sleep(0.01)
        if work.done():
            work.result()
    try:
        yield ingest
    finally:
        stopping.set()
        await work


def stored(folder: Path) -> Readings:
    """Everything that the journal holds, each reading once."""
    return joined([part for _, part in batches(Folders(folder).journal, Position())]).once()


def keys(readings: Readings) -> set[tuple[int, int, int]]:
    """(device, metric, time) of readings."""
    return set(zip(readings.device.tolist(), readings.metric.tolist(), readings.ts_ms.tolist(), strict=True))


def a_free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
