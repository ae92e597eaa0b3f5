"""The OpenAPI document with its problems, and the page that shows it to people, without anybody else's scripts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from yinling.web.api.problems import MEDIA_TYPE, Problem

ALWAYS = {"401": "No token, or one that opens nothing", "403": "The token does not allow this",
          "422": "Refused, with the reason", "429": "The requests of this minute are used up"}  # fmt: skip
BODY = {"400": "The body is not JSON"}
ONE = {"404": "Nothing such, or not yours"}


def with_problems(document: OpenAPISchema) -> OpenAPISchema:
    """Every operation names the problems it may answer, with their form."""
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
    schemas = document["components"]["schemas"]
    schemas.update(schema.pop("$defs", {}))
    schemas["Problem"] = schema
    for path, methods in document["paths"].items():
        for operation in methods.values():
            told = ALWAYS | (BODY if "requestBody" in operation else {}) | (ONE if "{" in path else {})
            for answer in [answer for status, answer in operation["responses"].items() if str(status)[0] == "4"]:
                answer["content"] = {MEDIA_TYPE: next(iter(answer["content"].values()))}
            for status, words in told.items():
                operation["responses"].setdefault(status, _answer(words))
    return document


def _answer(words: str) -> dict[str, Any]:
    return {"description": words, "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}


@dataclass(frozen=True)
class Parameter:
    """One thing that is sent: where, its name, what it must be."""

    place: str
    name: str
    form: str
    is_required: bool


@dataclass(frozen=True)
class Line:
    """One operation, as the page shows it."""

    method: str
    path: str
    summary: str
    scope: str
    parameters: list[Parameter]


def lines_of(document: OpenAPISchema) -> dict[str, list[Line]]:
    """The operations of the document under their headings."""
    groups: dict[str, list[Line]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            line = Line(
                method.upper(), path, str(operation["summary"]), operation.get("x-scope", ""),
                _parameters(operation, document["components"]["schemas"]),
            )  # fmt: skip
            groups.setdefault(str(operation["tags"][0]), []).append(line)
    return groups


def _parameters(operation: dict[str, Any], schemas: dict[str, Any]) -> list[Parameter]:
    found = [
        Parameter(one["in"], one["name"], _form(one["schema"], schemas), bool(one.get("required")))
        for one in operation["parameters"]
    ]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    known = schemas.get(body.get("$ref", "").rsplit("/", 1)[-1], body)
    must = known.get("required", [])
    fields = known.get("properties", {})
    return found + [Parameter("body", name, _form(form, schemas), name in must) for name, form in fields.items()]


def _form(schema: dict[str, Any], schemas: dict[str, Any]) -> str:
    """A form in a few words: integer 1–200, date, one of a, b."""
    if "$ref" in schema:
        return _form(schemas[schema["$ref"].rsplit("/", 1)[-1]], schemas)
    if "anyOf" in schema:
        return " | ".join(_form(one, schemas) for one in schema["anyOf"] if one.get("type") != "null")
    if "enum" in schema or "const" in schema:
        return ", ".join(str(one) for one in schema.get("enum", [schema.get("const")]) if one != "")
    words = str(schema.get("format") or schema.get("type", "")).replace("_", " ")
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f"{words} {low}–{high}"
    return f"{words} ≤ {schema['maxLength']}" if "maxLength" in schema else words


def document_page(api: NinjaAPI) -> Callable[[HttpRequest], HttpResponse]:
    """The view that lists the operations of an interface."""

    @require_GET
    def page(request: HttpRequest) -> HttpResponse:
        groups = lines_of(api.get_openapi_schema())
        return render(request, "web/api.html", {"groups": groups})

    return page
