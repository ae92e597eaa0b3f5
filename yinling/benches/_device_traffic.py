"""Devices that send and wait for our acknowledgement: `python -m yinling.benches._device_traffic PORT KIND SECONDS
DEVICES WINDOW`, KIND `singles` or `batches`. Talks MQTT 5 with QoS 1 to a broker; ends with one JSON line.

`WINDOW` readings may be on their way at once, as if so many devices had each one waiting. Every message carries a time
of its own, so that the journal can be compared with what was acknowledged.
"""

import asyncio
import json
import sys
import time
from dataclasses import dataclass, field

import orjson

from yinling.devices.ingest import packets
from yinling.devices.ingest.packets import V5, Kind

BATCH = 100
BURST = 100  # messages in one write
GATEWAY = "d1"


@dataclass
class Traffic:
    """What was sent and what was acknowledged. A message's number is its batch id."""

    is_batches: bool
    devices: int
    window: int
    base_ms: int
    sent: int = 0
    acknowledged: set[int] = field(default_factory=set)
    sent_at: dict[int, float] = field(default_factory=dict)
    waits_ms: list[float] = field(default_factory=list)
    pubacks: int = 0

    @property
    def size(self) -> int:
        """Readings in a message."""
        return BATCH if self.is_batches else 1

    def next_packet(self) -> bytes:
        """The next message."""
        number = self.sent
        self.sent += 1
        self.sent_at[number] = time.perf_counter()
        device, at = 2 + number % (self.devices - 1), self.base_ms + number
        if self.is_batches:
            first = 2 + number * BATCH % (self.devices - BATCH - 1)
            rows = {f"d{first + i}": [{"ts": at, "values": {"smoke_density": 0.25}}] for i in range(BATCH)}
            topic, payload = f"v1/gateway/{GATEWAY}/telemetry", orjson.dumps({**rows, "batch": str(number)})
        else:
            topic = f"v1/devices/d{device}/telemetry"
            payload = b'{"ts":%d,"values":{"smoke_density":0.25},"batch":"%d"}' % (at, number)
        return packets.publish(topic.encode(), payload, V5, 1, number % 65_000 + 1)

    def hear(self, packet: packets.Packet) -> None:
        """A PUBACK of the broker, which proves nothing, or our own acknowledgement."""
        if packet.kind == Kind.PUBACK:
            self.pubacks += 1
        elif packet.kind == Kind.PUBLISH:
            now = time.perf_counter()
            for batch in orjson.loads(packets.parse_publish(packet, V5).payload)["batches"]:
                self.acknowledged.add(int(batch))
                self.waits_ms.append((now - self.sent_at.pop(int(batch))) * 1000)

    @property
    def waiting(self) -> int:
        """Readings under way; the broker takes no more than 65,000 messages without its own PUBACK either."""
        return (self.sent - len(self.acknowledged)) * self.size


async def main(port: int, kind: str, seconds: float, devices: int, window: int) -> dict[str, object]:
    """Send for so long, wait for what is under way, report."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(packets.connect("bench-devices", "", "", 0, b"\x21\xff\xff", clean=True))
    writer.write(packets.subscribe(1, ["v1/devices/+/ack"], qos=0))
    traffic = Traffic(kind == "batches", devices, window, int(time.time() * 1000) - 3_600_000)
    hearing = asyncio.create_task(_hear(reader, traffic))
    await asyncio.sleep(0.3)
    began = time.perf_counter()
    while time.perf_counter() - began < seconds:
        if traffic.waiting + BURST * traffic.size > window:
            await asyncio.sleep(0.001)
            continue
        writer.write(b"".join(traffic.next_packet() for _ in range(BURST if not traffic.is_batches else 10)))
        await writer.drain()
    rate = len(traffic.acknowledged) * traffic.size / (time.perf_counter() - began)
    until = time.perf_counter() + 10
    while traffic.waiting and time.perf_counter() < until:
        await asyncio.sleep(0.01)
    hearing.cancel()
    waits = sorted(traffic.waits_ms)
    return {
        "per_s": rate, "sent": traffic.sent * traffic.size, "acknowledged": len(traffic.acknowledged) * traffic.size,
        "base_ms": traffic.base_ms, "numbers": traffic.sent, "p50_ms": waits[len(waits) // 2],
        "p99_ms": waits[int(0.99 * len(waits))], "cpu_s": time.process_time(),
    }  # fmt: skip


async def _hear(reader: asyncio.StreamReader, traffic: Traffic) -> None:
    buffer = bytearray()
    while data := await reader.read(1 << 18):
        buffer += data
        for packet in packets.split(buffer, 1 << 24):
            traffic.hear(packet)


if __name__ == "__main__":
    words = sys.argv[1:]
    print(json.dumps(asyncio.run(main(int(words[0]), words[1], float(words[2]), int(words[3]), int(words[4])))))
