"""The device a request comes from: its signed cookie, address and description; and starting a session on it."""

import hashlib
import secrets
from typing import Any

from axes.helpers import get_client_ip_address
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse

from yinling.accounts import proofs
from yinling.accounts.models import User
from yinling.accounts.sessions import DEVICE
from yinling.kernel.clock import now

COOKIE = "device"
SALT = "accounts.device"
YEAR_SECONDS = 365 * 24 * 3600
BACKEND = "django.contrib.auth.backends.ModelBackend"


def device_of(request: HttpRequest) -> str:
    """The digest of this device's cookie; "" for a device that was never marked, or whose mark was forged."""
    token = request.get_signed_cookie(COOKIE, default="", salt=SALT)
    return _digest(token) if token else ""


def mark_device(request: HttpRequest, response: HttpResponse) -> str:
    """Give this device a cookie of its own, unless it has one. Returns its digest."""
    if known := device_of(request):
        return known
    token = secrets.token_urlsafe(24)
    response.set_signed_cookie(
        COOKIE, token, salt=SALT, max_age=YEAR_SECONDS, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return _digest(token)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()[:40]


def address_of(request: HttpRequest) -> str | None:
    """Where the request comes from, as the lock-out sees it."""
    return get_client_ip_address(request) or None


def agent_of(request: HttpRequest) -> str:
    """How the browser describes itself."""
    return request.headers.get("User-Agent", "")[:200]


def start_session(request: HttpRequest, user: User) -> None:
    """Log a user in whose proof has been checked; whoever used the device before is logged out."""
    login(request, user, backend=BACKEND)
    mine: dict[str, Any] = {"address": address_of(request), "agent": agent_of(request), "started": now().isoformat()}
    request.session[DEVICE] = mine


def note(request: HttpRequest, way: str, *, succeeded: bool, user: User | None = None, username: str = "") -> None:
    """Keep an attempt from this device in the log."""
    proofs.note_log_in(
        way=way, succeeded=succeeded, user=user, username=username,
        address=address_of(request), agent=agent_of(request),
    )  # fmt: skip
