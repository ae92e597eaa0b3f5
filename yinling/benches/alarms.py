"""Bench `alarms`: the whole path, from a reading on MQTT to the stored alert: how much it carries, how soon it tells.

First as much as senders can bring for some seconds, until the watcher has judged the last reading; then half of that
rate, with smoke in between, from the reading's own time to the alert in the database.
"""

import asyncio
import json
import os
import time
from dataclasses import dataclass, field
from typing import Any

from gmqtt import Client

from yinling.benches._homes import a_home
from yinling.benches._net import Net, Prepared, alerts, prepared, with_ports
from yinling.benches.report import Report, Result, percentile

BATCH, IN_FLIGHT = 100, 20
RATE_BAR, P99_BAR_S = 150_000, 1.0
ACK = "v1/devices/me/ack"


@dataclass(frozen=True)
class Size:
    """Gateways, devices of each, seconds of each part, smoke alerts in the second."""

    gateways: int
    devices: int
    seconds: int
    smokes: int


FULL, QUICK = Size(50, 90, 60, 300), Size(8, 90, 8, 40)


@dataclass
class Sender:
    """One gateway on MQTT; sends on while no more than some batches wait for their acknowledgement."""

    prepared: Prepared
    port: int
    acknowledged: int = 0
    _free: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(IN_FLIGHT))
    _number: int = 0

    async def connect(self) -> None:
        """Prove itself and listen for acknowledgements."""
        self._client = Client(f"bench-{self.prepared.gateway}")
        self._client.set_auth_credentials(self.prepared.token, None)
        self._client.on_message = self._heard
        await self._client.connect("127.0.0.1", self.port, version=4, keepalive=60)
        self._client.subscribe(ACK, qos=1)

    async def close(self) -> None:
        """Go."""
        await self._client.disconnect()

    async def send(self, entries: dict[str, Any], readings: int) -> int:
        """Send one batch when there is room; how many readings it held."""
        await self._free.acquire()
        self._number += 1
        self._client.publish("v1/gateway/telemetry", json.dumps({**entries, "batch": str(self._number)}), qos=1)
        return readings

    def _heard(self, _client: Client, _topic: str, payload: bytes, *_rest: object) -> int:
        for _ in json.loads(payload)["batches"]:
            self.acknowledged += 1
            self._free.release()
        return 0

    async def all_acknowledged(self) -> None:
        """Until nothing waits."""
        while self.acknowledged < self._number:
            await asyncio.sleep(0.01)


def run(quick: bool) -> Report:
    """Both parts in a home of their own."""
    size = QUICK if quick else FULL
    with a_home() as place:
        people = prepared(place, size.gateways, size.devices)
        net = Net(with_ports(place))
        net.start()
        net.until_up()
        rate, cpu = asyncio.run(_as_fast_as_it_goes(net, people, size))
        began = int(time.time() * 1000)
        asyncio.run(_half(net, people, size, rate / 2))
        time.sleep(2)
        net.stop()
        delays = [
            (int(str(one["detected"])) - int(str(one["onset"]))) / 1000
            for one in alerts(net.place)
            if one["rule"] == "bench.smoke" and int(str(one["onset"])) >= began
        ]
    p99 = percentile(delays, 0.99) if delays else 0.0
    found = len(delays)
    applies = None if quick else rate >= RATE_BAR
    return Report("alarms", {"devices": size.gateways * size.devices, "seconds": size.seconds, "alerts": found}, [
        Result("readings judged, batches of 100", round(rate), "1/s", f">= {RATE_BAR:,}", applies),
        Result("ingest and watcher, CPU seconds per million readings", round(cpu, 2), "s", "", None),
        Result("smoke alerts stored", found, "alerts", f"{size.smokes}", found == size.smokes),
        Result("reading to stored alert, median", round(percentile(delays, 0.5), 3) if delays else 0.0, "s", "", None),
        Result("reading to stored alert, p99", round(p99, 3), "s", f"<= {P99_BAR_S}", found > 0 and p99 <= P99_BAR_S),
    ])  # fmt: skip


async def _senders(net: Net, people: list[Prepared]) -> list[Sender]:
    senders = [Sender(one, int(net.place["YINLING_MQTT_PORT"])) for one in people]
    for sender in senders:
        await sender.connect()
    return senders


async def _as_fast_as_it_goes(net: Net, people: list[Prepared], size: Size) -> tuple[float, float]:
    """Readings per second from the first sent to the last judged; CPU seconds of both processes per million."""
    senders = await _senders(net, people)
    judged, cpu, began = net.beat().get("readings", 0), _cpu_s(net), time.monotonic()
    sent = sum(await asyncio.gather(*(_pour(sender, size.seconds) for sender in senders)))
    await asyncio.gather(*(sender.all_acknowledged() for sender in senders))
    while net.beat().get("readings", 0) - judged < sent:
        await asyncio.sleep(0.02)
    took = time.monotonic() - began
    for sender in senders:
        await sender.close()
    return sent / took, (_cpu_s(net) - cpu) / (sent / 1_000_000)


async def _pour(sender: Sender, seconds: int) -> int:
    until, sent = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        sent += await sender.send(*_batch(sender.prepared))
    return sent


def _batch(one: Prepared) -> tuple[dict[str, Any], int]:
    """A hundred ordinary readings of a gateway's devices, at this moment."""
    at = int(time.time() * 1000)
    entries: dict[str, list[dict[str, Any]]] = {}
    for number in range(BATCH):
        place = number % len(one.devices)
        metric = ("smoke", "gas", "door_open")[place % 3]
        entry = {"ts": at - number // len(one.devices), "values": {metric: 0}}
        entries.setdefault(f"d{one.devices[place]}", []).append(entry)
    return entries, BATCH


async def _half(net: Net, people: list[Prepared], size: Size, rate: float) -> None:
    """Ordinary readings at a rate, and smoke from one detector after the other."""
    senders = await _senders(net, people)
    smokes = [(sender, device) for sender in senders for device in sender.prepared.devices[::3]][: size.smokes]
    steady = [asyncio.create_task(_steadily(sender, rate / len(senders), size.seconds)) for sender in senders]
    for sender, device in smokes:
        await asyncio.sleep(size.seconds * 0.9 / len(smokes))
        entry = {"ts": int(time.time() * 1000), "values": {"smoke": 1}}
        await sender.send({f"d{device}": [entry]}, 1)
    await asyncio.gather(*steady)
    await asyncio.gather(*(sender.all_acknowledged() for sender in senders))
    for sender in senders:
        await sender.close()


async def _steadily(sender: Sender, rate: float, seconds: int) -> None:
    """Batches at even intervals; smoke detectors are left to those who burn."""
    devices = [device for place, device in enumerate(sender.prepared.devices) if place % 3]
    calm = Prepared(sender.prepared.token, sender.prepared.gateway, devices)
    began = time.monotonic()
    for number in range(int(rate * seconds / BATCH)):
        await asyncio.sleep(max(0.0, began + number * BATCH / rate - time.monotonic()))
        at = int(time.time() * 1000)
        entries = {
            f"d{device}": [{"ts": at - 1, "values": {metric: 0}}, {"ts": at, "values": {metric: 0}}]
            for place, device in enumerate(calm.devices[: BATCH // 2])
            for metric in (("gas", "door_open")[place % 2],)
        }
        await sender.send(entries, BATCH)


def _cpu_s(net: Net) -> float:
    """CPU seconds that both processes have used."""
    ticks = 0
    for process in net.running.values():
        with open(f"/proc/{process.pid}/stat") as file:
            ticks += sum(map(int, file.read().rsplit(")", 1)[1].split()[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")
