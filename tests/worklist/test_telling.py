"""Who hears of what: a duty that climbed, duties due today, a digest; nothing twice, and nothing that holds up."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from yinling.accounts.models import User
from yinling.kernel import changes, clock, jobs
from yinling.kernel.changes import deliver
from yinling.kernel.models import DeadLetter
from yinling.kernel.seals import seal_changes
from yinling.messages.models import Message
from yinling.reference.services import set_parameter
from yinling.worklist import services
from yinling.worklist import telling as tellings
from yinling.worklist.handlers import on_raised
from yinling.worklist.models import Telling, WorkItem
from yinling.worklist.telling import remind_ahead, remind_of_today, send_digests

from .builders import FAR_VILLAGE, LUFENG, VILLAGE, XUPU, a_duty, at, somebody

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the worklist listens."""
    monkeypatch.setattr(changes, "_listeners", {"worklist.raised": [("worklist.tell", on_raised)]})


def tell_all() -> None:
    while seal_changes():
        pass
    deliver()


def said_to(user: User) -> list[str]:
    return [str(message.title_reason) for message in Message.objects.filter(user=user).order_by("id")]


def a_late_duty(**changes: Any) -> WorkItem:
    return a_duty(**({"due_at": clock.now() - dt.timedelta(days=2)} | changes))


def at_noon() -> dt.datetime:
    return clock.start_of(clock.civil_date()) + dt.timedelta(hours=23, minutes=59)


def test_who_now_answers_is_told_and_so_is_who_had_it(city: Any, system: Any, heard: None):
    visitor, clerk = somebody("village_visitor", VILLAGE), somebody("township_clerk", LUFENG)
    a_late_duty()
    services.escalate_due(by=system)
    tell_all()
    assert said_to(clerk) == ["A duty is late and was put before you: Nobody was met this week"]
    assert said_to(visitor) == ["A duty is late and was put before the township_clerk too: Nobody was met this week"]


def test_the_rung_between_hears_that_it_went_on(city: Any, system: Any, heard: None):
    clerk, county = somebody("township_clerk", LUFENG), somebody("county_clerk", XUPU)
    a_late_duty(due_at=clock.now() - dt.timedelta(days=5))
    services.escalate_due(by=system)
    tell_all()
    assert said_to(county) == ["A duty is late and was put before you: Nobody was met this week"]
    assert said_to(clerk) == ["A duty is late and was put before the county_clerk too: Nobody was met this week"]


def test_users_of_other_divisions_hear_nothing(city: Any, system: Any, heard: None):
    stranger = somebody("township_clerk", FAR_VILLAGE // 10**6 * 10**6)
    a_late_duty()
    services.escalate_due(by=system)
    tell_all()
    assert said_to(stranger) == []


def test_the_same_rise_heard_twice_is_told_once(city: Any, system: Any, heard: None):
    clerk = somebody("township_clerk", LUFENG)
    item = a_late_duty()
    services.escalate_due(by=system)
    tell_all()
    item.refresh_from_db()
    tellings.tell_of_rise(item, item.step)
    assert len(said_to(clerk)) == 1


def test_a_duty_done_in_between_is_not_told(city: Any, system: Any, heard: None):
    clerk, item = somebody("township_clerk", LUFENG), a_late_duty()
    services.escalate_due(by=system)
    services.close_item(kind=item.kind, subject=item.subject, by=system)
    tell_all()
    assert said_to(clerk) == []


def test_a_message_that_fails_holds_no_climb_up(city: Any, system: Any, heard: None, monkeypatch: pytest.MonkeyPatch):
    somebody("township_clerk", LUFENG)
    item = a_late_duty()

    def broken(**_given: Any) -> None:
        raise RuntimeError("no post today")

    monkeypatch.setattr(tellings, "send", broken)
    assert services.escalate_due(by=system) == 1
    tell_all()
    item.refresh_from_db()
    assert item.raised_to == "township_clerk"
    assert DeadLetter.objects.get().listener == "worklist.tell"


def test_duties_due_today_are_told_to_their_doers_once(city: Any):
    visitor, other = somebody("village_visitor", VILLAGE), somebody("township_clerk", LUFENG)
    a_duty(due_at=at_noon())
    a_duty(due_at=at_noon(), user=other)
    a_duty(due_at=at_noon() + dt.timedelta(days=1))
    for _ in range(2):
        assert remind_of_today(day=clock.civil_date(), after=0, size=10) == (2, None)
    assert said_to(visitor) == ["Due today: Nobody was met this week"]
    assert said_to(other) == ["Due today: Nobody was met this week"]


def test_a_long_day_is_told_in_batches_without_gap(city: Any):
    visitor = somebody("village_visitor", VILLAGE)
    for _ in range(5):
        a_duty(due_at=at_noon())
    job = jobs.start("worklist.remind", {"day": str(clock.civil_date())}, by=visitor)
    jobs.run_all()
    job.refresh_from_db()
    assert job.result == {"told": 5, "digests": 0}
    assert len(said_to(visitor)) == 5


def test_a_digest_takes_the_place_of_the_reminders(city: Any):
    visitor = somebody("village_visitor", VILLAGE)
    services.choose_telling(way="digest", by=visitor)
    a_duty(due_at=at_noon())
    a_late_duty()
    assert remind_of_today(day=clock.civil_date(), after=0, size=10)[0] == 0
    for _ in range(2):
        send_digests(day=clock.civil_date())
    assert said_to(visitor) == ["Your duties: 1 late, 1 due today, 0 this week"]


def test_who_wants_no_message_gets_none_and_an_empty_day_sends_no_digest(city: Any):
    quiet, tidy = somebody("village_visitor", VILLAGE, "quiet"), somebody("township_clerk", LUFENG, "tidy")
    services.choose_telling(way="none", by=quiet)
    services.choose_telling(way="digest", by=tidy)
    a_duty(due_at=at_noon())
    remind_of_today(day=clock.civil_date(), after=0, size=10)
    assert send_digests(day=clock.civil_date()) == 0
    assert said_to(quiet) == said_to(tidy) == []


def test_a_duty_whose_clock_stands_still_reminds_nobody(city: Any, system: Any):
    visitor, item = somebody("village_visitor", VILLAGE), a_duty(due_at=at_noon())
    services.pause_item(uid=item.uid, by=system, note="hospital")
    remind_of_today(day=clock.civil_date(), after=0, size=10)
    assert said_to(visitor) == []


def test_the_choice_is_made_on_a_page(client: Client, city: Any):
    visitor = somebody("village_visitor", VILLAGE)
    client.force_login(visitor)
    assert client.get(reverse("worklist:telling")).status_code == 200
    assert client.post(reverse("worklist:telling"), {"way": "shout"}).status_code == 422
    assert not Telling.objects.exists()
    client.post(reverse("worklist:telling"), {"way": "digest"})
    assert Telling.objects.get().way == "digest"


@pytest.mark.parametrize("days", [1, 3])
def test_a_duty_is_told_of_some_working_days_ahead_and_once(days: int, city: Any, system: Any):
    visitor = somebody("village_visitor", VILLAGE)
    set_parameter(key="worklist.remind_working_days", value=days, valid_from=dt.date(2020, 1, 1), by=system)
    friday = dt.date(2026, 11, 27)
    a_duty(due_at=at("2026-11-30 17:30"))  # Monday, one working day later
    a_duty(due_at=at("2026-12-02 17:30"))  # Wednesday, three
    for _twice in range(2):
        remind_ahead(day=friday, after=0, size=10)
    due = {1: "2026-11-30", 3: "2026-12-02"}[days]
    assert said_to(visitor) == [f"Due on {due}: Nobody was met this week"]


def test_what_falls_due_on_a_day_off_is_told_of_with_the_day_before_it(city: Any, system: Any):
    visitor = somebody("village_visitor", VILLAGE)
    set_parameter(key="worklist.remind_working_days", value=3, valid_from=dt.date(2020, 1, 1), by=system)
    a_duty(due_at=at("2026-11-29 12:00"))  # Sunday
    remind_ahead(day=dt.date(2026, 11, 25), after=0, size=10)
    assert said_to(visitor) == []
    remind_ahead(day=dt.date(2026, 11, 24), after=0, size=10)
    assert said_to(visitor) == ["Due on 2026-11-29: Nobody was met this week"]


def test_without_the_parameter_nobody_is_reminded_ahead(city: Any, system: Any):
    visitor = somebody("village_visitor", VILLAGE)
    a_duty(due_at=at("2026-11-30 17:30"))
    assert remind_ahead(day=dt.date(2026, 11, 27), after=0, size=10) == (0, None)
    assert said_to(visitor) == []
