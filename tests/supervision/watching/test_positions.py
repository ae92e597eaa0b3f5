"""From what a wristband sends to an alert: latitude and longitude are two readings, and one position."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.devices.builders import agreed
from tests.supervision.watching.builders import Net, begun
from yinling.devices.ingest.faults import Faults
from yinling.devices.ingest.flush import weighed
from yinling.devices.ingest.messages import Message
from yinling.devices.ingest.payloads import Form
from yinling.devices.ingest.register import load_register
from yinling.people.models import Person
from yinling.supervision.models import Alert

pytestmark = pytest.mark.django_db
HOME = {"latitude": 27.9, "longitude": 110.6}
FAR = {"latitude": 27.918, "longitude": 110.6}  # two kilometres to the north


@pytest.fixture
def net(settings: Any, tmp_path: Path, _roles_and_rules: None) -> Net:
    settings.HOME, settings.TELEMETRY_DIR = tmp_path, tmp_path / "telemetry"
    made = Net(tmp_path)
    Person.objects.filter(pk=made.person.pk).update(**HOME)
    return made


def sends(net: Net, second: int, values: dict[str, float]) -> None:
    """The wristband's message goes the way of every message: read, weighed, into the journal."""
    payload = json.dumps({"ts": net.at(second), "values": values}).encode()
    message = Message(None, net.wristband, Form.TELEMETRY, payload, None)  # type: ignore[arg-type]
    flush = weighed([message], load_register(), Faults(net.folder / "faults"), net.at(second))
    net._journal.append(flush.readings)


def walked_away(net: Net) -> None:
    watcher = begun(net)
    sends(net, 60, HOME | {"heart_rate": 80})
    for minute in range(5, 20):
        sends(net, minute * 60, FAR)
    net.is_heard(20 * 60)
    while watcher.turn():
        pass


def test_two_kilometres_from_home_for_ten_minutes_is_a_wandering_alert(net: Net) -> None:
    agreed(net.person, "position")
    walked_away(net)
    alert = Alert.objects.get(rule_key="wandering")
    assert alert.person == net.person and alert.level_name == "orange"
    assert int(alert.onset.timestamp() * 1000) == net.at(15 * 60)


def test_the_alert_itself_does_not_say_where_the_person_is(net: Net) -> None:
    agreed(net.person, "position")
    walked_away(net)
    said = json.dumps(Alert.objects.get(rule_key="wandering").evidence)
    assert "27.9" not in said and "110.6" not in said


def test_without_a_consent_a_walk_is_nobodys_business(net: Net) -> None:
    walked_away(net)
    assert not Alert.objects.filter(rule_key="wandering").exists()
