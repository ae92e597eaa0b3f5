"""The door: two taps on a shared device, and the page of somebody who is locked out."""

import datetime as dt
from typing import Any

from axes.helpers import get_client_username, get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from yinling.accounts import devices, proofs, queries
from yinling.accounts.adapter import speak_as
from yinling.accounts.forms import SwitchForm
from yinling.accounts.models import User
from yinling.kernel.clock import now
from yinling.kernel.errors import Refused
from yinling.web.registry import registry
from yinling.web.sentences import sentence


@never_cache
@sensitive_post_parameters("pin")
def switch(request: HttpRequest) -> HttpResponse:
    """Whoever is known on this device takes it over: tap the name, type the PIN."""
    device, error = devices.device_of(request), ""
    form = SwitchForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = _proved(request, device, form)
        except Refused as no:
            error = sentence(no)
        else:
            return _taken_over(request, user)
    context = {
        "known": queries.users_known_on(device),
        "chosen": request.POST.get("user", ""),
        "error": error,
        "is_unfinished": request.method == "POST" and not form.is_valid(),
        "next": request.POST.get(REDIRECT_FIELD_NAME, request.GET.get(REDIRECT_FIELD_NAME, "")),
    }
    return render(request, "accounts/switch.html", context, status=422 if request.method == "POST" else 200)


def _proved(request: HttpRequest, device: str, form: SwitchForm) -> User:
    return proofs.switch_by_pin(
        device=device,
        user_uid=form.cleaned_data["user"],
        pin=form.cleaned_data["pin"],
        address=devices.address_of(request),
        agent=devices.agent_of(request),
    )


def _taken_over(request: HttpRequest, user: User) -> HttpResponse:
    """A fresh session for the new user, in their language; nothing of the one before is left."""
    was_other = request.user.is_authenticated and request.user != user
    devices.start_session(request, user)
    target = "" if was_other else request.POST.get(REDIRECT_FIELD_NAME, "")
    safe = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()})
    response = redirect(target if safe else registry.landing(user) or settings.LOGIN_REDIRECT_URL)
    speak_as(user, response, always=True)
    return response


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None) -> HttpResponse:
    """Too many wrong passwords (settings.AXES_LOCKOUT_CALLABLE): until when, and whom to call."""
    username = get_client_username(request, credentials) or ""
    attempts = AccessAttempt.objects.filter(username=username, ip_address=devices.address_of(request))
    last = attempts.order_by("-attempt_time").values_list("attempt_time", flat=True).first()
    until = (last or now()) + (get_cool_off(request) or dt.timedelta())
    context = {"until": until, "tries": settings.AXES_FAILURE_LIMIT}
    return render(request, "accounts/locked_out.html", context, status=429)
