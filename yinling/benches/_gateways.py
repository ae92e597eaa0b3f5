"""Gateways on MQTT as real ones are: each keeps a batch until our own acknowledgement has come, and sends it again.

They talk MQTT 5 to a broker, whose PUBACK they take for nothing, in a thread with a loop of its own.
"""

import asyncio
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import orjson

from yinling.devices.ingest import packets
from yinling.devices.ingest.packets import V5, Kind, Packet
from yinling.devices.queries import username_of

Entries = Mapping[str, Sequence[Mapping[str, object]]]  # by device: {"ts": ..., "values": {...}}
AGAIN_S, RETRY_S, GOING_S = 2.0, 0.2, 0.2
KEEP_ALIVE_S = 30


@dataclass
class Gateways:
    """All gateways of a bench behind one broker. `sends`: how often a batch was put on the wire, repeats included."""

    port: int
    sends: int = 0
    acknowledged: int = 0
    _kept: dict[tuple[int, str], bytes] = field(default_factory=dict)
    _sent_at: dict[tuple[int, str], float] = field(default_factory=dict)
    _number: int = 0
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)

    def __post_init__(self) -> None:
        """Start the thread."""
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._task = asyncio.run_coroutine_threadsafe(self._connected(), self._loop)

    def send(self, gateway: int, entries: Entries) -> None:
        """Keep a batch until it is acknowledged."""
        self._number += 1
        key = (gateway, str(self._number))
        self._kept[key] = orjson.dumps({**entries, "batch": key[1]})

    @property
    def waiting(self) -> int:
        """Batches that nobody has acknowledged."""
        return len(self._kept)

    def until_taken(self, limit_s: float = 120) -> None:
        """Wait for every acknowledgement. Raises TimeoutError."""
        until = time.monotonic() + limit_s
        while self.waiting:
            if time.monotonic() > until:
                raise TimeoutError(f"{self.waiting} batches were never acknowledged")
            time.sleep(0.05)

    def close(self) -> None:
        """Go."""
        self._task.cancel()
        asyncio.run_coroutine_threadsafe(asyncio.sleep(GOING_S), self._loop).result()  # it tidies up behind itself
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    async def _connected(self) -> None:
        """Be connected, again whenever the broker has gone."""
        while True:
            with suppress(OSError, packets.Malformed):
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                writer.write(packets.connect("bench-gateways", "", "", KEEP_ALIVE_S, b"\x21\xff\xff", clean=True))
                writer.write(packets.subscribe(1, ["v1/devices/+/ack"], qos=0))
                self._sent_at.clear()
                sending = asyncio.create_task(self._sending(writer))
                try:
                    await self._hear(reader)
                finally:
                    sending.cancel()
                    writer.close()
            await asyncio.sleep(RETRY_S)

    async def _sending(self, writer: asyncio.StreamWriter) -> None:
        """Of each gateway its oldest batch, at once and again when it waits for too long: one at a time keeps order."""
        await asyncio.sleep(RETRY_S)  # the broker has taken our subscription
        beat = 0.0
        while True:
            now = time.monotonic()
            oldest = {key[0]: key for key in reversed(list(self._kept))}
            for key in oldest.values():
                payload = self._kept.get(key)
                if payload is None or now - self._sent_at.get(key, -AGAIN_S) < AGAIN_S:
                    continue
                self._sent_at[key] = now
                self.sends += 1
                topic = f"v1/gateway/{username_of(key[0])}/telemetry"
                writer.write(packets.publish(topic.encode(), payload, V5, 1, self.sends % 65_000 + 1))
            if now - beat > KEEP_ALIVE_S / 3:
                beat = now
                writer.write(packets.PINGREQ)
            await writer.drain()
            await asyncio.sleep(0.01)

    async def _hear(self, reader: asyncio.StreamReader) -> None:
        buffer = bytearray()
        while data := await reader.read(1 << 18):
            buffer += data
            for packet in packets.split(buffer, 1 << 24):
                if packet.kind == Kind.PUBLISH:
                    self._take(packet)

    def _take(self, packet: Packet) -> None:
        message = packets.parse_publish(packet, V5)
        gateway = int(bytes(message.topic).split(b"/")[2][1:])
        for batch in orjson.loads(message.payload)["batches"]:
            if self._kept.pop((gateway, batch), None) is not None:
                self.acknowledged += 1
