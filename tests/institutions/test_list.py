"""The list of institutions: every filter and order in the address, and in the export; occupancy at every level."""

import datetime as dt
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tests.conftest import HECHENG, QIAOJIANG
from tests.institutions.builders import a_home, a_person, a_resident, ago, beds_in
from yinling.accounts.models import User
from yinling.institutions import queries, services
from yinling.institutions.models import Institution
from yinling.institutions.services.staffing import Paper
from yinling.kernel.actors import System
from yinling.kernel.clock import civil_date

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.institutions.addresses")]
BY = System("test")


@pytest.fixture
def clerk(client: Client, keeper: User, lists: None) -> Client:
    client.force_login(keeper)
    return client


def listed(client: Client, **address: str) -> list[str]:
    answer = client.get(reverse("institutions:list"), address)
    assert answer.status_code == 200
    return [row.home.name for row in answer.context["rows"]]


def a_licence(home: Institution, days: int | None) -> None:
    ends = civil_date() + dt.timedelta(days=days) if days is not None else None
    services.record_licence(uid=home.uid, paper=Paper("food", "1", expires_on=ends), by=BY)


@pytest.fixture
def sites(city: Any) -> None:
    """Five sites, each with something of its own."""
    a_licence(a_home("甲院", medical_kind="rehabilitation_hospital"), -1)
    a_licence(a_home("乙院", medical_kind="own", operator_model="private"), 20)
    a_licence(a_home("丙院", has_canteen_plaque=True), None)
    a_home("丁点", kind="village_point", mutual_aid_model="volunteer")
    a_home("戊社", kind="home_care", combination="property_care")


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ({"plaque": "1"}, ["丙院"]),
        ({"mutual": "volunteer"}, ["丁点"]),
        ({"mutual": "gathering"}, []),
        ({"combination": "property_care"}, ["戊社"]),
        ({"medical": "any"}, ["甲院", "乙院"]),
        ({"medical": "rehabilitation_hospital"}, ["甲院"]),
        ({"model": "private"}, ["乙院"]),
        ({"licence": "expired"}, ["甲院"]),
        ({"licence": "expiring"}, ["乙院"]),
        ({"licence": "valid"}, ["丙院"]),
        ({"licence": "none"}, ["丁点", "戊社"]),
        ({"licence": "perhaps"}, ["甲院", "乙院", "丙院", "丁点", "戊社"]),
        ({"licence": "none", "combination": "property_care"}, ["戊社"]),
    ],
)
@pytest.mark.usefixtures("sites")
def test_each_filter_stands_in_the_address(address: dict[str, str], names: list[str], clerk: Client) -> None:
    assert listed(clerk, **address) == names
    answer = clerk.post(f"{reverse('institutions:export')}?{'&'.join(f'{k}={v}' for k, v in address.items())}",
                        {"reason": "季度统计"})  # fmt: skip
    rows = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer))).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows[1:]] == names


@pytest.mark.usefixtures("sites")
def test_a_closed_site_is_shown_when_asked_for(clerk: Client) -> None:
    home = Institution.objects.get(name="丁点")
    services.close_institution(uid=home.uid, on=civil_date(), reason="并入", by=BY)
    assert "丁点" not in listed(clerk) and "丁点" in listed(clerk, closed="1")


@pytest.mark.usefixtures("ratios")
def test_each_order_stands_in_the_address_and_what_has_no_value_comes_last(clerk: Client, city: Any) -> None:
    small, full, none = a_home("丙小院"), a_home("甲满院"), a_home("乙空院")
    beds_in(small, 4, kind="nursing")
    beds_in(full, 1)
    a_resident(full, a_person("舒禾"))
    a_licence(small, 90)
    a_licence(full, 10)
    for key, names in (
        ("place", [small, full, none]), ("-place", [none, full, small]), ("rate", [small, full, none]),
        ("-rate", [full, small, none]), ("-nursing", [small, full, none]), ("licence", [full, small, none]),
        ("-licence", [small, full, none]), ("-carers", [full, small, none]), ("nonsense", [small, full, none]),
    ):  # fmt: skip
        assert listed(clerk, sort=key) == [home.name for home in names], key
    assert listed(clerk, sort="-name") == list(reversed(listed(clerk, sort="name")))


def test_an_order_that_is_counted_is_paged_both_ways(clerk: Client, city: Any, keeper: User) -> None:
    for number in range(5):
        beds_in(a_home(f"院{number}"), 1)
    filters, seen, address = queries.Filters(), [], {"sort": "rate"}
    for _page in range(3):
        page = queries.institution_page(keeper, filters, address, size=2)
        seen += [home.name for home in page]
        address = {"sort": "rate", "after": page.next}
    assert seen == [f"院{n}" for n in range(5)] and not page.next
    before = queries.institution_page(keeper, filters, {"sort": "rate", "before": page.previous}, size=2)
    assert [home.name for home in before] == ["院2", "院3"]
    lost = queries.institution_page(keeper, filters, {"sort": "rate", "after": "999999"}, size=2)
    assert [home.name for home in lost] == ["院0", "院1"]


@pytest.mark.parametrize("count", [1, 25])
@pytest.mark.usefixtures("ratios")
def test_the_list_and_occupancy_take_the_same_statements_whatever_the_size(
    count: int, clerk: Client, city: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(count):
        home = a_home(f"院{number}")
        beds_in(home, 2)
        a_licence(home, 5)
    listed(clerk)
    for address in ({}, {"sort": "-rate"}, {"sort": "carers"}, {"licence": "expiring", "carers": "short"}):
        with django_assert_max_num_queries(14):
            listed(clerk, **address)
    with django_assert_max_num_queries(12):
        clerk.get(reverse("institutions:occupancy"), {"place": "431224000000"})
    with django_assert_max_num_queries(11):
        clerk.get(reverse("institutions:panel_carers", args=[home.uid]))


def occupied(client: Client, **address: Any) -> Any:
    answer = client.get(reverse("institutions:occupancy"), {"place": "431224000000"} | address)
    assert answer.status_code == 200
    return answer.context


def test_occupancy_is_told_by_division_kind_and_home_and_drawn_for_a_past_day(
    clerk: Client, city: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MARGIN", dt.timedelta(0))  # else nothing of this minute is known yet
    home, other = a_home(), a_home("桥江镇敬老院", QIAOJIANG, kind="home", operator_model="private")
    beds_in(home, 4)
    beds_in(other, 2, kind="nursing")
    a_home("鹤城养老院", HECHENG)
    a_resident(home, a_person("舒禾"), days_ago=10)
    a_resident(home, a_person("向禾"), days_ago=2)
    told = occupied(clerk, on=str(civil_date() - dt.timedelta(days=5)))
    assert (told["total"].set_up, told["total"].occupied, told["total"].nursing) == (6, 1, 2)
    assert [(name, beds.set_up) for name, _key, beds, _opens in told["rows"]] == [("卢峰镇", 4), ("桥江镇", 2)]
    assert [(name, beds.occupied) for _uid, name, beds in told["homes"]] == [(home.name, 1), (other.name, 0)]
    assert {code for _name, code, _beds in told["kinds"]} == {"regional_home", "home"}
    assert told["trend"].rows[-1][1].occupied == 1
    assert occupied(clerk, kind="home")["total"].set_up == 2
    ahead = occupied(clerk, on="2999-01-01")
    assert ahead["day"] == civil_date() and ahead["total"].occupied == 2


def test_the_drawn_year_agrees_with_the_figures_of_each_day(clerk: Client, keeper: User, city: Any) -> None:
    home = a_home()
    beds = beds_in(home, 3, on=civil_date() - dt.timedelta(days=100))
    services.set_bed_state(bed_uid=beds[2].uid, state="under_repair", on=civil_date() - dt.timedelta(days=20), by=BY)
    stay = a_resident(home, days_ago=50)
    services.go_on_leave(stay_uid=stay.uid, kind="hospital", due_back=ago(-1), out_at=ago(10), by=BY)
    days = [civil_date() - dt.timedelta(days=ago_) for ago_ in (200, 60, 30, 15, 5, 0)]
    drawn = queries.home_over_time(home, days)
    for day, beds_then in zip(days, drawn, strict=True):
        told = queries.beds_of([home], day).get(home.pk, queries.Beds())
        assert [getattr(told, name) for name in ("set_up", "usable", "occupied", "reserved", "residents")] == [
            getattr(beds_then, name) for name in ("set_up", "usable", "occupied", "reserved", "residents")
        ], day
    assert [one.occupied for one in drawn] == [0, 0, 1, 1, 0, 0]
