"""A device as it should be: it keeps a message and sends it again until our acknowledgement names it."""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass, field

from tests.devices.ingest.builders import token_of
from yinling.devices.ingest import packets
from yinling.devices.ingest.packets import V5, Kind

BASE_MS = 1_763_900_000_000


@dataclass
class Sender:
    """Sends readings with a time of their own each; `acknowledged` holds the numbers that we have said are on disk."""

    port: int
    number: int
    count: int
    topic_user: str = "me"
    window: int = 100
    acknowledged: set[int] = field(default_factory=set)
    first: int = 0
    sessions: int = 0

    async def run(self) -> None:
        """Until every message is acknowledged, through as many connections as it takes."""
        while len(self.acknowledged) < self.count:
            with suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
                await self._session()
            await asyncio.sleep(0.05)

    async def _session(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.sessions += 1
        try:
            name = f"d{self.number}"
            writer.write(packets.connect(f"sender-{name}", name, token_of(self.number), 30, b"", clean=True))
            writer.write(packets.subscribe(1, [f"v1/devices/{self.topic_user}/ack"], qos=0))
            hearing = asyncio.create_task(self._hear(reader))
            while len(self.acknowledged) < self.count and not hearing.done():
                while self.first in self.acknowledged:
                    self.first += 1
                these = range(self.first, min(self.first + self.window, self.count))
                waiting = [number for number in these if number not in self.acknowledged]
                for number in waiting:
                    writer.write(self._packet(number))
                await writer.drain()
                for _ in range(100):
                    if hearing.done() or self.acknowledged.issuperset(waiting):
                        break
                    await asyncio.sleep(0.01)
            hearing.cancel()
        finally:
            writer.close()

    def _packet(self, number: int) -> bytes:
        content = {"ts": BASE_MS + number, "values": {"temperature": number % 40}, "batch": number}
        topic = f"v1/devices/{self.topic_user}/telemetry".encode()
        return packets.publish(topic, json.dumps(content).encode(), V5, 1, number % 60_000 + 1)

    async def _hear(self, reader: asyncio.StreamReader) -> None:
        buffer = bytearray()
        while data := await reader.read(65_536):
            buffer += data
            for packet in packets.split(buffer, 1 << 20):
                if packet.kind == Kind.PUBLISH:
                    said = json.loads(packets.parse_publish(packet, V5).payload)
                    self.acknowledged.update(int(batch) for batch in said["batches"])

    def keys(self) -> set[tuple[int, int, int]]:
        """What the journal must hold: each once."""
        return {(self.number, 30, BASE_MS + number) for number in self.acknowledged}
