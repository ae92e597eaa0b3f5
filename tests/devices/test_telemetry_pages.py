"""Pages of telemetry: what is shown, to whom, and never without consent."""

import datetime as dt
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.conftest import HECHENG, a_user, client_of
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
from yinling.accounts.models import User
from yinling.devices import services
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
from yinling.people.queries import looks_at

pytestmark = pytest.mark.django_db
BY = System("test")


@pytest.fixture(autouse=True)
def place(tmp_path: Path, settings: Any) -> Folders:
    """Telemetry of these tests."""
    settings.TELEMETRY_DIR = tmp_path
    return Folders(tmp_path)


def reported(place: Folders, device: Device, key: str, *values: float, until_ms: int = 0) -> None:
    """A device reported, minute by minute, until now (or another time)."""
    count, now_ms = len(values), until_ms or int(time.time() * 1000)
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
    text = client_of(keeper).get(f"/work/devices/{device.uid}/panel/telemetry").content.decode()
    assert "<svg" in text and "22 °C" in text
    assert (
        client_of(a_user("keeper", HECHENG, "far")).get(f"/work/devices/{device.uid}/panel/telemetry").status_code
        == 404
    )


def test_vital_signs_are_on_no_panel_and_are_opened_with_a_reason_that_stays(keeper: User, place: Folders) -> None:
    person = a_person()
    device = in_home_of(person, "bed_mat", "bedroom")
    url, panel = f"/work/devices/person/{person.uid}/vital-signs", f"/work/devices/person/{person.uid}/readings"
    consent = agreed(person, "vital_signs")
    reported(place, device, "heart_rate", 61, 62, 63)
    client = client_of(keeper)
    text = client.get(panel).content.decode()
    assert "63 次/分" not in text and url in text
    assert "63 次/分" not in client.get(url).content.decode() and not looks_at(person)
    text = client.post(url, {"reason": "家属来电询问"}).content.decode()
    assert "63 次/分" in text and "<svg" in text
    (line,) = looks_at(person)
    assert line.data["items"] == ["vital_signs"] and line.reason == "家属来电询问" and line.actor_uid == keeper.uid
    took_back(consent, civil_date())
    assert "63 次/分" not in client.post(url, {"reason": "家属来电询问"}).content.decode()
    assert url not in client.get(panel).content.decode()


def test_without_a_reason_vital_signs_stay_shut_and_no_line_is_written(keeper: User, place: Folders) -> None:
    person = a_person()
    reported(place, in_home_of(person, "bed_mat", "bedroom"), "heart_rate", 61, 62, 63)
    agreed(person, "vital_signs")
    answer = client_of(keeper).post(f"/work/devices/person/{person.uid}/vital-signs", {"reason": "看"})
    assert answer.status_code == 422 and "63 次" not in answer.content.decode() and not looks_at(person)


def test_whoever_does_not_see_a_person_finds_no_vital_signs_and_no_position(keeper: User, place: Folders) -> None:
    person = a_person()
    agreed(person, "position")
    far = client_of(a_user("keeper", HECHENG, "far"))
    for page in ("vital-signs", "position"):
        assert far.post(f"/work/devices/person/{person.uid}/{page}", {"reason": "想看看"}).status_code == 404
    assert client_of(keeper).get(f"/work/devices/person/{person.uid}/position").status_code == 404
    assert not looks_at(person)


def test_a_daughter_named_in_the_consent_sees_where_her_mother_is_until_it_is_taken_back(
    keeper: User, place: Folders
) -> None:
    person, daughter = a_person(), a_user("volunteer", HECHENG, "nv")
    band = standing(a_device("wristband", person.place_key), Spot(person=person))
    consent = agreed(person, "position", recipient="女儿")
    until_ms = int(time.time() * 1000)
    reported(place, band, "latitude", 27.5, 27.6, until_ms=until_ms)
    reported(place, band, "longitude", 110.5, 110.6, until_ms=until_ms)
    until = civil_date() + dt.timedelta(days=30)
    services.share_position(
        person_uid=person.uid, consent_uid=consent.uid, grantee_uid=daughter.uid, until=until, by=keeper
    )
    url, client = f"/work/devices/person/{person.uid}/position", client_of(daughter)
    assert "27.6" not in client.get(url).content.decode() and not looks_at(person)
    assert "27.60000, 110.60000" in client.post(url).content.decode()
    assert [line.data["items"] for line in looks_at(person)] == [["position"]]
    took_back(consent, civil_date())
    assert client.post(url).status_code == 404 and len(looks_at(person)) == 1


def test_positions_are_on_no_chart(keeper: User, place: Folders) -> None:
    person = a_person()
    device = standing(a_device("wristband", person.place_key), Spot(person=person))
    agreed(person, "position")
    reported(place, device, "latitude", 27.5, 27.6)
    assert "27.6" not in client_of(keeper).get(f"/work/devices/{device.uid}/panel/telemetry").content.decode()


def test_a_room_shows_its_day_to_whoever_sees_the_home(keeper: User, place: Folders) -> None:
    home = a_home()
    bed = beds_in(home, 1)[0]
    device = standing(a_device(), Spot(home, room=bed.room))
    reported(place, device, "smoke_density", 0.1, 0.2)
    assert "<svg" in client_of(keeper).get(f"/work/devices/rooms/{bed.room_id}").content.decode()
    assert client_of(a_user("keeper", HECHENG, "far")).get(f"/work/devices/rooms/{bed.room_id}").status_code == 404


def test_faults_are_shown_where_the_device_is_seen_and_strangers_to_the_city(keeper: User, place: Folders) -> None:
    device = in_house(a_home())
    faults = Faults(place.faults)
    faults.count(device.number, Fault.OUT_OF_RANGE, "sample-of-mine", 3)
    faults.count(-1, Fault.UNKNOWN_DEVICE, "sample-of-stranger")
    faults.save()
    mine = client_of(keeper).get("/work/devices/faults").content.decode()
    assert "sample-of-mine" in mine and "sample-of-stranger" not in mine
    far = client_of(a_user("keeper", HECHENG, "far")).get("/work/devices/faults").content.decode()
    assert "sample-of-mine" not in far
    city = client_of(a_user("keeper", 431200000000, "city")).get("/work/devices/faults").content.decode()
    assert "sample-of-mine" in city and "sample-of-stranger" in city


def test_the_page_of_faults_is_for_those_who_keep_devices(reader: User) -> None:
    assert client_of(reader).get("/work/devices/faults").status_code == 403


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
