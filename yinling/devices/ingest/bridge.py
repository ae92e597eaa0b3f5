"""Our side of another MQTT broker (Mosquitto, EMQX, any that speaks Version 5).

A PUBACK of that broker promises a device nothing: it may lose what it has acknowledged. Our own PUBACK goes to the
broker when the readings are on disk, and only our message on `v1/devices/<user>/ack` tells the device. Why this is not
done by a client library: docs/decisions/0008-own-mqtt.md.
"""

import asyncio
import logging
import ssl
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import unquote, urlparse

from yinling.devices.ingest import packets, saying, topics
from yinling.devices.ingest.faults import Fault, Faults
from yinling.devices.ingest.intake import Intake
from yinling.devices.ingest.messages import Done, Message
from yinling.devices.ingest.packets import V5, Kind, Malformed, Packet
from yinling.devices.ingest.register import Register

log = logging.getLogger(__name__)
MOST_PACKET_BYTES = 16 * 1024 * 1024
KEEP_ALIVE_S = 20
PAUSES_S = (0.2, 0.5, 1.0, 2.0, 5.0)
SESSION_S = 7 * 24 * 3600
# Session expiry, and as many messages in flight as there are packet ids: each flush acknowledges all of its own.
PROPERTIES = b"\x11" + struct.pack("!I", SESSION_S) + b"\x21" + struct.pack("!H", 65_535)


@dataclass(frozen=True)
class Broker:
    """Where the broker is: `mqtt[s]://user:password@host:port`."""

    host: str
    port: int
    username: str = ""
    password: str = ""
    is_tls: bool = False
    client_id: str = "yinling-ingest"

    @classmethod
    def parse(cls, url: str) -> "Broker":
        """Read the setting. Raises ValueError."""
        found = urlparse(url)
        if found.scheme not in ("mqtt", "mqtts") or not found.hostname:
            raise ValueError(f"YINLING_MQTT is {url!r}; it must look like mqtt://user:password@host:1883")
        tls = found.scheme == "mqtts"
        port = found.port or (8883 if tls else 1883)
        client_id = found.path.strip("/") or cls.client_id
        return cls(found.hostname, port, unquote(found.username or ""), unquote(found.password or ""), tls, client_id)


@dataclass
class Bridge:
    """Connects, subscribes, takes messages in, and does so again whenever the broker goes away."""

    broker: Broker
    intake: Intake
    faults: Faults
    register: Callable[[], Register]
    tls: ssl.SSLContext | None = None
    state: str = "not connected yet"
    since: float = field(default_factory=time.time)
    changed: Callable[[], None] = lambda: None  # hears at once when the broker goes and comes
    _link: "Link | None" = None

    async def run(self) -> None:
        """Keep a connection for ever."""
        self.intake.doors.append(self)
        failures, loop = 0, asyncio.get_running_loop()
        while True:
            try:
                _, link = await loop.create_connection(
                    lambda: Link(self), self.broker.host, self.broker.port, ssl=self.tls if self.broker.is_tls else None
                )
                failures = failures if await link.ended else 0
            except (OSError, Malformed) as gone:
                self._say(f"broker not reached: {gone}")
                failures += 1
            self._link = None
            await asyncio.sleep(PAUSES_S[min(failures, len(PAUSES_S) - 1)])
            failures += 1

    def acknowledge(self, done: list[Done]) -> None:
        """PUBACK to the broker, our acknowledgement to the devices. One write."""
        link = self._link
        if link is None:
            return  # the broker sends again what we have not acknowledged, and the devices too
        out = [packets.answer(Kind.PUBACK, one.ticket[2]) for one in done if one.ticket[1] and one.ticket[0] is link]
        for its in saying.by_sender(done).values():
            topic = topics.acknowledgement(its[0].ticket[3])
            out.append(packets.publish(topic, saying.acknowledgement(its), V5))
        link.transport.write(b"".join(out))

    def pause(self) -> None:
        """Stop reading: the broker queues."""
        if self._link:
            self._link.transport.pause_reading()

    def resume(self) -> None:
        """Read again."""
        if self._link:
            self._link.transport.resume_reading()

    def up(self, link: "Link") -> None:
        """The broker has let us in."""
        self._link = link
        self._say("connected")

    def down(self, why: str) -> None:
        """The connection has ended."""
        self._link = None
        self._say(why)

    def _say(self, state: str) -> None:
        if state != self.state:
            log.warning("broker %s:%s: %s", self.broker.host, self.broker.port, state)
            self.state, self.since = state, time.time()
            self.changed()


class Link(asyncio.Protocol):
    """One connection to the broker."""

    transport: asyncio.Transport

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._buffer = bytearray()
        self._heard_at = time.monotonic()
        self._beat: asyncio.TimerHandle | None = None
        self._why = "the broker has gone"
        self._is_in = False
        self.ended: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        broker = self._bridge.broker
        names = (broker.client_id, broker.username, broker.password)
        self.transport.write(packets.connect(*names, KEEP_ALIVE_S, PROPERTIES, clean=False))
        self._beat = asyncio.get_running_loop().call_later(KEEP_ALIVE_S / 2, self._keep_alive)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._beat:
            self._beat.cancel()
        self._bridge.down(f"{self._why}: {exc}" if exc else self._why)
        if not self.ended.done():
            self.ended.set_result(not self._is_in)

    def data_received(self, data: bytes) -> None:
        self._heard_at = time.monotonic()
        self._buffer += data
        try:
            for packet in packets.split(self._buffer, MOST_PACKET_BYTES):
                if packet.kind == Kind.PUBLISH:
                    self._publish(packet)
                elif packet.kind == Kind.CONNACK:
                    self._connected(packet)
                elif packet.kind == Kind.SUBACK and max(packet.body[-len(topics.FILTERS) :]) >= 0x80:
                    raise Malformed("the broker refuses our subscriptions: its access list must allow them")
        except Malformed as wrong:
            self._why = str(wrong)
            self.transport.close()

    def _connected(self, packet: Packet) -> None:
        if packet.body[1]:
            raise Malformed(f"the broker refuses us with code 0x{packet.body[1]:02x}")
        self.transport.write(packets.subscribe(1, topics.FILTERS, qos=1))
        self._is_in = True
        self._bridge.up(self)
        if self._bridge.intake.is_full:
            self.transport.pause_reading()

    def _publish(self, packet: Packet) -> None:
        message = packets.parse_publish(packet, V5)
        found = topics.read(message.topic)
        user, form = found or (b"", None)
        sender = self._bridge.register().number_of[user.decode("utf-8", "replace")]
        if form is None or sender < 0:
            self._bridge.faults.count(-1, Fault.NOT_ITS_TOPIC if form is None else Fault.UNKNOWN_DEVICE, message.topic)
            if message.qos:
                self.transport.write(packets.answer(Kind.PUBACK, message.mid))
            return
        ticket = (self, message.qos, message.mid, user)
        self._bridge.intake.take(Message(self._bridge, sender, form, message.payload, ticket))

    def _keep_alive(self) -> None:
        if time.monotonic() - self._heard_at > 2 * KEEP_ALIVE_S and not self._bridge.intake.is_full:
            self._why = f"nothing heard for {2 * KEEP_ALIVE_S} s"
            self.transport.abort()
            return
        self.transport.write(packets.PINGREQ)
        self._beat = asyncio.get_running_loop().call_later(KEEP_ALIVE_S / 2, self._keep_alive)
