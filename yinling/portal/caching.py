"""Public pages in caches: the same answer for everybody who chose the same language and type size."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import conditional_page, require_safe

from yinling.web.context import THEME_COOKIE, TYPE_COOKIE

CHOICES = {settings.LANGUAGE_COOKIE_NAME, TYPE_COOKIE, THEME_COOKIE}
SHARED_SECONDS = 300  # how old a page may be that a cache hands out; browsers ask each time and are told "unchanged"
View = Callable[..., HttpResponse]


def for_everybody(view: View) -> View:
    """GET only, with an entity tag; public unless the reader carries a cookie that says more than a choice."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        patch_vary_headers(response, ["Cookie", "Accept-Language"])
        if set(request.COOKIES) <= CHOICES:
            patch_cache_control(response, public=True, max_age=0, s_maxage=SHARED_SECONDS)
        else:
            patch_cache_control(response, private=True, max_age=0)
        return response

    return conditional_page(require_safe(answer))


def public_page(request: HttpRequest, template: str, context: dict[str, Any] | None = None) -> HttpResponse:
    """A page without a token against forged requests: that would be one reader's own, and set a cookie."""
    return render(request, template, {**(context or {}), "csrf_token": ""})
