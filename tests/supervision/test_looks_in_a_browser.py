"""Opened positions and vital signs, the board of a played day, where one is reached: axe, both widths."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from tests.browsing import check, enter, faults
from tests.devices.builders import agreed
from tests.devices.conftest import profiles
from tests.supervision.builders import a_person, an_alert
from tests.supervision.test_looks import about, wears_a_band
from yinling.accounts.models import User
from yinling.devices.ingest.options import Folders
from yinling.supervision import services
from yinling.supervision.watching import beats, truth
from yinling.web.assets import build

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]
assert profiles  # a fixture
WIDTHS = (390, 1280)


def shot(page: Any, name: str) -> None:
    """A picture of the page as it stands, where somebody asked for pictures."""
    if folder := os.environ.get("YINLING_SHOTS"):
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)


def a_played_day() -> None:
    at = beats.now_ms()
    beats.write_beat(beats.Beat(at, at - 90_000, waits_for="database"))
    fire = truth.Event("fire", ("smoke",), True, at - 200_000, at - 100_000, ("device:x",))
    truth.write_truth(beats.folder(), truth.Truth(at - 300_000, at, at - 300_000, (fire,), ("device:x",)))


def test_what_an_answer_opens_and_the_board_of_a_played_day_have_no_faults(
    profiles: None, browser_page: Any, live_server: Any, watcher: User, settings: Any, tmp_path: Path
) -> None:
    build()
    settings.TELEMETRY_DIR, settings.HOME = tmp_path / "telemetry", tmp_path
    settings.TELEMETRY_DIR.mkdir()
    person = a_person()
    for purpose in ("position", "vital_signs"):
        agreed(person, purpose)
    wears_a_band(person, Folders(settings.TELEMETRY_DIR))
    alert = about(person)
    services.acknowledge_alert(uid=alert.uid, by=watcher)
    an_alert("battery", 0)
    a_played_day()
    enter(browser_page, live_server, watcher)
    browser_page.route("**/stream", lambda route: route.fulfill(status=204))
    pages = {
        "board": reverse("supervision:board"), "alert": reverse("supervision:alert", args=[alert.uid]),
        "reach": reverse("messages:reach"), "ask": reverse("devices:position", args=[person.uid]),
    }  # fmt: skip
    found: dict[str, list[str]] = {}
    for name, path in pages.items():
        found |= check(browser_page, live_server, path)
        shot(browser_page, name)
    for name in ("position", "vital_signs"):
        browser_page.goto(live_server.url + reverse(f"devices:{name}", args=[person.uid]))
        browser_page.locator("main form button").click()
        browser_page.wait_for_load_state()
        for width in WIDTHS:
            browser_page.set_viewport_size({"width": width, "height": 900})
            if said := faults(browser_page):
                found[f"{name} {width}"] = said
        shot(browser_page, name)
    assert not found
