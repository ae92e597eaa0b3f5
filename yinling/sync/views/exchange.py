"""What phones ask: JSON in, JSON out, squeezed. Without a session: 401, and only the question whether to wipe."""

import base64
import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST

from yinling.accounts.models import User
from yinling.kernel.clock import ms_of, now
from yinling.kernel.errors import NotFound, Refused
from yinling.kernel.uids import uid_of
from yinling.sync import rules, services
from yinling.web.sentences import sentence

View = Callable[..., HttpResponse]


def phones_only(view: View) -> View:
    """Session, JSON, refusals as a line of JSON. Not found: the phone is no longer this user's, and wipes itself."""

    @wraps(view)
    def answering(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        if not isinstance(request.user, User):
            return JsonResponse({"words": "log in"}, status=401)
        try:
            return view(request, *args, **named)
        except NotFound:
            return JsonResponse({"wipe": True})
        except Refused as no:
            return JsonResponse({"words": sentence(no)}, status=422)
        except (KeyError, TypeError, ValueError, OverflowError) as fault:
            return JsonResponse({"words": f"{type(fault).__name__}"}, status=400)

    return never_cache(gzip_page(answering))


def _body(request: HttpRequest) -> dict[str, Any]:
    found = json.loads(request.body)
    if not isinstance(found, dict):
        raise TypeError("an object is expected")
    return found


@require_POST
@csrf_exempt  # it gives the token; a foreign page can send this and read nothing
@phones_only
def open_(request: HttpRequest) -> HttpResponse:
    """This browser begins to work: its uid, its data key, whose it is, the token with which it sends."""
    given = _body(request)
    assert isinstance(request.user, User)
    opening = services.Opening(
        uid_of(str(given.get("phone", ""))), int(given["time"]), str(given.get("app", "")),
        request.headers.get("User-Agent", ""),
    )  # fmt: skip
    phone = services.open_phone(opening=opening, by=request.user)
    return JsonResponse(
        {
            "phone": str(phone.uid), "key": base64.b64encode(phone.key()).decode(), "user": str(request.user.uid),
            "name": request.user.name, "token": get_token(request), "time": ms_of(now()), "offset": phone.offset_ms,
        }
    )  # fmt: skip


@require_POST
@phones_only
def exchange(request: HttpRequest) -> HttpResponse:
    """Commands up, documents down."""
    given = _body(request)
    assert isinstance(request.user, User)
    phone = services.own_phone(uid_of(str(given["phone"])), request.user)
    answer_before = int(given.get("answer", 0))
    services.touch(phone, int(given["time"]), str(given.get("app", "")))
    commands = [_command(one) for one in given.get("commands", [])[: rules.MOST_COMMANDS]]
    results = [services.execute(phone=phone, given=one) for one in commands]
    told = services.tell(phone=phone, stored=answer_before)
    return JsonResponse(
        {
            "results": results, "number": told.number, "answer": told.answer, "after": told.after,
            "full": told.is_full, "put": told.put, "drop": told.drop, "offset": phone.offset_ms,
        },
        json_dumps_params={"ensure_ascii": False, "separators": (",", ":")},
    )  # fmt: skip


def _command(one: dict[str, Any]) -> services.Given:
    return services.Given(
        UUID(str(one["uid"])), str(one["kind"]), int(one["at"]), dict(one["payload"]), int(one.get("version", 1)),
        str(one.get("piece", "")),
    )  # fmt: skip


@require_POST
@csrf_exempt  # asked without a log-in, by whoever knows the phone's uid; changes nothing of a phone in use
@never_cache
def standing(request: HttpRequest) -> HttpResponse:
    """Whether this phone deletes what it holds; and, once it has, that it has."""
    try:
        given = _body(request)
        uid = UUID(str(given["phone"]))
    except (KeyError, TypeError, ValueError):
        return JsonResponse({"wipe": False}, status=400)
    if given.get("wiped"):
        services.wiped(uid=uid)
    return JsonResponse({"wipe": services.is_to_wipe(uid)})


@phones_only
def piece(request: HttpRequest, digest: str) -> HttpResponse:
    """A part of a photograph; asked for (GET), how much of it is here."""
    assert isinstance(request.user, User)
    phone = services.own_phone(uid_of(request.GET.get("phone", "")), request.user)
    if request.method != "POST":
        return JsonResponse({"received": services.received(phone=phone, digest=digest)})
    size, offset = int(request.GET["size"]), int(request.GET["offset"])
    here = services.add_part(phone=phone, digest=digest, size=size, offset=offset, part=request.body)
    return JsonResponse({"received": here})
