"""Bench `zabbix`: the same job on Zabbix 6 with PostgreSQL, side by side, the same readings with the same times.

"Above the limit three times running, or silent for five minutes" (one minute with `--quick`), for each device. Zabbix
gets its readings from zabbix_sender, ours come through the HTTP door of ingest, both in messages of 250. Counted is
the CPU of all between the door and the stored alert: Zabbix's server with its own PostgreSQL, our ingest and watcher.
Which alerts must come is known beforehand, of both halves of the rule; each side is held against that, and against the
other. How it is installed and tuned: benchmarks/zabbix/README.md.
"""

import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from yinling.benches import _zabbix_alerts as checking
from yinling.benches._cpu import cpu_s
from yinling.benches._homes import Place, a_home
from yinling.benches._net import Net, Prepared, alerts, prepared, with_ports
from yinling.benches._zabbix_api import KEY, host_of
from yinling.benches._zabbix_server import Zabbix, a_filled_zabbix, a_zabbix, program, version, why_not
from yinling.benches._zabbix_stream import LIMIT, TIMES, Due, Part, Size, due, value
from yinling.benches.report import Report, Result
from yinling.city.live.door import Door

AT_ONCE = 250  # readings in a message, on both sides: zabbix_sender puts in no more
FULL, QUICK = Size(5_000, 300, 390), Size(500, 60, 150)
IDLE_S = {False: 30, True: 10}
DRAINED_S = 120
SHARE = 0.2
RULE = f"""
rules:
- {{key: bench.either, version: 1, title: {{zh: 超限或失联, en: Above or silent}}, family: kitchen, scope: device,
   source: bench, verified: false,
   levels: {{orange: {{raise: {{any: [{{metric: gas, above: {LIMIT:g}, times: {TIMES}}},
                                  {{metric: gas, silent: SILENTs}}]}}}}}}}}
"""
Rows = list[tuple[int, float]]  # device and value, of one second


@dataclass(frozen=True)
class Side:
    """What one system used and said."""

    idle_s: float  # CPU seconds of a minute without readings
    used_s: dict[str, float]  # CPU seconds by process
    stored: int
    told: checking.Told


@dataclass(frozen=True)
class Sent:
    """What both were sent: readings, when the first second was, and how far behind its time the slowest was."""

    readings: int
    began_s: int
    behind_s: float


def run(quick: bool) -> Report:
    """Both sides at once."""
    size = QUICK if quick else FULL
    sizes: dict[str, int | float | str] = {
        "devices": size.devices, "seconds": size.seconds, "silent_s": size.silent_s,
        "load": round(os.getloadavg()[0], 1),
    }  # fmt: skip
    if missing := why_not():
        print(missing, file=sys.stderr)
        return Report("zabbix", {**sizes, "zabbix": "not installed"}, [Result(missing, 0, "", "installed", False)])
    theirs, ours, sent = _both(size, IDLE_S[quick])
    sizes |= {"zabbix": version(), "readings": sent.readings, "behind_s": round(sent.behind_s, 1)}
    return Report("zabbix", sizes, judged(due(size), sent.readings, theirs, ours))


def judged(expected: dict[int, Due], readings: int, theirs: Side, ours: Side) -> list[Result]:
    """Every figure with its bar. Nothing is compared in CPU that does not do the whole job."""
    million = readings / 1_000_000
    share = sum(ours.used_s.values()) / max(sum(theirs.used_s.values()), 0.01)
    results = []
    for name, side in (("Zabbix", theirs), ("ours", ours)):
        results.append(Result(f"readings stored, {name}", side.stored, "", f"{readings}", side.stored == readings))
        for half, words in ((Part.ABOVE, "three times above"), (Part.SILENT, "silent")):
            planned = sum(each.half is half for each in expected.values())
            right = checking.right(expected, side.told, half)
            results.append(Result(f"alerts, {words}, {name}", right, "", f"{planned}", 0 < planned == right))
        wrong = len(checking.wrong(expected, side.told))
        results.append(Result(f"devices with a wrong alert or none, {name}", wrong, "", "0", wrong == 0))
        results.append(Result(f"CPU of a minute without readings, {name}", round(side.idle_s, 2), "s", "", None))
        for process, used_s in {**side.used_s, name: sum(side.used_s.values())}.items():
            results.append(Result(f"CPU for a million readings, {process}", round(used_s / million, 2), "s", "", None))
    differing = len(checking.differing(expected, theirs.told, ours.told))
    results.append(Result("devices about which the two differ", differing, "", "0", differing == 0))
    results.append(Result("our CPU against Zabbix's", round(share, 3), "", f"<= {SHARE}", share <= SHARE))
    return results


def _both(size: Size, idle_s: int) -> tuple[Side, Side, Sent]:
    with (
        a_place(size) as (place, people),
        a_filled_zabbix(size.devices, size.silent_s, LIMIT, TIMES) as filled,
        a_net(place) as net,
        a_zabbix(filled) as zabbix,
    ):
        before = zabbix.used_s(), _used_s(net)
        time.sleep(idle_s)
        began = zabbix.used_s(), _used_s(net)
        counted = net.beat()["readings"]
        sent = send(size, _to_zabbix(zabbix), to_door(net, people))
        until(lambda: zabbix.stored() >= sent.readings)
        until(lambda: net.beat()["readings"] - counted >= sent.readings)
        ended = zabbix.used_s(), _used_s(net)
        idle = [sum(_between(before[side], began[side]).values()) * 60 / idle_s for side in (0, 1)]
        used = [_between(began[side], ended[side]) for side in (0, 1)]
        theirs = Side(idle[0], used[0], zabbix.stored(), since(sent, zabbix.api.problems()))
        stored = net.beat()["readings"] - counted
        return theirs, Side(idle[1], used[1], stored, since(sent, told_by(net, people))), sent


def _used_s(net: Net) -> dict[str, float]:
    return {name: cpu_s(process.pid) for name, process in net.running.items()}


def _between(before: dict[str, float], after: dict[str, float]) -> dict[str, float]:
    return {name: after[name] - before[name] for name in after}


@contextmanager
def a_place(size: Size) -> Iterator[tuple[Place, list[Prepared]]]:
    """A home with the devices and the one rule."""
    with a_home() as home:
        rule = RULE.replace("SILENTs", f"{size.silent_s}s")
        yield with_ports(home), prepared(home, size.devices // AT_ONCE, AT_ONCE, rule, "gas_detector")


@contextmanager
def a_net(place: Place) -> Iterator[Net]:
    """Ingest and watcher of a home."""
    net = Net(place)
    net.start()
    try:
        net.until_up(limit_s=240)
        yield net
    finally:
        net.stop()


Send = Callable[[int, Rows], None]


def send(size: Size, *doors: Send) -> Sent:
    """Each second's readings to all doors with the second's own time, as fast as the slowest takes them."""
    began, readings, behind = int(time.time()) + 2, 0, 0.0
    with ThreadPoolExecutor(len(doors)) as pool:
        for second in range(size.seconds):
            time.sleep(max(0.0, began + second - time.time()))
            rows = [
                (device, sent) for device in range(size.devices) if (sent := value(device, second, size)) is not None
            ]
            for done in [pool.submit(door, began + second, rows) for door in doors]:
                done.result()
            readings += len(rows)
            behind = max(behind, time.time() - began - second)
    return Sent(readings, began, behind)


def _to_zabbix(zabbix: Zabbix) -> Send:
    words = [str(program("zabbix_sender")), "-z", "127.0.0.1", "-p", str(zabbix.port), "-T", "-i", "-"]

    def send_to(at_s: int, rows: Rows) -> None:
        lines = "".join(f"{host_of(device)} {KEY} {at_s} {sent}\n" for device, sent in rows)
        done = subprocess.run(words, input=lines, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"zabbix_sender ended with {done.returncode}: {done.stdout[-400:]}{done.stderr[-400:]}")

    return send_to


def to_door(net: Net, people: list[Prepared]) -> Send:
    """Our HTTP door, each gateway with its devices' readings in one message."""
    door = Door(int(net.place["YINLING_INGEST_PORT"]))

    def send_to(at_s: int, rows: Rows) -> None:
        batches: list[dict[str, list[dict[str, object]]]] = [{} for _ in people]
        for device, sent in rows:
            number = people[device // AT_ONCE].devices[device % AT_ONCE]
            batches[device // AT_ONCE][f"d{number}"] = [{"ts": at_s * 1000, "values": {"gas": sent}}]
        door.send([(one.token, batch) for one, batch in zip(people, batches, strict=True)])

    return send_to


def told_by(net: Net, people: list[Prepared]) -> dict[int, list[float]]:
    """By the stream's number of the device, when each of our alerts began, in seconds since 1970."""
    numbers = {
        number: at * AT_ONCE + place for at, one in enumerate(people) for place, number in enumerate(one.devices)
    }
    found: defaultdict[int, list[float]] = defaultdict(list)
    for alert in alerts(net.place):
        found[numbers[int(str(alert["about"]))]].append(int(str(alert["onset"])) / 1000)
    return found


def since(sent: Sent, told: dict[int, list[float]]) -> checking.Told:
    """Onsets in seconds of the stream."""
    return {device: [onset - sent.began_s for onset in onsets] for device, onsets in told.items()}


def until(is_so: Callable[[], bool]) -> None:
    """Wait, but not for ever: what is missing then is counted as missing."""
    until = time.monotonic() + DRAINED_S
    while not is_so() and time.monotonic() < until:
        time.sleep(0.5)


if __name__ == "__main__":
    print(run("--quick" in sys.argv).as_json())
