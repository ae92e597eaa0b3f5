"""Drawings of readings in a real browser: on a phone in Chinese, on a desk in English, asked by axe."""

import os
from pathlib import Path
from typing import Any

import pytest

from tests.browsing import check, enter
from tests.devices.builders import a_device, a_home, a_person, agreed, beds_in, in_home_of, standing
from tests.devices.test_telemetry_pages import reported
from yinling.accounts.models import User
from yinling.devices.ingest.faults import Fault, Faults
from yinling.devices.ingest.options import Folders
from yinling.devices.services import Spot
from yinling.web.assets import build


@pytest.mark.django_db(transaction=True)
def test_drawings_and_the_page_of_faults_have_no_faults(
    browser_page: Any, live_server: Any, keeper: User, settings: Any, tmp_path: Path
) -> None:
    build()
    settings.TELEMETRY_DIR = tmp_path
    place, home, person = Folders(tmp_path), a_home(), a_person()
    room = beds_in(home, 1)[0].room
    device = standing(a_device(), Spot(home, room=room))
    reported(place, device, "temperature", *(20 + n % 7 / 2 for n in range(400)))
    agreed(person, "vital_signs")
    mat = in_home_of(person, "bed_mat", "bedroom")
    reported(place, mat, "heart_rate", *(60 + n % 11 for n in range(90)))
    faults = Faults(place.faults)
    faults.count(device.number, Fault.OUT_OF_RANGE, "d1 metric 30 at 1795460664912: 999", 3)
    faults.save()
    enter(browser_page, live_server, keeper)
    found: dict[str, list[str]] = {}
    paths = ["faults", f"rooms/{room.pk}", f"{device.uid}/", f"person/{person.uid}/readings"]
    for path in paths:
        found |= check(browser_page, live_server, f"/work/devices/{path}")
        if folder := os.environ.get("YINLING_SHOTS"):
            browser_page.screenshot(path=f"{folder}/{path.split('/')[0]}-1280.png", full_page=True)
            browser_page.set_viewport_size({"width": 390, "height": 900})
            browser_page.screenshot(path=f"{folder}/{path.split('/')[0]}-390.png", full_page=True)
    assert not found
