"""Pages of divisions: status, scope, statements, the two steps of a change, the list as a workbook."""

from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from tests.conftest import HECHENG, LUFENG, QIAOJIANG, XUPU, a_user
from tests.people.builders import a_person
from yinling.accounts.models import User
from yinling.kernel.actors import System
from yinling.places.models import Place, PlaceVersion
from yinling.places.queries import tree
from yinling.places.services import merge_place

pytestmark = pytest.mark.django_db
MOST = 8 + 3  # the page's own statements, the session with its user, the roles


def client_of(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def editor(city: Place) -> User:
    """Keeps the divisions of the whole city, and sees no person."""
    return a_user("system_administrator", city.key)


def test_drilling_down_begins_at_one_s_own_division(county_clerk: User) -> None:
    client = client_of(county_clerk)
    first = client.get("/work/places/").content.decode()
    assert "溆浦县" in first and "鹤城区" not in first
    county = client.get(f"/work/places/{XUPU}/").content.decode()
    assert "卢峰镇" in county and f"/work/people/?place={XUPU}" in county


@pytest.mark.parametrize("text", ["卢峰", "lufeng", "lfz", "431224100000"])
def test_a_division_is_found_by_name_pinyin_initials_and_code(county_clerk: User, text: str) -> None:
    assert "卢峰镇" in client_of(county_clerk).get("/work/places/", {"q": text}).content.decode()


@pytest.mark.parametrize("path", ["", "change/", "merge/", "add/"])
def test_another_county_s_division_reads_as_not_found(county_clerk: User, path: str) -> None:
    assert client_of(county_clerk).get(f"/work/places/{HECHENG}/{path}").status_code == 404


@pytest.mark.parametrize("path", ["change/", "merge/", "add/"])
def test_whoever_may_not_change_divisions_opens_no_form(county_clerk: User, path: str) -> None:
    assert client_of(county_clerk).get(f"/work/places/{XUPU}/{path}").status_code == 403


def test_a_volunteer_looks_up_no_divisions(city: Place) -> None:
    assert client_of(a_user("volunteer", LUFENG)).get("/work/places/").status_code == 403


def test_an_administrator_who_sees_no_person_gets_no_list_of_persons(editor: User) -> None:
    page = client_of(editor).get(f"/work/places/{XUPU}/").content.decode()
    assert "/work/people/?place=" not in page


@pytest.mark.parametrize("path", ["", f"{XUPU}/", "431200000000/", "?q=xupu"])
def test_a_page_costs_few_statements(editor: User, path: str, django_assert_max_num_queries: Any) -> None:
    client = client_of(editor)
    client.get(f"/work/places/{path}")
    with django_assert_max_num_queries(MOST):
        assert client.get(f"/work/places/{path}").status_code == 200


def test_a_merger_shows_what_comes_along_before_it_is_made(editor: User, county_clerk: User) -> None:
    a_person(by=county_clerk, place_key=tree().children(QIAOJIANG)[0].key)
    client, path = client_of(editor), f"/work/places/{QIAOJIANG}/merge/"
    typed = {"into": str(LUFENG), "on": "2026-01-01", "source": "湘民行批〔2025〕9号"}
    preview = client.post(path, typed)
    assert [(str(title), count) for title, count in preview.context["preview"].lines] == [
        ("village", 3), ("Elders", 1), ("Homes and beds", 0)
    ]  # fmt: skip
    assert Place.objects.get(key=QIAOJIANG).is_current
    assert client.post(path, {**typed, "confirmed": preview.context["stamp"]}).status_code == 302
    assert PlaceVersion.objects.get(place_id=QIAOJIANG, valid_to=None).source == "湘民行批〔2025〕9号"


def test_what_was_changed_after_the_preview_is_shown_again_first(editor: User) -> None:
    client, path = client_of(editor), f"/work/places/{LUFENG}/change/"
    typed = {"name": "卢峰街道", "on": "2026-01-01", "source": "批文"}
    stamp = client.post(path, typed).context["stamp"]
    again = client.post(path, {**typed, "name": "别的街道", "confirmed": stamp})
    assert again.status_code == 200 and again.context["preview"]
    assert tree().name(LUFENG) == "卢峰镇"


def test_a_refusal_stands_beside_the_form_and_nothing_is_written(editor: User) -> None:
    typed = {"name": "卢峰街道", "on": "2999-01-01", "source": "批文"}
    answer = client_of(editor).post(f"/work/places/{LUFENG}/change/", typed)
    assert answer.status_code == 422
    assert "Enter it on that day" in answer.content.decode()
    assert tree().name(LUFENG) == "卢峰镇"


def test_a_past_day_is_shown_as_it_was(editor: User, system: System) -> None:
    client = client_of(editor)
    typed = {"name": "卢峰街道", "on": "2026-01-01", "source": "批文"}
    stamp = client.post(f"/work/places/{LUFENG}/change/", typed).context["stamp"]
    client.post(f"/work/places/{LUFENG}/change/", {**typed, "confirmed": stamp})
    assert "<h1>卢峰镇</h1>" in client.get(f"/work/places/{LUFENG}/?on=2025-12-31").content.decode()
    assert "<h1>卢峰街道</h1>" in client.get(f"/work/places/{LUFENG}/").content.decode()


def test_a_division_that_went_into_another_says_where_it_continues(editor: User, system: System) -> None:
    merge_place(key=QIAOJIANG, into=LUFENG, on=tree_day(), by=system)
    page = client_of(editor).get(f"/work/places/{QIAOJIANG}/").content.decode()
    assert "Continues in" in page and f"/work/places/{LUFENG}/" in page
    assert "桥江镇" in client_of(editor).get(f"/work/places/{LUFENG}/").content.decode()


def tree_day() -> Any:
    return PlaceVersion.objects.get(place_id=QIAOJIANG).valid_from.replace(year=2026)


def test_the_workbook_holds_one_s_own_divisions_alone(county_clerk: User) -> None:
    answer = client_of(county_clerk).post("/work/export/divisions", {"reason": "核对行政区划"})
    rows = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0).to_python()
    codes = [row[0] for row in rows[1:]]
    assert str(XUPU) in codes and str(HECHENG) not in codes
    assert all(isinstance(code, str) for code in codes)


def test_a_deeper_page_costs_what_a_shallow_one_costs(editor: User) -> None:
    client = client_of(editor)
    costs = set()
    for key in (431200000000, XUPU, LUFENG):
        client.get(f"/work/places/{key}/")
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/work/places/{key}/")
        costs.add(len(asked))
    assert len(costs) == 1
