"""What every operation shares: the interface itself, its routers, pages by key, types of parameters."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Annotated, Any, Generic, TypeVar

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Router, Schema
from ninja.errors import ValidationError, ValidationErrorContext
from ninja.openapi.schema import OpenAPISchema
from pydantic import ConfigDict, Field, StringConstraints

from yinling.kernel.errors import Refused
from yinling.web.api.document import with_problems
from yinling.web.api.problems import answer_with_problems, faults_of, unknown_parameters
from yinling.web.paging import Page as KeysetPage

Item = TypeVar("Item")
Run = Callable[..., HttpResponse]
MOST_ITEMS = 200
PLAIN = r"^[^\x00-\x1f\x7f]*$"  # one line: no control characters
Line = Annotated[str, StringConstraints(max_length=200, pattern=PLAIN)]
Word = Annotated[str, StringConstraints(max_length=60, pattern=PLAIN)]
Code = Annotated[str, StringConstraints(max_length=30, pattern=r"^[0-9A-Za-z_.-]*$")]
PlaceKey = Annotated[int, Field(ge=10**11, lt=10**12, description="12-digit key of a division")]


class ApiRequest(HttpRequest):
    """A request whose token opened: `auth` is the actor of services."""

    auth: Any


class Asked(Schema):
    """What is sent. A field that is not known is refused."""

    model_config = ConfigDict(extra="forbid")


class Paged(Asked):
    """Parameters of every list: how many, and where the page before ended (its `next`)."""

    size: Annotated[int, Field(ge=1, le=MOST_ITEMS)] = 50
    after: Annotated[str, StringConstraints(max_length=400, pattern=r"^[0-9A-Za-z_-]*$")] = ""

    @property
    def address(self) -> dict[str, str]:
        """As `keyset_page` reads it."""
        return {"after": self.after} if self.after else {}

    def refuse_damaged(self, page: KeysetPage[Any]) -> None:
        """A token that cannot be read gives the first page again: a program would turn in circles."""
        if self.after and page.rows and not page.previous:
            raise Refused(
                "{after} is no page of this list. Begin without it, or send the next of the page before.",
                field="after", after=self.after[:40],
            )  # fmt: skip


class Answered(Schema, Generic[Item]):
    """One page of a list. `next` is empty on the last."""

    items: list[Item]
    next: str = ""


class Api(NinjaAPI):
    """The interface: problems instead of ninja's own errors, and a document that names them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        answer_with_problems(self)

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """The document, with the problems each operation may answer."""
        return with_problems(super().get_openapi_schema(**options))

    def validation_error_from_error_contexts(
        self, error_contexts: "list[ValidationErrorContext[Any]]"
    ) -> ValidationError:
        """With the values that were sent."""
        return faults_of(error_contexts)


def router(tag: Any) -> Router:
    """A module's operations under one heading."""
    made = Router(tags=[tag])
    made.add_decorator(_only_what_is_known, mode="view")
    return made


def told(summary: Any, scope: str = "") -> dict[str, Any]:
    """What the document tells of an operation: lazy words, and which permission it asks of the token."""
    return {"summary": summary, "openapi_extra": {"x-scope": str(scope)}}


def _only_what_is_known(run: Run) -> Run:
    """Refuse parameters that the operation does not name, and let nobody keep the answer."""
    operation: Any = run.__self__  # type: ignore[attr-defined]  # ninja hands over the bound method
    known = _parameters(operation.models)

    @wraps(run)
    def checked(request: HttpRequest, **path: Any) -> HttpResponse:
        answer = run(request, **path) if request.GET.keys() <= set(known) else _refusal(request)
        answer["Cache-Control"] = "no-store"
        return answer

    def _refusal(request: HttpRequest) -> HttpResponse:
        return operation._run_checks(request) or unknown_parameters(sorted(request.GET.keys() - set(known)), known)

    return checked


def _parameters(models: Sequence[Any]) -> list[str]:
    queries = [model for model in models if model.__ninja_param_source__ == "query"]
    return sorted(name for model in queries for name in model.__ninja_flatten_map__)
