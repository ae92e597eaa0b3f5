"""The whole platform for benches: a Mosquitto of its own and every process of `yinling up`, each to be killed."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from yinling.benches._broker import SETTINGS, mosquitto
from yinling.benches._homes import Place
from yinling.benches._net import PROCESSES, Net, with_ports
from yinling.devices.ingest import state

PORTS = ("YINLING_BENCH_BROKER_PORT", "YINLING_BENCH_WEB_PORT")
KILLED = ("ingest", "watch", "web", "broker", "runner")
FILLER = "filler"
BESIDE = "YINLING_BENCH_BESIDE"  # where logs stand: a full disk must not keep a process from starting


@contextmanager
def a_small_disk(megabytes: int) -> Iterator[tuple[Place, bool]]:
    """A home on a file system of its own that can run full; whether it is one (root alone may mount)."""
    with a_folder() as home, a_folder() as beside, ExitStack() as after:
        size = f"size={megabytes}m"
        asked = subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", home], capture_output=True)
        mounted = asked.returncode == 0
        if mounted:
            after.callback(subprocess.run, ["umount", "-l", home], check=False)
        yield {"YINLING_HOME": home, BESIDE: beside}, mounted


def a_folder() -> tempfile.TemporaryDirectory[str]:
    """A folder that is gone afterwards."""
    return tempfile.TemporaryDirectory(prefix="yinling-bench-", ignore_cleanup_errors=True)


def ports_for_all(place: Place) -> Place:
    """The place with ports for devices, web and broker, and the broker's address."""
    with ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in PORTS]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        found = dict(zip(PORTS, (str(probe.getsockname()[1]) for probe in probes), strict=True))
    return {**with_ports(place), **found, "YINLING_MQTT": f"mqtt://127.0.0.1:{found[PORTS[0]]}"}


@dataclass
class Platform(Net):
    """Broker, ingest, watch, runner and web over one home. `has_own_disk`: the home is a file system of its own."""

    has_own_disk: bool = False
    kept_away: set[str] = field(default_factory=set)

    @property
    def broker_port(self) -> int:
        """Where gateways send."""
        return int(self.place[PORTS[0]])

    @property
    def web_port(self) -> int:
        """Where people look."""
        return int(self.place[PORTS[1]])

    def start(self) -> None:
        """Start what does not run, but for what is kept away."""
        for name in ("broker", *PROCESSES, "runner", "web"):
            held = self.running.get(name)
            if name in self.kept_away or (held is not None and held.poll() is None):
                continue
            if held is not None:
                _clear_away(held)
            with (Path(self.place[BESIDE]) / f"{name}.log").open("ab") as log:
                self.running[name] = subprocess.Popen(
                    self._command(name), env=self.environment, stdout=log, stderr=log, start_new_session=True
                )
            self.starts += 1

    def kill(self, name: str) -> None:
        """kill -9, with whatever it has started: `yinling up` clears that away too."""
        super().kill(name)
        _clear_away(self.running[name])

    def stop(self) -> None:
        """Ask all to end; the broker last."""
        for name in reversed(list(self.running)):
            self.running[name].send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                self.running[name].wait(timeout=30)
            _clear_away(self.running[name])

    @contextmanager
    def full_disk(self) -> Iterator[None]:
        """Not a byte is left on the home's file system; where it has none of its own, no file may grow."""
        if not self.has_own_disk:
            with super().full_disk():
                yield
            return
        filler = self.home / FILLER
        try:
            with suppress(OSError), filler.open("wb", buffering=0) as file:
                while True:
                    file.write(bytes(1 << 20))
            yield
        finally:
            filler.unlink(missing_ok=True)

    @contextmanager
    def broker_gone(self) -> Iterator[None]:
        """Nobody carries messages."""
        self.kept_away.add("broker")
        self.kill("broker")
        try:
            yield
        finally:
            self.kept_away.discard("broker")
            self.start()

    def answers(self) -> bool:
        """Whether the web server does."""
        try:
            connection = HTTPConnection("127.0.0.1", self.web_port, timeout=5)
            connection.request("GET", "/accounts/login/")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False

    def last_words(self) -> str:
        """The ends of the logs."""
        logs = sorted(Path(self.place[BESIDE]).glob("*.log"))
        return "\n".join(f"{log.stem}: {log.read_text(errors='replace')[-600:]}" for log in logs)

    def until_up(self, limit_s: float = 120) -> None:
        """Wait until readings can come in and are judged, and pages are answered."""
        until = time.monotonic() + limit_s
        while not self.is_up():
            if time.monotonic() > until:
                raise TimeoutError(self.last_words())
            time.sleep(0.2)

    def is_up(self) -> bool:
        """Whether readings can come in and are judged, and pages are answered."""
        held = state.read(self.home / "telemetry" / "state.json")
        return bool(self.beat().get("devices") and held and held.heard_since and self.answers())

    def _command(self, name: str) -> list[str]:
        if name == "broker":
            file = Path(self.place[BESIDE]) / "mosquitto.conf"
            file.write_text(SETTINGS.format(port=self.broker_port))
            return [str(mosquitto()), "-c", str(file)]
        if name == "web":
            return [
                sys.executable, "-m", "granian", "--interface", "wsgi", "yinling.config.wsgi:application", "--no-ws",
                "--port", str(self.web_port), "--workers", "1", "--blocking-threads", "4", "--log-level", "warning",
            ]  # fmt: skip
        words = ["yinling.config.commands", "runner"] if name == "runner" else [PROCESSES[name]]
        return [sys.executable, "-m", *words]


def _clear_away(process: "subprocess.Popen[bytes]") -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


@dataclass
class Looking:
    """Somebody who looks at a page all the time. Counts answers and silences."""

    platform: Platform
    answers: int = 0
    silences: int = 0
    _over: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def meanwhile(self) -> Iterator[None]:
        """Look as long as the block runs."""
        thread = threading.Thread(target=self._run)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join()

    def _run(self) -> None:
        while not self._over.wait(0.2):
            if self.platform.answers():
                self.answers += 1
            else:
                self.silences += 1
