"""Words for tests of the watcher: a home that burns, a journal, an ingest process that says it is well."""

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from tests.supervision.builders import BY, NATIONAL, a_person
from yinling.devices.ingest import state
from yinling.devices.ingest.journal import Journal
from yinling.devices.models import Device, Metric
from yinling.devices.services import Standing, load_devices, load_profiles
from yinling.devices.telemetry import Readings
from yinling.kernel.clock import now
from yinling.people.models import Person
from yinling.supervision.models import Alert
from yinling.supervision.watching.watcher import Watcher

WELL = state.State(
    pid=1, at=0, started_at=0, mqtt_port=0, http_port=0, broker="", devices=0, connections=0, messages=0, readings=0,
    faults=0, lag_s=0, last_flush_at=0, last_flush_ms=0, journal="", trouble="",
)  # fmt: skip


class Net:
    """A home with devices, a journal that the test writes, and an ingest process that it plays."""

    def __init__(self, folder: Path) -> None:
        data = yaml.safe_load((NATIONAL / "devices.yaml").read_text(encoding="utf-8"))
        load_profiles(data, file="devices.yaml", pack="national", by=BY)
        self.folder = folder
        self._watcher: Watcher | None = None
        self.person: Person = a_person()
        self.numbers = load_devices(
            [
                Standing(
                    profile=profile, maker="T", serial=profile, place_key=self.person.place_key, placed_at=now(),
                    spot="living_room", person_id=self.person.pk,
                )
                for profile in ("smoke_detector", "gas_detector", "door_sensor", "gateway", "wristband")
            ],
            by=BY,
        )  # fmt: skip
        self.smoke, self.gas, self.door, self.gateway, self.wristband = self.numbers
        self.metrics = dict(Metric.objects.values_list("key", "number"))
        (folder / "telemetry").mkdir(parents=True, exist_ok=True)
        self.began_ms = int(time.time()) * 1000 - 3_600_000
        self.ingest_began_s, self.broke_s = self.began_ms / 1000 - 86_400, 0.0
        self._journal = Journal(folder / "telemetry" / "journal")
        self.is_heard(0)

    def at(self, second: float) -> int:
        """Epoch milliseconds, so many seconds after an hour ago."""
        return self.began_ms + int(second * 1000)

    def says(self, device: int, second: float, arrives: float | None = None, **values: float) -> None:
        """A device's reading reaches the journal."""
        size, came = len(values), self.at(second if arrives is None else arrives)
        self._journal.append(
            Readings(
                np.full(size, device, np.int32), np.array([self.metrics[key] for key in values], np.int16),
                np.full(size, self.at(second), np.int64), np.array(list(values.values()), float),
                np.full(size, came, np.int64),
            )
        )  # fmt: skip

    def is_heard(self, until_s: float, **changes: Any) -> None:
        """Ingest says that everything up to then is in the journal (a second more, because that is its margin)."""
        since = {"started_at": self.ingest_began_s, "heard_since": self.ingest_began_s, "broke_at": self.broke_s}
        said = replace(WELL, at=self.at(until_s) / 1000 + 1, **{**since, **changes})
        state.write(self.folder / "telemetry" / "state.json", said)

    def a_watcher(self) -> Watcher:
        """One that goes on from what stands in the folder."""
        if self._watcher:
            self._watcher.close()  # as the kernel does for a process that was killed
        self._watcher = Watcher(self.folder / "watching")
        return self._watcher


def begun(net: Net) -> Watcher:
    """A watcher whose time begins with the net's, and not now."""
    watcher = net.a_watcher()
    watcher._judge.begin_anew(watcher._judge.pace, net.began_ms)
    watcher._keep()
    return watcher


def caught_up(watcher: Watcher) -> None:
    """Let it go round until nothing is left to judge."""
    while watcher.turn():
        pass


def essence() -> list[tuple[str, int, str, int, int]]:
    """What alerts there are, in order: rule, level, what was said last, how often it came, steps."""
    return [
        (alert.rule_key, alert.level, alert.last_signal, alert.count, alert.steps.count())
        for alert in Alert.objects.order_by("onset", "rule_key")
    ]


def device(number: int) -> Device:
    """The row of a device."""
    return Device.objects.get(number=number)
