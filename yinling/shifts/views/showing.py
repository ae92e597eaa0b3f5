"""How forms of this module are answered: as pages, or as a line of JSON for a phone that sends what it kept."""

import datetime as dt
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

from yinling.kernel.clock import CITY_ZONE
from yinling.kernel.errors import NotAllowed, NotFound, Refused
from yinling.kernel.uids import uid_of
from yinling.shifts.services import Sent
from yinling.web.sentences import sentence

QUEUE = "X-Queue"  # a phone's script sends what it kept
View = Callable[..., HttpResponse]


def queued(view: View) -> View:
    """A refusal becomes a line of JSON when a phone's script asks; a page otherwise."""

    @wraps(view)
    def answering(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        try:
            return view(request, *args, **named)
        except Refused as no:
            if QUEUE not in request.headers:
                raise
            status = 404 if isinstance(no, NotFound) else 403 if isinstance(no, NotAllowed) else 422
            return JsonResponse({"words": sentence(no)}, status=status)

    return answering


def done(request: HttpRequest, words: str, to: str) -> HttpResponse:
    """It was done: a line for a script, a message and the next page for a person."""
    if QUEUE in request.headers:
        return JsonResponse({"words": words})
    messages.success(request, words, extra_tags="ok")
    return redirect(to)


def sent_of(given: Mapping[str, Any]) -> Sent:
    """What the phone says of itself. Raises Refused for a time nobody can read."""
    uid, at = str(given.get("uid", "")), str(given.get("done_at", ""))
    try:
        return Sent(UUID(uid) if uid else None, moment_of(at) if at else None)
    except ValueError:
        raise Refused("The phone sent a time that cannot be read. Record it again.") from None


def moment_of(text: str) -> dt.datetime:
    """An aware instant of ISO text. ValueError."""
    at = dt.datetime.fromisoformat(text.replace("Z", "+00:00"))
    if at.tzinfo is None:
        raise ValueError(text)
    return at


def stay_of(text: str) -> UUID:
    """A resident's stay that a form names. Raises NotFound."""
    if (uid := uid_of(text)) is None:
        raise NotFound("stay")
    return uid


def slot_at(slot: int) -> dt.datetime:
    """The slot an address names, in seconds since 1970. Raises NotFound."""
    try:
        return dt.datetime.fromtimestamp(slot, dt.UTC)
    except (ValueError, OverflowError, OSError):
        raise NotFound("slot") from None


def slot_of(given: Mapping[str, Any]) -> dt.datetime:
    """The slot a form names. Raises NotFound."""
    try:
        return moment_of(str(given.get("slot", "")).replace(" ", "+"))
    except ValueError:
        raise NotFound("slot") from None


def local_moment(text: str) -> dt.datetime | None:
    """A civil time of the city as the browser's field sends it; None for nothing. Raises Refused."""
    try:
        return dt.datetime.fromisoformat(text).replace(tzinfo=CITY_ZONE) if text else None
    except ValueError:
        raise Refused("Enter the time as it stands on the clock, such as 14:30.", field="happened_at") from None
