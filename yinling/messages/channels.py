"""Ways out over HTTP: one JSON request per message to the gateway that settings.MESSAGE_CHANNELS names.

`{"sms": {"url", "token"}, "voice": {"url", "token"}, "web_hooks": {"<name>": {"url", "secret"}}}`; WeCom and the
mini-program have servers of their own shape (`wechat.py`). A request carries
`Idempotency-Key` (a try may reach the gateway twice when we die in between) and, where there is a secret, an
HMAC-SHA256 of the body in `X-Yinling-Signature`. Nothing of the text or the number is ever logged.
"""

import hashlib
import hmac
import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlparse

from django.conf import settings

from yinling.messages import wechat
from yinling.messages.models import Channel

TIMEOUT_S = 10
MOST_ANSWER = 64 * 1024


@dataclass(frozen=True)
class Outcome:
    """What came of one try. `status`: the gateway's HTTP status, None without an answer; `error`: a short code."""

    succeeded: bool
    status: int | None = None
    error: str = ""
    external_id: str = ""


@dataclass(frozen=True)
class Gateway:
    """Where a channel's messages go."""

    url: str
    token: str = ""
    secret: str = ""
    app: str = ""  # of WeCom and the mini-program: whose application it is
    agent: str = ""
    template: str = ""
    page: str = ""


def gateway(channel: str, endpoint: str = "") -> Gateway | None:
    """The gateway of a channel (of a named web hook); None when the settings name none."""
    named: Mapping[str, Any] = getattr(settings, "MESSAGE_CHANNELS", {})
    found = named.get("web_hooks", {}).get(endpoint) if channel == Channel.WEB_HOOK else named.get(channel)
    return Gateway(**found) if found else None


def deliver(to: Gateway, payload: Mapping[str, Any], key: str, channel: str = "") -> Outcome:
    """Send one message. Never raises for what a network or a gateway may do."""
    if channel in (Channel.WECOM, Channel.MINI_APP):
        return _by_wechat(channel, to, payload)
    body = json.dumps(payload, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json", "Idempotency-Key": key}
    if to.token:
        headers["Authorization"] = f"Bearer {to.token}"
    if to.secret:
        headers["X-Yinling-Signature"] = signature(to.secret, body)
    try:
        status, answer = _post(to.url, body, headers)
    except (OSError, http.client.HTTPException) as error:
        return Outcome(False, error=type(error).__name__[:40])
    if not 200 <= status < 300:
        return Outcome(False, status, f"http_{status}")
    return Outcome(True, status, external_id=_id_in(answer))


def _by_wechat(channel: str, to: Gateway, payload: Mapping[str, Any]) -> Outcome:
    def post(url: str, body: Mapping[str, Any] | None) -> tuple[int, bytes]:
        data = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        return _post(url, data, {"Content-Type": "application/json"}, "GET" if body is None else "POST")

    try:
        answer = wechat.say(channel, to, payload, post)
    except (OSError, http.client.HTTPException) as error:
        return Outcome(False, error=type(error).__name__[:40])
    return Outcome(answer.status == 200, answer.status, answer.error, answer.external_id)


def signature(secret: str, body: bytes) -> str:
    """HMAC-SHA256 of a body, in hex."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def _post(url: str, body: bytes, headers: dict[str, str], method: str = "POST") -> tuple[int, bytes]:
    where = urlparse(url)
    kind = http.client.HTTPSConnection if where.scheme == "https" else http.client.HTTPConnection
    connection = kind(where.hostname or "", where.port, timeout=TIMEOUT_S)
    try:
        path = where.path or "/"
        connection.request(method, f"{path}?{where.query}" if where.query else path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read(MOST_ANSWER)
    finally:
        connection.close()


def _id_in(answer: bytes) -> str:
    """The gateway's own number of the message, when its answer names one."""
    try:
        data = json.loads(answer)
    except ValueError:
        return ""
    return str(data.get("id", ""))[:80] if isinstance(data, dict) else ""
