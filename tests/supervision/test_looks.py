"""Position and vital signs, opened by answering an alert: before, during and after it; each look leaves a line."""

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from tests.devices.builders import a_device, agreed, standing, took_back
from tests.devices.conftest import profiles
from tests.devices.test_telemetry_pages import reported
from tests.supervision.builders import BY, ONSET, VILLAGE, a_person
from tests.supervision.test_pages import signed_in
from yinling.accounts.models import User
from yinling.devices.ingest.options import Folders
from yinling.devices.services import Spot
from yinling.kernel.clock import civil_date, now
from yinling.people.models import Person
from yinling.people.queries import looks_at
from yinling.supervision import services
from yinling.supervision.models import Alert
from yinling.supervision.services import Finding

pytestmark = pytest.mark.django_db


assert profiles  # a fixture


@pytest.fixture
def place(profiles: None, tmp_path: Path, settings: Any) -> Folders:
    settings.TELEMETRY_DIR = tmp_path
    return Folders(tmp_path)


def about(person: Person, rule: str = "wandering") -> Alert:
    alert = services.raise_alert(finding=Finding(rule, 2, "person", person.uid, VILLAGE, ONSET), by=BY)
    assert alert
    return alert


def wears_a_band(person: Person, place: Folders) -> None:
    band = standing(a_device("wristband", person.place_key), Spot(person=person))
    until_ms = int(now().timestamp() * 1000)
    reported(place, band, "latitude", 27.5, 27.6, until_ms=until_ms)
    reported(place, band, "longitude", 110.5, 110.6, until_ms=until_ms)
    reported(place, band, "heart_rate", 96, 131)


def test_a_position_is_open_while_the_answer_is_and_to_nobody_else(
    watcher: User, colleague: User, place: Folders
) -> None:
    person = a_person()
    agreed(person, "position")
    wears_a_band(person, place)
    url, mine, other = reverse("devices:position", args=[person.uid]), signed_in(watcher), signed_in(colleague)
    assert mine.post(url).status_code == 404
    alert = about(person)
    page = reverse("supervision:alert", args=[alert.uid])
    assert mine.post(url).status_code == 404 and url not in mine.get(page).content.decode()
    services.acknowledge_alert(uid=alert.uid, by=watcher)
    assert url in mine.get(page).content.decode() and url not in other.get(page).content.decode()
    back = f'href="{page}"'
    assert "27.60000, 110.60000" in mine.post(url).content.decode() and back not in mine.get(url).content.decode()
    for answer in (mine.get(f"{url}?next={page}"), mine.post(f"{url}?next={page}")):
        assert back in answer.content.decode()
    assert 'href="//evil' not in mine.get(f"{url}?next=//evil.example/").content.decode()
    assert other.post(url).status_code == 404
    line, again = looks_at(person)
    assert line.data["items"] == again.data["items"] == ["position"] and line.actor_uid == watcher.uid
    services.mark_false_alarm(uid=alert.uid, cause="known_outing", by=watcher)
    assert mine.post(url).status_code == 404 and len(looks_at(person)) == 2


def test_without_a_consent_answering_opens_nothing(watcher: User, place: Folders) -> None:
    person = a_person()
    consent = agreed(person, "position")
    wears_a_band(person, place)
    alert = about(person)
    services.acknowledge_alert(uid=alert.uid, by=watcher)
    took_back(consent, civil_date())
    client = signed_in(watcher)
    assert client.post(reverse("devices:position", args=[person.uid])).status_code == 404
    assert not looks_at(person)


def test_vital_signs_need_no_reason_while_the_alert_gives_it_and_leave_a_line(watcher: User, place: Folders) -> None:
    person = a_person()
    agreed(person, "vital_signs")
    wears_a_band(person, place)
    alert = about(person, "heart_rate")
    services.acknowledge_alert(uid=alert.uid, by=watcher)
    client, url = signed_in(watcher), reverse("devices:vital_signs", args=[person.uid])
    assert 'name="reason"' not in client.get(url).content.decode() and not looks_at(person)
    assert "131 次/分" in client.post(url).content.decode()
    assert [line.data["items"] for line in looks_at(person)] == [["vital_signs"]]


def test_the_board_never_draws_vital_signs_and_the_page_only_once_they_were_opened(
    watcher: User, place: Folders
) -> None:
    person = a_person()
    agreed(person, "vital_signs")
    wears_a_band(person, place)
    said = {"device": "", "metric": "heart_rate", "value": 131.0}
    at = [said | {"at": f"2026-11-23T05:5{n}:00+00:00"} for n in (2, 3)]
    finding = Finding("heart_rate", 2, "person", person.uid, VILLAGE, ONSET, evidence=tuple(at))
    alert = services.raise_alert(finding=finding, by=BY)
    assert alert
    services.acknowledge_alert(uid=alert.uid, by=watcher)
    client, page = signed_in(watcher), reverse("supervision:alert", args=[alert.uid])
    drawing = '<svg class="draw"'
    assert drawing not in client.get(page).content.decode()
    client.post(reverse("devices:vital_signs", args=[person.uid]))
    assert drawing in client.get(page).content.decode()
    assert drawing not in client.get(reverse("supervision:board")).content.decode()
