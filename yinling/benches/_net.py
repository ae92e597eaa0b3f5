"""A small net for benches: a home with devices and rules, its processes ingest and watch, and what they wrote."""

import json
import os
import resource
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from yinling.benches._homes import Place, run_in

PROCESSES = {"ingest": "yinling.devices.ingest", "watch": "yinling.supervision.watching"}


@dataclass(frozen=True)
class Prepared:
    """A gateway's token, and numbers of the devices that hang on it, in order."""

    token: str
    gateway: int
    devices: list[int]


@dataclass
class Net:
    """Two processes over one home. `start` again whatever has died."""

    place: Place
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    starts: int = 0

    @property
    def home(self) -> Path:
        """Its folder."""
        return Path(self.place["YINLING_HOME"])

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to be in this place."""
        return {**os.environ, "DJANGO_SETTINGS_MODULE": "yinling.config.settings", **self.place}

    def start(self) -> None:
        """Start what does not run."""
        for name, module in PROCESSES.items():
            held = self.running.get(name)
            if held is None or held.poll() is not None:
                with (self.home / f"{name}.log").open("ab") as log:
                    self.running[name] = subprocess.Popen(
                        [sys.executable, "-m", module], env=self.environment, stdout=log, stderr=log
                    )
                self.starts += 1

    def kill(self, name: str) -> None:
        """kill -9."""
        self.running[name].kill()
        self.running[name].wait()

    def stop(self) -> None:
        """Ask both to end."""
        for process in self.running.values():
            process.send_signal(signal.SIGTERM)
        for process in self.running.values():
            process.wait(timeout=30)

    @contextmanager
    def full_disk(self) -> Iterator[None]:
        """No file of the processes may grow: every write is refused, as on a full disk."""
        held = {name: process.pid for name, process in self.running.items() if process.poll() is None}
        for pid in held.values():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
        try:
            yield
        finally:
            for name, pid in held.items():
                if self.running[name].pid == pid and self.running[name].poll() is None:
                    unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
                    resource.prlimit(pid, resource.RLIMIT_FSIZE, unlimited)

    @contextmanager
    def locked_database(self) -> Iterator[None]:
        """Somebody else holds SQLite's lock."""
        other = sqlite3.connect(self.home / "yinling.sqlite3", timeout=60, isolation_level=None)
        try:
            other.execute("BEGIN EXCLUSIVE")
            yield
            other.execute("ROLLBACK")
        finally:
            other.close()

    def beat(self) -> dict[str, int]:
        """What the watcher last said; empty before it has."""
        try:
            said: dict[str, int] = json.loads((self.home / "watching" / "beat.json").read_text())
        except (FileNotFoundError, ValueError):
            return {}
        return said

    def until_up(self, limit_s: float = 60) -> None:
        """Wait until ingest listens and the watcher has said something."""
        until = time.monotonic() + limit_s
        while time.monotonic() < until:
            with socket.socket() as probe:
                up = probe.connect_ex(("127.0.0.1", int(self.place["YINLING_INGEST_PORT"]))) == 0
            if up and self.beat().get("devices"):
                return
            time.sleep(0.1)
        raise TimeoutError((self.home / "ingest.log").read_text()[-800:] + (self.home / "watch.log").read_text()[-800:])


def with_ports(place: Place) -> Place:
    """The place with ports of its own."""
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        return {
            **place, "YINLING_INGEST_PORT": str(one.getsockname()[1]), "YINLING_MQTT_PORT": str(two.getsockname()[1]),
        }  # fmt: skip


def prepared(place: Place, homes: int, devices: int, rules: str = "", *profiles: str) -> list[Prepared]:
    """Fill the place: so many gateways with so many devices each; with rules and profiles of its own, if named."""
    others = (rules, *profiles) if rules else ()
    said = run_in(place, "yinling.benches._net_worker", "prepare", str(homes), str(devices), *others)
    return [Prepared(**one) for one in json.loads(said)]


def alerts(place: Place) -> list[dict[str, object]]:
    """Every alert of the place."""
    found: list[dict[str, object]] = json.loads(run_in(place, "yinling.benches._net_worker", "alerts"))
    return found
