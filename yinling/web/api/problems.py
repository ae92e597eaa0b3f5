"""Problems as RFC 9457 asks: what happened, the value, the limit, the next step, in the reader's language."""

import logging
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationErrorContext
from ninja.errors import ValidationError as NinjaValidationError

from yinling.kernel.errors import NotAllowed, NotFound, Refused
from yinling.web.refusals import error_number
from yinling.web.sentences import sentence

logger = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
LONGEST_ECHO = 80
LIMITS = ("le", "ge", "lt", "gt", "max_length", "min_length", "expected", "pattern")


class Fault(Schema):
    """What is wrong with one field: its value and the limit, as far as there is one."""

    field: str
    detail: str
    value: str | None = None
    limit: str | None = None


class Problem(Schema):
    """An answer that says no. `values` holds what the sentence of a refusal was made of, the limit among it."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    next_step: str
    values: dict[str, Any] = {}
    faults: list[Fault] = []


class InvalidParameters(NinjaValidationError):
    """Parameters that cannot be read, with what was sent: ninja's own drops the values."""


def problem(
    status: int,
    detail: str,
    next_step: str,
    *,
    values: dict[str, Any] | None = None,
    faults: Sequence[Fault] = (),
    more: dict[str, Any] | None = None,
) -> JsonResponse:
    """The answer. `more`: further members that one operation documents itself."""
    body = Problem(
        title=HTTPStatus(status).phrase, status=status, detail=detail, next_step=next_step, values=values or {},
        faults=list(faults),
    )  # fmt: skip
    return JsonResponse({**body.model_dump(), **(more or {})}, status=status, content_type=MEDIA_TYPE)


def faults_of(contexts: Sequence[ValidationErrorContext[Any]]) -> InvalidParameters:
    """Everything pydantic found, with the values."""
    found: list[dict[str, Any]] = []
    for context in contexts:
        is_body = context.model.__ninja_param_source__ == "body"
        for one in context.pydantic_validation_error.errors(include_url=False):
            # Of a body, the first part is the name of our own argument; of the rest, all but the last.
            found.append({**one, "loc": one["loc"][1:] if is_body else one["loc"][-1:]})
    return InvalidParameters(found)


def _fault(error: dict[str, Any]) -> Fault:
    context = error.get("ctx", {})
    limit = next((str(context[name]) for name in LIMITS if name in context), None)
    is_missing = error["type"] in ("missing", "extra_forbidden")
    return Fault(
        field=".".join(str(part) for part in error["loc"]),
        detail=_wrong(error["type"]),
        value=None if is_missing else str(error.get("input"))[:LONGEST_ECHO],
        limit=limit,
    )


def _wrong(kind: str) -> str:
    """What is wrong, in words, for a kind of pydantic's."""
    words: dict[str, Callable[[], str]] = {
        "missing": lambda: _("It is missing."),
        "extra_forbidden": lambda: _("There is no such field."),
        "less_than": lambda: _("It must be less than the limit."),
        "less_than_equal": lambda: _("It must not be more than the limit."),
        "greater_than": lambda: _("It must be more than the limit."),
        "greater_than_equal": lambda: _("It must not be less than the limit."),
        "string_too_long": lambda: _("It has more characters than the limit."),
        "string_too_short": lambda: _("It has fewer characters than the limit."),
        "string_pattern_mismatch": lambda: _("It does not have the form of the limit."),
        "literal_error": lambda: _("It is none of those allowed."),
        "enum": lambda: _("It is none of those allowed."),
    }
    known = words.get(kind)
    return known() if known else _("It cannot be read as what the document says: {kind}.").format(kind=kind)


def answer_with_problems(api: NinjaAPI) -> None:
    """Have every exception of an operation answered as a problem."""
    for kind, handler in {
        NinjaValidationError: _invalid, AuthenticationError: _unknown, Throttled: _throttled, HttpError: _broken_body,
        NotFound: _not_found, Http404: _not_found, NotAllowed: _not_allowed, Refused: _refused, Exception: _crashed,
    }.items():  # fmt: skip
        api.add_exception_handler(kind, handler)


def _invalid(request: HttpRequest, error: Any) -> JsonResponse:
    faults = [_fault(one) for one in error.errors]
    detail = _("{count} parameters cannot be taken: {names}.").format(
        count=len(faults), names=", ".join(fault.field for fault in faults)
    )
    return problem(422, detail, _("Correct the fields named in faults and send the request again."), faults=faults)


def unknown_parameters(names: Sequence[str], known: Sequence[str]) -> JsonResponse:
    """Somebody asks for what this operation does not know: nothing is guessed."""
    faults = [Fault(field=name, detail=_("There is no such parameter."), limit=", ".join(known)) for name in names]
    detail = _("Unknown parameters: {names}.").format(names=", ".join(names)[:LONGEST_ECHO])
    return problem(422, detail, _("Leave them out; limit names those known here."), faults=faults)


def _unknown(request: HttpRequest, error: Any) -> JsonResponse:
    answer = problem(
        401,
        _("No token, or one that opens nothing: unknown, ended or revoked."),
        _("Send the header Authorization: Bearer <secret>. The security administrator grants tokens."),
    )
    answer["WWW-Authenticate"] = "Bearer"
    return answer


def _throttled(request: HttpRequest, error: Any) -> JsonResponse:
    answer = problem(
        429,
        _("The requests of this minute are used up."),
        _("Wait {seconds} seconds, then go on.").format(seconds=error.wait),
        values={"wait_s": error.wait},
    )
    answer["Retry-After"] = str(error.wait)
    return answer


def _broken_body(request: HttpRequest, error: Any) -> JsonResponse:
    return problem(error.status_code, _("The body is not JSON."), _("Send one JSON object, in UTF-8."))


def _not_found(request: HttpRequest, error: Any) -> JsonResponse:
    detail = sentence(error) if isinstance(error, NotFound) else _("Nothing lies at this address.")
    return problem(404, detail, _("Compare the number, and the divisions that GET /api/v1/me names."))


@csrf_exempt
def nothing_here(request: HttpRequest, path: str = "") -> JsonResponse:
    """Every other address under the interface."""
    return _not_found(request, None)


def _not_allowed(request: HttpRequest, error: Any) -> JsonResponse:
    step = _("Ask the security administrator for a token that allows {scope}.").format(scope=error.permission)
    return problem(403, sentence(error), step, values={"scope": str(error.permission)})


def _refused(request: HttpRequest, error: Any) -> JsonResponse:
    faults = [Fault(field=error.field, detail=sentence(error))] if error.field else []
    step = _("Do what the sentence says, and send the request again.")
    return problem(422, sentence(error), step, values=error.reason.as_data()["values"], faults=faults)


def _crashed(request: HttpRequest, error: Any) -> JsonResponse:
    number = error_number(request)
    logger.error("%s %s", number, request.path, exc_info=error)
    detail = _("The platform made a mistake. Its number is {number}.").format(number=number)
    return problem(500, detail, _("Try again later; if it comes again, call the hotline and give the number."))
