"""Answers of services that said no, as pages: 422 with the sentence, 403, 404; and a number for every crash.

A view that shows a form calls the service `with refusals_beside(form)`: the sentence stands beside the
field and the view goes on to show the form again. What is not caught arrives here, so no refusal ever becomes a crash.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from yinling.kernel.errors import NotAllowed, NotFound, Refused
from yinling.web.sentences import sentence

logger = logging.getLogger(__name__)
FRAGMENT_HEADER = "X-Fragment"  # tells the page's script that this failure is worth showing in its panel


class RefusalsMiddleware:
    """Turns Refused, NotAllowed and NotFound raised by views into pages or fragments."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; `process_exception` does the work."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The answer to a refusal; for anything else a number in the log, and Django goes on to its 500 page."""
        if isinstance(exception, NotFound | Http404):
            return not_found(request, exception)
        if isinstance(exception, NotAllowed | PermissionDenied):
            return forbidden(request, exception)
        if isinstance(exception, Refused):
            return refused(request, exception)
        number = error_number(request)
        logger.error("%s %s %s failed", number, request.method, request.path, exc_info=exception)
        return None


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """422: what happened, the limit, the next step."""
    return _answer(request, 422, _("This was not done"), sentence(refusal))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: says so and who may."""
    words = sentence(exception) if isinstance(exception, Refused) else ""
    default = _("Your roles do not include this. The security administrator can say who may.")
    return _answer(request, 403, _("You may not open this"), words or default)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing there, or not yours; the two read alike on purpose."""
    words = sentence(exception) if isinstance(exception, NotFound) else ""
    default = _("The address is wrong, or what stands here belongs to other divisions than yours.")
    return _answer(request, 404, _("Nothing found here"), words or default)


def broken_fragment(request: HttpRequest, number: str) -> HttpResponse:
    """500 for a panel: the rest of the page lives on, the number goes to the hotline."""
    words = _("This part could not be read; the rest of the page is not affected. Call {hotline} and give {number}.")
    return _fragment(request, 500, "", words.format(hotline=settings.HOTLINE, number=number))


def _answer(request: HttpRequest, status: int, heading: str, words: str) -> HttpResponse:
    if getattr(request, "htmx", False):
        return _fragment(request, status, heading, words)
    is_staff_page = request.path.startswith("/work/") and getattr(request, "user", None) is not None
    layout = "web/shell.html" if is_staff_page and request.user.is_authenticated else "web/public.html"
    return render(
        request, "web/errors/error.html", {"layout": layout, "heading": heading, "words": words}, status=status
    )


def _fragment(request: HttpRequest, status: int, heading: str, words: str) -> HttpResponse:
    tone = "red" if status >= 500 else "yellow"
    context = {"heading": heading, "words": words, "tone": tone}
    response = render(request, "web/errors/fragment.html", context, status=status)
    response[FRAGMENT_HEADER] = "yes"
    return response


def error_number(request: HttpRequest) -> str:
    """E-4417C2: what the person reads out on the telephone and the log carries; one per request."""
    number = getattr(request, "error_number", "")
    if not number:
        number = f"E-{uuid4().hex[:6].upper()}"
        request.error_number = number  # type: ignore[attr-defined]
    return str(number)


def refuse_form(form: BaseForm, refusal: Refused) -> None:
    """Put a service's refusal beside the field it belongs to, or above the form; what was typed stays."""
    field = refusal.field if refusal.field in form.fields else None
    form.add_error(field, sentence(refusal))


@contextmanager
def refusals_beside(form: BaseForm) -> Iterator[None]:
    """What the services called inside refuse stands on the form; what is beneath the call is left out."""
    try:
        yield
    except Refused as refusal:
        refuse_form(form, refusal)
