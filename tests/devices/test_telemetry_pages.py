"""Pages of telemetry: what is shown, to whom, and never without consent."""

import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.conftest import HECHENG, a_user
from tests.devices.builders import (
    a_device,
    a_home,
    a_person,
    agreed,
    beds_in,
    in_home_of,
    in_house,
    standing,
    took_back,
)
from tests.devices.test_pages import as_user
from yinling.accounts.models import User
from yinling.devices.ingest.faults import Fault, Faults
from yinling.devices.ingest.journal import Journal
from yinling.devices.ingest.latest import Latest
from yinling.devices.ingest.options import Folders
from yinling.devices.ingest.readings import Readings
from yinling.devices.ingest.register import load_register, newer_register
from yinling.devices.ingest.validating import weigh
from yinling.devices.models import Device, Metric
from yinling.devices.services import Spot, rotate_token, set_state
from yinling.kernel.actors import System
from yinling.kernel.clock import civil_date

pytestmark = pytest.mark.django_db
BY = System("test")


@pytest.fixture(autouse=True)
def place(tmp_path: Path, settings: Any) -> Folders:
    """Telemetry of these tests."""
    settings.TELEMETRY_DIR = tmp_path
    return Folders(tmp_path)


def reported(place: Folders, device: Device, key: str, *values: float) -> None:
    """A device reported, minute by minute, until now."""
    count, now_ms = len(values), int(time.time() * 1000)
    ts = now_ms - np.arange(count, 0, -1, dtype=np.int64) * 60_000
    metric = Metric.objects.get(key=key).number
    readings = Readings(
        np.full(count, device.number, np.int32), np.full(count, metric, np.int16), ts, np.array(values), ts
    )  # fmt: skip
    journal = Journal(place.journal)
    journal.append(readings)
    journal.close()
    Latest(place.latest).take(readings, load_register())


def test_the_device_page_draws_the_day_and_says_it_in_words(keeper: User, place: Folders) -> None:
    device = in_house(a_home())
    reported(place, device, "temperature", 20, 21.5, 22)
    text = as_user(keeper).get(f"/work/devices/{device.uid}/panel/telemetry").content.decode()
    assert "<svg" in text and "22 °C" in text
    assert (
        as_user(a_user("keeper", HECHENG, "far")).get(f"/work/devices/{device.uid}/panel/telemetry").status_code == 404
    )


def test_vital_signs_are_shown_under_a_consent_and_gone_with_it(keeper: User, place: Folders) -> None:
    person = a_person()
    device = in_home_of(person, "bed_mat", "bedroom")
    url = f"/work/devices/person/{person.uid}/readings"
    consent = agreed(person, "vital_signs")
    reported(place, device, "heart_rate", 61, 62, 63)
    assert "63 次/分" in as_user(keeper).get(url).content.decode()
    took_back(consent, civil_date())
    assert "63 次/分" not in as_user(keeper).get(url).content.decode()


def test_positions_are_on_no_chart(keeper: User, place: Folders) -> None:
    person = a_person()
    device = standing(a_device("wristband", person.place_key), Spot(person=person))
    agreed(person, "position")
    reported(place, device, "latitude", 27.5, 27.6)
    assert "27.6" not in as_user(keeper).get(f"/work/devices/{device.uid}/panel/telemetry").content.decode()


def test_a_room_shows_its_day_to_whoever_sees_the_home(keeper: User, place: Folders) -> None:
    home = a_home()
    bed = beds_in(home, 1)[0]
    device = standing(a_device(), Spot(home, room=bed.room))
    reported(place, device, "smoke_density", 0.1, 0.2)
    assert "<svg" in as_user(keeper).get(f"/work/devices/rooms/{bed.room_id}").content.decode()
    assert as_user(a_user("keeper", HECHENG, "far")).get(f"/work/devices/rooms/{bed.room_id}").status_code == 404


def test_faults_are_shown_where_the_device_is_seen_and_strangers_to_the_city(keeper: User, place: Folders) -> None:
    device = in_house(a_home())
    faults = Faults(place.faults)
    faults.count(device.number, Fault.OUT_OF_RANGE, "sample-of-mine", 3)
    faults.count(-1, Fault.UNKNOWN_DEVICE, "sample-of-stranger")
    faults.save()
    mine = as_user(keeper).get("/work/devices/faults").content.decode()
    assert "sample-of-mine" in mine and "sample-of-stranger" not in mine
    far = as_user(a_user("keeper", HECHENG, "far")).get("/work/devices/faults").content.decode()
    assert "sample-of-mine" not in far
    city = as_user(a_user("keeper", 431200000000, "city")).get("/work/devices/faults").content.decode()
    assert "sample-of-mine" in city and "sample-of-stranger" in city


def test_the_page_of_faults_is_for_those_who_keep_devices(reader: User) -> None:
    assert as_user(reader).get("/work/devices/faults").status_code == 403


def test_a_new_device_a_token_and_a_withdrawal_reach_the_stream(keeper: User, place: Folders) -> None:
    person = a_person()
    register = load_register()
    assert newer_register(register) is None
    mat = in_home_of(person, "bed_mat", "bedroom")
    consent = agreed(person, "vital_signs")
    issued = rotate_token(uid=mat.uid, by=BY)
    register = newer_register(register) or register
    assert register.opened_by(issued.username, issued.token, time.time()) == mat.number
    assert register.number_of[issued.username] == mat.number
    assert kept(register, mat, "heart_rate", place) == 1
    took_back(consent, civil_date())
    register = newer_register(register) or register
    assert kept(register, mat, "heart_rate", place) == 0
    assert kept(register, mat, "heartbeat", place) == 1
    set_state(uid=mat.uid, state="faulty", why="线路损坏，等待更换", by=BY)
    register = newer_register(register) or register
    assert register.opened_by(issued.username, issued.token, time.time()) is None


def kept(register: Any, device: Device, key: str, place: Folders) -> int:
    """How many of one reading are kept."""
    metric = Metric.objects.get(key=key).number
    now = np.array([int(time.time() * 1000)])
    one = Readings(
        np.array([device.number], np.int32),
        np.array([metric], np.int16),
        now,
        np.array([1.0 if key == "heartbeat" else 60.0]),
        now,
    )
    message = np.zeros(1, np.int32)
    return len(weigh(one, message, one.device, register, Faults(place.faults), 1).readings)
