"""Sending as gateways do: over HTTP, with the gateway's token, again and again until it is acknowledged."""

import json
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException

PATH = "/ingest/v1/gateway/telemetry"
AT_ONCE, LONGEST_WAIT_S = 8, 5.0
MOST_ENTRIES = 2_000
Entries = Mapping[str, Sequence[Mapping[str, object]]]  # by device: {"ts": ..., "values": {...}}


class Door:
    """Some connections to the HTTP door of ingest."""

    def __init__(self, port: int, host: str = "127.0.0.1") -> None:
        self._host, self._port = host, port
        self._own = threading.local()
        self._pool = ThreadPoolExecutor(AT_ONCE, "gateway")
        self.acknowledged = self.refused = self.tries = 0
        self._count = threading.Lock()

    def send(self, batches: Sequence[tuple[str, Entries]]) -> None:
        """Send batches, each with its gateway's token, side by side; return when every one is acknowledged."""
        for done in [self._pool.submit(self._until_taken, token, entries) for token, entries in batches]:
            done.result()

    def _until_taken(self, token: str, entries: Entries) -> None:
        body = json.dumps({**entries, "batch": str(time.monotonic_ns())}).encode()
        pause = 0.05
        while (said := self._post(token, body)) is None:
            time.sleep(pause)
            pause = min(pause * 2, LONGEST_WAIT_S)
        with self._count:
            self.acknowledged += int(said.get("accepted", 0))
            self.refused += int(said.get("refused", 0))

    def _post(self, token: str, body: bytes) -> dict[str, int] | None:
        """The acknowledgement; None where it has to be sent again."""
        self.tries += 1
        try:
            connection = self._connection()
            headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
            connection.request("POST", PATH, body, headers)
            answer = connection.getresponse()
            content = answer.read()
        except (OSError, HTTPException):
            self._own.connection = None
            return None
        return json.loads(content) if answer.status == 200 else None

    def _connection(self) -> HTTPConnection:
        held = getattr(self._own, "connection", None)
        if held is None:
            held = self._own.connection = HTTPConnection(self._host, self._port, timeout=40)
        return held
