"""Services of the time bank: what moves, what is refused, and that a refusal writes nothing."""

import datetime as dt
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from tests.conftest import a_user
from tests.volunteers import builders as b
from tests.volunteers.builders import BY, FAR_VILLAGE, VILLAGE, Village, saved
from yinling.kernel.clock import civil_date, now
from yinling.kernel.errors import NotAllowed, NotFound, Refused
from yinling.kernel.models import Change
from yinling.ledger.models import Posting, Transfer
from yinling.ledger.queries import balance_of, verify_books
from yinling.people.services import add_kin, register_death, reverse_death
from yinling.reference.services import set_parameter
from yinling.volunteers import handlers, services
from yinling.volunteers.models import EarnedDay, Order, Receipt, Request
from yinling.volunteers.queries.books import settlement, totals
from yinling.volunteers.services.accounts import BRANCH, COUNTY_OWNER, HELD, POOL_HELD, county_uid, of_branch, of_member
from yinling.worklist.models import WorkItem

pytestmark = pytest.mark.django_db


def test_a_service_is_banked_after_both_sides_confirmed_and_the_days_for_a_dispute(village: Village) -> None:
    order = b.agreed(village)
    assert saved(village.elder) == 0 and saved(village.elder, HELD) == 60
    b.confirmed(b.done(order))
    assert services.bank_due() == 0 and saved(village.volunteer.member) == 0
    order = b.undisputed(order)
    assert order.state == "banked" and order.minutes == 60
    assert saved(village.volunteer.member) == 60 and saved(village.elder, HELD) == 0
    assert services.bank_due() == 0 and not list(verify_books())


def test_what_was_held_too_much_goes_back_to_the_payer(village: Village) -> None:
    order = b.undisputed(b.confirmed(b.done(b.agreed(village, 120), lasting=50)))
    assert order.minutes == 45 and saved(village.volunteer.member) == 45 and saved(village.elder) == 75


def test_nothing_is_agreed_that_the_account_cannot_pay(village: Village) -> None:
    request = b.asked(village, village.elder)
    before = Posting.objects.count()
    with pytest.raises(Refused, match="holds 0 minutes"):
        services.agree(request_uid=request.uid, volunteer_uid=village.volunteer.uid, by=BY)
    assert Posting.objects.count() == before and not Order.objects.exists()
    request.refresh_from_db()
    assert request.state == Request.State.OPEN


def test_the_pool_pays_where_nobodys_hours_do(village: Village) -> None:
    services.donate(member_uid=b.with_hours(village.elder, 90).uid, minutes=90, key="d", by=BY)
    order = services.agree(request_uid=b.asked(village).uid, volunteer_uid=village.volunteer.uid, by=BY)
    assert balance_of(of_branch(village.branch, POOL_HELD)) == 60
    b.undisputed(b.confirmed(b.done(order)))
    assert balance_of(of_branch(village.branch)) == 30 and saved(village.volunteer.member) == 60


def test_hours_of_a_stranger_never_pay(village: Village) -> None:
    stranger = b.with_hours(b.a_member(village.branch, "龙海清"), 60)
    with pytest.raises(Refused, match="oneself or one's spouse"):
        b.asked(village, stranger)
    assert b.asked(village, village.spouse).payer == village.spouse


def test_a_paid_service_is_never_banked_and_gives_the_hours_back(village: Village) -> None:
    order = b.undisputed(b.confirmed(b.done(b.agreed(village), is_paid=True)))
    assert order.state == "refused" and "paid for" in order.finding
    assert saved(village.elder) == 60 and saved(village.volunteer.member) == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(state="banked", minutes=60, transfer_uid=uuid4())


def test_the_database_itself_keeps_two_sides_and_the_days_limit(village: Village) -> None:
    order = b.agreed(village)
    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(state="confirmed")
    with pytest.raises(IntegrityError), transaction.atomic():
        EarnedDay.objects.create(volunteer=village.volunteer, day=civil_date(), minutes=481, most=480)


def test_who_served_does_not_confirm(village: Village) -> None:
    user = a_user("volunteer", VILLAGE, "helper")
    helper = b.a_volunteer(village.branch, "田若兰", user)
    request = b.asked(village, b.with_hours(village.elder, 60))
    order = services.agree(request_uid=request.uid, volunteer_uid=helper.uid, by=BY)
    b.done(order, by=user)
    with pytest.raises((Refused, NotAllowed)):
        services.confirm(uid=order.uid, proof="sign", by=user)
    order.refresh_from_db()
    assert order.state == "done"


def test_a_disputed_service_waits_for_the_county_and_then_does_not_count(village: Village) -> None:
    order = b.confirmed(b.done(b.agreed(village)))
    services.dispute(uid=order.uid, words="没有来", by=village.coordinator)
    assert services.bank_due() == 0
    order.refresh_from_db()
    assert order.dispute() == "没有来" and WorkItem.objects.open().filter(kind="volunteers.settle").exists()
    clerk = a_user("county_clerk", 431224000000)
    services.settle_dispute(uid=order.uid, counts=False, finding="两边核实，没有服务", by=clerk)
    assert saved(village.elder) == 60 and saved(village.volunteer.member) == 0


def test_a_dispute_that_is_not_upheld_is_banked_at_once(village: Village) -> None:
    order = b.confirmed(b.done(b.agreed(village)))
    services.dispute(uid=order.uid, words="时间不对", by=village.coordinator)
    services.settle_dispute(uid=order.uid, counts=True, finding="核实无误", by=BY)
    assert saved(village.volunteer.member) == 60


def test_after_the_days_nobody_disputes(village: Village) -> None:
    order = b.banked(village)
    with pytest.raises(Refused, match="not banked yet"):
        services.dispute(uid=order.uid, words="太晚了", by=village.coordinator)


def test_a_service_taken_back_leaves_both_lines_in_the_books(village: Village) -> None:
    order = b.banked(village)
    clerk = a_user("county_clerk", 431224000000)
    services.take_back_order(uid=order.uid, reason="登记错误", by=clerk)
    assert saved(village.volunteer.member) == 0 and saved(village.elder, HELD) == 60
    assert EarnedDay.objects.get().minutes == 0 and not list(verify_books())
    assert Transfer.objects.filter(kind="reversal").count() == 2


def test_the_excess_above_the_cap_goes_to_the_pool(village: Village) -> None:
    set_parameter(key="time_bank.cap_hours", value=1, valid_from=dt.date(2020, 1, 1), source="test", by=BY)
    b.with_hours(village.volunteer.member, 30)
    b.banked(village, 60)
    assert saved(village.volunteer.member) == 60 and balance_of(of_branch(village.branch)) == 30


def test_a_gift_goes_to_close_kin_alone_and_passes_clearing_between_counties(village: Village) -> None:
    far = b.a_branch("迎丰老年协会", FAR_VILLAGE)
    child = b.a_member(far, "舒小禾")
    giver = b.with_hours(village.elder, 120)
    with pytest.raises(Refused, match="no such kinship"):
        services.gift(member_uid=giver.uid, to_uid=child.uid, minutes=60, key="g", by=BY)
    assert giver.person and child.person
    add_kin(uid=giver.person.uid, name="舒小禾", relation="20", kin_uid=child.person.uid, by=BY)
    for _again in range(2):
        services.gift(member_uid=giver.uid, to_uid=child.uid, minutes=60, key="g", by=BY)
    assert saved(giver) == 60 and saved(child) == 60
    today = civil_date()
    (row,) = settlement(BRANCH, village.branch.uid, today, today)
    assert row.other == far.uid and (row.handed, row.taken, row.net) == (60, 0, 60)
    (back,) = settlement(COUNTY_OWNER, county_uid(FAR_VILLAGE), today, today)
    assert back.other == county_uid(VILLAGE) and back.net == -60


def test_nobody_gives_more_than_they_hold_or_in_odd_minutes(village: Village) -> None:
    before = Transfer.objects.count()
    for minutes, why in ((60, "holds 0"), (20, "steps of 15"), (-15, "steps of 15")):
        with pytest.raises(Refused, match=why):
            services.donate(member_uid=village.elder.uid, minutes=minutes, key="d", by=BY)
    assert Transfer.objects.count() == before


def test_the_pot_grants_no_more_than_it_holds(village: Village) -> None:
    with pytest.raises(Refused, match="grant pot holds 0"):
        services.grant(member_uid=village.elder.uid, minutes=60, reason="困难", key="g", by=BY)
    with pytest.raises(NotAllowed):
        services.fill_grant_pot(place_key=VILLAGE, minutes=60, reason="预算", key="f", by=village.coordinator)


def test_a_coordinators_act_names_both_and_leaves_a_receipt(village: Village) -> None:
    b.with_hours(village.elder, 60)
    services.donate(member_uid=village.elder.uid, minutes=60, key="d", by=village.coordinator)
    receipt = Receipt.objects.get(verb="donate")
    assert (receipt.member_label, receipt.acted_label, receipt.minutes) == ("舒桂香", "coordinator", 60)
    assert Change.objects.filter(type="volunteers.acted_for").exists()


def test_a_member_acts_for_themself_without_a_receipt_and_for_nobody_else(village: Village) -> None:
    user = a_user("volunteer", VILLAGE, "elder-user")
    me = b.with_hours(b.a_member(village.branch, "武秀云", user=user), 60)
    services.donate(member_uid=me.uid, minutes=30, key="d", by=user)
    assert saved(me) == 30 and not Receipt.objects.exists()
    with pytest.raises(NotFound):
        services.donate(member_uid=village.elder.uid, minutes=30, key="e", by=user)


def test_another_branchs_coordinator_finds_nobody_here(village: Village) -> None:
    other = a_user("branch_coordinator", FAR_VILLAGE, "other")
    with pytest.raises(NotFound):
        services.donate(member_uid=village.elder.uid, minutes=30, key="d", by=other)


def test_a_death_locks_the_hours_and_heirs_or_the_pool_get_them(village: Village) -> None:
    elder, person = b.with_hours(village.elder, 120), village.elder.person
    assert person
    register_death(uid=person.uid, died_on=civil_date(), by=BY)
    change = Change.objects.filter(type="people.died").latest("id")
    for _twice in range(2):
        handlers.on_death(change)
    assert of_member(elder).locked_at and WorkItem.objects.open().filter(kind="volunteers.estate").count() == 1
    with pytest.raises(Refused, match="locked"):
        services.donate(member_uid=elder.uid, minutes=30, key="d", by=BY)
    with pytest.raises(Refused, match="close kin"):
        services.inherit(member_uid=elder.uid, shares={village.volunteer.member.uid: 60}, by=BY)
    services.inherit(member_uid=elder.uid, shares={village.spouse.uid: 90}, by=BY)
    assert saved(village.spouse) == 90 and balance_of(of_branch(village.branch)) == 30 and saved(elder) == 0
    assert not WorkItem.objects.open().filter(kind="volunteers.estate").exists()


def test_a_death_that_was_a_mistake_unlocks_the_hours(village: Village) -> None:
    elder, person = b.with_hours(village.elder, 60), village.elder.person
    assert person
    register_death(uid=person.uid, died_on=civil_date(), by=BY)
    handlers.on_death(Change.objects.filter(type="people.died").latest("id"))
    reverse_death(uid=person.uid, by=BY, reason="登记错误")
    handlers.on_death_reversed(Change.objects.filter(type="people.death_reversed").latest("id"))
    services.donate(member_uid=elder.uid, minutes=60, key="d", by=BY)
    assert saved(elder) == 0


def test_old_hours_expire_only_where_the_parameter_says_so(village: Village) -> None:
    b.with_hours(village.elder, 60)
    later = civil_date() + dt.timedelta(days=400)
    assert services.expire_due(on=later) == 0
    set_parameter(key="time_bank.expiry_months", value=12, valid_from=dt.date(2020, 1, 1), source="test", by=BY)
    assert services.expire_due(on=later) == 1 and saved(village.elder) == 0
    assert services.expire_due(on=later) == 0


def test_a_correction_says_why_and_never_overdraws(village: Village) -> None:
    with pytest.raises(Refused, match="Say why"):
        services.adjust(member_uid=village.elder.uid, minutes=60, reason=" ", key="a", by=BY)
    with pytest.raises(Refused, match="holds 0"):
        services.adjust(member_uid=village.elder.uid, minutes=-60, reason="错账", key="b", by=BY)
    services.adjust(member_uid=village.elder.uid, minutes=60, reason="补记纸质账", key="c", by=BY)
    assert saved(village.elder) == 60


def test_whatever_happens_the_book_balances(village: Village) -> None:
    b.banked(village)
    services.donate(member_uid=village.volunteer.member.uid, minutes=15, key="d", by=BY)
    services.adjust(member_uid=village.elder.uid, minutes=30, reason="补记", key="c", by=BY)
    found = totals()
    assert found.balances and found.promised == 45 + 15 + 30
    assert not list(verify_books())


def test_a_volunteer_without_checks_or_insurance_takes_no_order(village: Village) -> None:
    member = b.a_member(village.branch, "田若兰")
    made = services.apply(member_uid=member.uid, application=services.Application(), by=BY)
    with pytest.raises(Refused, match="3 of the checks"):
        services.accept(uid=made.uid, by=BY)
    village.volunteer.insurances.update(valid_to=civil_date() - b.DAY)
    request = b.asked(village, b.with_hours(village.elder, 60))
    with pytest.raises(Refused, match="no insurance"):
        services.agree(request_uid=request.uid, volunteer_uid=village.volunteer.uid, by=BY)


def test_a_duty_comes_before_an_insurance_ends_and_goes_when_it_is_renewed(village: Village) -> None:
    village.volunteer.insurances.update(valid_to=civil_date() + 10 * b.DAY)
    for _twice in range(2):
        services.ask_for_insurance(by=BY, on=civil_date())
    duty = WorkItem.objects.open().get(kind="volunteers.insure")
    assert duty.user == village.coordinator
    services.insure(
        uid=village.volunteer.uid, insurer="人保", policy="P2", valid_from=civil_date(),
        valid_to=civil_date() + 365 * b.DAY, by=BY,
    )  # fmt: skip
    assert not WorkItem.objects.open().filter(kind="volunteers.insure").exists()


def test_cancelling_gives_the_hours_back(village: Village) -> None:
    order = b.agreed(village)
    services.cancel(uid=order.uid, reason="老人住院", by=village.coordinator)
    assert saved(village.elder) == 60 and saved(village.elder, HELD) == 0


def test_a_request_on_the_past_or_under_sixty_is_refused(village: Village) -> None:
    with pytest.raises(Refused, match="in the past"):
        b.asked(village, starts_at=now() - b.DAY)
    young = b.a_person("舒小妹", VILLAGE, dt.date(1990, 1, 1))
    member = b.a_member(village.branch, person=young)
    wanted = services.Ask("company", b.tomorrow(), 60, member.uid)
    with pytest.raises(Refused, match="from the age of 60"):
        services.ask(member_uid=member.uid, wanted=wanted, by=BY)
