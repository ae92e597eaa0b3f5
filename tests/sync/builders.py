"""Words for tests of sync: visitors with visits, and a telephone that follows the protocol as the app does."""

import base64
import datetime as dt
import hashlib
import json
import os
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.test import Client

from tests.care.builders import BY, LONG_AGO, VILLAGE, a_person, a_visitor
from tests.conftest import a_user, client_of
from yinling.accounts.models import User
from yinling.care.models import Visit, Visitor
from yinling.kernel.clock import civil_date, ms_of, now
from yinling.people.models import Person
from yinling.people.services import open_grant

DAY = dt.timedelta(days=1)
__all__ = ["LONG_AGO", "VILLAGE", "Telephone", "a_person", "a_visit_due", "a_visiting_user"]


def a_visiting_user(name: str = "向春生", place_key: int = VILLAGE) -> User:
    """A volunteer with an account, who is a visitor."""
    user = a_user("volunteer", place_key, name)
    a_visitor(name, place_key, user)
    return user


def a_visit_due(user: User, person: Person | None = None, **facts: Any) -> Visit:
    """A visit that is due from the user this week."""
    visitor, today = Visitor.objects.get(user=user), civil_date()
    who = person or a_person()
    open_grant(person=who, grantee_uid=user.uid, ground="visit", until=now() + 365 * DAY, by=BY)  # as a pairing does
    given: dict[str, Any] = {"opens_on": today - DAY, "due_on": today + DAY, "rule": "regular", "key": str(uuid4())}
    return Visit.objects.create(visitor=visitor, person=who, **(given | facts))


@dataclass
class Telephone:
    """One browser. `documents` and `queue` are what is on its disk; `clock_ms` is how far its clock is behind."""

    user: User
    clock_ms: int = 0
    documents: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    queue: dict[str, dict[str, Any]] = field(default_factory=dict)
    acknowledged: dict[str, dict[str, Any]] = field(default_factory=dict)
    uid: str = ""
    key: bytes = b""
    cursor: int = 0
    is_wiped: bool = False
    client: Client = field(default_factory=Client)
    last: dict[str, Any] = field(default_factory=dict)

    def now_ms(self) -> int:
        """What its clock says."""
        return ms_of(now()) - self.clock_ms

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        return self.client.post(path, json.dumps(body), content_type="application/json")

    def log_in(self) -> "Telephone":
        """Log in, and open the app."""
        self.client = client_of(self.user)
        answer = self._post("/my/sync/open", {"phone": self.uid, "time": self.now_ms(), "app": "1"})
        found = answer.json()
        if found.get("wipe"):
            self.wipe()
            return self
        if found["phone"] != self.uid:
            self.documents, self.cursor = {}, 0
        self.uid, self.key = found["phone"], base64.b64decode(found["key"])
        return self

    def wipe(self) -> None:
        """All it held is gone; it says so."""
        self.documents, self.queue, self.cursor, self.key, self.is_wiped = {}, {}, 0, b"", True
        self._post("/my/sync/standing", {"phone": self.uid, "wiped": True})

    def keep(self, kind: str, payload: dict[str, Any], **more: Any) -> str:
        """An act without a signal."""
        uid = str(uuid4())
        self.queue[uid] = {"uid": uid, "kind": kind, "at": self.now_ms(), "payload": payload, **more}
        return uid

    def visits(self, uid: object, minutes: int = 20, **more: Any) -> str:
        """A visit is made at the door."""
        end = self.now_ms()
        given = {"visit": str(uid), "way": "door", "started": end - minutes * 60_000, "ended": end, "contact": True,
                 "found": "normal", "blocks": {}, "actions": [], "note": ""}  # fmt: skip
        return self.keep("visit", given | more)

    def photographs(self, uid: object, picture: bytes) -> str:
        """A photograph is taken, and locked with the phone's key."""
        nonce = os.urandom(12)
        box = nonce + AESGCM(self.key).encrypt(nonce, picture, None)
        return self.keep("photo", {"visit": str(uid)}, piece=hashlib.sha256(box).hexdigest(), box=box)

    def raise_piece(self, entry: dict[str, Any], part: int = 64 * 1024, parts: int = 1000) -> int:
        """A photograph goes up from where it stopped; `parts` at most."""
        box, query = entry["box"], f"phone={self.uid}&size={len(entry['box'])}"
        address = f"/my/sync/pieces/{entry['piece']}?{query}"
        here = self.client.get(address).json()["received"]
        while here < len(box) and parts:
            sent = box[here : here + part]
            answer = self.client.post(f"{address}&offset={here}", sent, content_type="application/octet-stream")
            here, parts = answer.json()["received"], parts - 1
        return int(here)

    def send(self, *, is_lost: bool = False) -> Any:
        """One exchange. `is_lost`: the platform answers, and the phone dies before it has stored the answer."""
        for entry in self.queue.values():
            if "box" in entry:
                self.raise_piece(entry)
        commands = [{k: v for k, v in entry.items() if k != "box"} for entry in self.queue.values()]
        body = {"phone": self.uid, "time": self.now_ms(), "app": "1", "answer": self.cursor, "commands": commands}
        answer = self._post("/my/sync/exchange", body)
        if answer.status_code == 401:
            if self._post("/my/sync/standing", {"phone": self.uid}).json()["wipe"]:
                self.wipe()
            return answer
        if not is_lost:
            self.hear(answer.json())
        return answer

    def hear(self, told: dict[str, Any]) -> None:
        """Store an answer whole, as one write of the phone's database."""
        self.last = told
        if told.get("wipe"):
            self.wipe()
            return
        for said in told["results"]:
            if said["outcome"] != "failed":
                self.queue.pop(said["uid"], None)
                self.acknowledged[said["uid"]] = said
        if told["after"] != self.cursor or told["answer"] == self.cursor:
            return
        if told["full"]:
            self.documents = {}
        self.documents |= {(kind, uid): one for kind, found in told["put"].items() for uid, one in found.items()}
        for kind, uids in told["drop"].items():
            for uid in uids:
                self.documents.pop((kind, uid), None)
        self.cursor = told["answer"]

    def held(self, kind: str) -> set[str]:
        """The uids of one kind that lie on it."""
        return {uid for found, uid in self.documents if found == kind}
