"""Somebody with the live board open: hears the stream, draws the board anew as the browser does, notes when."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse

STREAM, BOARD = "/work/supervision/stream", "/work/supervision/"


@dataclass
class Watching:
    """One open board. `heard` and `drawn`: (number of the newest step, epoch ms), in order."""

    port: int
    cookie: str
    heard: list[tuple[int, int]] = field(default_factory=list)
    drawn: list[tuple[int, int]] = field(default_factory=list)
    streams: int = 0
    _over: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def meanwhile(self) -> Iterator[None]:
        """Look as long as the block runs."""
        thread = threading.Thread(target=self._run, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join(30)

    def _run(self) -> None:
        while not self._over.is_set():
            with suppress(OSError, HTTPException):
                self._hear(self._get(STREAM, {}))

    def _hear(self, stream: HTTPResponse) -> None:
        if stream.status != 200:
            raise HTTPException(f"the stream answers {stream.status}")
        self.streams += 1
        for line in stream:
            if self._over.is_set():
                return
            if line.startswith(b"data: "):
                number = int(line[6:])
                self.heard.append((number, _now_ms()))
                self._get(BOARD, {"HX-Request": "true"}).read()
                self.drawn.append((number, _now_ms()))

    def _get(self, path: str, headers: dict[str, str]) -> HTTPResponse:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=40)
        connection.request("GET", path, headers={"Cookie": self.cookie, **headers})
        return connection.getresponse()


def first_after(seen: list[tuple[int, int]], number: int) -> int | None:
    """When the step was seen first, epoch ms."""
    return next((at for newest, at in seen if newest >= number), None)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
