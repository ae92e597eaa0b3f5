"""Terms that run out in homes: each is a parameter, and another value of it gives another day."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.institutions.builders import BY, a_home, a_manager, a_person, a_resident, ago, beds_in, waiting
from yinling.accounts.models import User
from yinling.institutions import queries, services
from yinling.institutions.models import BedUse, Institution, Leave, Stay
from yinling.institutions.services import Facts
from yinling.institutions.services.staffing import Paper
from yinling.kernel.clock import civil_date, now
from yinling.kernel.errors import Refused
from yinling.ledger.models import Transfer
from yinling.ledger.services import take_back
from yinling.places.models import Place
from yinling.reference.services import set_parameter
from yinling.worklist.models import WorkItem
from yinling.worklist.services import close_by_hand

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.institutions.addresses")]
LONG_AGO = dt.date(2020, 1, 1)
FEE = 180_000


@pytest.fixture
def home(city: Place, lists: None) -> Institution:
    made = a_home()
    beds_in(made, 3)
    return made


def says(key: str, value: Any, **more: Any) -> None:
    """A parameter holds since long ago."""
    set_parameter(key=key, value=value, valid_from=LONG_AGO, by=BY, **more)


def in_days(count: int) -> dt.date:
    return civil_date() + dt.timedelta(days=count)


def duties(kind: str) -> list[WorkItem]:
    return list(WorkItem.objects.open().filter(kind=f"institutions.{kind}").order_by("id"))


def in_hospital(stay: Stay, days: float) -> Leave:
    return services.go_on_leave(
        stay_uid=stay.uid, kind="hospital", due_back=now() + dt.timedelta(days=90), by=BY, out_at=ago(days)
    )


@pytest.mark.parametrize(("days", "asked"), [(30, 0), (10, 1)])
def test_after_some_days_in_hospital_the_home_decides_about_the_bed_and_nothing_is_freed(
    days: int, asked: int, home: Institution
) -> None:
    says("bed.hold_days_in_hospital", days)
    manager, stay = a_manager(home), a_resident(home, days_ago=40)
    leave = in_hospital(stay, 12)
    assert services.ask_about_held_beds(by=BY) == asked and services.ask_about_held_beds(by=BY) == 0
    assert [one.user for one in duties("hold")] == [manager] * asked
    assert BedUse.objects.open().get(stay=stay).kind == BedUse.OCCUPIED
    services.come_back(leave_uid=leave.uid, by=BY)
    assert duties("hold") == []


def test_a_home_that_has_decided_to_keep_the_bed_is_not_asked_again(home: Institution) -> None:
    says("bed.hold_days_in_hospital", 10)
    manager, stay = a_manager(home), a_resident(home, days_ago=40)
    in_hospital(stay, 12)
    services.ask_about_held_beds(by=BY)
    close_by_hand(uid=duties("hold")[0].uid, by=manager, note="家属同意保留")
    assert services.ask_about_held_beds(by=BY) == 0 and duties("hold") == []


@pytest.mark.parametrize(("days", "lapsed"), [(3, 0), (2, 1)])
def test_an_offer_that_nobody_answers_lapses_and_the_bed_is_free(days: int, lapsed: int, home: Institution) -> None:
    says("admission.offer_days", days)
    found = waiting(home)
    services.reserve_bed(application_uid=found.uid, by=BY)
    assert services.let_offers_lapse(by=BY, on=in_days(3)) == lapsed
    assert services.let_offers_lapse(by=BY, on=in_days(3)) == 0
    assert BedUse.objects.open().count() == 1 - lapsed and len(duties("offer")) == lapsed
    found.refresh_from_db()
    assert found.state == "waiting"
    services.admit(application_uid=found.uid, by=BY)
    assert duties("offer") == []


def test_the_application_says_until_when_the_bed_is_kept(client: Client, keeper: User, home: Institution) -> None:
    says("admission.offer_days", 3)
    found = waiting(home)
    services.reserve_bed(application_uid=found.uid, by=BY)
    client.force_login(keeper)
    page = client.get(reverse("institutions:application", args=[found.uid]))
    assert page.context["kept_until"] == in_days(3)


def test_a_home_is_to_be_filed_some_working_days_after_its_first_resident(home: Institution) -> None:
    assert services.ask_for_filings(by=BY) == 0
    a_resident(home, days_ago=10)
    assert services.ask_for_filings(by=BY) == 0, "no pack states the days"
    says("institution.filing_working_days", 10)
    assert services.ask_for_filings(by=BY) == 1 and services.ask_for_filings(by=BY) == 0
    first = duties("filing")[0]
    services.change_institution(uid=home.uid, facts=Facts(filing_number="99-00017"), by=BY)
    assert duties("filing") == [] and services.ask_for_filings(by=BY) == 0
    Institution.objects.update(filing_number=None)
    set_parameter(key="institution.filing_working_days", value=20, valid_from=civil_date(), by=BY)
    services.ask_for_filings(by=BY)
    assert duties("filing")[0].due_at > first.due_at


@pytest.mark.parametrize(("days", "opened"), [(60, 0), (90, 1)])
def test_a_contract_with_a_medical_institution_is_told_of_on_its_own_day(
    days: int, opened: int, home: Institution
) -> None:
    says("institution.agreement_warning_days", days)
    for kind in ("medical_contract", "food"):
        services.record_licence(uid=home.uid, paper=Paper(kind, expires_on=in_days(80)), by=BY)
    assert services.remind_of_licences(by=BY) == opened
    assert [one.key for one in duties("licence")] == ["90"] * opened


@pytest.mark.parametrize(("steps", "opened"), [([60, 30], 0), ([90, 30], 1)])
def test_the_days_before_a_certificate_ends_are_a_parameter(steps: list[int], opened: int, home: Institution) -> None:
    says("certificate.warning_days", steps)
    services.hire(
        uid=home.uid, name="覃护理", post="carer", by=BY, certificates=(Paper("health", expires_on=in_days(80)),)
    )
    assert services.remind_of_certificates(by=BY) == opened


def test_papers_of_a_stay_are_kept_for_years_after_it_has_ended(
    client: Client, keeper: User, home: Institution
) -> None:
    stay = a_resident(home)
    assert services.papers_kept_until(stay) is None
    stay = services.discharge(stay_uid=stay.uid, reason="home", by=BY)
    for years in (5, 10):
        says("institution.archive_years", years) if years == 5 else set_parameter(
            key="institution.archive_years", value=years, valid_from=civil_date(), by=BY
        )
        kept = services.papers_kept_until(stay)
        assert kept is not None and kept.year == civil_date().year + years
    client.force_login(keeper)
    assert client.get(reverse("institutions:stay", args=[stay.uid])).context["kept_until"] == kept


@pytest.mark.parametrize(
    ("pay", "key"),
    [(services.prepay, "fees.prepayment_months_limit"), (services.take_deposit, "fees.deposit_months_limit")],
)
def test_a_limit_of_what_is_paid_ahead_refuses_only_once_it_is_verified(pay: Any, key: str, home: Institution) -> None:
    stay = a_resident(home)
    says(key, 2)
    pay(stay_uid=stay.uid, amount_fen=FEE * 3, key="1", by=BY)
    assert len(services.payment_doubts(stay)) == 1
    set_parameter(key=key, value=4, valid_from=civil_date(), by=BY, source="a document", verified=True)
    assert services.payment_doubts(stay) == []
    before = Transfer.objects.count()
    with pytest.raises(Refused, match="4 monthly fees"):
        pay(stay_uid=stay.uid, amount_fen=FEE * 2, key="2", by=BY)
    assert Transfer.objects.count() == before
    pay(stay_uid=stay.uid, amount_fen=FEE, key="3", by=BY)
    pay(stay_uid=stay.uid, amount_fen=FEE, key="3", by=BY)
    assert Transfer.objects.count() == before + 1


def test_what_was_taken_back_can_be_entered_again(home: Institution) -> None:
    stay = a_resident(home, days_ago=40)
    wrong = services.prepay(stay_uid=stay.uid, amount_fen=FEE * 3, key="收据7", by=BY)
    take_back(uid=wrong.uid, by=BY, reason="金额写错")
    services.prepay(stay_uid=stay.uid, amount_fen=FEE * 2, key="收据7", by=BY)
    month = civil_date().replace(day=1)
    fee = services.charge(stay_uid=stay.uid, month=month, by=BY)
    take_back(uid=fee.uid, by=BY, reason="月份选错")
    again = services.charge(stay_uid=stay.uid, month=month, by=BY)
    assert again.pk != fee.pk and services.charge(stay_uid=stay.uid, month=month, by=BY).pk == again.pk
    assert services.balances(stay).prepayment_fen < FEE * 2


def test_targets_stand_beside_the_shares_of_the_day(client: Client, keeper: User, home: Institution) -> None:
    beds_in(home, 1, kind="nursing", floor=2)
    a_resident(home)
    client.force_login(keeper)
    address = reverse("institutions:occupancy")
    assert client.get(address).context["targets"] == []
    says("institution.occupancy_target", 75)
    says("institution.nursing_bed_target", 20)
    found = client.get(address).context["targets"]
    assert [(one.share, one.goal, one.is_reached) for one in found] == [(0.25, 0.75, False), (0.25, 0.2, True)]
    set_parameter(key="institution.occupancy_target", value=25, valid_from=civil_date(), by=BY)
    assert client.get(address).context["targets"][0].is_reached


@pytest.mark.usefixtures("ratios")
@pytest.mark.parametrize("key", ["self_caring", "semi", "full"])
def test_another_ratio_asks_for_another_number_of_carers(key: str, home: Institution) -> None:
    for level, name in ((0, "舒禾"), (1, "向禾"), (4, "瞿禾")):
        stay = a_resident(home, a_person(name))
        Stay.objects.filter(pk=stay.pk).update(level=level)
    assert queries.staffing_of([home])[home.pk].needed == 1
    set_parameter(key=f"staff.ratio_{key}", value=1, valid_from=civil_date(), by=BY)
    assert queries.staffing_of([home])[home.pk].needed == 2
