"""Home beds: who may have one, who decides, what is due, how they end; and their pages."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.care.builders import BY, a_home_bed, a_person, an_organisation, at_night, two_partners, works_for
from tests.conftest import XUPU, a_user, client_of
from yinling.accounts.models import User
from yinling.care import handlers
from yinling.care.exports import PLAN_LISTINGS
from yinling.care.jobs import BEDS
from yinling.care.measures import beds_standing
from yinling.care.models import BedCall, HomeBed, Session
from yinling.care.queries.beds import answered_in_time, services_in_month
from yinling.care.rules.sessions import month_span
from yinling.care.services import beds as services
from yinling.kernel.clock import civil_date, now
from yinling.kernel.errors import NotAllowed, NotFound, Refused
from yinling.kernel.models import Change
from yinling.people.services import register_death
from yinling.worklist.models import WorkItem

pytestmark = pytest.mark.usefixtures("city", "templates")
MINUTE = dt.timedelta(minutes=1)


def open_duties(kind: str) -> list[WorkItem]:
    return list(WorkItem.objects.open().filter(kind=f"care.{kind}"))


def test_the_township_enters_and_the_county_approves_never_the_same_person(
    township_clerk: User, county_clerk: User
) -> None:
    provider = an_organisation()
    bed = services.apply_for_bed(person_uid=a_person().uid, provider_uid=provider.uid, by=township_clerk)
    assert [item.role for item in open_duties("bed_decide")] == ["county_clerk"]
    with pytest.raises(NotAllowed):
        services.decide_on_bed(uid=bed.uid, is_approved=True, reason="", by=township_clerk)
    own = services.apply_for_bed(person_uid=a_person("向禾").uid, provider_uid=provider.uid, by=county_clerk)
    with pytest.raises(Refused, match="yourself"):
        services.decide_on_bed(uid=own.uid, is_approved=True, reason="", by=county_clerk)
    services.decide_on_bed(uid=bed.uid, is_approved=True, reason="", by=county_clerk)
    services.set_bed_up(uid=bed.uid, contract_number="JC-1", begins_on=civil_date(), by=township_clerk)
    bed.refresh_from_db()
    assert bed.state == "standing" and not open_duties("bed_set_up")


def test_a_refusal_says_why_and_nothing_is_set_up(county_clerk: User) -> None:
    bed = services.apply_for_bed(person_uid=a_person().uid, provider_uid=an_organisation().uid, by=BY)
    with pytest.raises(Refused, match="why it is refused"):
        services.decide_on_bed(uid=bed.uid, is_approved=False, reason="", by=county_clerk)
    services.decide_on_bed(uid=bed.uid, is_approved=False, reason="能力完好", by=county_clerk)
    with pytest.raises(Refused, match="approved"):
        services.set_bed_up(uid=bed.uid, contract_number="JC-1", begins_on=civil_date(), by=BY)
    assert not open_duties("bed_set_up") and HomeBed.objects.get().state == "refused"


def test_nobody_has_two_home_beds_and_what_the_criteria_warned_of_is_kept() -> None:
    person, provider = a_person(), an_organisation()
    bed = services.apply_for_bed(person_uid=person.uid, provider_uid=provider.uid, by=BY)
    assert "assessment" in bed.criteria["warnings"][0]["text"]
    with pytest.raises(Refused, match="already"):
        services.apply_for_bed(person_uid=person.uid, provider_uid=provider.uid, by=BY)
    assert HomeBed.objects.count() == 1


def test_a_bed_is_not_set_up_without_a_contract_or_before_it_was_approved(county_clerk: User) -> None:
    bed = services.apply_for_bed(person_uid=a_person().uid, provider_uid=an_organisation().uid, by=BY)
    services.decide_on_bed(uid=bed.uid, is_approved=True, reason="", by=county_clerk)
    for contract, begins in ((" ", civil_date()), ("JC-1", civil_date() - dt.timedelta(days=1))):
        with pytest.raises(Refused):
            services.set_bed_up(uid=bed.uid, contract_number=contract, begins_on=begins, by=BY)
    assert HomeBed.objects.get().state == "approved"


def test_a_call_is_a_duty_of_the_providers_person_with_its_clock_and_answering_closes_it() -> None:
    provider = an_organisation()
    nurse, bed = works_for(provider, "nurse"), a_home_bed(provider=provider)
    called = now() - 20 * MINUTE
    call = services.log_call(uid=bed.uid, called_at=called, way="button", by=BY)
    again = services.log_call(uid=bed.uid, called_at=called, way="button", by=BY)
    item = open_duties("bed_call")[0]
    assert (
        call == again and item.user == nurse and item.due_at == called + 10 * MINUTE and item.ladder == "home_bed_call"
    )
    with pytest.raises(Refused, match="before the call"):
        services.answer_call(uid=call.uid, answered_at=called - MINUTE, outcome="visited", by=nurse)
    services.answer_call(uid=call.uid, answered_at=called + 5 * MINUTE, outcome="visited", by=nurse)
    assert not open_duties("bed_call") and answered_in_time(BY, since=civil_date() - dt.timedelta(days=2)) == (1, 1)


def test_a_call_goes_to_the_township_where_the_provider_has_nobody_with_an_account() -> None:
    services.log_call(uid=a_home_bed().uid, called_at=now(), way="phone", by=BY)
    assert open_duties("bed_call")[0].role == "township_clerk"


def test_another_providers_people_and_another_county_see_neither_bed_nor_call(other_county_clerk: User) -> None:
    bed = a_home_bed()
    call = services.log_call(uid=bed.uid, called_at=now(), way="phone", by=BY)
    stranger = works_for(an_organisation("别的单位"), "stranger")
    for user in (stranger, other_county_clerk):
        assert not HomeBed.objects.visible_to(user).exists() and not BedCall.objects.visible_to(user).exists()
        with pytest.raises(NotFound):
            services.answer_call(uid=call.uid, answered_at=now(), outcome="visited", by=user)
        assert client_of(user).get(reverse("care:bed", args=[bed.uid])).status_code == 404


def test_services_of_the_provider_count_and_those_of_others_do_not() -> None:
    two = two_partners()
    bed = a_home_bed(two.plan.person, two.care)
    day = month_span(civil_date())[0]
    for part in ("care", "health"):
        session = two.session(part)
        Session.objects.filter(pk=session.pk).update(state="held", held_at=now())
    assert services_in_month([bed], civil_date()) == {bed.pk: 1} and day <= civil_date()


def test_too_few_services_near_the_end_of_a_month_open_one_duty() -> None:
    bed = a_home_bed()
    early, late = month_span(civil_date())
    HomeBed.objects.filter(pk=bed.pk).update(begins_on=early - dt.timedelta(days=3))
    at_night(BEDS, early)
    assert not open_duties("bed_short")
    for _again in range(2):
        at_night(BEDS, late - dt.timedelta(days=3))
    assert len(open_duties("bed_short")) == 1


def test_a_death_closes_the_bed_and_its_duties() -> None:
    bed = a_home_bed()
    services.log_call(uid=bed.uid, called_at=now(), way="phone", by=BY)
    register_death(uid=bed.person.uid, died_on=civil_date(), by=BY)
    for _again in range(2):
        handlers.on_death(Change.objects.get(type="people.died"))
    bed.refresh_from_db()
    assert (bed.state, bed.end_reason) == ("closed", "died") and not open_duties("bed_call")


def test_moving_into_a_home_closes_the_bed_and_a_stay_in_hospital_asks_somebody() -> None:
    bed = a_home_bed()
    services.ask_about_hospital(person_uid=bed.person.uid, by=BY)
    assert len(open_duties("bed_hospital")) == 1 and HomeBed.objects.get().state == "standing"
    moved = Change(type="institutions.admitted", subject_uid=bed.person.uid, data={})
    handlers.on_admission(moved)
    assert HomeBed.objects.get().end_reason == "moved_into_home" and not open_duties("bed_hospital")


def test_the_page_of_an_application_says_what_the_criteria_warn_of(township_clerk: User) -> None:
    person = a_person()
    text = client_of(township_clerk).get(reverse("care:bed_apply", args=[person.uid])).content.decode()
    assert 'class="say yellow"' in text


def test_the_pages_of_a_bed_go_from_application_to_closing(township_clerk: User, county_clerk: User) -> None:
    person, provider = a_person(), an_organisation()
    desk, county = client_of(township_clerk), client_of(county_clerk)
    assert desk.post(reverse("care:bed_apply", args=[person.uid]), {"provider": provider.name}).status_code == 302
    bed = HomeBed.objects.get()
    assert desk.get(reverse("care:bed_decide", args=[bed.uid])).status_code == 403
    steps = (
        (county, "bed_decide", {"is_approved": "yes"}),
        (desk, "bed_set_up", {"contract_number": "JC-1", "begins_on": str(civil_date())}),
    )
    for client, name, given in steps:
        assert client.post(reverse(f"care:{name}", args=[bed.uid]), given).status_code == 302
    for name in ("bed", "bed_print"):
        assert "JC-1" in desk.get(reverse(f"care:{name}", args=[bed.uid])).content.decode()
    assert str(bed.uid) in desk.get(reverse("care:bed_panel", args=[person.uid])).content.decode()
    closed = {"why": "wish", "on": str(civil_date())}
    assert desk.post(reverse("care:bed_close", args=[bed.uid]), closed).status_code == 302
    assert HomeBed.objects.get().state == "closed"


def test_the_list_costs_the_same_with_five_beds_and_goes_out_masked() -> None:
    clerk = a_user("county_clerk", XUPU, "counting")
    client, address = client_of(clerk), reverse("care:beds")

    def statements() -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address).status_code == 200
        return len(caught)

    a_home_bed()
    before = statements()
    for number in range(4):
        a_home_bed(a_person(f"向{'一二三四'[number]}"), an_organisation(f"单位{number}"))
    assert statements() == before <= 20
    rows = list(PLAN_LISTINGS[2].rows(clerk, {}))
    assert len(rows) == 5 and all("*" in row[0] for row in rows)
    assert sum(beds_standing(civil_date(), now()).values()) == 5
