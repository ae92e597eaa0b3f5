"""Public pages: what they show, that nobody needs a log-in or a token, and what machines are told."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from yinling.institutions.models import Institution
from yinling.kernel.clock import civil_date

from .builders import HECHENG, LUFENG, a_place, counted

pytestmark = [pytest.mark.urls("tests.portal.addresses"), pytest.mark.django_db]
PAGES = ("/", "/care/", "/about/", "/accessibility/")


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.usefixtures("city")
def test_a_public_page_is_the_same_for_everybody_and_caches_may_keep_it(client: Client, address: str):
    answer = client.get(address)
    assert answer.status_code == 200
    assert "public" in answer["Cache-Control"] and "s-maxage=300" in answer["Cache-Control"]
    assert {"Cookie", "Accept-Language"} <= {name.strip() for name in answer["Vary"].split(",")}
    assert not answer.cookies
    assert "csrfmiddlewaretoken" not in answer.content.decode()
    again = client.get(address, headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.usefixtures("city")
def test_a_page_for_somebody_logged_in_is_kept_by_no_cache(client: Client, county_clerk: Any):
    client.force_login(county_clerk)
    answer = client.get("/")
    assert "private" in answer["Cache-Control"] and "public" not in answer["Cache-Control"]


@pytest.mark.parametrize("address", PAGES)
def test_pages_stand_before_any_division_is_loaded(client: Client, address: str):
    assert client.get(address).status_code == 200


@pytest.mark.usefixtures("city")
def test_the_home_page_has_four_doors_a_telephone_and_the_log_in(client: Client, settings: Any):
    a_place("松柏养老院")
    a_place("迎丰食堂", "canteen")
    shown = text(client, "/")
    assert "怀化市养老服务" in shown
    assert shown.count(f'href="tel:{settings.HOTLINE}"') >= 2
    assert "1 处食堂、助餐点" in shown
    assert "工作人员登录" in shown


@pytest.mark.usefixtures("city")
def test_open_figures_say_what_day_they_stand_for_and_open_into_places(client: Client):
    assert "统计后显示在这里" in text(client, "/")
    counted(3, homes=1, elders=1)
    day = counted(1, homes=62, beds_set_up=12345, elders=207318)
    shown = text(client, "/")
    assert "12,345" in shown and "207,318" in shown
    assert f"截至 {day.month}月{day.day}日" in shown or str(day.year) in shown
    assert "护理型床位" not in shown
    assert '<a class="door" href="/care/?need=live">62</a>' in shown


@pytest.mark.usefixtures("city")
def test_places_are_found_by_need_county_and_name(client: Client):
    a_place("松柏养老院", address="城中路 1 号")
    a_place("鹤城松鹤院", place_key=HECHENG)
    a_place("迎丰食堂", "canteen")
    a_place("改造公司", "retrofit_firm")
    a_place("旧院", closed_on=civil_date())
    every = text(client, "/care/")
    assert all(name in every for name in ("松柏养老院", "鹤城松鹤院", "迎丰食堂"))
    assert "改造公司" not in every and "旧院" not in every
    assert "迎丰食堂" not in text(client, "/care/?need=live")
    assert "松柏养老院" not in text(client, "/care/?place=431202000000")
    only = text(client, "/care/?q=松柏&need=live")
    assert "松柏养老院" in only and "鹤城松鹤院" not in only
    assert "没有登记这样的地方" in text(client, "/care/?q=无此院")
    assert "松柏养老院" in text(client, "/care/?need=nonsense&place=1;drop")


@pytest.mark.usefixtures("city")
def test_in_a_demonstration_only_the_hotline_is_dialled(client: Client, settings: Any):
    a_place("松柏养老院", phone="0745-1234567")
    assert "tel:0745-1234567" not in text(client, "/care/")
    settings.DEMO = False
    assert "tel:0745-1234567" in text(client, "/care/")


@pytest.mark.usefixtures("city")
def test_prices_are_said_in_yuan_a_month(client: Client):
    a_place("松柏养老院", fees={"low_fen": 168000, "high_fen": 320000})
    assert "每月 1,680–3,200 元" in text(client, "/care/")


@pytest.mark.usefixtures("city")
def test_free_beds_are_said_and_a_full_home_points_to_its_waiting_list(client: Client, monkeypatch: pytest.MonkeyPatch):
    free, full = a_place("松柏养老院"), a_place("松鹤院")
    a_place("迎丰食堂", "canteen")
    beds = {
        free.pk: SimpleNamespace(free=5, nursing=5, nursing_held=3),
        full.pk: SimpleNamespace(free=0, nursing=5, nursing_held=3),
    }
    monkeypatch.setattr("yinling.portal.finding.beds_of", lambda homes: {home.pk: beds[home.pk] for home in homes})
    shown = text(client, "/care/")
    assert "空 <strong>5</strong> 张床，其中护理型最多 2 张" in shown
    assert shown.count("暂无空床") == 1


@pytest.mark.usefixtures("city")
def test_statements_do_not_grow_with_places_and_pages_follow_each_other(client: Client):
    a_place("第一院")
    text(client, "/care/")
    with CaptureQueriesContext(connection) as few:
        text(client, "/care/")
    Institution.objects.bulk_create(Institution(name=f"院{n:02}", kind="home", place_key=LUFENG) for n in range(30))
    with CaptureQueriesContext(connection) as many:
        first = text(client, "/care/")
    assert len(many) == len(few) <= 6
    assert 'rel="next"' in first and "院30" not in first


@pytest.mark.usefixtures("city")
def test_language_and_type_size_are_kept_without_a_token():
    client = Client(enforce_csrf_checks=True)
    assert client.post("/prefer/", {"language": "en", "next": "/care/"})["Location"] == "/care/"
    client.post("/prefer/", {"type": "larger"})
    shown = text(client, "/")
    assert "Care for the elderly in" in shown
    assert 'class="public larger"' in shown
    assert "public" in client.get("/")["Cache-Control"]
    assert client.post("/prefer/", {"next": "https://elsewhere.example/"})["Location"] == "/"


def test_a_demonstration_says_what_is_invented(client: Client, settings: Any):
    assert "99 开头" in text(client, "/about/")
    settings.DEMO = False
    assert "99 开头" not in text(client, "/about/")


def test_robots_stay_out_of_what_is_not_public(client: Client):
    answer = client.get("/robots.txt")
    assert answer["Content-Type"].startswith("text/plain")
    for path in ("/work/", "/my/", "/api/"):
        assert f"Disallow: {path}\n" in answer.content.decode()


def test_health_says_ok_while_the_database_answers(client: Client, monkeypatch: pytest.MonkeyPatch):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")

    def broken() -> Any:
        raise OperationalError("gone")

    monkeypatch.setattr("yinling.portal.views.connection.cursor", broken)
    assert client.get("/healthz").status_code == 503


@pytest.mark.parametrize("address", PAGES)
def test_public_pages_are_read_only(client: Client, address: str):
    assert client.post(address).status_code == 405
