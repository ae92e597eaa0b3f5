"""Bodies that nobody should wait for: a 2 GB upload is refused by its announced length, before a byte is read."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from yinling.kernel.errors import Refused
from yinling.spreadsheets.formats import DEFAULT_LIMITS, MIB
from yinling.web.refusals import refused

ROOM = MIB  # for the other fields of the form
View = Callable[..., HttpResponse]


def refuse_endless_bodies(view: View) -> View:
    """Answer 422 to a request longer than any roster may be."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
        if length <= DEFAULT_LIMITS.csv_bytes + ROOM:
            return view(request, *args, **kwargs)
        return refused(request, too_long(length))

    return guarded


def too_long(length: int) -> Refused:
    """The refusal, with both numbers."""
    return Refused(
        "This file has {size_mb} MB; the limit is {limit_mb} MB. Split the table into several files and "
        "upload them one by one.",
        size_mb=-(-length // MIB),
        limit_mb=DEFAULT_LIMITS.csv_bytes // MIB,
    )
