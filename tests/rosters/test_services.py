"""Rosters are opened, planned, filled by hand and swapped; each refusal writes nothing."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from yinling.accounts.models import User
from yinling.kernel.clock import CITY_ZONE, civil_date, now
from yinling.kernel.errors import NotAllowed, NotFound, Refused
from yinling.kernel.models import Change
from yinling.reference.queries import is_working_day
from yinling.rosters import services
from yinling.rosters.models import Roster, Swap, Turn
from yinling.rosters.queries import next_turns, on_duty, possible_users
from yinling.rosters.rules import Span

from .builders import (
    CITY,
    DIZHUANG,
    HECHENG,
    LUFENG,
    SYSTEM,
    VILLAGE,
    XUPU,
    a_home,
    a_roster,
    a_shift,
    at,
    on,
    somebody,
)  # fmt: skip

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]
WEEK = dt.timedelta(days=6)


@pytest.fixture
def clerk(city: Any) -> User:
    return somebody("舒禾", role="township_clerk")


def planned(shift: Any, users: list[User], days: int = 7, by: Any = SYSTEM) -> services.Plan:
    first = civil_date() + dt.timedelta(days=1)
    return services.plan_turns(
        shift_uid=shift.uid, first=first, last=first + dt.timedelta(days=days - 1), users=users, by=by
    )


def test_a_post_is_kept_once_per_division_and_once_per_home(clerk: User):
    a_roster(organisation=a_home())
    first = a_roster()
    with pytest.raises(Refused, match="keeps this post already"):
        services.open_roster(post="duty_officer", name="又一张", place_key=LUFENG, by=clerk)
    assert Roster.objects.count() == 2
    assert Change.objects.filter(type="rosters.opened", subject_uid=first.uid).count() == 1


def test_a_clerk_opens_no_roster_elsewhere(clerk: User):
    with pytest.raises(NotAllowed):
        services.open_roster(post="hotline", name="热线", place_key=DIZHUANG, by=clerk)
    assert not Roster.objects.exists()


def test_a_roster_of_another_township_reads_as_not_found(clerk: User):
    elsewhere = a_roster(DIZHUANG)
    with pytest.raises(NotFound):
        services.put_on(
            roster_uid=elsewhere.uid, user=clerk, starts_at=at("08:00", 1), ends_at=at("18:00", 1), by=clerk
        )
    assert not Turn.objects.exists()


def test_planning_serves_equally_and_again_changes_nothing():
    shift, users = a_shift(a_roster()), [somebody("甲"), somebody("乙"), somebody("丙")]
    made = planned(shift, users, days=6)
    assert [turn.user for turn in made.turns] == users * 2
    assert planned(shift, users, days=6).turns == []
    more = planned(shift, users, days=7)
    assert [turn.user.name for turn in more.turns] == ["甲"]
    assert Turn.objects.count() == 7


def test_working_days_come_from_the_holiday_table():
    shift, users = a_shift(a_roster(), days="working"), [somebody("甲")]
    made = planned(shift, users, days=7)
    days = [turn.starts_at.astimezone(CITY_ZONE).date() for turn in made.turns]
    assert days and all(is_working_day(day) for day in days)
    assert len(days) == sum(is_working_day(civil_date() + dt.timedelta(days=n)) for n in range(1, 8))


def test_whoever_is_on_duty_elsewhere_is_passed_over_and_gaps_are_told():
    busy = somebody("甲")
    on(a_roster(post="hotline"), busy)
    made = planned(a_shift(a_roster()), [busy], days=2)
    assert len(made.turns) == 1
    assert made.open_slots == [Span(at("08:00", 1), at("18:00", 1))]


def test_planning_the_past_is_refused_and_nothing_is_written():
    shift = a_shift(a_roster())
    yesterday = civil_date() - dt.timedelta(days=1)
    with pytest.raises(Refused, match="is over"):
        services.plan_turns(shift_uid=shift.uid, first=yesterday, last=civil_date(), users=[somebody("甲")], by=SYSTEM)
    assert not Turn.objects.exists()


def test_who_holds_no_role_there_is_not_put_on():
    roster, stranger = a_roster(), somebody("客", HECHENG)
    with pytest.raises(Refused, match="holds no role for duty"):
        on(roster, stranger)
    with pytest.raises(Refused, match="holds no role for duty"):
        on(roster, somebody("探", VILLAGE, "village_visitor"))
    assert not Turn.objects.exists()


def test_two_duties_at_once_are_refused_with_the_name_of_the_other():
    user = somebody("甲")
    on(a_roster(post="hotline"), user, "20:00", "08:00")
    with pytest.raises(Refused, match="值班干部表"):
        on(a_roster(), user, "07:00", "09:00", days=2)
    on(Roster.objects.get(post="duty_officer"), user, "08:00", "18:00", days=2)
    assert Turn.objects.count() == 2


def test_the_database_itself_refuses_two_duties_at_once_and_a_changed_turn():
    roster, user = a_roster(), somebody("甲")
    turn = on(roster, user)
    with pytest.raises(IntegrityError, match="one_duty_at_a_time"), transaction.atomic():
        Turn.objects.create(roster=roster, user=user, starts_at=at("17:59", 1), ends_at=at("19:00", 1))
    with pytest.raises(IntegrityError, match="never_changed"), transaction.atomic():
        Turn.objects.filter(pk=turn.pk).update(ends_at=at("19:00", 1))
    with pytest.raises(IntegrityError, match="turn_ends_after_it_starts"), transaction.atomic():
        Turn.objects.create(roster=roster, user=user, starts_at=at("19:00", 1), ends_at=at("19:00", 1))
    Turn.objects.create(roster=roster, user=user, starts_at=at("18:00", 1), ends_at=at("19:00", 1))


def test_a_race_between_planners_ends_in_words(monkeypatch: pytest.MonkeyPatch):
    roster, user = a_roster(), somebody("甲")
    on(roster, user)
    monkeypatch.setattr(services, "_busy_at", lambda *_: "")
    with pytest.raises(Refused, match="just now"):
        on(roster, user)


def test_taking_off_needs_a_reason_and_leaves_the_row(clerk: User):
    turn = on(a_roster(), somebody("甲"))
    with pytest.raises(Refused, match="needs a reason"):
        services.take_off(turn_uid=turn.uid, reason=" ", by=clerk)
    assert Turn.objects.standing().count() == 1
    services.take_off(turn_uid=turn.uid, reason="住院", by=clerk)
    assert (Turn.objects.count(), Turn.objects.standing().count()) == (1, 0)
    with pytest.raises(Refused, match="taken off before"):
        services.take_off(turn_uid=turn.uid, reason="住院", by=clerk)


def test_what_was_served_stays_on_record(clerk: User):
    turn = on(a_roster(), somebody("甲"), days=-2)
    with pytest.raises(Refused, match="is over"):
        services.take_off(turn_uid=turn.uid, reason="记错", by=clerk)
    assert Turn.objects.standing().count() == 1


def test_a_carer_plans_nothing():
    carer = somebody("护", role="carer")
    turn = on(a_roster(), carer)
    with pytest.raises(NotAllowed):
        services.take_off(turn_uid=turn.uid, reason="不想", by=carer)


def test_a_swap_passes_the_turn_and_waits_for_the_receipt():
    giver, taker = somebody("甲"), somebody("乙")
    turn = on(a_roster(), giver)
    swap = services.offer_swap(turn_uid=turn.uid, by=giver, note="孩子生病")
    assert services.offer_swap(turn_uid=turn.uid, by=giver).pk == swap.pk
    new = services.take_swap(swap_uid=swap.uid, by=taker)
    turn.refresh_from_db()
    assert (new.replaces_id, new.user, turn.voided_at is not None) == (turn.pk, taker, True)
    with pytest.raises(Refused, match="other side"):
        services.receive_swap(swap_uid=swap.uid, by=taker)
    services.receive_swap(swap_uid=swap.uid, by=giver)
    swap.refresh_from_db()
    assert swap.received_by == giver
    assert next_turns(giver) == [] and [t.pk for t in next_turns(taker)] == [new.pk]


def test_an_offer_leaves_one_on_duty_until_somebody_takes_it():
    giver = somebody("甲")
    turn = on(a_roster(), giver)
    services.offer_swap(turn_uid=turn.uid, by=giver)
    assert [user.pk for user in on_duty(LUFENG, "duty_officer", at("09:00", 1))] == [giver.pk]


@pytest.mark.parametrize("what", ["own", "quicker", "withdrawn", "busy", "begun"])
def test_an_offer_is_not_taken(what: str, monkeypatch: pytest.MonkeyPatch):
    giver, taker, other = somebody("甲"), somebody("乙"), somebody("丙")
    roster = a_roster()
    turn = on(roster, giver)
    swap = services.offer_swap(turn_uid=turn.uid, by=giver)
    if what == "quicker":
        services.take_swap(swap_uid=swap.uid, by=other)
    elif what == "withdrawn":
        services.withdraw_swap(swap_uid=swap.uid, by=giver)
    elif what == "busy":
        on(roster, taker, "17:00", "20:00")
    elif what == "begun":
        monkeypatch.setattr(services, "now", lambda: at("08:00", 1))
    before = Turn.objects.count()
    with pytest.raises(Refused):
        services.take_swap(swap_uid=swap.uid, by=giver if what == "own" else taker)
    assert Turn.objects.count() == before
    assert not Swap.objects.filter(taken_by=taker).exists()


def test_only_own_turns_that_lie_ahead_are_offered():
    roster, giver = a_roster(), somebody("甲")
    turn, past = on(roster, giver), on(roster, giver, days=-1)
    with pytest.raises(Refused, match="colleague's turn"):
        services.offer_swap(turn_uid=turn.uid, by=somebody("乙"))
    with pytest.raises(Refused, match="has begun"):
        services.offer_swap(turn_uid=past.uid, by=giver)
    assert not Swap.objects.exists()


def test_what_a_colleague_took_cannot_be_withdrawn_and_a_stranger_withdraws_nothing():
    giver, taker = somebody("甲"), somebody("乙")
    swap = services.offer_swap(turn_uid=on(a_roster(), giver).uid, by=giver)
    with pytest.raises(Refused, match="colleague's offer"):
        services.withdraw_swap(swap_uid=swap.uid, by=taker)
    services.take_swap(swap_uid=swap.uid, by=taker)
    with pytest.raises(Refused, match="taken this turn already"):
        services.withdraw_swap(swap_uid=swap.uid, by=giver)


def test_taking_a_turn_off_ends_its_offer(clerk: User):
    giver = somebody("甲")
    turn = on(a_roster(), giver)
    services.offer_swap(turn_uid=turn.uid, by=giver)
    services.take_off(turn_uid=turn.uid, reason="停电", by=clerk)
    assert not Swap.objects.open().exists()


def test_on_duty_climbs_from_the_home_to_the_city():
    home, evening = a_home(), at("21:00", 1)
    assert on_duty(home.uid, "duty_officer", evening) == []
    expected = []
    for whose, name in ((CITY, "市"), (XUPU, "县"), (LUFENG, "镇"), (home, "院")):
        roster = a_roster(organisation=home) if whose is home else a_roster(whose)
        user = somebody(name, LUFENG if whose is home else whose)
        on(roster, user, "20:00", "08:00")
        assert [found.name for found in on_duty(home.uid, "duty_officer", evening)] == [name]
        expected.append(name)
    assert [found.name for found in on_duty(VILLAGE, "duty_officer", evening)] == ["镇"]
    assert [found.name for found in on_duty(DIZHUANG, "duty_officer", evening)] == ["县"]
    assert [found.name for found in on_duty(HECHENG, "duty_officer", evening)] == ["市"]
    assert on_duty(HECHENG, "duty_officer", at("08:00", 2)) == []
    assert on_duty(HECHENG, "hotline", evening) == []


def test_possible_users_come_nearest_first_and_only_with_duty():
    near, far = somebody("近", LUFENG), somebody("远", XUPU)
    somebody("探", VILLAGE, "village_visitor")
    assert possible_users(a_roster()) == [near, far]


def test_the_end_of_a_shift_stops_planning_only(clerk: User):
    shift, user = a_shift(a_roster()), somebody("甲")
    planned(shift, [user], days=2)
    services.end_shift(shift_uid=shift.uid, by=clerk)
    services.end_shift(shift_uid=shift.uid, by=clerk)
    assert Change.objects.filter(type="rosters.shift_ended").count() == 1
    assert Turn.objects.standing().filter(starts_at__gt=now()).count() == 2
    with pytest.raises(NotFound):
        planned(shift, [user])
