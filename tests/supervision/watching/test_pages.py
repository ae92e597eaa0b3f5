"""The two pages: who sees them, what they say, and that they are usable by everybody."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.browsing import check, enter
from tests.conftest import XUPU, a_user
from tests.supervision.watching.builders import Net, begun
from yinling.accounts.models import User
from yinling.kernel.clock import civil_date
from yinling.supervision.models import Alert
from yinling.supervision.watching.beats import folder
from yinling.supervision.watching.truth import Event, Truth, write_truth

pytestmark = pytest.mark.django_db
TRIAL = "/work/supervision/rules/smoke/trial"
WATCH = "/work/supervision/watch/"


@pytest.fixture
def net(settings: Any, tmp_path: Path, _roles_and_rules: None) -> Net:
    settings.HOME, settings.TELEMETRY_DIR = tmp_path, tmp_path / "telemetry"
    return Net(tmp_path)


@pytest.fixture
def watcher_user(_roles_and_rules: None) -> User:
    return a_user("watcher", XUPU, "watching")


def a_played_day(net: Net) -> None:
    """Smoke that is found, and a fall that is not."""
    device = Alert.objects.values_list("scope", flat=True).first() or ""
    fire = Event("fire", ("smoke",), True, net.at(0), net.at(600), (device,))
    fall = Event("fall", ("fall",), True, net.at(0), net.at(30), (device,))
    write_truth(folder(), Truth(net.at(-60), net.at(3600), 0, (fire, fall), (device,)))


def the_smoke_is_judged(net: Net) -> None:
    watched = begun(net)
    net.says(net.smoke, 60, smoke=1)
    net.is_heard(200)
    watched.turn()
    watched._said_at = 0
    watched._say_if_due()


def test_a_trial_says_what_would_have_been_raised_and_writes_nothing(
    client: Client, net: Net, watcher_user: User
) -> None:
    net.says(net.smoke, 60, smoke=1)
    client.force_login(watcher_user)
    page = client.get(TRIAL, {"begin": "2020-01-01", "end": "2020-01-02"})
    assert page.context["trial"].words == ()
    page = client.get(TRIAL, {"begin": str(day(net)), "end": str(day(net))})
    assert page.status_code == 200
    assert len(page.context["trial"].words) == 1
    assert page.context["whom"][0].count == 1
    assert not Alert.objects.exists()


def test_a_trial_leaves_out_devices_of_others(client: Client, net: Net, other_watcher: User) -> None:
    net.says(net.smoke, 60, smoke=1)
    client.force_login(other_watcher)
    page = client.get(TRIAL, {"begin": str(day(net)), "end": str(day(net))})
    assert page.context["trial"].words == ()


@pytest.fixture
def other_watcher(_roles_and_rules: None) -> User:
    return a_user("watcher", 431202000000, "elsewhere")


def test_a_trial_of_too_many_days_says_so(client: Client, net: Net, watcher_user: User) -> None:
    client.force_login(watcher_user)
    page = client.get(TRIAL, {"begin": "2026-01-01", "end": "2026-03-01"})
    assert page.status_code == 422


def test_a_rule_that_is_not_there_is_not_found(client: Client, net: Net, watcher_user: User) -> None:
    client.force_login(watcher_user)
    assert client.get("/work/supervision/rules/nonsense/trial").status_code == 404


@pytest.mark.parametrize("path", [TRIAL, WATCH])
def test_whoever_may_not_read_rules_sees_neither_page(client: Client, net: Net, path: str) -> None:
    client.force_login(a_user("reader", XUPU, "reading"))
    assert client.get(path).status_code == 403


def test_the_page_of_the_watcher_compares_alerts_with_the_truth(client: Client, net: Net, watcher_user: User) -> None:
    the_smoke_is_judged(net)
    a_played_day(net)
    client.force_login(watcher_user)
    page = client.get(WATCH)
    assert page.status_code == 200
    assert page.context["score"].recall == 0.5
    assert not page.context["is_dead"]


def test_a_watcher_that_never_ran_is_said_to_be_dead(client: Client, net: Net, watcher_user: User) -> None:
    client.force_login(watcher_user)
    assert client.get(WATCH).context["is_dead"]


@pytest.mark.django_db(transaction=True)
def test_both_pages_are_usable_by_everybody(browser_page: Any, live_server: Any, net: Net, watcher_user: User) -> None:
    the_smoke_is_judged(net)
    a_played_day(net)
    enter(browser_page, live_server, watcher_user)
    asked = f"{TRIAL}?begin={day(net)}&end={day(net)}"
    for path in (WATCH, asked):
        assert check(browser_page, live_server, path) == {}


def day(net: Net) -> Any:
    """The day of the net's readings."""
    return civil_date(dt.datetime.fromtimestamp(net.at(60) / 1000, dt.UTC))
