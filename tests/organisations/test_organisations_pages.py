"""Pages of the register of organisations."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import HECHENG, LUFENG, XUPU, a_user
from yinling.accounts import roles
from yinling.kernel.actors import System
from yinling.organisations import services
from yinling.organisations.models import Organisation
from yinling.organisations.permissions import Organisations
from yinling.organisations.services import Details
from yinling.places.models import Place


@pytest.fixture
def keeper(city: Place, client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Logged in as whoever keeps the organisations of Xupu county."""
    monkeypatch.setitem(roles._roles, "keeper", roles.Role("keeper", "", "", frozenset(Organisations)))
    client.force_login(a_user("keeper", XUPU, "keeper"))
    return client


def some(system: System, count: int, place_key: int = LUFENG) -> list[Organisation]:
    return [
        services.register_organisation(
            place_key=place_key, details=Details(name=f"康宁{n}号", phone="0745-2312349"), by=system
        )
        for n in range(count)
    ]


def test_a_clerk_registers_finds_changes_and_closes_on_the_pages(keeper: Client) -> None:
    answer = keeper.post(reverse("organisations:register"), {"name": "桔花园餐饮店", "place_key": LUFENG})
    page = keeper.get(answer["Location"]).content.decode()
    assert "桔花园餐饮店" in page and "卢峰镇" in page
    made = Organisation.objects.get()
    keeper.post(reverse("organisations:change", args=[made.uid]), {"name": "桔花园食堂", "on": "2099-01-01"})
    assert "桔花园食堂" in keeper.get(reverse("organisations:organisations"), {"q": "食堂"}).content.decode()
    keeper.post(reverse("organisations:close", args=[made.uid]), {"on": "2099-02-01", "reason": "注销"})
    made.refresh_from_db()
    assert made.status == "closed"


def test_a_refusal_stands_beside_its_field_and_keeps_what_was_typed(keeper: Client) -> None:
    typed = {"name": "桔花园餐饮店", "place_key": LUFENG, "uscc": "123"}
    page = keeper.post(reverse("organisations:register"), typed)
    assert page.context["form"].errors["uscc"]
    assert "桔花园餐饮店" in page.content.decode()
    assert not Organisation.objects.exists()


def test_another_county_is_not_listed_and_its_page_is_not_there(keeper: Client, system: System) -> None:
    theirs = some(system, 1, HECHENG)[0]
    assert "康宁" not in keeper.get(reverse("organisations:organisations")).content.decode()
    for name in ("organisation", "change", "close", "merge", "phone"):
        assert keeper.get(reverse(f"organisations:{name}", args=[theirs.uid])).status_code == 404


def test_the_phone_is_masked_until_a_reason_is_given(keeper: Client, system: System) -> None:
    made = some(system, 1)[0]
    assert "0745-2312349" not in keeper.get(reverse("organisations:organisation", args=[made.uid])).content.decode()
    shown = keeper.post(reverse("organisations:phone", args=[made.uid]), {"reason": "核对床位"})
    assert "0745-2312349" in shown.content.decode()


def test_merging_and_undoing_it_on_the_pages(keeper: Client, system: System) -> None:
    one, two = some(system, 2)
    keeper.post(reverse("organisations:merge", args=[one.uid]), {"into": two.uid, "reason": "同一家"})
    page = keeper.get(reverse("organisations:organisation", args=[one.uid])).content.decode()
    assert two.name in page
    keeper.post(reverse("organisations:undo_merge", args=[one.uid]), {"reason": "弄错了"})
    one.refresh_from_db()
    assert one.canonical is None


@pytest.mark.parametrize("count", [1, 60])
def test_the_list_and_the_page_take_the_same_statements_whatever_the_size(
    count: int, keeper: Client, system: System, django_assert_max_num_queries: Any
) -> None:
    made = some(system, count)
    keeper.get(reverse("organisations:organisations"))  # fills the copies that the process keeps
    with django_assert_max_num_queries(9):
        keeper.get(reverse("organisations:organisations"), {"q": "康宁"})
    with django_assert_max_num_queries(11):
        keeper.get(reverse("organisations:organisation", args=[made[0].uid]))


def test_pages_follow_each_other_by_key(keeper: Client, system: System) -> None:
    some(system, 60)
    first = keeper.get(reverse("organisations:organisations"))
    second = keeper.get(reverse("organisations:organisations"), {"after": first.context["page"].next})
    names = [row.name for row in first.context["page"]] + [row.name for row in second.context["page"]]
    assert len(names) == len(set(names)) == 60
