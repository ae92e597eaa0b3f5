"""Duties are opened, closed, paused, handed over and raised; each refusal writes nothing."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from yinling.accounts.models import User
from yinling.accounts.roles import Role, offer
from yinling.kernel import clock
from yinling.kernel.actors import System
from yinling.kernel.errors import NotAllowed, NotFound, Refused
from yinling.kernel.models import Change
from yinling.kernel.reasons import Reason
from yinling.worklist import services
from yinling.worklist.kinds import Kind
from yinling.worklist.kinds import offer as offer_kinds
from yinling.worklist.ladders import BrokenLadders, load_ladders
from yinling.worklist.models import Entry, HandOver, WorkItem
from yinling.worklist.queries import history_of, open_for, who_is_late

from .builders import DIZHUANG, FAR_VILLAGE, LUFENG, OTHER_VILLAGE, VILLAGE, XUPU, a_duty, a_person, somebody

pytestmark = pytest.mark.django_db


def let_time_pass(monkeypatch: pytest.MonkeyPatch, **by: float) -> None:
    later = clock.now() + dt.timedelta(**by)
    for module in (services, clock):
        monkeypatch.setattr(module, "now", lambda: later)


def test_opening_the_same_duty_twice_leaves_one(city: Any):
    person = a_person()
    first, second = a_duty(subject=person), a_duty(subject=person)
    assert first.pk == second.pk
    assert WorkItem.objects.count() == 1
    assert Change.objects.filter(type="worklist.opened").count() == 1


def test_a_closed_duty_may_be_opened_again(city: Any, system: System):
    person = a_person()
    a_duty(subject=person)
    services.close_item(kind="care.visit", subject=person, by=system)
    a_duty(subject=person)
    assert sorted(WorkItem.objects.values_list("state", flat=True)) == ["done", "open"]


def test_closing_twice_closes_once(city: Any, system: System):
    person = a_person()
    a_duty(subject=person)
    assert services.close_item(kind="care.visit", subject=person, by=system) == 1
    assert services.close_item(kind="care.visit", subject=person, by=system) == 0


def test_a_death_takes_away_every_duty_about_the_person(city: Any, system: System):
    person = a_person()
    a_duty(subject=person)
    a_duty(subject=person, kind="assessments.expiring", ladder_key="ordinary")
    a_duty()
    assert services.void_item(subject=person, by=system) == 2
    assert WorkItem.objects.open().count() == 1


def test_a_duty_belongs_to_the_role_in_the_division_that_holds_the_place(city: Any):
    mine, neighbour = somebody("township_clerk", LUFENG), somebody("township_clerk", DIZHUANG)
    duty = a_duty(role="township_clerk")
    assert list(open_for(mine)) == [duty]
    assert list(open_for(neighbour)) == []


def test_the_other_county_does_not_find_the_duty(city: Any, other_county_clerk: User):
    duty = a_duty()
    with pytest.raises(NotFound):
        services.close_by_hand(uid=duty.uid, by=other_county_clerk, note="done")
    duty.refresh_from_db()
    assert duty.is_open


def test_a_user_without_the_permission_may_not_pause(city: Any):
    offer([Role("village_visitor", "", "", frozenset())])
    duty = a_duty()
    with pytest.raises(NotAllowed):
        services.pause_item(uid=duty.uid, by=somebody("village_visitor", VILLAGE), note="x")
    assert not Entry.objects.filter(verb="paused").exists()


def test_closing_by_hand_asks_for_a_note(city: Any, system: System):
    duty = a_duty()
    with pytest.raises(Refused, match="note"):
        services.close_by_hand(uid=duty.uid, by=system, note=" ")
    duty.refresh_from_db()
    assert duty.is_open


def test_a_kind_that_only_its_owner_closes_is_not_closed_by_hand(city: Any, system: System):
    offer_kinds(Kind("test.alert", "Alert", closes_by_hand=False))
    duty = a_duty(kind="test.alert")
    with pytest.raises(Refused, match="closes by itself"):
        services.close_by_hand(uid=duty.uid, by=system, note="seen")
    assert WorkItem.objects.open().count() == 1


def test_what_is_over_cannot_be_paused(city: Any, system: System):
    duty = a_duty()
    services.close_by_hand(uid=duty.uid, by=system, note="visited")
    with pytest.raises(Refused, match="over"):
        services.pause_item(uid=duty.uid, by=system, note="why")
    assert not Entry.objects.filter(verb="paused").exists()


def test_notes_are_sealed_in_the_database_and_readable_in_the_history(city: Any, system: System):
    duty = a_duty()
    services.close_by_hand(uid=duty.uid, by=system, note="舒奶奶在女儿家")
    assert "舒奶奶".encode() not in bytes(Entry.objects.get(verb="closed").note)
    assert history_of(duty)[-1].note == "舒奶奶在女儿家"
    assert "舒奶奶" not in str(list(Change.objects.values_list("data", "reason")))


def test_a_paused_duty_does_not_climb_and_its_end_moves(city: Any, system: System, monkeypatch: pytest.MonkeyPatch):
    duty = a_duty(due_at=clock.now() + dt.timedelta(hours=1))
    services.pause_item(uid=duty.uid, by=system, note="in hospital")
    before = duty.due_at
    let_time_pass(monkeypatch, days=30)
    assert services.escalate_due(by=system) == 0
    resumed = services.resume_item(uid=duty.uid, by=system)
    assert dt.timedelta(days=30) <= resumed.due_at - before < dt.timedelta(days=30, minutes=5)
    assert resumed.climbs_at is not None


def test_a_late_duty_reaches_the_township_and_then_the_county(city: Any, system: System):
    visitor, clerk = somebody("village_visitor", VILLAGE), somebody("township_clerk", LUFENG)
    county = somebody("county_clerk", XUPU)
    duty = a_duty(due_at=clock.now())
    assert services.escalate_due(by=system, at=duty.due_at + dt.timedelta(days=1, minutes=1)) == 1
    assert [list(open_for(u)) for u in (visitor, clerk, county)] == [[duty], [duty], []]
    assert services.escalate_due(by=system, at=duty.due_at + dt.timedelta(days=3, minutes=1)) == 1
    assert [list(open_for(u)) for u in (visitor, county)] == [[duty], [duty]]


def test_climbing_twice_at_one_instant_raises_once(city: Any, system: System):
    duty = a_duty(due_at=clock.now())
    moment = duty.due_at + dt.timedelta(days=2)
    assert [services.escalate_due(by=system, at=moment) for _ in range(2)] == [1, 0]
    assert Change.objects.filter(type="worklist.raised").count() == 1


def test_many_late_duties_climb_in_short_batches(city: Any, system: System):
    due = clock.now()
    for _ in range(services.BATCH + 5):
        a_duty(due_at=due)
    assert services.escalate_due(by=system, at=due + dt.timedelta(days=2)) == services.BATCH + 5


def test_hand_over_to_another_division_asks_for_a_receipt(city: Any, system: System):
    sender, receiver = somebody("township_clerk", LUFENG), somebody("township_clerk", DIZHUANG)
    duty = a_duty(role="township_clerk")
    services.hand_over(uid=duty.uid, by=sender, to_place=DIZHUANG, note="moved to her son's")
    assert list(open_for(receiver)) == [duty]
    assert list(open_for(sender)) == []
    assert HandOver.objects.visible_to(sender).get().received_at is None
    services.receive(uid=duty.uid, by=receiver)
    services.receive(uid=duty.uid, by=receiver)
    assert HandOver.objects.visible_to(sender).get().received_by == receiver.uid
    assert Entry.objects.filter(verb="received").count() == 1


def test_the_sender_cannot_give_the_receipt(city: Any):
    clerk = somebody("county_clerk", XUPU)
    duty = a_duty(role="township_clerk")
    services.hand_over(uid=duty.uid, by=clerk, to_place=DIZHUANG, note="yours")
    with pytest.raises(Refused, match="other side"):
        services.receive(uid=duty.uid, by=clerk)
    assert HandOver.objects.get().received_at is None


def test_hand_over_to_nobody_is_refused_and_nothing_is_written(city: Any, system: System):
    duty = a_duty()
    with pytest.raises(Refused, match="Choose another"):
        services.hand_over(uid=duty.uid, by=system, note="x")
    assert not HandOver.objects.exists()


def test_hand_over_to_somebody_who_works_elsewhere_is_refused(city: Any, system: System):
    duty, stranger = a_duty(), somebody("village_visitor", FAR_VILLAGE)
    with pytest.raises(Refused, match="holds no role"):
        services.hand_over(uid=duty.uid, by=system, to_user=stranger, note="x")
    assert not HandOver.objects.exists()


def test_a_duty_given_by_name_leaves_the_lists_of_the_others(city: Any, system: System):
    one, other = somebody("village_visitor", VILLAGE, "one"), somebody("village_visitor", VILLAGE, "other")
    duty = a_duty()
    services.assign(uid=duty.uid, to=one, by=system)
    assert list(open_for(one)) == [duty]
    assert list(open_for(other)) == []
    services.assign(uid=duty.uid, to=None, by=system)
    assert list(open_for(other)) == [duty]


def test_who_is_late_names_the_division_below_and_since_when(city: Any):
    clerk, now = somebody("county_clerk", XUPU), clock.now()
    a_duty(due_at=now - dt.timedelta(days=2))
    a_duty(due_at=now - dt.timedelta(days=1))
    a_duty(place_key=OTHER_VILLAGE, due_at=now - dt.timedelta(hours=1))
    a_duty(place_key=FAR_VILLAGE, due_at=now - dt.timedelta(days=9))
    a_duty(due_at=now + dt.timedelta(days=1))
    assert [(late.name, late.count) for late in who_is_late(clerk, XUPU)] == [("卢峰镇", 2), ("低庄镇", 1)]


def test_who_is_late_in_another_county_is_not_told(city: Any, other_county_clerk: User):
    with pytest.raises(NotAllowed):
        who_is_late(other_county_clerk, XUPU)


def test_every_ladder_of_the_nation_climbs_and_names_its_roles(settings: Any):
    read = load_ladders(settings.PACKS_DIR / "national" / "ladders.yaml")
    assert {"ordinary", "review", "hazard", "visit", "alert_red"} <= set(read.ladders)
    assert not read.is_verified
    assert read.level_of("county_clerk") == "county"


@pytest.mark.parametrize(
    "step", ["{level: moon, after: {days: 1}}", "{level: county, after: {fortnights: 1}}", "{level: county}"]
)
def test_a_broken_ladder_is_named(tmp_path: Path, step: str):
    path = tmp_path / "ladders.yaml"
    path.write_text(
        "roles: {county: county_clerk}\noffice_hours: []\nladders:\n  odd:\n    title: {zh: 怪, en: Odd}\n"
        f"    due: {{days: 1}}\n    steps: [{step}]\n"
    )
    with pytest.raises(BrokenLadders, match="odd"):
        load_ladders(path)


def test_reason_and_title_come_back_as_sentences(city: Any):
    duty = a_duty(why=Reason("Last seen {days} days ago", days=9))
    duty.refresh_from_db()
    assert str(duty.why_reason) == "Last seen 9 days ago"
