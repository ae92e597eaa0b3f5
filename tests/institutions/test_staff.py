"""Who works in a home: hiring, certificates and their duties, the end of a post, carers against residents."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import HECHENG, a_user
from tests.institutions.builders import a_home, a_manager, a_person, a_resident, beds_in
from yinling.accounts.models import User
from yinling.institutions import measures, queries, services
from yinling.institutions.models import Certificate, Institution, Staff
from yinling.institutions.services.staffing import Paper
from yinling.kernel.actors import System
from yinling.kernel.clock import civil_date, now
from yinling.kernel.errors import Refused
from yinling.people.models import Person
from yinling.worklist.models import WorkItem

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.institutions.addresses")]
BY = System("test")
DOCUMENT = "990000197501010022"
CERTIFICATE = "institutions.certificate"


@pytest.fixture
def home(city: Any, lists: None) -> Institution:
    made = a_home()
    beds_in(made, 8)
    return made


@pytest.fixture
def clerk(client: Client, keeper: User) -> Client:
    client.force_login(keeper)
    return client


def a_carer(home: Institution, name: str = "覃护理", **given: Any) -> Staff:
    return services.hire(uid=home.uid, name=name, post="carer", by=BY, **given)


def in_days(count: int) -> dt.date:
    return civil_date() + dt.timedelta(days=count)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": " "}, "name"),
        ({"post": "pilot"}, "post"),
        ({"phone": "12"}, "phone"),
        ({"document_number": "990000197501010020"}, "document_number"),
        ({"certificates": (Paper("carer", issued_on=in_days(0), expires_on=in_days(-1)),)}, "expires_on"),
    ],
)
def test_nobody_is_taken_on_with_facts_that_cannot_be(given: dict[str, Any], field: str, home: Institution) -> None:
    with pytest.raises(Refused) as no:
        services.hire(**({"uid": home.uid, "name": "覃护理", "post": "carer", "by": BY} | given))
    assert no.value.field == field and not Staff.objects.exists()


def test_the_same_person_does_not_hold_the_same_post_twice(home: Institution) -> None:
    a_carer(home, document_number=DOCUMENT)
    with pytest.raises(Refused, match="holds this post here already"):
        a_carer(home, document_number=DOCUMENT)
    assert Staff.objects.count() == 1


@pytest.mark.parametrize(("on", "why"), [(in_days(1), "not before"), (in_days(-1), "They came on")])
def test_a_post_ends_neither_ahead_of_time_nor_before_it_began(on: dt.date, why: str, home: Institution) -> None:
    made = a_carer(home)
    with pytest.raises(Refused, match=why):
        services.end_post(staff_uid=made.uid, on=on, by=BY)
    made.refresh_from_db()
    assert made.left_on is None


def test_certificates_open_one_duty_per_step_and_the_renewal_closes_it(home: Institution) -> None:
    made = a_carer(home, certificates=(Paper("health", expires_on=in_days(50)),))
    for days, key in ((0, "60"), (20, "30"), (20, "30"), (45, "7"), (50, "0"), (70, "0")):
        services.remind_of_certificates(by=BY, on=in_days(days))
        assert WorkItem.objects.open().get(kind=CERTIFICATE).key == key
    assert "覃" not in str(WorkItem.objects.open().get().title)
    services.add_certificate(staff_uid=made.uid, paper=Paper("health", expires_on=in_days(400)), by=BY)
    assert not WorkItem.objects.open().filter(kind=CERTIFICATE).exists()
    assert Certificate.objects.current().get().expires_on == in_days(400)


def test_the_duty_goes_to_the_manager_and_falls_away_with_the_post(home: Institution) -> None:
    manager = a_manager(home)
    made = a_carer(home, certificates=(Paper("health", expires_on=in_days(5)),))
    assert services.remind_of_certificates(by=BY) == 1 and services.remind_of_certificates(by=BY) == 0
    assert WorkItem.objects.open().get(kind=CERTIFICATE).user == manager
    services.end_post(staff_uid=made.uid, by=BY)
    assert not WorkItem.objects.open().exists()
    assert services.remind_of_certificates(by=BY, on=in_days(5)) == 0


def test_somebody_is_taken_on_with_certificates_renews_one_and_leaves_on_the_pages(
    clerk: Client, home: Institution
) -> None:
    typed = {
        "name": "覃护理", "post": "carer", "hired_on": "2024-03-01", "sex": "2", "document_number": DOCUMENT,
        "kind": "carer", "number": "YL1", "grade": "3", "health_until": in_days(20),
    }  # fmt: skip
    answer = clerk.post(reverse("institutions:hire", args=[home.uid]), typed)
    made = Staff.objects.get()
    page = reverse("institutions:staff_member", args=[made.uid])
    assert answer["Location"] == page and made.document_number() == DOCUMENT
    assert set(Certificate.objects.values_list("kind", "grade")) == {("carer", 3), ("health", None)}
    body = clerk.get(page).content.decode()
    assert "YL1" in body and DOCUMENT not in body
    renewed = {"kind": "health", "expires_on": in_days(385)}
    clerk.post(reverse("institutions:certificate", args=[made.uid]), renewed)
    assert Certificate.objects.current().get(kind="health").expires_on == in_days(385)
    refused = clerk.post(reverse("institutions:end_post", args=[made.uid]), {"on": in_days(3)})
    assert refused.status_code == 422 and refused.context["form"].errors["on"]
    clerk.post(reverse("institutions:end_post", args=[made.uid]), {"on": civil_date()})
    assert not queries.staff_of(home)


def test_a_refusal_stands_beside_its_field_and_an_account_of_another_county_is_none(
    clerk: Client, home: Institution
) -> None:
    address = reverse("institutions:hire", args=[home.uid])
    assert address in clerk.get(reverse("institutions:panel_staff", args=[home.uid])).content.decode()
    a_user("home_manager", HECHENG, "far")
    typed = {"name": "覃护理", "post": "manager", "hired_on": civil_date()}
    for more, field in (({"phone": "12"}, "phone"), ({"account": "far"}, "account"), ({"account": "x"}, "account")):
        answer = clerk.post(address, typed | more)
        assert answer.status_code == 422 and answer.context["form"].errors[field]
    near = a_user("home_manager", home.place_key, "near")
    stay = a_resident(home)
    clerk.post(address, typed | {"account": "near"})
    assert list(Person.objects.visible_to(near)) == [stay.person]


def test_another_county_sees_no_staff_page(client: Client, home: Institution) -> None:
    made = a_carer(home)
    client.force_login(a_manager(a_home("鹤城养老院", HECHENG)))
    for name in ("staff_member", "certificate", "end_post"):
        assert client.get(reverse(f"institutions:{name}", args=[made.uid])).status_code == 404, name
    assert client.get(reverse("institutions:hire", args=[home.uid])).status_code == 404
    assert client.get(reverse("institutions:panel_carers", args=[home.uid])).status_code == 404


def residents(home: Institution, *levels: int | None) -> None:
    """Somebody of each level lives there; no level: never assessed."""
    for level, name in zip(levels, ("舒禾", "向禾", "瞿禾", "覃禾", "贺禾", "金禾"), strict=False):
        stay = a_resident(home, a_person(name))
        stay.level = level
        stay.save(update_fields=["level"])


@pytest.mark.usefixtures("ratios")
def test_carers_are_compared_with_what_the_residents_levels_ask_for(home: Institution) -> None:
    residents(home, 4, 4, 3, 2, None)
    a_carer(home)
    found = queries.staffing_of([home])[home.pk]
    assert (found.groups, found.unknown, found.needed, found.present, found.missing) == ((1, 1, 3), 1, 2, 1, 1)
    short = queries.Filters(carers="short")
    assert list(queries.institutions_for(BY, short)) == [home]
    place = {home.place_key: 1}
    assert (
        measures.HOMES_SHORT.count(civil_date(), now()) == measures.CARERS_PRESENT.count(civil_date(), now()) == place
    )
    assert measures.CARERS_NEEDED.count(civil_date(), now()) == {home.place_key: 2}
    a_carer(home, "向护理")
    assert not queries.institutions_for(BY, short).exists()
    assert list(queries.institutions_for(BY, queries.Filters(carers="enough"))) == [home]


@pytest.mark.usefixtures("ratios")
def test_a_past_day_counts_who_lived_and_worked_there_then(home: Institution) -> None:
    a_resident(home, days_ago=10)
    made = a_carer(home, hired_on=in_days(-20))
    services.end_post(staff_uid=made.uid, by=BY, on=in_days(-1))
    for days, present, people in ((-12, 1, 0), (-5, 1, 1), (0, 0, 1)):
        found = queries.staffing_of([home], in_days(days))[home.pk]
        assert (found.present, sum(found.groups)) == (present, people)


@pytest.mark.usefixtures("ratios")
def test_the_panel_says_verdict_and_source(clerk: Client, home: Institution) -> None:
    residents(home, 4)
    body = clerk.get(reverse("institutions:panel_carers", args=[home.uid])).content.decode()
    assert "test of the source" in body and 'class="tag bad"' in body


def test_without_a_stated_ratio_nothing_is_claimed(clerk: Client, home: Institution) -> None:
    residents(home, 4)
    assert queries.staffing_of([home]) == {}
    assert clerk.get(reverse("institutions:panel_carers", args=[home.uid])).status_code == 200
