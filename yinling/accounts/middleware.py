"""What happens to every request of somebody logged in: the idle clock, the language kept, first things first."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from yinling.accounts import proofs, queries
from yinling.accounts.models import User
from yinling.accounts.rules import is_password_old
from yinling.kernel.clock import now

Answer = Callable[[HttpRequest], HttpResponse]
SEEN, CLEARED = "seen", "cleared"  # session data: epoch second of the last renewal; nothing is left to do first
RENEW_SECONDS = 60
PAGES, DATA = ("/work/", "/my/"), "/api/"


class IdleClock:
    """Pushes the end of a session back while it is used, writing at most once a minute."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Renew after the answer, so that one write serves both."""
        response = self.get_response(request)
        session = request.session
        if session.accessed and SESSION_KEY in session:
            second = int(time.time())
            if second - session.get(SEEN, 0) >= RENEW_SECONDS:
                session[SEEN] = second
        return response


class LanguageKept:
    """When a logged-in user switches the language (a cookie, set by `web`), the choice is kept with the account."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look at what the answer sets; log-in itself only repeats what is kept."""
        response = self.get_response(request)
        cookie = response.cookies.get(settings.LANGUAGE_COOKIE_NAME)
        user = request.user
        if cookie is not None and isinstance(user, User) and user.language != cookie.value:
            proofs.keep_language(user=user, language=cookie.value)
        return response


class FirstThings:
    """Sends staff to what they must do before they work: change the password, switch the second factor on."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Staff pages and data wait; asked once per session when nothing is left to do."""
        guarded = request.path.startswith((*PAGES, DATA))
        if guarded and isinstance(request.user, User) and not request.session.get(CLEARED):
            if step := first_thing(request.user):
                return _send_to(request, step)
            request.session[CLEARED] = True
        return self.get_response(request)


def first_thing(user: User) -> str:
    """The URL name of what this user must do first; "" when they may work.

    A PIN counts as a second factor where one is demanded: it works on known devices alone, and a device becomes
    known in a session that passed here.
    """
    if not queries.is_demo(user):
        old = is_password_old(user.password_changed_at, now(), queries.proof_rules())
        if user.must_change_password or old:
            return "account_change_password"
    if queries.needs_second_factor(user) and not queries.has_second_factor(user):
        return "mfa_activate_totp"
    return ""


def _send_to(request: HttpRequest, step: str) -> HttpResponse:
    if request.path.startswith(DATA):
        said = gettext("Log in on a page first: your password or second factor waits for you there.")
        return JsonResponse({"detail": said}, status=403)
    return redirect(step)
