"""From application to leaving: classes, waiting list, beds, money, what is refused and what is written."""

import datetime as dt
from typing import Any

import pytest

from tests.conftest import HECHENG, QIAOJIANG
from tests.institutions.builders import a_home, a_manager, a_person, a_resident, ago, beds_in, waiting
from yinling.accounts.models import User
from yinling.institutions import queries, services
from yinling.institutions.handlers import on_death
from yinling.institutions.models import Application, BedUse, Institution, Leave, Stay
from yinling.institutions.services.staffing import Paper
from yinling.kernel.actors import System
from yinling.kernel.clock import civil_date, now
from yinling.kernel.errors import NotAllowed, NotFound, Refused
from yinling.kernel.models import Change
from yinling.ledger.queries import verify_books
from yinling.people.models import Grant, Person, Whereabouts
from yinling.people.services import join_category, register_death
from yinling.places.models import Place
from yinling.worklist.models import WorkItem

pytestmark = pytest.mark.django_db
BY = System("test")


@pytest.fixture
def home(city: Place) -> Institution:
    made = a_home()
    beds_in(made, 2)
    return made


def nothing_written() -> bool:
    return not Stay.objects.exists() and not BedUse.objects.exists()


def test_the_destitute_come_first_then_the_earlier_acceptance(home: Institution) -> None:
    first, second, poor = a_person("舒禾"), a_person("向禾"), a_person("瞿禾")
    join_category(uid=poor.uid, category="destitute", by=BY, source="test", on=dt.date(2024, 1, 1))
    for person in (first, second, poor):
        waiting(home, person)
    assert [one.person for one in queries.waiting_list(BY)] == [poor, first, second]
    assert "Destitute" in str(queries.waiting_list(BY)[0].reasons)


def test_an_application_opens_a_duty_and_shows_the_person_to_the_manager(home: Institution) -> None:
    manager, person = a_manager(home), a_person()
    assert not Person.objects.visible_to(manager).exists()
    made = services.apply_for_admission(person_uid=person.uid, institution_uid=home.uid, by=BY)
    assert WorkItem.objects.open().get().kind == "institutions.review"
    assert list(Person.objects.visible_to(manager)) == [person]
    services.review(application_uid=made.uid, decision="refused", reason="床位不足", by=BY)
    assert not WorkItem.objects.open().exists() and not Person.objects.visible_to(manager).exists()


def test_admission_writes_stay_bed_whereabouts_grant_accounts_and_change(home: Institution) -> None:
    manager = a_manager(home)
    done = services.admit(application_uid=waiting(home).uid, by=manager)
    stay = done.stay
    assert BedUse.objects.open().get(stay=stay).bed == done.bed
    assert Whereabouts.objects.get(valid_to__isnull=True).kind == "stay"
    assert Grant.objects.filter(ended_at__isnull=True).get().ground == "stay"
    assert services.balances(stay).prepayment_fen == 0
    assert Change.objects.get(type="institutions.admitted").data["bed_uid"] == str(done.bed.uid)
    assert Application.objects.get().state == "admitted" and stay.fee_fen == 180_000
    assert "without a valid assessment" in str(done.warnings[0])


def test_no_free_bed_is_refused_with_figures_and_nothing_is_written(home: Institution) -> None:
    for name in ("舒禾", "向禾"):
        a_resident(home, a_person(name))
    third = waiting(home, a_person("瞿禾"))
    with pytest.raises(Refused, match="2 of 2 are held"):
        services.admit(application_uid=third.uid, by=BY)
    assert Stay.objects.count() == 2
    third.refresh_from_db()
    assert third.state == "waiting"


@pytest.mark.parametrize("decided", [False, True])
def test_only_accepted_applications_lead_to_admission(decided: bool, home: Institution) -> None:
    made = services.apply_for_admission(person_uid=a_person().uid, institution_uid=home.uid, by=BY)
    if decided:
        services.withdraw(application_uid=made.uid, reason="不来了", by=BY)
    with pytest.raises(Refused, match="accepted"):
        services.admit(application_uid=made.uid, by=BY)
    assert nothing_written()


def test_a_dead_person_is_not_admitted_and_a_death_in_a_home_opens_a_duty(home: Institution) -> None:
    person = a_person()
    made = waiting(home, person)
    register_death(uid=person.uid, died_on=civil_date(), by=BY)
    with pytest.raises(Refused, match="dead"):
        services.admit(application_uid=made.uid, by=BY)
    stay = a_resident(home, a_person("向禾"))
    register_death(uid=stay.person.uid, died_on=civil_date(), by=BY)
    for _twice in range(2):
        on_death(Change.objects.get(type="people.died", subject_uid=stay.person.uid))
    assert WorkItem.objects.open().get(kind="institutions.discharge").subject_uid == stay.uid


def test_a_reserved_bed_is_kept_for_its_application(home: Institution) -> None:
    kept, other = waiting(home, a_person("舒禾")), waiting(home, a_person("向禾"))
    use = services.reserve_bed(application_uid=kept.uid, by=BY)
    services.set_bed_state(bed_uid=home.beds.exclude(pk=use.bed_id).get().uid, state="under_repair", by=BY)
    with pytest.raises(Refused, match="1 of 1 are held"):
        services.admit(application_uid=other.uid, by=BY)
    assert services.admit(application_uid=kept.uid, by=BY).bed.pk == use.bed_id
    with pytest.raises(Refused, match="holds this bed"):
        services.set_bed_state(bed_uid=use.bed.uid, state="closed", by=BY)


def test_a_transfer_between_homes_happens_whole_or_not_at_all(home: Institution) -> None:
    stay, other = a_resident(home), a_home("桥江镇敬老院", QIAOJIANG)
    with pytest.raises(Refused, match="No usable bed"):
        services.transfer(stay_uid=stay.uid, to_uid=other.uid, by=BY, reason="离家近")
    stay.refresh_from_db()
    assert stay.left_at is None and Stay.objects.count() == 1
    beds_in(other, 1)
    made = services.transfer(stay_uid=stay.uid, to_uid=other.uid, by=BY, reason="离家近")
    stay.refresh_from_db()
    assert stay.left_at == made.admitted_at and made.came_from == stay
    assert BedUse.objects.open().get().stay == made
    assert Whereabouts.objects.get(valid_to__isnull=True).origin_uid == made.uid


def test_leave_and_return_keep_the_bed_and_hospital_counts_as_reserved(home: Institution) -> None:
    stay = a_resident(home)
    slip = services.go_on_leave(
        stay_uid=stay.uid, kind="hospital", due_back=now() + dt.timedelta(days=3), by=BY, out_at=ago(1)
    )
    with pytest.raises(Refused, match="out already"):
        services.go_on_leave(stay_uid=stay.uid, kind="outing", due_back=now() + dt.timedelta(days=1), by=BY)
    beds = queries.beds_of([home])[home.pk]
    assert (beds.occupied, beds.reserved, beds.residents, beds.set_up) == (0, 1, 1, 2)
    assert WorkItem.objects.open().filter(kind="institutions.return").exists()
    services.come_back(leave_uid=slip.uid, by=BY)
    assert queries.beds_of([home])[home.pk].occupied == 1
    assert not WorkItem.objects.open().filter(kind="institutions.return").exists()
    assert Leave.objects.get().back_at is not None


def test_a_month_is_charged_once_and_only_from_what_was_paid(home: Institution) -> None:
    stay = a_resident(home, days_ago=70)
    month = (civil_date() - dt.timedelta(days=35)).replace(day=1)
    with pytest.raises(Refused, match="Pay in first"):
        services.charge(stay_uid=stay.uid, month=month, by=BY)
    services.prepay(stay_uid=stay.uid, amount_fen=400_000, key="收据1", by=BY)
    services.prepay(stay_uid=stay.uid, amount_fen=400_000, key="收据1", by=BY)
    for _twice in range(2):
        services.charge(stay_uid=stay.uid, month=month, by=BY)
    assert services.balances(stay).prepayment_fen == 220_000
    services.take_deposit(stay_uid=stay.uid, amount_fen=100_000, key="押金", by=BY)
    with pytest.raises(Refused, match="after leaving"):
        services.refund(stay_uid=stay.uid, by=BY)
    services.discharge(stay_uid=stay.uid, reason="home", by=BY)
    services.refund(stay_uid=stay.uid, by=BY)
    assert services.balances(stay).prepayment_fen == services.balances(stay).deposit_fen == 0
    assert not list(verify_books())


def test_occupancy_of_a_past_day_is_the_same_when_asked_as_known_then(home: Institution, keeper: User) -> None:
    stay = a_resident(home, days_ago=10)
    day = civil_date() - dt.timedelta(days=4)
    services.discharge(stay_uid=stay.uid, reason="home", by=BY, left_at=ago(2))
    known = now()
    services.correct_discharge(stay_uid=stay.uid, left_at=ago(6), reason="补录", by=BY)
    services.set_bed_state(bed_uid=home.beds.order_by("pk")[0].uid, state="closed", by=BY, on=day)

    def asked(at: Any) -> tuple[int, int]:
        total, _below = queries.occupancy(keeper, division=431224000000, day=day, known_at=at)
        return total.occupied, total.set_up

    assert asked(known) == (1, 2)
    assert asked(now()) == (0, 1)


def test_occupancy_adds_up_by_division_and_kind(home: Institution, keeper: User) -> None:
    other = a_home("桥江镇敬老院", QIAOJIANG, kind="home", operator_model="private")
    beds_in(other, 3, kind="nursing")
    a_home("鹤城养老院", HECHENG)
    a_resident(home)
    total, below = queries.occupancy(keeper, division=431224000000, day=civil_date(), known_at=now())
    assert (total.set_up, total.occupied, total.nursing) == (5, 1, 3)
    assert {key: beds.set_up for key, beds in below.items()} == {431224100000: 2, 431224103000: 3}
    table = queries.occupancy_table(keeper, division=431224000000, day=civil_date(), known_at=now())
    assert table.kinds["home"].nursing_share == 1.0 and [name for _uid, name, _beds in table.homes] == [
        home.name,
        other.name,
    ]


def test_another_county_and_another_home_are_not_there(home: Institution, other_county_clerk: User) -> None:
    stay = a_resident(home)
    with pytest.raises(NotFound):
        services.discharge(stay_uid=stay.uid, reason="home", by=other_county_clerk)
    elsewhere = a_home("桥江镇敬老院", QIAOJIANG)
    manager = a_manager(elsewhere, "else")
    assert list(Institution.objects.visible_to(manager)) == [elsewhere]
    with pytest.raises(NotFound):
        services.discharge(stay_uid=stay.uid, reason="home", by=manager)
    assert not Stay.objects.visible_to(manager).exists()


def test_a_carer_without_the_permission_is_told_so(home: Institution, village_visitor: User) -> None:
    with pytest.raises(NotAllowed):
        services.register_institution(place_key=home.place_key, facts=services.Facts(name="x"), by=village_visitor)


def test_licences_open_one_duty_per_step_and_the_renewal_closes_it(home: Institution) -> None:
    today = civil_date()
    paper = Paper("food", "990001", expires_on=today + dt.timedelta(days=50))
    services.record_licence(uid=home.uid, paper=paper, by=BY)
    for days, key in ((0, "60"), (20, "30"), (20, "30"), (45, "7"), (50, "0"), (70, "0")):
        services.remind_of_licences(by=BY, on=today + dt.timedelta(days=days))
        assert WorkItem.objects.open().get(kind="institutions.licence").key == key
    services.record_licence(
        uid=home.uid, paper=Paper("food", "990002", expires_on=today + dt.timedelta(days=900)), by=BY
    )
    assert not WorkItem.objects.open().filter(kind="institutions.licence").exists()
    assert [licence.number for licence in queries.licences_of(home)] == ["990002"]


def test_a_new_manager_sees_the_residents_until_the_post_ends(home: Institution) -> None:
    stay = a_resident(home)
    manager = a_manager(home)
    assert list(Person.objects.visible_to(manager)) == [stay.person]
    services.end_post(staff_uid=home.staff.get().uid, by=BY)
    assert not Person.objects.visible_to(manager).exists()
