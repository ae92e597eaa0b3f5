"""MQTT 3.1.1 and 5 as bytes: what both our own door and our client of another broker speak. Pure.

OASIS MQTT Version 3.1.1 (29 October 2014) and Version 5.0 (7 March 2019); section numbers are those of Version 5.0.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

V311, V5 = 4, 5


class Kind(IntEnum):
    """Control packet types (2.1.2)."""

    CONNECT = 1
    CONNACK = 2
    PUBLISH = 3
    PUBACK = 4
    PUBREC = 5
    PUBREL = 6
    PUBCOMP = 7
    SUBSCRIBE = 8
    SUBACK = 9
    UNSUBSCRIBE = 10
    UNSUBACK = 11
    PINGREQ = 12
    PINGRESP = 13
    DISCONNECT = 14


class Malformed(ValueError):
    """Not MQTT, or more of it than we take."""


@dataclass(frozen=True, slots=True)
class Packet:
    """One control packet as it came."""

    kind: int
    flags: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Connect:
    """Who wants to talk, and how."""

    level: int
    client_id: str
    username: str
    password: str
    keep_alive_s: int


@dataclass(frozen=True, slots=True)
class Publish:
    """A message on a topic. `mid` 0 with QoS 0."""

    topic: bytes
    payload: bytes
    qos: int
    mid: int


def split(buffer: bytearray, most: int) -> Iterator[Packet]:
    """Take whole packets off the front of the buffer. Raises Malformed for one longer than `most` bytes."""
    start, held = 0, len(buffer)
    try:
        while held - start >= 2:
            length, shift, at = 0, 0, start + 1
            while at < held:
                length |= (buffer[at] & 0x7F) << shift
                at += 1
                if buffer[at - 1] < 0x80:
                    break
                shift += 7
                if shift > 21:
                    raise Malformed("a length of more than four bytes")
            else:
                return
            if length > most:
                raise Malformed(f"a packet of {length:,} bytes; the limit is {most:,}")
            if at + length > held:
                return
            first = buffer[start]
            start = at + length
            yield Packet(first >> 4, first & 15, bytes(buffer[at:start]))
    finally:
        del buffer[:start]


def parse_connect(body: bytes) -> Connect:
    """CONNECT (3.1). A will is read over: what a device wants said after its death we say ourselves."""
    try:
        name, at = _text(body, 0)
        level, flags, keep_alive = struct.unpack_from("!BBH", body, at)
        if name != "MQTT" or level not in (V311, V5):
            return Connect(level, "", "", "", 0)
        at += 4
        at = _past_properties(body, at) if level == V5 else at
        client_id, at = _text(body, at)
        if flags & 0x04:
            at = _past_properties(body, at) if level == V5 else at
            at = _past_bytes(body, _past_bytes(body, at))
        username, at = _text(body, at) if flags & 0x80 else ("", at)
        password, at = _text(body, at) if flags & 0x40 else ("", at)
    except (struct.error, IndexError, UnicodeDecodeError) as wrong:
        raise Malformed("CONNECT") from wrong
    return Connect(level, client_id, username, password, keep_alive)


def parse_publish(packet: Packet, level: int) -> Publish:
    """PUBLISH (3.3)."""
    body, qos = packet.body, packet.flags >> 1 & 3
    try:
        at = 2 + (body[0] << 8 | body[1])
        topic, mid = body[2:at], 0
        if qos:
            mid = body[at] << 8 | body[at + 1]
            at += 2
        if level == V5:
            at = at + 1 if body[at] == 0 else _past_properties(body, at)
    except IndexError as wrong:
        raise Malformed("PUBLISH") from wrong
    if qos == 3 or not topic or at > len(body):
        raise Malformed("PUBLISH")
    return Publish(topic, body[at:], qos, mid)


def parse_subscribe(body: bytes, level: int, with_options: bool = True) -> tuple[int, list[str]]:
    """SUBSCRIBE (3.8) or, without options, UNSUBSCRIBE (3.10): packet id and topic filters."""
    try:
        (mid,) = struct.unpack_from("!H", body)
        at = _past_properties(body, 2) if level == V5 else 2
        filters = []
        while at < len(body):
            text, at = _text(body, at)
            at += with_options
            filters.append(text)
    except (struct.error, IndexError, UnicodeDecodeError) as wrong:
        raise Malformed("SUBSCRIBE") from wrong
    if not filters:
        raise Malformed("SUBSCRIBE without a filter")
    return mid, filters


def packet_id(body: bytes) -> int:
    """The id that PUBACK, PUBREC, PUBREL and PUBCOMP begin with."""
    if len(body) < 2:
        raise Malformed("a packet without its id")
    return body[0] << 8 | body[1]


def framed(kind: Kind, body: bytes, flags: int = 0) -> bytes:
    """A packet."""
    return bytes([kind << 4 | flags]) + _varint(len(body)) + body


def connack(level: int, code: int, properties: bytes = b"") -> bytes:
    """CONNACK (3.2): a session is never present, devices keep what we have not acknowledged."""
    tail = _varint(len(properties)) + properties if level == V5 else b""
    return framed(Kind.CONNACK, bytes([0, code]) + tail)


def answer(kind: Kind, mid: int, code: int = 0, level: int = V311) -> bytes:
    """PUBACK, PUBREC, PUBREL, PUBCOMP (3.4 to 3.7)."""
    flags = 2 if kind is Kind.PUBREL else 0
    if code and level == V5:
        return bytes([kind << 4 | flags, 3, mid >> 8, mid & 255, code])
    return bytes([kind << 4 | flags, 2, mid >> 8, mid & 255])


def suback(kind: Kind, mid: int, codes: list[int], level: int) -> bytes:
    """SUBACK (3.9), UNSUBACK (3.11; Version 3.1.1 has no codes there)."""
    body = struct.pack("!H", mid) + (b"\0" if level == V5 else b"")
    return framed(kind, body + (bytes(codes) if kind is Kind.SUBACK or level == V5 else b""))


def publish(topic: bytes, payload: bytes, level: int, qos: int = 0, mid: int = 0) -> bytes:
    """PUBLISH (3.3)."""
    head = struct.pack("!H", len(topic)) + topic + (struct.pack("!H", mid) if qos else b"")
    return framed(Kind.PUBLISH, head + (b"\0" if level == V5 else b"") + payload, qos << 1)


def connect(client_id: str, username: str, password: str, keep_alive_s: int, properties: bytes, clean: bool) -> bytes:
    """CONNECT (3.1), Version 5."""
    flags = (0x80 if username else 0) | (0x40 if password else 0) | (0x02 if clean else 0)
    texts = [client_id, *filter(None, (username, password))]
    body = _bytes(b"MQTT") + struct.pack("!BBH", V5, flags, keep_alive_s) + _varint(len(properties)) + properties
    return framed(Kind.CONNECT, body + b"".join(_bytes(text.encode()) for text in texts))


def subscribe(mid: int, filters: list[str], qos: int) -> bytes:
    """SUBSCRIBE (3.8), Version 5."""
    return framed(
        Kind.SUBSCRIBE, struct.pack("!HB", mid, 0) + b"".join(_bytes(f.encode()) + bytes([qos]) for f in filters), 2
    )


PINGREQ, PINGRESP = bytes([Kind.PINGREQ << 4, 0]), bytes([Kind.PINGRESP << 4, 0])


def _varint(value: int) -> bytes:
    out = bytearray()
    while True:
        value, part = value >> 7, value & 0x7F
        out.append(part | (0x80 if value else 0))
        if not value:
            return bytes(out)


def _bytes(raw: bytes) -> bytes:
    return struct.pack("!H", len(raw)) + raw


def _text(body: bytes, at: int) -> tuple[str, int]:
    end = _past_bytes(body, at)
    return body[at + 2 : end].decode(), end


def _past_bytes(body: bytes, at: int) -> int:
    (length,) = struct.unpack_from("!H", body, at)
    if at + 2 + length > len(body):
        raise IndexError("a text longer than its packet")
    return at + 2 + int(length)


def _past_properties(body: bytes, at: int) -> int:
    """Properties (2.2.2): none that a device can set changes what we do. Topic aliases we do not offer."""
    length = shift = 0
    while True:
        part = body[at]
        length |= (part & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if part < 0x80:
            return at + length
