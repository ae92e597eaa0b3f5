"""Applications on their pages: finding the person, a bed kept and given back, withdrawing; and stays put right."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import HECHENG, LUFENG, a_user
from tests.institutions.builders import a_home, a_manager, a_person, a_resident, ago, beds_in, waiting
from yinling.accounts.models import User
from yinling.institutions import services
from yinling.institutions.models import Application, BedUse, Institution, Stay
from yinling.kernel.actors import System
from yinling.kernel.clock import CITY_ZONE
from yinling.kernel.errors import Refused
from yinling.people.models import Whereabouts

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.institutions.addresses")]
BY = System("test")


@pytest.fixture
def home(city: Any, lists: None) -> Institution:
    made = a_home()
    beds_in(made, 2)
    return made


@pytest.fixture
def clerk(client: Client, keeper: User) -> Client:
    client.force_login(keeper)
    return client


def at(name: str, thing: Any) -> str:
    return reverse(f"institutions:{name}", args=[thing.uid])


def stamp(moment: dt.datetime) -> str:
    return moment.astimezone(CITY_ZONE).strftime("%Y-%m-%dT%H:%M")


def test_the_persons_panel_leads_to_a_home_and_on_to_the_application(clerk: Client, home: Institution) -> None:
    person = a_person()
    choose = f"{reverse('institutions:choose_home')}?person={person.uid}"
    assert choose in clerk.get(at("person_panel", person)).content.decode()
    page = clerk.get(choose)
    assert home.name in page.content.decode() and "2" in page.content.decode()
    form = clerk.get(f"{choose}&home={home.uid}", follow=True)
    assert form.redirect_chain[-1][0] == f"{at('apply', home)}?person={person.uid}"
    assert f'name="person" value="{person.uid}"' in form.content.decode() and "舒*" in form.content.decode()
    clerk.post(form.redirect_chain[-1][0], {"person": person.uid, "bed_kind": "ordinary"})
    assert Application.objects.get().person == person


def test_without_a_person_a_search_comes_first_and_finds_only_whom_one_may_see(
    clerk: Client, home: Institution
) -> None:
    near, _far = a_person("舒禾"), a_person("舒远", 431202001001)
    assert clerk.get(at("apply", home)).context["rows"] == []
    rows = clerk.get(at("apply", home), {"who": "舒"}).context["rows"]
    assert [uid for uid, _words in rows] == [near.uid]
    assert clerk.get(at("apply", home), {"person": "none"}).context["rows"] == []


def test_a_person_of_another_county_cannot_be_named_in_the_address(clerk: Client, home: Institution) -> None:
    far = a_person("舒远", 431202001001)
    for address in (at("apply", home), reverse("institutions:choose_home")):
        assert clerk.get(address, {"person": far.uid}).status_code == 404
    assert clerk.get(reverse("institutions:choose_home")).status_code == 404


def test_a_bed_is_reserved_and_released_on_the_application_page(clerk: Client, home: Institution) -> None:
    made, bed = waiting(home), home.beds.order_by("pk")[1]
    clerk.post(at("reserve", made), {"bed": bed.uid})
    assert BedUse.objects.open().get().bed == bed
    page = clerk.get(at("application", made)).content.decode()
    assert "101 2床" in page and at("release", made) in page
    assert at("application", made) in clerk.get(at("bed", bed)).content.decode()
    for _twice in range(2):
        clerk.post(at("release", made))
    assert not BedUse.objects.open().exists()


def test_a_full_home_reserves_nothing_and_the_form_says_why(clerk: Client, home: Institution) -> None:
    for name in ("舒禾", "向禾"):
        a_resident(home, a_person(name))
    made = waiting(home, a_person("瞿禾"))
    answer = clerk.post(at("reserve", made), {"bed": ""})
    assert answer.status_code == 422 and "2" in str(answer.context["reserve_form"].errors)
    assert not BedUse.objects.filter(kind="reserved").exists()


def test_only_accepted_applications_are_given_a_bed_to_wait_for(home: Institution) -> None:
    made = services.apply_for_admission(person_uid=a_person().uid, institution_uid=home.uid, by=BY)
    with pytest.raises(Refused, match="accepted applications"):
        services.reserve_bed(application_uid=made.uid, by=BY)
    assert not BedUse.objects.exists()


def test_a_family_withdraws_with_a_reason_and_the_bed_is_free_again(clerk: Client, home: Institution) -> None:
    made = waiting(home)
    services.reserve_bed(application_uid=made.uid, by=BY)
    assert clerk.post(at("withdraw", made), {"reason": ""}).status_code == 422
    clerk.post(at("withdraw", made), {"reason": "子女接回家"})
    made.refresh_from_db()
    assert made.state == "withdrawn" and not BedUse.objects.open().exists()
    again = clerk.post(at("withdraw", made), {"reason": "再撤"})
    assert again.status_code == 422 and again.context["withdraw_form"].errors["reason"]


def test_the_time_of_leaving_is_corrected_with_a_reason(clerk: Client, home: Institution) -> None:
    stay = a_resident(home)
    assert at("correct", stay) not in clerk.get(at("stay", stay)).content.decode()
    services.discharge(stay_uid=stay.uid, reason="home", by=BY, left_at=ago(1))
    assert at("correct", stay) in clerk.get(at("stay", stay)).content.decode()
    ahead = clerk.post(at("correct", stay), {"left_at": stamp(ago(-2)), "reason": "写错"})
    assert ahead.status_code == 422 and ahead.context["form"].errors["left_at"]
    clerk.post(at("correct", stay), {"left_at": stamp(ago(3)), "reason": "写错日期"})
    stay.refresh_from_db()
    assert stay.left_at is not None and stay.left_at < ago(2.9)
    assert BedUse.objects.current().get(stay=stay).valid_to == stay.left_at


def test_a_stay_that_never_was_is_voided_with_a_reason_and_its_money_can_be_paid_back(
    clerk: Client, home: Institution
) -> None:
    stay = a_resident(home)
    services.prepay(stay_uid=stay.uid, amount_fen=50_00, key="1", by=BY)
    assert clerk.post(at("void", stay), {"reason": ""}).status_code == 422
    assert Stay.objects.present().exists()
    clerk.post(at("void", stay), {"reason": "登记成了同名的人"})
    page = clerk.get(at("stay", stay)).content.decode()
    assert "登记成了同名的人" in page and at("void", stay) not in page and at("refund", stay) in page
    assert not BedUse.objects.open().exists() and Whereabouts.objects.get(valid_to__isnull=True).kind == "home"
    clerk.post(at("refund", stay))
    assert services.balances(stay).prepayment_fen == 0


def test_a_stay_that_led_to_another_home_is_not_voided(clerk: Client, home: Institution) -> None:
    stay, other = a_resident(home), a_home("桥江镇敬老院", 431224103000)
    beds_in(other, 1)
    services.transfer(stay_uid=stay.uid, to_uid=other.uid, by=BY, reason="离家近")
    answer = clerk.post(at("void", stay), {"reason": "登记错"})
    assert answer.status_code == 422 and answer.context["form"].errors
    stay.refresh_from_db()
    assert stay.voided_at is None


def test_another_county_reaches_none_of_these_pages(client: Client, home: Institution) -> None:
    made, stay = waiting(home), a_resident(home, a_person("向禾"))
    client.force_login(a_manager(a_home("鹤城养老院", HECHENG)))
    for name, thing in (("application", made), ("correct", stay), ("void", stay), ("apply", home)):
        assert client.get(at(name, thing)).status_code == 404, name
    for name in ("reserve", "release", "withdraw"):
        assert client.post(at(name, made), {"reason": "x"}).status_code == 404, name
    assert Application.objects.waiting().exists()


def test_who_may_not_admit_neither_reserves_nor_voids(client: Client, home: Institution) -> None:
    made, stay = waiting(home), a_resident(home, a_person("向禾"))
    client.force_login(a_user("village_visitor", LUFENG, "visitor"))
    for name, thing in (("reserve", made), ("release", made), ("withdraw", made), ("void", stay), ("correct", stay)):
        assert client.post(at(name, thing), {"reason": "x", "bed": ""}).status_code == 403, name
    assert Application.objects.waiting().exists() and Stay.objects.present().exists()
