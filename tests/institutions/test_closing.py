"""Closing a home: what must be empty first, what ends with it, and the page that says both."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import a_user
from tests.institutions.builders import a_home, a_manager, a_person, a_resident, beds_in, waiting
from yinling.accounts.models import User
from yinling.institutions import queries, services
from yinling.institutions.models import BedState, Institution, Staff
from yinling.institutions.services.staffing import Paper
from yinling.kernel.actors import System
from yinling.kernel.clock import civil_date
from yinling.kernel.errors import NotAllowed, Refused
from yinling.kernel.models import Change
from yinling.worklist.models import WorkItem

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.institutions.addresses")]
BY = System("test")


@pytest.fixture
def home(city: Any, lists: None) -> Institution:
    made = a_home(opened_on=dt.date(2015, 10, 1))
    beds_in(made, 3)
    return made


def close(home: Institution, on: dt.date | None = None, reason: str = "整合搬迁") -> Institution:
    return services.close_institution(uid=home.uid, on=on or civil_date(), reason=reason, by=BY)


def is_open(home: Institution) -> bool:
    home.refresh_from_db()
    closed_beds = BedState.objects.current().filter(bed__institution=home, state="closed").exists()
    return home.closed_on is None and not closed_beds and not Change.objects.filter(type="institutions.closed").exists()


def test_a_home_with_a_resident_is_not_closed(home: Institution) -> None:
    a_resident(home)
    with pytest.raises(Refused, match=r"1 residents live here\. Transfer or discharge"):
        close(home)
    assert is_open(home)


def test_a_home_with_an_open_application_is_not_closed(home: Institution) -> None:
    services.reserve_bed(application_uid=waiting(home).uid, by=BY)
    with pytest.raises(Refused, match="1 applications are still open"):
        close(home)
    assert is_open(home)


def test_a_home_that_owes_a_former_resident_money_is_not_closed_until_it_is_paid_back(home: Institution) -> None:
    stay = a_resident(home)
    services.prepay(stay_uid=stay.uid, amount_fen=100_00, key="1", by=BY)
    services.discharge(stay_uid=stay.uid, reason="home", by=BY)
    with pytest.raises(Refused, match="money on their accounts"):
        close(home)
    assert is_open(home)
    services.refund(stay_uid=stay.uid, by=BY)
    assert close(home).closed_on == civil_date()


@pytest.mark.parametrize(
    ("on", "why"),
    [
        (civil_date() + dt.timedelta(days=2), "lies ahead"),
        (dt.date(2015, 9, 30), "opened on"),
        (civil_date() - dt.timedelta(days=3), "The last resident left"),
    ],
)
def test_the_day_of_closing_must_be_possible(on: dt.date, why: str, home: Institution) -> None:
    services.discharge(stay_uid=a_resident(home).uid, reason="home", by=BY)
    with pytest.raises(Refused, match=why):
        close(home, on)
    assert is_open(home)


def test_closing_needs_a_reason_and_the_right(home: Institution) -> None:
    with pytest.raises(Refused, match="Say why"):
        close(home, reason=" ")
    with pytest.raises(NotAllowed):
        services.close_institution(
            uid=home.uid, on=civil_date(), reason="x", by=a_user("village_visitor", home.place_key, "visitor")
        )
    assert is_open(home)


def test_closing_closes_beds_and_posts_and_lets_papers_rest_and_the_past_stays(home: Institution) -> None:
    soon = civil_date() + dt.timedelta(days=5)
    services.record_licence(uid=home.uid, paper=Paper("food", "1", expires_on=soon), by=BY)
    services.hire(uid=home.uid, name="覃护理", post="carer", by=BY, certificates=(Paper("health", expires_on=soon),))
    services.remind_of_licences(by=BY)
    services.remind_of_certificates(by=BY)
    assert WorkItem.objects.open().count() == 2
    for _twice in range(2):
        close(home)
    assert not WorkItem.objects.open().exists() and not Staff.objects.filter(left_on__isnull=True).exists()
    assert home.pk not in queries.beds_of([home])
    assert queries.beds_of([home], civil_date() - dt.timedelta(days=1))[home.pk].set_up == 3
    assert Change.objects.filter(type="institutions.closed").count() == 1


def test_the_page_lists_what_stands_in_the_way_and_says_no_in_the_form(client: Client, home: Institution) -> None:
    manager = a_manager(home)
    stay = a_resident(home, a_person())
    client.force_login(manager)
    address = reverse("institutions:close", args=[home.uid])
    page = client.get(address)
    assert page.status_code == 200 and page.context["left"].residents == 1
    assert address in client.get(reverse("institutions:panel_facts", args=[home.uid])).content.decode()
    refused = client.post(address, {"on": civil_date(), "reason": "搬迁"})
    assert refused.status_code == 422 and "1" in str(refused.context["form"].errors["on"])
    services.discharge(stay_uid=stay.uid, reason="home", by=BY)
    done = client.post(address, {"on": civil_date(), "reason": "搬迁"})
    home.refresh_from_db()
    assert done["Location"] == reverse("institutions:list") and home.closed_on == civil_date()


def test_another_countys_home_has_no_page_for_closing(
    client: Client, home: Institution, other_county_clerk: User
) -> None:
    client.force_login(other_county_clerk)
    assert client.get(reverse("institutions:close", args=[home.uid])).status_code in (403, 404)
