"""Bench `alarms`: smoke on MQTT until it stands on an open board, at half of the load that ingest is held to.

Devices send single readings with QoS 1 through a Mosquitto; ingest, watcher, job runner and web server all run, on the
same cores as the senders. Every hop is timed: the reading's own time, its receipt in the journal, the alert's row, the
board's stream, the board drawn anew. The last is the bar's.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass

from yinling.benches._board import Watching, first_after
from yinling.benches._homes import run_in
from yinling.benches._net import Prepared, alerts, prepared
from yinling.benches._platform import Platform, a_small_disk, ports_for_all
from yinling.benches.report import Report, Result, percentile
from yinling.devices.ingest import journal
from yinling.devices.queries import username_of
from yinling.devices.telemetry import Position

RATE, P99_BAR_S = 7_500, 1.0
DISK_MB = 1024
METRICS = ("smoke", "gas", "door_open")  # as the bench's profiles come in turn
HOPS = ("in the journal", "alert stored", "told to the board", "on the board")


@dataclass(frozen=True)
class Size:
    """Gateways, devices of each, seconds, detectors that burn one after the other."""

    gateways: int
    devices: int
    seconds: int
    smokes: int


FULL, QUICK = Size(50, 99, 60, 300), Size(10, 99, 15, 60)


def run(quick: bool) -> Report:
    """One run in a home of its own."""
    size = QUICK if quick else FULL
    with a_small_disk(DISK_MB) as (place, _):
        people = prepared(place, size.gateways, size.devices)
        run_in(place, "django", "collectstatic", "--noinput", "--verbosity", "0")
        cookie = run_in(place, "yinling.benches._net_worker", "cookie").strip()
        platform = Platform(ports_for_all(place))
        platform.start()
        try:
            platform.until_up()
            board = Watching(platform.web_port, cookie)
            with board.meanwhile():
                time.sleep(1)
                cpu = _cpu_s(platform)
                sent = _traffic(platform, people, size)
                cpu = {name: used - cpu[name] for name, used in _cpu_s(platform).items()}
                time.sleep(5)
        finally:
            platform.stop()
        named = {username_of(device): device for one in people for device in one.devices}
        smokes = {named[name]: at for name, at in sent["smokes"].items()}
        hops = _hops(platform, smokes, board)
    return _report(size, sent, smokes, hops, cpu)


def _traffic(platform: Platform, people: list[Prepared], size: Size) -> dict[str, dict[str, int]]:
    devices: dict[str, list[str]] = {metric: [] for metric in METRICS}
    for one in people:
        for place, device in enumerate(one.devices):
            devices[METRICS[place % len(METRICS)]].append(username_of(device))
    words = [str(platform.broker_port), str(RATE), str(size.seconds), str(size.smokes)]
    child = subprocess.run(
        [sys.executable, "-m", "yinling.benches._steady_traffic", *words], input=json.dumps(devices),
        env=platform.environment, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    said: dict[str, dict[str, int]] = json.loads(child.stdout)
    return said


def _hops(platform: Platform, smokes: dict[int, int], board: Watching) -> list[list[float]]:
    """Of each alert that came, seconds from the reading's own time to each hop."""
    received = _received(platform, smokes)
    found = []
    for alert in alerts(platform.place):
        device, step = int(str(alert["about"])), int(str(alert["raised_step"]))
        if alert["rule"] != "bench.smoke" or device not in smokes:
            continue
        seen = [
            received.get(device), int(str(alert["detected"])), first_after(board.heard, step),
            first_after(board.drawn, step),
        ]  # fmt: skip
        if None not in seen:
            found.append([(int(str(at)) - smokes[device]) / 1000 for at in seen])
    return found


def _received(platform: Platform, smokes: dict[int, int]) -> dict[int, int]:
    """When each smoke came in, epoch ms by device."""
    found: dict[int, int] = {}
    for _, readings in journal.batches(platform.home / "telemetry" / "journal", Position()):
        for device, at, received in zip(
            readings.device.tolist(), readings.ts_ms.tolist(), readings.received_ms.tolist(), strict=True
        ):
            if smokes.get(device) == at:
                found.setdefault(device, received)
    return found


def _report(
    size: Size,
    sent: dict[str, dict[str, int]],
    smokes: dict[int, int],
    hops: list[list[float]],
    cpu: dict[str, float],
) -> Report:
    sizes: dict[str, int | float | str] = {
        "devices": size.gateways * size.devices, "seconds": size.seconds, "load": round(os.getloadavg()[0], 1),
        "cpu seconds": ", ".join(f"{name} {used:.1f}" for name, used in cpu.items()),
    }  # fmt: skip
    p99 = percentile([one[-1] for one in hops], 0.99) if hops else 0.0
    acknowledged = int(str(sent["acknowledged"])) == int(str(sent["sent"]))
    return Report("alarms", sizes, [
        Result("single readings sent, QoS 1", round(float(str(sent["per_s"]))), "1/s", f">= {RATE * 0.98:.0f}",
               float(str(sent["per_s"])) >= RATE * 0.98),
        Result("acknowledged", int(str(sent["acknowledged"])), "readings", f"{sent['sent']}", acknowledged),
        Result("smoke on the board", len(hops), "alerts", f"{len(smokes)}", len(hops) == len(smokes)),
        *_lines(hops),
        Result("onset to board, p99", round(p99, 3), "s", f"<= {P99_BAR_S}", bool(hops) and p99 <= P99_BAR_S),
    ])  # fmt: skip


def _lines(hops: list[list[float]]) -> Iterable[Result]:
    for column, name in enumerate(HOPS if hops else ()):
        values = [one[column] for one in hops]
        yield Result(f"{name}, median", round(percentile(values, 0.5), 3), "s", "", None)
        yield Result(f"{name}, p99", round(percentile(values, 0.99), 3), "s", "", None)


def _cpu_s(platform: Platform) -> dict[str, float]:
    """CPU seconds of each process; of the web server, its master's."""
    used = {}
    for name, process in platform.running.items():
        with open(f"/proc/{process.pid}/stat") as file:
            ticks = sum(map(int, file.read().rsplit(")", 1)[1].split()[11:13]))
        used[name] = ticks / os.sysconf("SC_CLK_TCK")
    return used
