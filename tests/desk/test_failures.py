"""The page of what failed: for the system administrator alone, with another try for each."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.browsing import check, enter
from tests.conftest import a_user
from yinling.kernel import jobs
from yinling.kernel.actors import System
from yinling.kernel.models import Change, DeadLetter, Job
from yinling.web.assets import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def failed(city: Any, monkeypatch: pytest.MonkeyPatch) -> Job:
    def work(progress: jobs.Progress) -> None:
        raise ValueError("no disk left")

    monkeypatch.setattr(jobs, "_kinds", {"test.work": work})
    change = Change.objects.create(type="people.died", actor_uid=System("test").uid, number=7)
    DeadLetter.objects.create(listener="institutions.death", change=change, error="KeyError: stay")
    job = jobs.start("test.work", {}, by=System("test"))
    jobs.run_all()
    return job


def client_of(role: str, place_key: int) -> Client:
    client = Client()
    client.force_login(a_user(role, place_key))
    return client


def test_the_system_administrator_sees_causes_and_tries_again(city: Any, failed: Job):
    client = client_of("system_administrator", city.key)
    text = client.get(reverse("desk:failures")).content.decode()
    assert "no disk left" in text and "institutions.death" in text and "KeyError: stay" in text
    assert client.post(reverse("desk:try_job_again", args=[failed.uid])).status_code == 302
    failed.refresh_from_db()
    assert failed.state == Job.State.QUEUED


def test_a_letter_is_handed_to_its_listener_once_more_and_an_unknown_one_is_not_found(city: Any, failed: Job):
    client = client_of("system_administrator", city.key)
    answer = client.post(reverse("desk:hear_again", args=[DeadLetter.objects.get().pk]))
    assert answer.status_code == 302  # nobody of that number lives in a home: this time there is nothing to do
    assert client.post(reverse("desk:hear_again", args=[987_654])).status_code == 404


@pytest.mark.parametrize("role", ["city_officer", "county_clerk", "security_administrator", "audit_administrator"])
def test_nobody_else_opens_it(city: Any, failed: Job, role: str):
    client = client_of(role, city.key)
    assert client.get(reverse("desk:failures")).status_code == 403
    assert client.post(reverse("desk:try_job_again", args=[failed.uid])).status_code == 403


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_page_has_no_accessibility_fault(browser_page: Any, live_server: Any, city: Any, failed: Job):
    build()
    enter(browser_page, live_server, a_user("system_administrator", city.key))
    assert check(browser_page, live_server, "/work/failures/") == {}
