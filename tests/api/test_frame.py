"""The frame: tokens, shares of a minute, unknown parameters, problems, the document and its page."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from tests.api.builders import ROOT, Program, a_token, asking
from tests.people.builders import a_person
from yinling.accounts.models import Token, User
from yinling.config.api import api
from yinling.config.scopes import SCOPES
from yinling.kernel.clock import now
from yinling.people.permissions import People
from yinling.web.api.document import lines_of

pytestmark = pytest.mark.django_db
PROBLEM = "application/problem+json"
NOBODY = "00000000-0000-7000-8000-00000000abcd"


def operations() -> list[tuple[str, str, str]]:
    """(method, address, scope) of every operation."""
    lines = [line for group in lines_of(api.get_openapi_schema()).values() for line in group]
    return [(line.method, line.path, line.scope) for line in lines]


def test_without_a_token_nothing_opens(county_clerk: User) -> None:
    answer = Client().get(f"{ROOT}/me")
    assert answer.status_code == 401
    assert answer["Content-Type"] == PROBLEM
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer.json()["next_step"]


def test_a_session_of_the_pages_opens_nothing_here(county_clerk: User) -> None:
    client = Client()
    client.force_login(county_clerk, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(f"{ROOT}/persons").status_code == 401


@pytest.mark.parametrize("ended", ["expired", "revoked", "closed"])
def test_a_token_that_ended_or_whose_account_is_closed_opens_nothing(county_clerk: User, ended: str) -> None:
    token, secret = a_token(county_clerk, days=0 if ended == "expired" else 30)
    if ended == "revoked":
        Token.objects.filter(pk=token.pk).update(revoked_at=now())
    if ended == "closed":
        User.objects.filter(pk=county_clerk.pk).update(is_active=False)
    assert Program(secret).get("/me").status_code == 401


def test_the_secret_is_not_in_the_table(county_clerk: User) -> None:
    token, secret = a_token(county_clerk)
    assert secret not in str(Token.objects.filter(pk=token.pk).values().get())


def test_a_token_says_what_it_may_and_where(county_clerk: User) -> None:
    said = asking(county_clerk, People.READ).get("/me").json()
    assert said["scopes"] == ["people.read"]
    assert [one["name"] for one in said["divisions"]] == ["溆浦县"]


def test_a_minute_that_is_used_up_is_answered_with_the_seconds_to_wait(
    county_clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yinling.accounts.tokens.now", lambda: dt.datetime(2026, 11, 23, 8, 0, 20, tzinfo=dt.UTC))
    token, secret = a_token(county_clerk)
    minute = int(dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC).timestamp()) // 60
    Token.objects.filter(pk=token.pk).update(minute=minute, used=119)
    program = Program(secret)
    assert program.get("/me").status_code == 200
    answer = program.get("/me")
    assert answer.status_code == 429
    assert answer["Retry-After"] == "40"
    assert answer.json()["values"] == {"wait_s": 40}


@pytest.mark.parametrize("method, path, scope", operations())
def test_every_operation_asks_for_its_scope(county_clerk: User, method: str, path: str, scope: str) -> None:
    if not scope:
        return
    others = [one for one in SCOPES if one != scope]
    program = asking(county_clerk, *others)
    address = path.removeprefix(ROOT).replace("{uid}", NOBODY).replace("{key}", "431224000000")
    bodies: dict[str, dict[str, Any]] = {
        "/persons": {"name": "向玉莲", "place_key": 431224100001},
        "/death": {"died_on": "2026-01-01", "reason": "村报"},
        "/close": {"note": "办了"},
    }  # fmt: skip
    body = next((value for end, value in bodies.items() if path.endswith(end)), {})
    answer = getattr(program, method.lower())(address, **(body if method != "GET" else {}))
    assert answer.status_code == 403
    assert answer.json()["values"] == {"scope": scope}


@pytest.mark.parametrize("path", ["/me", "/persons", "/divisions", "/institutions", "/work-items"])
def test_an_unknown_parameter_is_refused_by_name(county_clerk: User, path: str) -> None:
    answer = asking(county_clerk).get(path, colour="red")
    assert answer.status_code == 422
    assert [fault["field"] for fault in answer.json()["faults"]] == ["colour"]


def test_a_wrong_value_is_answered_with_value_and_limit(county_clerk: User) -> None:
    fault = asking(county_clerk).get("/persons", size=1000).json()["faults"][0]
    assert (fault["value"], fault["limit"]) == ("1000", "200")


def test_an_unknown_field_and_a_broken_body_are_refused(county_clerk: User) -> None:
    program = asking(county_clerk)
    answer = program.post("/persons", name="向玉莲", place_key=431224100001, shoe_size=38)
    assert [fault["field"] for fault in answer.json()["faults"]] == ["shoe_size"]
    broken = program.client.post(f"{ROOT}/persons", "{", content_type="application/json")
    assert (broken.status_code, broken["Content-Type"]) == (400, PROBLEM)


def test_a_page_token_of_nowhere_is_refused(county_clerk: User) -> None:
    for path in ("/persons", "/divisions"):
        assert asking(county_clerk).get(path, after="abc").status_code == 422


def test_answers_are_kept_by_nobody(county_clerk: User) -> None:
    assert asking(county_clerk).get("/me")["Cache-Control"] == "no-store"


def test_a_person_is_not_named_in_any_problem(county_clerk: User, other_county_clerk: User) -> None:
    person = a_person(by=county_clerk)
    text = asking(other_county_clerk).get(f"/persons/{person.uid}").content.decode()
    assert "舒" not in text and "Xupu" not in text


def test_the_document_and_its_page_are_open_to_everybody(db: None) -> None:
    document = Client().get(f"{ROOT}/openapi.json")
    assert document.json()["openapi"].startswith("3.1")
    page = Client(headers={"accept-language": "en"}).get(f"{ROOT}/").content.decode()
    for _method, path, _scope in operations():
        assert path in page
