"""WeCom and mini-program messages, in the shapes of their servers: an access token first, then one message.

Settings: `"wecom": {"url", "app", "secret", "agent"}` (app: the corporation's id; agent: the application's number) and
`"mini_app": {"url", "app", "secret", "template", "page"}`; `url` is the server's own root, or a stand-in's. Both answer
HTTP 200 whatever happens and say what went wrong in `errcode`.
Source: developer documentation of WeCom (message/send) and of mini-programs (subscribeMessage.send), read in 2025.
"""

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from yinling.messages.models import Channel

Post = Callable[[str, Mapping[str, Any] | None], tuple[int, bytes]]
TOKEN_PATH = {Channel.WECOM: "/cgi-bin/gettoken", Channel.MINI_APP: "/cgi-bin/token"}
SEND_PATH = {Channel.WECOM: "/cgi-bin/message/send", Channel.MINI_APP: "/cgi-bin/message/subscribe/send"}
TOKEN_OVER = {40001, 40014, 42001}
MAY_PASS = {-1, 45009, 45011, 45033} | TOKEN_OVER  # busy, too many at once, or a token that is over
SOONER_S = 60
LONGEST_THING = 20  # characters of a `thing` in a subscription message
_tokens: dict[tuple[str, str], tuple[str, float]] = {}
_lock = threading.Lock()


@dataclass(frozen=True)
class Answer:
    """What came of it: the HTTP status that says the same (200, 503 try later, 422 never), a code, the message's id."""

    status: int
    error: str = ""
    external_id: str = ""


def say(channel: str, to: Any, payload: Mapping[str, Any], post: Post) -> Answer:
    """Send one message to one user. `to`: the gateway; `payload`: text and the user's own id there."""
    kind = Channel(channel)
    token, refused = _token(kind, to, post)
    if refused is not None:
        return refused
    body = _wecom(to, payload) if kind is Channel.WECOM else _mini_app(to, payload)
    _status, raw = post(f"{to.url}{SEND_PATH[kind]}?access_token={quote(token)}", body)
    answer = _read(raw)
    code = int(answer.get("errcode", -1))
    if code in TOKEN_OVER:
        with _lock:
            _tokens.pop((to.url, to.app), None)
    if code:
        return Answer(503 if code in MAY_PASS else 422, f"errcode_{code}")
    if answer.get("invaliduser"):
        return Answer(422, "invalid_user")
    return Answer(200, external_id=str(answer.get("msgid", ""))[:80])


def _token(kind: Channel, to: Any, post: Post) -> tuple[str, Answer | None]:
    """The access token, asked for once until shortly before it is over."""
    key = (to.url, to.app)
    with _lock:
        token, until = _tokens.get(key, ("", 0.0))
    if time.monotonic() < until:
        return token, None
    names = ("corpid", "corpsecret") if kind is Channel.WECOM else ("appid", "secret")
    asked = dict(zip(names, (to.app, to.secret), strict=True))
    if kind is Channel.MINI_APP:
        asked["grant_type"] = "client_credential"
    _status, raw = post(f"{to.url}{TOKEN_PATH[kind]}?{urlencode(asked)}", None)
    answer = _read(raw)
    code, fresh = int(answer.get("errcode", 0)), str(answer.get("access_token", ""))
    if code or not fresh:
        return "", Answer(503 if code in MAY_PASS or not answer else 422, f"token_{code}")
    with _lock:
        _tokens[key] = (fresh, time.monotonic() + max(int(answer.get("expires_in", 7200)) - SOONER_S, 0))
    return fresh, None


def _wecom(to: Any, payload: Mapping[str, Any]) -> dict[str, Any]:
    text = {"content": payload["text"]}
    agent = int(to.agent) if str(to.agent).isdigit() else to.agent
    return {"touser": payload["to"], "msgtype": "text", "agentid": agent, "text": text, "enable_duplicate_check": 1}


def _mini_app(to: Any, payload: Mapping[str, Any]) -> dict[str, Any]:
    """A subscription message: the template's `thing1` takes the sentence, cut to what a `thing` may hold."""
    sentence = str(payload["text"]).split("\n")[0]
    short = sentence if len(sentence) <= LONGEST_THING else sentence[: LONGEST_THING - 1] + "…"
    said = {"touser": payload["to"], "template_id": to.template, "data": {"thing1": {"value": short}}}
    return said | ({"page": to.page} if to.page else {})


def _read(raw: bytes) -> dict[str, Any]:
    try:
        data = json.loads(raw)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def forget_tokens() -> None:
    """Ask for new ones from now on."""
    with _lock:
        _tokens.clear()
