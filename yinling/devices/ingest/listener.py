"""Our own MQTT door, 3.1.1 and 5: what devices talk to where no broker stands between.

It is no broker: nobody hears anybody else. That is what makes its PUBACK worth something: it is sent when the readings
are on disk, and so is the message on the device's `…/ack` topic. QoS 2 is taken like QoS 1, since repeats are harmless.
"""

import asyncio
import logging
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from yinling.devices.ingest import packets, saying, topics
from yinling.devices.ingest.faults import Fault, Faults
from yinling.devices.ingest.intake import Intake
from yinling.devices.ingest.messages import Done, Message
from yinling.devices.ingest.packets import V5, Connect, Kind, Malformed, Packet
from yinling.devices.ingest.register import Register
from yinling.devices.queries import username_of

log = logging.getLogger(__name__)
MOST_PACKET_BYTES = 16 * 1024 * 1024  # past the limit of a message, so that a payload too large is named and counted
MOST_FIRST_BYTES = 64 * 1024  # before we know who it is
FIRST_PACKET_S = 10
SWEEP_S = 5.0
BAD_CREDENTIALS = {packets.V311: 4, V5: 0x86}
NOT_AUTHORISED, NO_SUCH_LEVEL_V5, NO_SUCH_LEVEL = 0x87, 0x84, 1
RECEIVE_MAXIMUM = b"\x21\x04\x00"  # 1,024 messages in flight
TAKEN_OVER = b"\xe0\x01\x8e"


@dataclass
class Listener:
    """All connections of devices to our own door."""

    intake: Intake
    faults: Faults
    register: Callable[[], Register]
    connections: set["Connection"] = field(default_factory=set)
    _by_name: dict[tuple[int, str], "Connection"] = field(default_factory=dict)
    _server: asyncio.Server | None = None

    async def start(self, host: str, port: int, tls: ssl.SSLContext | None) -> int:
        """Listen; the port, which is of use when 0 was asked for."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Connection(self), host, port, ssl=tls, backlog=1024)
        self.intake.doors.append(self)
        return int(self._server.sockets[0].getsockname()[1])

    async def sweep(self) -> None:
        """Close connections that have said nothing for too long, or whose device is in use no more."""
        while True:
            await asyncio.sleep(SWEEP_S)
            now, register = time.monotonic(), self.register()
            for connection in list(self.connections):
                connection.close_if_dead(now, register)

    def acknowledge(self, done: list[Done]) -> None:
        """PUBACK to each, and one message on the ack topic for all batch ids of a connection."""
        by_connection: dict[Connection, list[Done]] = {}
        for one in done:
            by_connection.setdefault(one.ticket[0], []).append(one)
        for connection, its in by_connection.items():
            connection.acknowledge(its)

    def pause(self) -> None:
        """Stop reading: TCP tells the devices to wait."""
        for connection in self.connections:
            connection.transport.pause_reading()

    def resume(self) -> None:
        """Read again."""
        for connection in self.connections:
            connection.transport.resume_reading()

    def admit(self, connection: "Connection") -> None:
        """A connection has proved itself; an older one of the same name is taken over."""
        assert connection.name is not None
        older = self._by_name.get(connection.name)
        self._by_name[connection.name] = connection
        if older:
            older.send(TAKEN_OVER if older.level == V5 else b"")
            older.transport.close()

    def forget(self, connection: "Connection") -> None:
        """A connection has ended."""
        self.connections.discard(connection)
        if connection.name and self._by_name.get(connection.name) is connection:
            del self._by_name[connection.name]

    def stop(self) -> None:
        """Listen no more."""
        if self._server:
            self._server.close()


class Connection(asyncio.Protocol):
    """One device's connection."""

    transport: asyncio.Transport

    def __init__(self, door: Listener) -> None:
        self.door = door
        self.level, self.number, self.username = packets.V311, -1, ""
        self.name: tuple[int, str] | None = None
        self._buffer = bytearray()
        self._filters: set[str] = set()
        self._hears: list[bytes] = []
        self._silent_after_s: float = FIRST_PACKET_S
        self._heard_at = time.monotonic()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.door.connections.add(self)
        if self.door.intake.is_full:
            self.transport.pause_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        self.door.forget(self)

    def data_received(self, data: bytes) -> None:
        self._heard_at = time.monotonic()
        self._buffer += data
        most = MOST_PACKET_BYTES if self.name else MOST_FIRST_BYTES
        try:
            for packet in packets.split(self._buffer, most):
                self._take(packet)
        except Malformed as wrong:
            kind = Fault.TOO_LARGE if "limit" in str(wrong) else Fault.UNREADABLE
            self.door.faults.count(self.number, kind, str(wrong))
            self.transport.close()

    def send(self, data: bytes) -> None:
        """Write, if anybody is still there."""
        if data and not self.transport.is_closing():
            self.transport.write(data)

    def acknowledge(self, done: list[Done]) -> None:
        """PUBACK (PUBREC for QoS 2) each, then say the batch ids. One write."""
        out = [
            packets.answer(Kind.PUBACK if one.ticket[1] == 1 else Kind.PUBREC, one.ticket[2])
            for one in done
            if one.ticket[1]
        ]
        for its in saying.by_sender(done).values() if self._hears else ():
            out += [packets.publish(topic, saying.acknowledgement(its), self.level) for topic in self._hears]
        self.send(b"".join(out))

    def close_if_dead(self, now: float, register: Register) -> None:
        """Close when silent for one and a half times its keep-alive (3.1.2.10), or no longer in the register."""
        gone = self.name is not None and not register.has(self.number)
        if gone or (self._silent_after_s and now - self._heard_at > self._silent_after_s):
            self.transport.close()

    def _take(self, packet: Packet) -> None:
        if self.name is None:
            if packet.kind != Kind.CONNECT:
                raise Malformed("the first packet is no CONNECT")
            self._connect(packets.parse_connect(packet.body))
        elif packet.kind == Kind.PUBLISH:
            self._publish(packet)
        elif packet.kind == Kind.PUBREL:
            self.send(packets.answer(Kind.PUBCOMP, packets.packet_id(packet.body)))
        elif packet.kind == Kind.SUBSCRIBE:
            self._subscribe(packet)
        elif packet.kind == Kind.UNSUBSCRIBE:
            mid, filters = packets.parse_subscribe(packet.body, self.level, with_options=False)
            self._filters.difference_update(filters)
            self._hears = topics.hears(self._filters, self.username)
            self.send(packets.suback(Kind.UNSUBACK, mid, [0] * len(filters), self.level))
        elif packet.kind == Kind.PINGREQ:
            self.send(packets.PINGRESP)
        elif packet.kind == Kind.DISCONNECT:
            self.transport.close()

    def _connect(self, asked: Connect) -> None:
        self.level = asked.level
        if asked.level not in (packets.V311, V5):
            self.send(packets.connack(packets.V311, NO_SUCH_LEVEL))
            self.transport.close()
            return
        register = self.door.register()
        number = register.opened_by(asked.username, asked.password, time.time())
        if number is None:
            self.door.faults.count(register.number_of[asked.username], Fault.WRONG_TOKEN, asked.client_id)
            self.send(packets.connack(self.level, BAD_CREDENTIALS[self.level]))
            self.transport.close()
            return
        self.number, self.name = number, (number, asked.client_id)
        self.username = username_of(number)
        self._silent_after_s = asked.keep_alive_s * 1.5
        self.door.admit(self)
        self.send(packets.connack(self.level, 0, RECEIVE_MAXIMUM if self.level == V5 else b""))

    def _publish(self, packet: Packet) -> None:
        message = packets.parse_publish(packet, self.level)
        found = topics.read(message.topic)
        if found is None or found[0] not in (topics.ME, self.username.encode()):
            self.door.faults.count(self.number, Fault.NOT_ITS_TOPIC, message.topic)
            if message.qos:
                kind = Kind.PUBACK if message.qos == 1 else Kind.PUBREC
                self.send(packets.answer(kind, message.mid, NOT_AUTHORISED, self.level))
            return
        ticket: Any = (self, message.qos, message.mid)
        self.door.intake.take(Message(self.door, self.number, found[1], message.payload, ticket))

    def _subscribe(self, packet: Packet) -> None:
        mid, filters = packets.parse_subscribe(packet.body, self.level)
        codes = [0 if topics.may_hear(one, self.username) else self._refusal() for one in filters]
        self._filters.update(one for one, code in zip(filters, codes, strict=True) if not code)
        self._hears = topics.hears(self._filters, self.username)
        self.send(packets.suback(Kind.SUBACK, mid, codes, self.level))

    def _refusal(self) -> int:
        return NOT_AUTHORISED if self.level == V5 else 0x80
