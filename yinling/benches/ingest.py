"""Bench `ingest`: readings through Mosquitto to the journal, each acknowledged by us when it is on disk; and a restart
with a million devices.

Publisher, broker and ingest share the machine's cores. Afterwards the journal is read: every acknowledged reading is in
it. CPU seconds are the ingest process's own.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from yinling.benches._broker import a_broker, a_free_port, mosquitto
from yinling.benches._homes import Place, a_home, run_in
from yinling.benches.report import Report, Result
from yinling.devices.ingest import state
from yinling.devices.ingest.journal import Position, batches
from yinling.devices.ingest.options import Folders
from yinling.devices.ingest.readings import joined

SINGLES_PER_S, BATCHES_PER_S, RESTART_S = 15_000, 150_000, 10
DEVICES = 5_000
RESTART_DEVICES = {False: 1_000_000, True: 100_000}
SECONDS = {False: 60, True: 8}
WINDOWS = {"singles": 8_000, "batches": 60_000}
TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Run:
    """One kind of traffic, measured."""

    per_s: float
    acknowledged: int
    missing: int
    p99_ms: float
    cpu_s: float
    broker_cpu_s: float


def run(quick: bool) -> Report:
    """Singles, batches, restart."""
    sizes = {"devices": DEVICES, "seconds": SECONDS[quick], "restart_devices": RESTART_DEVICES[quick]}
    report = Report("ingest", {**sizes, "broker": "Mosquitto" if mosquitto() else "none"})
    if mosquitto():
        for kind, bar in (("singles", SINGLES_PER_S), ("batches", BATCHES_PER_S)):
            _add(report, kind, bar, _traffic(kind, SECONDS[quick]))
    seconds = _restart(RESTART_DEVICES[quick])
    holds = seconds <= RESTART_S if not quick else None
    what = f"from start to taking readings in, {RESTART_DEVICES[quick]:,} devices"
    report.results.append(Result(what, round(seconds, 1), "s", f"<= {RESTART_S}", holds))
    return report


def _add(report: Report, kind: str, bar: int, got: Run) -> None:
    words = {"singles": "single readings, QoS 1", "batches": "gateway batches of 100"}[kind]
    per_million = got.cpu_s / max(got.acknowledged, 1) * 1e6
    of_broker = got.broker_cpu_s / max(got.acknowledged, 1) * 1e6
    report.results.extend(
        [
            Result(f"acknowledged a second, {words}", round(got.per_s), "1/s", f">= {bar}", got.per_s >= bar),
            Result(f"acknowledged but not in the journal, {words}", got.missing, "", "0", got.missing == 0),
            Result(f"acknowledged in all, {words}", got.acknowledged, "", "", None),
            Result(f"sent to acknowledged, p99, {words}", round(got.p99_ms), "ms", "", None),
            Result(f"CPU of ingest for a million, {words}", round(per_million, 2), "s", "", None),
            Result(f"CPU of the broker for a million, {words}", round(of_broker, 2), "s", "", None),
        ]
    )


def _traffic(kind: str, seconds: int) -> Run:
    with a_home() as home, a_broker() as (port, broker):
        run_in(home, "yinling.benches._devices", str(DEVICES))
        with an_ingest(home, broker=f"mqtt://127.0.0.1:{port}") as ingest:
            before, broker_before = _cpu_s(ingest), _cpu_s(broker)
            words = [str(port), kind, str(seconds), str(DEVICES), str(WINDOWS[kind])]
            said = json.loads(run_in(home, "yinling.benches._device_traffic", *words))
            cpu, broker_cpu = _cpu_s(ingest) - before, _cpu_s(broker) - broker_before
        missing = _missing(Path(home["YINLING_HOME"]), said["base_ms"], said["numbers"], said["acknowledged"])
        return Run(said["per_s"], said["acknowledged"], missing, said["p99_ms"], cpu, broker_cpu)


@contextmanager
def an_ingest(home: Place, broker: str = "") -> Iterator[int]:
    """The process, ready to take readings in; its process id. Stopped afterwards."""
    child = start_ingest(home, broker)
    try:
        wait_until_ready(child, Path(home["YINLING_HOME"]))
        yield child.pid
    finally:
        child.terminate()
        child.wait(timeout=30)


def start_ingest(home: Place, broker: str) -> subprocess.Popen[bytes]:
    """Start the process."""
    ports = {"YINLING_MQTT_PORT": str(a_free_port()), "YINLING_INGEST_PORT": str(a_free_port())}
    environment = {**os.environ, **home, **ports, "YINLING_MQTT": broker}
    environment.pop("YINLING_DATABASE", None)
    environment.setdefault("DJANGO_SETTINGS_MODULE", "yinling.config.settings")
    return subprocess.Popen([sys.executable, "-m", "yinling.devices.ingest"], env=environment)


def wait_until_ready(child: subprocess.Popen[bytes], home: Path) -> None:
    """Until its doors are open, and its broker has let it in."""
    for _ in range(3000):
        if child.poll() is not None:
            raise RuntimeError(f"ingest ended with {child.returncode}")
        held = state.read(home / "telemetry" / "state.json")
        if held and held.pid == child.pid and held.http_port and not held.trouble:
            return
        time.sleep(0.02)
    raise RuntimeError("ingest is not ready after a minute")


def _restart(devices: int) -> float:
    with a_home() as home:
        run_in(home, "yinling.benches._devices", str(devices))
        began = time.monotonic()
        with an_ingest(home):
            return time.monotonic() - began


def _missing(home: Path, base_ms: int, numbers: int, acknowledged: int) -> int:
    """Acknowledged readings that the journal does not hold. Everything sent has a time of its own."""
    held = joined([part for _, part in batches(Folders(home / "telemetry").journal, Position())])
    number = held.ts_ms - base_ms
    mine = (number >= 0) & (number < numbers)
    once = np.unique((number[mine] << 24) | held.device[mine])
    return max(0, acknowledged - len(once))


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


if __name__ == "__main__":
    print(run("--quick" in sys.argv).as_json())
