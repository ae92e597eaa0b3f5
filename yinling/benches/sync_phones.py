"""Telephones of the bench `sync`: a day off line in memory, then the app's protocol over HTTP until nothing waits."""

import base64
import hashlib
import io
import json
import os
import random
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from PIL import Image

AT_ONCE = 20
MINUTE_MS = 60_000
PAUSE_S = 0.3


def a_picture(seed: int) -> bytes:
    """A JPEG as the app makes them: 1024 pixels wide, another for each seed."""
    draw = random.Random(seed)
    small = Image.frombytes("RGB", (16, 12), draw.randbytes(16 * 12 * 3))
    out = io.BytesIO()
    small.resize((1024, 768), Image.Resampling.BICUBIC).save(out, "JPEG", quality=70)
    return out.getvalue()


@dataclass
class Phone:
    """One telephone. `acknowledged`: uids the platform said are done."""

    number: int
    cookie: str
    port: int
    uid: str = ""
    key: bytes = b""
    token: str = ""
    token_cookie: str = ""
    cursor: int = 0
    visits: list[str] = field(default_factory=list)
    queue: list[dict[str, Any]] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    refused: int = 0
    tries: int = 0
    list_bytes: int = 0
    line: HTTPConnection | None = None

    def ask(self, path: str, body: bytes, kind: str = "application/json", method: str = "POST") -> dict[str, Any]:
        """One request, until it is answered."""
        while True:
            try:
                return self._ask(path, body, kind, method)
            except (OSError, HTTPException, ValueError):
                self.tries += 1
                self.line = None
                time.sleep(PAUSE_S)

    def _ask(self, path: str, body: bytes, kind: str, method: str) -> dict[str, Any]:
        self.line = self.line or HTTPConnection("127.0.0.1", self.port, timeout=120)
        cookies = f"sessionid={self.cookie}; csrftoken={self.token_cookie}"
        self.line.request(method, path, body, {"Content-Type": kind, "Cookie": cookies, "X-CSRFToken": self.token})
        answer = self.line.getresponse()
        content = answer.read()
        if answer.status >= 500:
            raise ValueError(answer.status)
        if answer.status >= 400:
            raise RuntimeError(f"{path}: {answer.status} {content[:200]!r}")
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie" and value.startswith("csrftoken="):
                self.token_cookie = value.split(";")[0].partition("=")[2]
        self.list_bytes = max(self.list_bytes, len(content))
        return dict(json.loads(content))

    def morning(self) -> None:
        """Open the app, take the list."""
        body = {"phone": "", "time": int(time.time() * 1000), "app": "bench"}
        found = self.ask("/my/sync/open", json.dumps(body).encode())
        self.uid, self.key, self.token = found["phone"], base64.b64decode(found["key"]), found["token"]
        told = self._exchange([])
        self.visits = sorted(told["put"].get("visit", {}))

    def day(self, photos: int) -> None:
        """Every visit is made, one after the other, with photographs at the first ones."""
        step = 12 * MINUTE_MS
        begin = int(time.time() * 1000) - (len(self.visits) + 1) * step
        for place, visit in enumerate(self.visits):
            start = begin + place * step
            given = {"visit": visit, "way": "door", "started": start, "ended": start + 8 * MINUTE_MS, "contact": True,
                     "found": "normal", "blocks": {"health": []}, "actions": [], "note": "一切都好"}  # fmt: skip
            self._keep("visit", start + 8 * MINUTE_MS, given)
            if place < photos:
                nonce = os.urandom(12)
                box = nonce + AESGCM(self.key).encrypt(nonce, a_picture(self.number * 1000 + place), None)
                digest = hashlib.sha256(box).hexdigest()
                self._keep("photo", start + 7 * MINUTE_MS, {"visit": visit}, piece=digest, box=box)

    def _keep(self, kind: str, at: int, payload: dict[str, Any], **more: Any) -> None:
        self.queue.append({"uid": str(uuid4()), "kind": kind, "at": at, "payload": payload, **more})

    def evening(self) -> None:
        """Send until nothing waits."""
        while self.queue:
            now = self.queue[:AT_ONCE]
            for entry in now:
                if "box" in entry:
                    self._raise(entry)
            self._hear(self._exchange([{k: v for k, v in entry.items() if k != "box"} for entry in now]))

    def _exchange(self, commands: list[dict[str, Any]]) -> dict[str, Any]:
        body = {"phone": self.uid, "time": int(time.time() * 1000), "answer": self.cursor, "commands": commands}
        told = self.ask("/my/sync/exchange", json.dumps(body).encode())
        if told["after"] == self.cursor:
            self.cursor = told["answer"]
        return told

    def _hear(self, told: dict[str, Any]) -> None:
        done = {said["uid"]: said["outcome"] for said in told["results"] if said["outcome"] != "failed"}
        self.acknowledged += done
        self.refused += sum(1 for outcome in done.values() if outcome == "refused")
        self.queue = [entry for entry in self.queue if entry["uid"] not in done]

    def _raise(self, entry: dict[str, Any]) -> None:
        box = entry["box"]
        path = f"/my/sync/pieces/{entry['piece']}?phone={self.uid}&size={len(box)}"
        here = int(self.ask(path, b"", method="GET")["received"])
        while here < len(box):
            part = box[here : here + 256 * 1024]
            here = int(self.ask(f"{path}&offset={here}", part, "application/octet-stream")["received"])
