"""The HTTP door: `POST /ingest/v1/telemetry` and `/ingest/v1/gateway/telemetry`, answered 200 when it is on disk.

JSON in the shapes of MQTT, or the compact form. `Authorization: Bearer TOKEN`. Behind a web server that terminates TLS,
or with the certificate of our own MQTT door.
"""

import asyncio
import math
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import h11
import orjson

from yinling.devices.ingest.faults import Fault, Faults
from yinling.devices.ingest.flush import MOST_MESSAGE_BYTES
from yinling.devices.ingest.intake import Intake
from yinling.devices.ingest.limits import RateLimit
from yinling.devices.ingest.messages import Done, Message
from yinling.devices.ingest.payloads import Form
from yinling.devices.ingest.register import Register

PATHS = {
    b"/ingest/v1/telemetry": Form.TELEMETRY,
    b"/ingest/v1/attributes": Form.ATTRIBUTES,
    b"/ingest/v1/gateway/telemetry": Form.GATEWAY,
}
IDLE_S = 60.0
MOST_UNREAD_BYTES, UNREAD_S = 16 * 1024 * 1024, 2.0  # of a request that is refused while it is being sent
DISK_S = 30.0
Said = tuple[HTTPStatus, dict[str, Any], list[tuple[str, str]]]


class Told(Exception):
    """An answer other than 200."""

    def __init__(self, status: HTTPStatus, why: str, *headers: tuple[str, str]) -> None:
        super().__init__(why)
        self.said: Said = (status, {"error": why}, list(headers))


@dataclass
class HttpDoor:
    """A small server: one request at a time per connection, connections kept."""

    intake: Intake
    faults: Faults
    register: Callable[[], Register]
    limit: RateLimit = field(default_factory=RateLimit)
    guesses: RateLimit = field(default_factory=lambda: RateLimit(0.2, 20))
    _server: asyncio.Server | None = None

    async def start(self, host: str, port: int, tls: ssl.SSLContext | None) -> int:
        """Listen; the port, which is of use when 0 was asked for."""
        self._server = await asyncio.start_server(self._serve, host, port, ssl=tls, backlog=512)
        self.intake.doors.append(self)
        return int(self._server.sockets[0].getsockname()[1])

    def acknowledge(self, done: list[Done]) -> None:
        """Let the requests be answered."""
        for one in done:
            if not one.ticket.done():
                one.ticket.set_result(one)

    def pause(self) -> None:
        """Requests are told to come again while the intake is full."""

    def resume(self) -> None:
        """Nothing to do: see pause."""

    def stop(self) -> None:
        """Listen no more."""
        if self._server:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = h11.Connection(h11.SERVER, max_incomplete_event_size=16 * 1024)
        try:
            while talk.our_state is h11.IDLE:
                async with asyncio.timeout(IDLE_S):
                    said = await self._exchange(talk, reader, writer)
                if said is None:
                    break
                _answer(talk, writer, said)
                await writer.drain()
                await _read_off(talk, reader)
                _go_on(talk)
        except (OSError, TimeoutError, h11.ProtocolError):
            pass  # a sender that goes away or talks something else has nothing acknowledged and sends again
        finally:
            writer.close()

    async def _exchange(
        self, talk: h11.Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> Said | None:
        try:
            request = await _next(talk, reader)
            if not isinstance(request, h11.Request):
                return None
            address = (writer.get_extra_info("peername") or ("?",))[0]
            sender, form = self._admitted(request, address)
            if talk.they_are_waiting_for_100_continue:
                writer.write(talk.send(h11.InformationalResponse(status_code=100, headers=[])) or b"")
            return await self._taken(sender, form, await self._body(talk, reader, sender))
        except h11.RemoteProtocolError as wrong:
            return HTTPStatus(wrong.error_status_hint), {"error": str(wrong)}, []
        except Told as told:
            return told.said

    def _admitted(self, request: h11.Request, address: str) -> tuple[int, Form]:
        form = PATHS.get(bytes(request.target).partition(b"?")[0])
        headers = dict(request.headers)
        if form is None:
            raise Told(HTTPStatus.NOT_FOUND, f"No such address. Post to {', '.join(p.decode() for p in PATHS)}.")
        if request.method != b"POST":
            raise Told(HTTPStatus.METHOD_NOT_ALLOWED, "Use POST.", ("Allow", "POST"))
        if int(headers.get(b"content-length", b"0")) > MOST_MESSAGE_BYTES:
            raise self._too_large(-1)
        now, register = time.monotonic(), self.register()
        scheme, _, token = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
        number = register.opened_by(token.strip(), "", time.time()) if scheme.lower() == "bearer" and token else None
        if number is None:
            self.faults.count(-1, Fault.WRONG_TOKEN, address)
            _hold(self.guesses.wait_s(address, now))
            challenge = ("WWW-Authenticate", "Bearer")
            raise Told(HTTPStatus.UNAUTHORIZED, "Send the device's token: Authorization: Bearer TOKEN.", challenge)
        _hold(self.limit.wait_s(number, now))
        if self.intake.is_full:
            raise Told(HTTPStatus.SERVICE_UNAVAILABLE, "Nothing can be stored now. Send again.", ("Retry-After", "5"))
        return number, form

    async def _body(self, talk: h11.Connection, reader: asyncio.StreamReader, sender: int) -> bytes:
        parts, size = [], 0
        while isinstance(event := await _next(talk, reader), h11.Data):
            parts.append(bytes(event.data))
            size += len(event.data)
            if size > MOST_MESSAGE_BYTES:
                raise self._too_large(sender)
        return b"".join(parts)

    async def _taken(self, sender: int, form: Form, body: bytes) -> Said:
        ticket: asyncio.Future[Done] = asyncio.get_running_loop().create_future()
        self.intake.take(Message(self, sender, form, body, ticket))
        try:
            done = await asyncio.wait_for(ticket, DISK_S)
        except TimeoutError:
            raise Told(HTTPStatus.SERVICE_UNAVAILABLE, "Not on disk yet. Send again.", ("Retry-After", "5")) from None
        return HTTPStatus.OK, {"batch": done.batch, "accepted": done.accepted, "refused": done.refused}, []

    def _too_large(self, sender: int) -> Told:
        self.faults.count(sender, Fault.TOO_LARGE, "HTTP")
        return Told(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The limit is {MOST_MESSAGE_BYTES:,} bytes. Send less at once."
        )


def _hold(wait_s: float) -> None:
    if wait_s:
        after = ("Retry-After", str(math.ceil(wait_s)))
        raise Told(HTTPStatus.TOO_MANY_REQUESTS, "Too many requests. Put more readings into each.", after)


async def _next(talk: h11.Connection, reader: asyncio.StreamReader) -> object:
    while (event := talk.next_event()) is h11.NEED_DATA:
        talk.receive_data(await reader.read(65_536))
    return event


async def _read_off(talk: h11.Connection, reader: asyncio.StreamReader) -> None:
    """Whoever is answered while still sending gets to read it: a connection closed at once would be reset."""
    left = MOST_UNREAD_BYTES if talk.their_state is h11.SEND_BODY else 0
    async with asyncio.timeout(UNREAD_S):
        while left > 0 and (part := await reader.read(65_536)):
            left -= len(part)


def _go_on(talk: h11.Connection) -> None:
    """Ready for the next request, where both sides have ended this one."""
    if talk.our_state is h11.DONE and talk.their_state is h11.DONE:
        talk.start_next_cycle()


def _answer(talk: h11.Connection, writer: asyncio.StreamWriter, said: Said) -> None:
    status, content, headers = said
    body = orjson.dumps(content)
    head = [("Content-Type", "application/json"), ("Content-Length", str(len(body))), *headers]
    if talk.their_state is not h11.DONE:
        head.append(("Connection", "close"))  # what was not read of the request is not read as the next one
    response = h11.Response(status_code=int(status), headers=head, reason=status.phrase.encode())
    events = (response, h11.Data(data=body), h11.EndOfMessage())
    writer.write(b"".join(talk.send(event) or b"" for event in events))  # one write: it wakes the sender once
