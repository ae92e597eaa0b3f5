"""The command over a real store and database: what Spark judges becomes an alert, what is direct does not."""

import time
from pathlib import Path
from typing import Any

import pytest

from tests.supervision.spark.builders import NO_SPARK, SPARK
from tests.supervision.watching.builders import Net, device

if not SPARK:
    pytest.skip(NO_SPARK, allow_module_level=True)

from tests.supervision.spark.sessions import a_session
from yinling.devices.ingest.history import take_in
from yinling.devices.ingest.options import folders
from yinling.supervision.models import Alert
from yinling.supervision.spark import command

pytestmark = pytest.mark.django_db(transaction=True)
LONGEST_S = 240


def test_a_silent_gateway_is_an_alert_and_smoke_is_left_to_the_watcher(
    settings: Any, tmp_path: Path, sessions: list[Any], monkeypatch: pytest.MonkeyPatch, _roles_and_rules: None
) -> None:
    settings.HOME, settings.TELEMETRY_DIR = tmp_path, tmp_path / "telemetry"
    net = Net(tmp_path)
    for minute in range(60):
        net.says(net.smoke, minute * 60 + 2, smoke=1)
        if not 20 <= minute < 40:
            net.says(net.gateway, minute * 60, heartbeat=1)
    net._journal.close()
    take_in(folders(), before=1 << 40)
    sessions.append(a_session())
    monkeypatch.setattr(command, "now_ms", lambda: net.began_ms)
    monkeypatch.setattr(command, "PAUSE_S", 0.0)
    until = time.monotonic() + LONGEST_S

    def is_over() -> bool:
        return time.monotonic() > until or Alert.objects.filter(last_signal="cleared").exists()

    words = ["--folder", str(tmp_path / "spark"), "--lag", "1", "--shards", "2", "--every", "1 second"]
    assert command.run(words, is_over) == 0
    alert = Alert.objects.get()
    assert (alert.rule_key, alert.subject_uid) == ("gateway.silent", device(net.gateway).uid)
    assert int(alert.onset.timestamp() * 1000) == net.at(19 * 60 + 300)
