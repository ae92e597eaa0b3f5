"""Bench `chaos`: the same stream twice, once in peace, once with kills, a full disk and a locked database.

Gateways send through the HTTP door and send again until it is acknowledged, as real ones do. Afterwards every
acknowledged reading must stand in the journal, and both runs must have written the same alerts.
"""

import random
import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from yinling.benches._homes import a_home
from yinling.benches._net import Net, Prepared, alerts, prepared, with_ports
from yinling.benches.report import Report, Result
from yinling.city.live.door import Door
from yinling.devices.ingest import journal
from yinling.devices.telemetry import Position, Readings

SEED = 20261123
LOCK_S, DISK_S = 10.0, 3.0
BACK_S, CALM_S = 24.0, 10.0  # after the last reading: gateways are waited for, then silence is judged
HELD_BACK_S = 0.2


@dataclass(frozen=True)
class Size:
    """Gateways with devices, how long they send, how often something dies."""

    gateways: int
    devices: int
    seconds: int
    kills: int


FULL, QUICK = Size(20, 30, 600, 100), Size(6, 12, 24, 6)


@dataclass
class Told:
    """What was sent and acknowledged: (device, metric, ts) by the stream's own clock."""

    sent: set[tuple[int, int]] = field(default_factory=set)
    began_ms: int = 0


def run(quick: bool) -> Report:
    """In peace, then disturbed; compare."""
    size = QUICK if quick else FULL
    with a_home() as place, a_home() as other:
        people = prepared(place, size.gateways, size.devices)
        shutil.copytree(place["YINLING_HOME"], other["YINLING_HOME"], dirs_exist_ok=True)
        peace, peace_told, _ = _run(Net(with_ports(place)), people, size, disturbed=False)
        chaos, chaos_told, kills = _run(Net(with_ports(other)), people, size, disturbed=True)
        lost = [len(_missing(Path(home["YINLING_HOME"]), told)) for home, told in
                ((place, peace_told), (other, chaos_told))]  # fmt: skip
    first, second = _essence(peace, peace_told.began_ms), _essence(chaos, chaos_told.began_ms)
    untold = sum(not alert["is_told"] for alert in chaos)
    doubled = sum(len(steps) != len(set(steps)) for steps in ([*map(str, alert["steps"])] for alert in chaos))  # type: ignore[call-overload]
    sizes: dict[str, int | float | str] = {
        "gateways": size.gateways, "devices": size.gateways * size.devices, "seconds": size.seconds, "kills": kills,
        "readings": len(chaos_told.sent), "alerts": len(first),
    }  # fmt: skip
    differing = len(first ^ second)
    return Report("chaos", sizes, [
        Result("acknowledged readings lost, in peace", lost[0], "readings", "0", lost[0] == 0),
        Result("acknowledged readings lost, disturbed", lost[1], "readings", "0", lost[1] == 0),
        Result("alerts that differ", differing, "alerts", "0", differing == 0 and len(first) > 0),
        Result("alerts written down twice", doubled, "alerts", "0", doubled == 0),
        Result("alerts without a notice", untold, "alerts", "0", untold == 0),
    ])  # fmt: skip


def _run(net: Net, people: list[Prepared], size: Size, *, disturbed: bool) -> tuple[list[dict[str, object]], Told, int]:
    """Send the stream; what was written, what was acknowledged, how often something was killed."""
    told, over = Told(), threading.Event()
    net.start()
    net.until_up()
    kills: list[str] = []
    trouble = threading.Thread(target=_disturb, args=(net, size, over, kills if disturbed else None))
    trouble.start()
    try:
        _send(net, people, size, told)
    finally:
        over.set()
        trouble.join()
    net.start()
    _let_finish(net, BACK_S if disturbed else CALM_S)
    net.stop()
    return alerts(net.place), told, len(kills)


def _disturb(net: Net, size: Size, over: threading.Event, kills: list[str] | None) -> None:
    """Bring back what has died; when asked for, kill at random, fill the disk once and lock the database once."""
    dice = random.Random(SEED)
    if kills is None:
        over.wait()
        return
    pause = size.seconds / (size.kills + 2)
    done = 0
    while not over.wait(dice.uniform(0.6, 1.4) * pause):
        if done == size.kills // 3:
            with net.full_disk():
                over.wait(min(DISK_S, size.seconds / 8))
        if done == 2 * size.kills // 3:
            with suppress(sqlite3.OperationalError), net.locked_database():
                over.wait(LOCK_S if size is FULL else LOCK_S / 4)
        if done < size.kills:
            name = dice.choice(("ingest", "watch"))
            net.kill(name)
            kills.append(name)
            done += 1
        over.wait(HELD_BACK_S)
        net.start()


def _send(net: Net, people: list[Prepared], size: Size, told: Told) -> None:
    door = Door(int(net.place["YINLING_INGEST_PORT"]))
    told.began_ms = int(time.time()) * 1000 + 2000
    for second in range(size.seconds):
        at = told.began_ms + second * 1000
        time.sleep(max(0.0, at / 1000 - time.time()))
        batches = []
        for number, one in enumerate(people):
            entries = {f"d{one.gateway}": [{"ts": at, "values": {"heartbeat": 1}}]}
            for place, device in enumerate(one.devices):
                values = _values(number, place, second, size.seconds)
                if values:
                    entries[f"d{device}"] = [{"ts": at, "values": values}]
                    told.sent.add((device, at))
            batches.append((one.token, entries))
        door.send(batches)


def _values(gateway: int, place: int, second: int, seconds: int) -> dict[str, float]:
    """Smoke, gas and door detectors in turn; by gateway and place, each has its own trouble."""
    begins = 4 + (gateway * 7 + place * 3) % max(1, seconds - 16)
    since = second - begins
    troubled = (gateway + place) % 4 == 0
    if place % 3 == 0:
        return {"smoke": float(troubled and 0 <= since < 5)}
    if place % 3 == 1:
        if troubled and since > 0 and gateway % 2:
            return {}  # silent from here on
        return {"gas": 62.0 if troubled and 0 <= since < 8 else 2.0}
    return {"door_open": float(troubled and 0 <= since < 9)}


def _let_finish(net: Net, seconds: float) -> None:
    """Until the watcher has judged everything, silence included."""
    end = time.time() + seconds
    until = time.monotonic() + seconds + 60
    while time.monotonic() < until:
        time.sleep(0.5)
        net.start()
        if net.beat().get("watermark_ms", 0) > end * 1000:
            return
    raise TimeoutError("the watcher did not catch up: " + (net.home / "watch.log").read_text()[-800:])


def _missing(home: Path, told: Told) -> set[tuple[int, int]]:
    """Acknowledged readings that the journal does not hold."""
    kept: set[tuple[int, int]] = set()
    for readings in _journal(home):
        kept.update(zip(readings.device.tolist(), readings.ts_ms.tolist(), strict=True))
    return told.sent - kept


def _journal(home: Path) -> Iterator[Readings]:
    return (readings for _, readings in journal.batches(home / "telemetry" / "journal", Position()))


def _essence(found: list[dict[str, object]], began_ms: int) -> set[tuple[object, ...]]:
    """What must be the same: which alert, since when, how grave, how it stands."""
    return {
        (one["rule"], one["scope"], one["about"], int(str(one["onset"])) - began_ms, one["level"], one["last"])
        for one in found
    }
