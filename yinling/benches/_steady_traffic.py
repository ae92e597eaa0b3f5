"""Single readings at a steady rate, smoke now and then: `python -m yinling.benches._steady_traffic PORT RATE SECONDS
SMOKES`, user names of devices by metric as JSON on standard input. MQTT 5, QoS 1; ends with one JSON line."""

import asyncio
import json
import sys
import time
from dataclasses import dataclass, field

import orjson

from yinling.devices.ingest import packets
from yinling.devices.ingest.packets import V5, Kind

TICK_S, CALM_S, LAST_S = 0.01, 2.0, 2.0  # no smoke in the first and the last seconds
LIMIT_S = 30


@dataclass
class Traffic:
    """Devices in turn. `smokes`: when each detector that burns said so, epoch ms by device."""

    devices: dict[str, list[str]]
    sent: int = 0
    acknowledged: int = 0
    smokes: dict[str, int] = field(default_factory=dict)
    _calm: list[tuple[bytes, bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Topics and metrics of those who never burn."""
        self._calm = [
            (_topic(name), metric.encode())
            for metric, names in self.devices.items()
            for name in names
            if metric != "smoke"
        ]

    def calm(self) -> bytes:
        """An ordinary reading of the next device."""
        topic, metric = self._calm[self.sent % len(self._calm)]
        return self._packet(topic, b'{"ts":%d,"values":{"%s":0},"batch":"%d"}' % (_now_ms(), metric, self.sent))

    def smoke(self) -> bytes:
        """The next detector burns."""
        name, at = self.devices["smoke"][len(self.smokes)], _now_ms()
        self.smokes[name] = at
        return self._packet(_topic(name), b'{"ts":%d,"values":{"smoke":1},"batch":"%d"}' % (at, self.sent))

    def _packet(self, topic: bytes, payload: bytes) -> bytes:
        self.sent += 1
        return packets.publish(topic, payload, V5, 1, self.sent % 65_000 + 1)


def _topic(name: str) -> bytes:
    return f"v1/devices/{name}/telemetry".encode()


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


async def main(port: int, rate: float, seconds: float, smokes: int, devices: dict[str, list[str]]) -> dict[str, object]:
    """Send for so long, wait for what is under way."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(packets.connect("bench-devices", "", "", 0, b"\x21\xff\xff", clean=True))
    writer.write(packets.subscribe(1, ["v1/devices/+/ack"], qos=0))
    traffic = Traffic(devices)
    hearing = asyncio.create_task(_hear(reader, traffic))
    began, late_s = time.monotonic(), 0.0
    while (since := time.monotonic() - began) < seconds:
        due = int(since * rate) - traffic.sent
        late_s = max(late_s, due / rate)
        burning = int(max(0.0, since - CALM_S) / (seconds - CALM_S - LAST_S) * smokes) + (since > CALM_S)
        packed = [traffic.calm() for _ in range(due)]
        while len(traffic.smokes) < min(smokes, burning):
            packed.append(traffic.smoke())
        writer.write(b"".join(packed))
        await writer.drain()
        await asyncio.sleep(TICK_S)
    took, until = time.monotonic() - began, time.monotonic() + LIMIT_S
    while traffic.acknowledged < traffic.sent and time.monotonic() < until:
        await asyncio.sleep(0.01)
    hearing.cancel()
    return {
        "sent": traffic.sent, "acknowledged": traffic.acknowledged, "per_s": traffic.sent / took,
        "late_s": late_s, "smokes": traffic.smokes,
    }  # fmt: skip


async def _hear(reader: asyncio.StreamReader, traffic: Traffic) -> None:
    buffer = bytearray()
    while data := await reader.read(1 << 18):
        buffer += data
        for packet in packets.split(buffer, 1 << 24):
            if packet.kind == Kind.PUBLISH:
                traffic.acknowledged += len(orjson.loads(packets.parse_publish(packet, V5).payload)["batches"])


if __name__ == "__main__":
    words = sys.argv[1:]
    told = asyncio.run(main(int(words[0]), float(words[1]), float(words[2]), int(words[3]), json.load(sys.stdin)))
    print(json.dumps(told))
