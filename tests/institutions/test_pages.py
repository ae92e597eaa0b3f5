"""Pages of institutions: what they show, whose they are, how many statements they take."""

import datetime as dt
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tests.conftest import HECHENG
from tests.institutions.builders import a_home, a_manager, a_person, a_resident, ago, beds_in, waiting
from yinling.accounts.models import User
from yinling.institutions import services
from yinling.institutions.models import Application, Bed, Institution, Leave, Stay
from yinling.institutions.services.staffing import Paper
from yinling.kernel.actors import System
from yinling.kernel.clock import CITY_ZONE, civil_date, now

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.institutions.addresses")]
BY = System("test")
PANELS = ("facts", "licences", "beds", "residents", "occupancy", "staff")


@pytest.fixture
def home(city: Any, lists: None) -> Institution:
    made = a_home()
    beds_in(made, 4)
    return made


@pytest.fixture
def clerk(client: Client, keeper: User) -> Client:
    client.force_login(keeper)
    return client


def shown(client: Client, name: str, *args: object, **address: str) -> str:
    answer = client.get(reverse(f"institutions:{name}", args=args), address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_whole_way_from_application_to_leaving_on_the_pages(clerk: Client, home: Institution) -> None:
    person = a_person()
    answer = clerk.post(reverse("institutions:apply", args=[home.uid]), {"person": person.uid, "bed_kind": "ordinary"})
    application = Application.objects.get()
    assert answer["Location"].endswith(str(application.uid))
    clerk.post(reverse("institutions:decide", args=[application.uid]), {"decision": "waiting"})
    assert "舒*" in shown(clerk, "waiting") and "舒禾" not in shown(clerk, "waiting")
    stamp = now().astimezone(CITY_ZONE).strftime("%Y-%m-%dT%H:%M")
    clerk.post(reverse("institutions:admit", args=[application.uid]), {"bed": "", "at": stamp, "fee": "1800"})
    stay = Stay.objects.get()
    assert stay.fee_fen == 180_000 and "101 1床" in shown(clerk, "stay", stay.uid)
    other = home.beds.order_by("pk")[3]
    clerk.post(reverse("institutions:move", args=[stay.uid]), {"bed": other.uid})
    assert "102 2床" in shown(clerk, "panel_residents", home.uid)
    late = (now() + dt.timedelta(days=1)).astimezone(CITY_ZONE).strftime("%Y-%m-%dT%H:%M")
    clerk.post(reverse("institutions:leave", args=[stay.uid]), {"kind": "outing", "out_at": stamp, "due_back": late})
    leave = Leave.objects.get()
    assert leave.number in shown(clerk, "slip", leave.uid) and "舒禾" in shown(clerk, "slip", leave.uid)
    clerk.post(reverse("institutions:back", args=[leave.uid]))
    refused = clerk.post(reverse("institutions:discharge", args=[stay.uid]), {"reason": "home", "left_at": late})
    assert refused.status_code == 422 and refused.context["form"].errors["left_at"]
    after = now().astimezone(CITY_ZONE).strftime("%Y-%m-%dT%H:%M")
    clerk.post(reverse("institutions:discharge", args=[stay.uid]), {"reason": "home", "left_at": after})
    stay.refresh_from_db()
    assert stay.left_at is not None and "舒*" not in shown(clerk, "panel_residents", home.uid)
    assert home.name in shown(clerk, "person_panel", person.uid)


def test_a_full_home_says_so_in_the_form(clerk: Client, home: Institution) -> None:
    for number in range(4):
        a_resident(home, a_person(f"舒禾{'一二三四'[number]}"))
    late = waiting(home, a_person("向禾"))
    stamp = now().astimezone(CITY_ZONE).strftime("%Y-%m-%dT%H:%M")
    page = clerk.post(reverse("institutions:admit", args=[late.uid]), {"bed": "", "at": stamp})
    assert page.status_code == 422 and "4" in str(page.context["admit_form"].errors)


def test_another_county_sees_neither_list_nor_page_nor_panel(client: Client, home: Institution, city: Any) -> None:
    stay = a_resident(home)
    elsewhere = a_home("鹤城养老院", HECHENG)
    client.force_login(a_manager(elsewhere))
    assert home.name not in shown(client, "list") and elsewhere.name in shown(client, "list")
    for name in ("institution", "change", *(f"panel_{panel}" for panel in PANELS)):
        assert client.get(reverse(f"institutions:{name}", args=[home.uid])).status_code == 404, name
    bed = Bed.objects.filter(institution=home).first()
    assert bed is not None
    assert client.get(reverse("institutions:bed", args=[bed.uid])).status_code == 404
    assert client.get(reverse("institutions:stay", args=[stay.uid])).status_code == 404


def test_the_list_filters_by_kind_model_division_and_text(clerk: Client, home: Institution) -> None:
    private = a_home("桥江康宁养老院", 431224103000, kind="home", operator_model="private")
    for address in ({"kind": "home"}, {"model": "private"}, {"place": "431224103000"}, {"q": "康宁"}, {"q": "qjkn"}):
        page = shown(clerk, "list", **address)
        assert private.name in page and home.name not in page, address


def test_the_export_asks_why_and_holds_the_beds(clerk: Client, home: Institution) -> None:
    url = reverse("institutions:export")
    assert clerk.post(url, {"reason": "x"}).status_code == 422
    answer = clerk.post(url, {"reason": "季度床位统计"})
    rows = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer))).get_sheet_by_index(0).to_python()
    assert rows[1][0] == home.name and rows[1][7] == 4


def test_licences_say_how_late_they_are(clerk: Client, home: Institution) -> None:
    services.record_licence(
        uid=home.uid, paper=Paper("food", "99", expires_on=civil_date() - dt.timedelta(days=3)), by=BY
    )
    assert 'class="due late"' in shown(clerk, "panel_licences", home.uid)


def test_a_past_day_can_be_asked(clerk: Client, home: Institution) -> None:
    a_resident(home, days_ago=5)
    for days, count in ((10, 0), (3, 1)):
        answer = clerk.get(
            reverse("institutions:occupancy"),
            {"on": str(civil_date() - dt.timedelta(days=days)), "place": "431224000000", "known": ""},
        )
        assert answer.context["total"].set_up == 0 or answer.context["total"].occupied == count


@pytest.mark.parametrize("count", [1, 30])
def test_pages_take_the_same_statements_whatever_the_size(
    count: int, clerk: Client, city: Any, django_assert_max_num_queries: Any
) -> None:
    homes = [a_home(f"卢峰镇敬老院{n}") for n in range(count)]
    beds_in(homes[0], count * 2)
    names = "舒向瞿覃贺金邓田谌张"
    for number in range(count):
        a_resident(
            homes[0], a_person(f"{names[number % 10]}禾{'甲乙丙'[number // 10]}"), days_ago=10 - ago(0).hour / 24
        )
    shown(clerk, "list")
    with django_assert_max_num_queries(12):
        shown(clerk, "list")
    with django_assert_max_num_queries(8):
        shown(clerk, "institution", homes[0].uid)
    for panel in PANELS:
        with django_assert_max_num_queries(11):
            shown(clerk, f"panel_{panel}", homes[0].uid)
