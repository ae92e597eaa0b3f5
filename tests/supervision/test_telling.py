"""Who is told, how often, and that it survives a restart."""

import datetime as dt

import pytest
from django.db import OperationalError

from tests.conftest import LUFENG, XUPU, a_user
from tests.messages.test_messages import Gateway, gateway, let_every_wait_pass
from tests.supervision.builders import BY, VILLAGE, a_home, a_manager, an_alert, minutes
from yinling.accounts.models import User
from yinling.kernel import jobs
from yinling.kernel.clock import now
from yinling.kernel.models import Job
from yinling.messages.models import Message
from yinling.messages.services import set_reach
from yinling.rosters.services import open_roster, put_on
from yinling.supervision import services
from yinling.supervision.models import Alert, Step
from yinling.supervision.services import telling
from yinling.worklist.models import WorkItem
from yinling.worklist.services import escalate_due

pytestmark = pytest.mark.django_db
assert gateway  # a fixture


def told_of(alert: Alert) -> set[User]:
    return {m.user for m in Message.objects.filter(about_kind="alert", about_uid=alert.uid) if m.user}


def on_duty_now(user: User, place_key: int = LUFENG) -> None:
    roster = open_roster(post="duty_officer", name="值班表", place_key=place_key, by=BY)
    put_on(roster_uid=roster.uid, user=user, starts_at=now() - minutes(60), ends_at=now() + minutes(60), by=BY)


def test_raising_sends_nothing_itself_but_queues_a_job(clerk: User) -> None:
    alert = an_alert("smoke", 3)
    assert not Message.objects.exists() and Job.objects.filter(kind="supervision.tell").count() == 1
    jobs.run_all()
    assert told_of(alert) == {clerk}
    assert Alert.objects.get(pk=alert.pk).state == "notified"


def test_an_alert_raised_while_the_disk_was_full_is_told_when_it_is_not(
    clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    alert = an_alert("smoke", 3)
    with monkeypatch.context() as full:
        full.setattr(telling, "send", lambda **_: refuse(OperationalError("database or disk is full")))
        jobs.run_all()
    assert told_of(alert) == set() and Alert.objects.get(pk=alert.pk).state == "raised"
    Job.objects.update(not_before=now())
    jobs.run_all()
    assert told_of(alert) == {clerk} and Alert.objects.get(pk=alert.pk).state == "notified"


def refuse(error: Exception) -> None:
    raise error


def test_a_message_names_the_numbers_to_telephone_and_no_person(clerk: User) -> None:
    an_alert("smoke", 3)
    jobs.run_all()
    message = Message.objects.get()
    assert message.title_reason.values["numbers"] == "119, 120"


def test_whoever_is_on_duty_is_told_and_gets_the_duty(clerk: User) -> None:
    guard = a_user("township_clerk", LUFENG, "guard")
    on_duty_now(guard)
    alert = an_alert("gas", 3)
    jobs.run_all()
    assert guard in told_of(alert)
    assert WorkItem.objects.open().get(subject_uid=alert.uid).user == guard


def test_the_manager_of_the_home_is_told() -> None:
    home = a_home()
    manager = a_manager(home)
    alert = an_alert("smoke", 3, institution_uid=home.uid)
    jobs.run_all()
    assert manager in told_of(alert)


def test_a_gap_in_the_rota_is_itself_an_alert(clerk: User) -> None:
    open_roster(post="duty_officer", name="值班表", place_key=LUFENG, by=BY)
    an_alert("gas", 3)
    jobs.run_all()
    gap = Alert.objects.get(rule_key="duty.gap")
    assert gap.subject_kind == "area" and gap.place_key == LUFENG
    an_alert("gas", 3)
    jobs.run_all()
    assert Alert.objects.filter(rule_key="duty.gap").count() == 1


def test_it_is_asked_again_until_somebody_acknowledges(clerk: User, watcher: User) -> None:
    alert = an_alert("gas", 3)
    jobs.run_all()
    for again in range(1, 4):
        assert services.ask_again(by=BY, at=now() + again * minutes(60)) == 1
        jobs.run_all()
    assert Message.objects.filter(user=clerk).count() == 4
    services.acknowledge_alert(uid=alert.uid, by=watcher)
    assert services.ask_again(by=BY, at=now() + dt.timedelta(days=1)) == 0
    assert Step.objects.filter(alert=alert, verb="asked").count() == 3


def test_asking_lives_in_the_database_so_a_restart_forgets_nothing(clerk: User) -> None:
    """The first runner dies between raising and telling; another takes its job, and the clock goes on."""
    alert = an_alert("gas", 3)
    assert jobs.claim("runner-that-dies") is not None
    jobs.release("runner-that-dies")
    jobs.run_all("runner-after-it")
    assert told_of(alert) == {clerk}
    assert services.ask_again(by=BY, at=now() + minutes(4)) == 1
    jobs.run_all("runner-after-it")
    assert Message.objects.filter(user=clerk).count() == 2


def test_telling_twice_says_it_once(clerk: User) -> None:
    alert = an_alert("gas", 3)
    services.tell(uid=alert.uid, ask=0, by=BY)
    services.tell(uid=alert.uid, ask=0, by=BY)
    assert Message.objects.count() == 1


def test_a_late_alert_climbs_to_township_county_and_city(clerk: User) -> None:
    county = a_user("county_clerk", XUPU)
    alert = an_alert("gas", 3)  # five minutes to acknowledge
    rungs = []
    for late in (6, 16, 36):
        escalate_due(by=BY, at=now() + minutes(late))
        rungs.append(WorkItem.objects.open().get(subject_uid=alert.uid).raised_to)
        services.ask_again(by=BY, at=now() + minutes(late))
        jobs.run_all()
        if late == 16:
            assert county in told_of(alert)
    assert rungs == ["township_clerk", "county_clerk", "city_officer"]


def test_alerts_of_one_family_in_one_home_are_one_message() -> None:
    home = a_home()
    manager = a_manager(home)
    for _ in range(5):
        an_alert("battery", 0, institution_uid=home.uid)
        jobs.run_all()
    assert Message.objects.filter(user=manager).count() == 1


def test_smoke_in_one_home_is_never_grouped() -> None:
    home = a_home()
    manager = a_manager(home)
    for _ in range(3):
        an_alert("smoke", 3, institution_uid=home.uid)
        jobs.run_all()
    assert Message.objects.filter(user=manager).count() == 3


def test_a_storm_fills_nobodys_inbox_and_smoke_still_comes_through(clerk: User) -> None:
    for _ in range(30):
        an_alert("stove", 2, place_key=VILLAGE)
    smoke = an_alert("smoke", 3)
    jobs.run_all()
    told = Message.objects.filter(user=clerk)
    assert told.count() <= 20 + 1 + 1  # the cap, one that counts the rest, and smoke
    assert clerk in told_of(smoke)
    assert told.filter(url_name="supervision:board").count() == 1


def channels_of(alert: Alert) -> list[str]:
    return sorted(Message.objects.filter(about_uid=alert.uid).values_list("channel", flat=True))


@pytest.mark.parametrize(
    ("rule", "level", "more"),
    [("battery", 0, []), ("stove", 1, []), ("stove", 2, ["sms"]), ("gas", 3, ["sms", "voice"])],
)
def test_the_graver_the_alert_the_more_ways_it_is_told(
    clerk: User, gateway: Gateway, rule: str, level: int, more: list[str]
) -> None:
    set_reach(way="phone", address="13900000417", by=clerk)
    alert = an_alert(rule, level)
    jobs.run_all()
    assert channels_of(alert) == ["in_app", *more]
    assert sorted(Message.objects.exclude(channel="in_app").values_list("state", flat=True)) == ["sent"] * len(more)
    assert len(gateway.requests) == len(more)


def test_without_a_telephone_on_file_or_a_gateway_the_platform_alone_tells(clerk: User, settings: object) -> None:
    settings.MESSAGE_CHANNELS = {}  # type: ignore[attr-defined]
    set_reach(way="phone", address="13900000417", by=clerk)
    alert = an_alert("gas", 3)
    jobs.run_all()
    assert channels_of(alert) == ["in_app"]


def test_a_gateway_that_is_down_holds_nobody_up_and_is_tried_again(clerk: User, gateway: Gateway) -> None:
    set_reach(way="phone", address="13900000417", by=clerk)
    gateway.answers = [(503, b"")] * 2
    alert = an_alert("gas", 3)
    jobs.run_all()
    alert.refresh_from_db()
    assert alert.state == "notified" and clerk in told_of(alert)
    outside = Message.objects.exclude(channel="in_app")
    assert [one.state for one in outside] == ["waiting", "waiting"]
    let_every_wait_pass()
    jobs.run_all()
    assert {one.state for one in outside.all()} == {"sent"}


def test_a_storm_rings_nobody_without_end_but_smoke_always_rings(clerk: User, gateway: Gateway) -> None:
    set_reach(way="phone", address="13900000417", by=clerk)
    for _ in range(12):
        an_alert("stove", 2)
    jobs.run_all()
    assert Message.objects.filter(channel="sms").count() == 6
    smoke = an_alert("smoke", 3)
    jobs.run_all()
    assert channels_of(smoke) == ["in_app", "sms", "voice"]
