"""Pages of parameters, code lists and holidays."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import a_user
from yinling.accounts import roles
from yinling.kernel.actors import System
from yinling.places.models import Place
from yinling.reference import services
from yinling.reference.models import Parameter
from yinling.reference.permissions import Reference

DAY = dt.date(2025, 1, 1)
UNVERIFIED = "未核实，启用前请对照原文"


@pytest.fixture
def reader(city: Place, client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Logged in with every permission of the module."""
    keeper = roles.Role("keeper", "", "", frozenset(Reference), level="city")
    monkeypatch.setitem(roles._roles, "keeper", keeper)
    client.force_login(a_user("keeper", city.key))
    return client


def some_values(system: System) -> None:
    rows = [
        {"key": f"k{n}", "title": {"zh": f"参数{n}", "en": f"P{n}"}, "value": n, "valid_from": DAY, "verified": n > 3}
        for n in range(8)
    ]
    services.load_parameters({"parameters": rows}, file="p", pack="nation", layer=0, by=system)
    entries = [{"code": "01", "zh": "汉族", "en": "Han"}]
    listed = {"key": "ethnic", "title": {"zh": "民族", "en": "Ethnic group"}, "valid_from": DAY, "entries": entries}
    services.load_code_lists({"lists": [listed]}, file="l", pack="nation", layer=0, by=system)


def test_unverified_values_say_so_and_can_be_filtered(reader: Client, system: System) -> None:
    some_values(system)
    page = reader.get(reverse("reference:parameters")).content.decode()
    assert page.count(UNVERIFIED) == 4
    verified = reader.get(reverse("reference:parameters"), {"state": "verified"}).content.decode()
    assert UNVERIFIED not in verified and "参数7" in verified
    assert "参数3" in reader.get(reverse("reference:parameters"), {"q": "参数3"}).content.decode()


def test_verifying_on_the_page_shows_against_what_and_keeps_the_history(reader: Client, system: System) -> None:
    some_values(system)
    row = Parameter.objects.get(key="k0")
    answer = reader.post(reverse("reference:verify", args=["parameter", row.uid]), {"source": "民发 1 号"})
    page = reader.get(answer["Location"]).content.decode()
    assert "民发 1 号" in page and "撤回" in page


def test_every_page_opens(reader: Client, system: System) -> None:
    some_values(system)
    for url in ("reference:lists", "reference:holidays"):
        assert reader.get(reverse(url)).status_code == 200
    assert "汉族" in reader.get(reverse("reference:list", args=["ethnic"])).content.decode()
    assert "2027" in reader.get(reverse("reference:holidays"), {"year": "2027"}).content.decode()


def test_pages_are_closed_to_strangers_and_to_those_without_the_right(client: Client, township_clerk: Any) -> None:
    assert client.get(reverse("reference:parameters")).status_code == 302
    client.force_login(township_clerk)
    Parameter.objects.create(key="k", value=1, valid_from=DAY)
    answer = client.post(reverse("reference:verify", args=["parameter", Parameter.objects.get().uid]), {"source": "x"})
    assert answer.status_code in (403, 404)


@pytest.mark.parametrize("count", [1, 40])
def test_the_list_of_parameters_takes_the_same_statements_whatever_its_length(
    count: int, reader: Client, django_assert_max_num_queries: Any
) -> None:
    Parameter.objects.bulk_create([Parameter(key=f"k{n}", value=n, valid_from=DAY) for n in range(count)])
    reader.get(reverse("reference:parameters"))  # this process loads places and code lists once
    with django_assert_max_num_queries(8):
        reader.get(reverse("reference:parameters"))
