"""The reader's switches, and the page of a crash (handler500; 403 and 404 are in `refusals`)."""

from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language, get_language
from django.views.decorators.http import require_POST

from yinling.web import refusals
from yinling.web.context import THEME_COOKIE, TYPE_COOKIE

YEAR_SECONDS = 365 * 24 * 3600


@require_POST
def prefer(request: HttpRequest) -> HttpResponse:
    """Keep a choice of language, night colours or type size in a cookie, and go back."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    response = HttpResponseRedirect(back)
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES) and check_for_language(language):
        _keep(response, settings.LANGUAGE_COOKIE_NAME, language)
    if theme := request.POST.get("theme"):
        _keep(response, THEME_COOKIE, "dark" if theme == "dark" else "light")
    if size := request.POST.get("type"):
        _keep(response, TYPE_COOKIE, "larger" if size == "larger" else "normal")
    return response


def _keep(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=YEAR_SECONDS, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)


def page_broken(request: HttpRequest) -> HttpResponse:
    """handler500: leans on nothing that may be broken itself (no database, no user, no menu)."""
    number = refusals.error_number(request)
    if getattr(request, "htmx", False):
        return refusals.broken_fragment(request, number)
    context: dict[str, Any] = {
        "number": number,
        "hotline": settings.HOTLINE,
        "lang": get_language() or "zh-Hans",
        "styles": _stylesheet(),
    }
    return HttpResponse(render_to_string("web/errors/500.html", context), status=500)


def _stylesheet() -> str:
    try:
        return staticfiles_storage.url("built/look.css")
    except ValueError:  # the manifest misses it: the page must be readable without
        return ""
