"""Bench `chaos`: the same stream twice side by side, once in peace, once with kills, a full disk, a broker that is gone
and a locked database.

Both run every process of `yinling up` and a Mosquitto of their own. Gateways keep a batch until our acknowledgement has
come, as real ones do. Afterwards every acknowledged reading must stand in the journal, both runs must have written the
same alerts, and each alert must have been told. One thing may differ: after a break of more than two minutes silence is
counted from its end (a restart must not make everything silent at once), so an alert of silence may begin later there,
never earlier, and none may be missing or false. Whatever differs is printed to standard error.
"""

import random
import shutil
import sqlite3
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

from yinling.benches._gateways import Gateways
from yinling.benches._homes import run_in
from yinling.benches._net import Prepared, alerts, prepared
from yinling.benches._platform import KILLED, Looking, Platform, a_small_disk, ports_for_all
from yinling.benches.report import Report, Result
from yinling.devices.ingest import journal
from yinling.devices.telemetry import Position, Readings

SEED = 20261123
DISK_MB = 768
BACK_S, CALM_S = 26.0, 10.0  # after the last reading: gateways are waited for, then silence is judged
HELD_BACK_S = 0.2
TOLD_LIMIT_S, UP_LIMIT_S = 120, 180
CALM = ("smoke", "gas", "door_open")
SILENT = "bench.silent"


@dataclass(frozen=True)
class Size:
    """Gateways with devices, how long they send, how often something dies, how long the three troubles last."""

    gateways: int
    devices: int
    seconds: int
    kills: int
    lock_s: float
    disk_s: float
    broker_s: float


FULL = Size(20, 30, 360, 100, 10.0, 10.0, 60.0)
QUICK = Size(6, 12, 30, 8, 2.5, 3.0, 5.0)


@dataclass
class Run:
    """What one run sent, suffered and wrote. `sent`: (device, time), all of it acknowledged in the end."""

    sent: set[tuple[int, int]] = field(default_factory=set)
    began_ms: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    alerts: list[dict[str, object]] = field(default_factory=list)
    repeats: int = 0
    pages: int = 0
    answers_at_last: bool = False


def run(quick: bool) -> Report:
    """In peace and disturbed; compare."""
    size = QUICK if quick else FULL
    with a_small_disk(DISK_MB) as (place, _), a_small_disk(DISK_MB) as (other, has_own_disk):
        people = prepared(place, size.gateways, size.devices)
        run_in(place, "django", "collectstatic", "--noinput", "--verbosity", "0")
        shutil.copytree(place["YINLING_HOME"], other["YINLING_HOME"], dirs_exist_ok=True)
        peace, chaos = Run(), Run()
        platforms = [Platform(ports_for_all(place)), Platform(ports_for_all(other), has_own_disk=has_own_disk)]
        with ThreadPoolExecutor(2) as both:
            runs = [
                both.submit(_run, platforms[0], people, size, peace, is_disturbed=False),
                both.submit(_run, platforms[1], people, size, chaos, is_disturbed=True),
            ]
            for one in runs:
                one.result()
        lost = [len(_missing(platform.home, held)) for platform, held in zip(platforms, (peace, chaos), strict=True)]
    return _report(size, peace, chaos, lost, has_own_disk)


def _report(size: Size, peace: Run, chaos: Run, lost: list[int], has_own_disk: bool) -> Report:
    first, second = _essence(peace), _essence(chaos)
    differing, late = compared(first, second)
    before, after = _steps(peace), _steps(chaos)
    steps = ((before - after) + (after - before)).total()
    untold = sum(not _is_told(one) for one in chaos.alerts)
    sizes: dict[str, int | float | str] = {
        "gateways": size.gateways, "devices": size.gateways * size.devices, "seconds": size.seconds,
        "kills": sum(chaos.kills.values()), **{f"kills of {name}": chaos.kills[name] for name in KILLED},
        "disk": "a file system of its own, full" if has_own_disk else "a limit on the size of files",
        "readings": len(chaos.sent), "alerts": len(first), "batches sent again": chaos.repeats, "pages": chaos.pages,
    }  # fmt: skip
    return Report("chaos", sizes, [
        Result("acknowledged readings lost, in peace", lost[0], "readings", "0", lost[0] == 0),
        Result("acknowledged readings lost, disturbed", lost[1], "readings", "0", lost[1] == 0),
        Result("alerts that differ", len(differing), "alerts", "0", not differing and len(first) > 0),
        Result("alerts of silence that begin later, after a break", len(late), "alerts", "", None),
        Result("steps of alerts more or fewer", steps, "steps", "0", steps == 0),
        Result("alerts nobody was told of", untold, "alerts", "0", untold == 0),
        Result("kill -9", sum(chaos.kills.values()), "kills", f">= {size.kills}",
               sum(chaos.kills.values()) >= size.kills),
        Result("pages are answered at last", int(chaos.answers_at_last), "", "1", chaos.answers_at_last),
    ])  # fmt: skip


def _run(platform: Platform, people: list[Prepared], size: Size, held: Run, *, is_disturbed: bool) -> None:
    """Send the stream until it is acknowledged; wait until all is judged and told."""
    over, looking = threading.Event(), Looking(platform)
    platform.start()
    gateways = Gateways(platform.broker_port)
    _warm_up(platform, gateways, people)
    trouble = threading.Thread(target=_disturb, args=(platform, size, over, held))
    try:
        with looking.meanwhile():
            if is_disturbed:
                trouble.start()
            _send(gateways, people, size, held)
            if is_disturbed:
                trouble.join()
            platform.start()
            gateways.until_taken()
            _let_finish(platform, BACK_S if is_disturbed else CALM_S)
        _until_told(platform, held)
        held.answers_at_last = platform.answers()
    finally:
        over.set()
        gateways.close()
        platform.stop()
    held.repeats, held.pages = gateways.sends - gateways.acknowledged, looking.answers


def _disturb(platform: Platform, size: Size, over: threading.Event, held: Run) -> None:
    """Kill at random until the number is reached; in between fill the disk, take the broker away, lock the database."""
    dice = random.Random(SEED)
    pause = max(0.2, (size.seconds - size.lock_s - size.disk_s - size.broker_s) / (size.kills + 6))
    troubles = {
        size.kills // 4: (platform.full_disk, size.disk_s),
        size.kills // 2: (platform.broker_gone, size.broker_s),
        3 * size.kills // 4: (platform.locked_database, size.lock_s),
    }
    for done in range(size.kills):
        if over.wait(dice.uniform(0.6, 1.4) * pause):
            return
        if done in troubles:
            _have(*troubles[done], over)
        name = dice.choice(KILLED)
        platform.kill(name)
        held.kills[name] += 1
        over.wait(HELD_BACK_S)
        platform.start()
    while not over.wait(0.5):  # whatever could not start, or died by itself
        platform.start()
        if held.sent and time.time() * 1000 > held.began_ms + size.seconds * 1000:
            return


def _have(trouble: Callable[[], AbstractContextManager[None]], seconds: float, over: threading.Event) -> None:
    with suppress(sqlite3.OperationalError), ExitStack() as during:
        during.enter_context(trouble())
        over.wait(seconds)


def _warm_up(platform: Platform, gateways: Gateways, people: list[Prepared]) -> None:
    """Ordinary readings until all is up, so that nobody is silent before the stream begins."""
    until = time.monotonic() + UP_LIMIT_S
    while not platform.is_up():
        if time.monotonic() > until:
            raise TimeoutError(platform.last_words())
        at = int(time.time() * 1000)
        for one in people:
            gateways.send(one.gateway, {
                f"d{device}": [{"ts": at, "values": {CALM[place % 3]: 0}}] for place, device in enumerate(one.devices)
            })  # fmt: skip
        time.sleep(1)


def _send(gateways: Gateways, people: list[Prepared], size: Size, held: Run) -> None:
    held.began_ms = int(time.time()) * 1000 + 2000
    for second in range(size.seconds):
        at = held.began_ms + second * 1000
        time.sleep(max(0.0, at / 1000 - time.time()))
        for number, one in enumerate(people):
            entries: dict[str, list[dict[str, object]]] = {f"d{one.gateway}": [{"ts": at, "values": {"heartbeat": 1}}]}
            for place, device in enumerate(one.devices):
                values = _values(number, place, second, size.seconds)
                if values:
                    entries[f"d{device}"] = [{"ts": at, "values": values}]
                    held.sent.add((device, at))
            gateways.send(one.gateway, entries)


def _values(gateway: int, place: int, second: int, seconds: int) -> dict[str, float]:
    """Smoke, gas and door detectors in turn; by gateway and place, each has its own trouble."""
    begins = 4 + (gateway * 71 + place * 37) % max(1, seconds - 16)
    since = second - begins
    troubled = (gateway + place) % 4 == 0
    if place % 3 == 0:
        return {"smoke": float(troubled and 0 <= since < 5)}
    if place % 3 == 1:
        if troubled and since > 0 and gateway % 2:
            return {}  # silent from here on
        return {"gas": 62.0 if troubled and 0 <= since < 8 else 2.0}
    return {"door_open": float(troubled and 0 <= since < 9)}


def _let_finish(platform: Platform, seconds: float) -> None:
    """Until the watcher has judged everything, silence included."""
    end = time.time() + seconds
    until = time.monotonic() + seconds + 90
    while platform.beat().get("watermark_ms", 0) <= end * 1000:
        if time.monotonic() > until:
            raise TimeoutError("the watcher did not catch up: " + platform.last_words())
        time.sleep(0.5)
        platform.start()


def _until_told(platform: Platform, held: Run) -> None:
    """Until the runner has told of every alert, or has had its time."""
    until = time.monotonic() + TOLD_LIMIT_S
    while True:
        held.alerts = alerts(platform.place)
        if all(map(_is_told, held.alerts)) or time.monotonic() > until:
            return
        time.sleep(1)
        platform.start()


def _missing(home: Path, held: Run) -> set[tuple[int, int]]:
    """Acknowledged readings that the journal does not hold."""
    kept: set[tuple[int, int]] = set()
    for readings in _journal(home):
        kept.update(zip(readings.device.tolist(), readings.ts_ms.tolist(), strict=True))
    return held.sent - kept


def _journal(home: Path) -> Iterator[Readings]:
    return (readings for _, readings in journal.batches(home / "telemetry" / "journal", Position()))


Which = tuple[object, ...]
Essence = dict[Which, tuple[int, object, object]]


def _essence(held: Run) -> Essence:
    """What must be the same: by rule and subject, since when, how grave, how it stands."""
    return {
        (one["rule"], one["scope"], one["about"], nth): (
            int(str(one["onset"])) - held.began_ms, one["level"], one["last"],
        )
        for nth, one in _numbered(held.alerts)
    }  # fmt: skip


def _numbered(found: list[dict[str, object]]) -> Iterator[tuple[int, dict[str, object]]]:
    """Each alert with how many of its rule and subject came before it."""
    seen: Counter[Which] = Counter()
    for one in found:
        yield seen[one["rule"], one["about"]], one
        seen[one["rule"], one["about"]] += 1


def compared(peace: Essence, chaos: Essence) -> tuple[list[Which], list[Which]]:
    """Alerts that differ; and those of silence that differ in nothing but that they begin later."""
    differing, late = [], []
    for which in sorted(peace.keys() | chaos.keys(), key=str):
        one, other = peace.get(which), chaos.get(which)
        if one == other:
            continue
        is_late = which[0] == SILENT and one is not None and other is not None and one[1:] == other[1:]
        if is_late and other[0] > one[0]:  # type: ignore[index]
            late.append(which)
        else:
            differing.append(which)
        print(f"{which}: in peace {one}, disturbed {other}", file=sys.stderr)
    return differing, late


def _steps(held: Run) -> Counter[tuple[object, ...]]:
    """What the platform wrote down of each alert, one by one; how often it asked again depends on the time it had."""
    return Counter(
        (one["rule"], one["about"], step)
        for one in held.alerts
        for step in one["steps"]  # type: ignore[attr-defined]
        if step != "asked"
    )


def _is_told(alert: dict[str, object]) -> bool:
    """Whether somebody has had a message: its own, or past the cap the one that counts the rest."""
    return "notified" in alert["steps"]  # type: ignore[operator]
