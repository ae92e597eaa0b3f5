"""`yinling up`: one process tree that answers, comes back, and stops."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from yinling.kernel.keyring import new_keyring

PATIENCE_S = 120
PROCESSES = 4  # web, runner, ingest, watch


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    try:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", "/accounts/login/")
        return connection.getresponse().status == 200
    except OSError:
        return False


def eventually(holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.2)
    return False


def children_of(pid: int) -> list[int]:
    out = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False).stdout
    return [int(word) for word in out.split()]


def command_of(pid: int) -> str:
    path = Path(f"/proc/{pid}/cmdline")
    return path.read_bytes().replace(b"\0", b" ").decode() if path.exists() else ""


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """In an empty home, where it makes its tables first, unless the test has made them."""
    port = free_port()
    environment = {
        **os.environ, "YINLING_HOME": str(tmp_path), "YINLING_DEMO": "0", "YINLING_SECRET_KEY": "x" * 60,
        "YINLING_KEYS": new_keyring().as_json(), "YINLING_MQTT_PORT": str(free_port()),
        "YINLING_INGEST_PORT": str(free_port()), "DJANGO_SETTINGS_MODULE": "yinling.config.settings",
    }  # fmt: skip
    environment.pop("YINLING_DATABASE", None)
    command = [sys.executable, "-m", "yinling.config.commands", "up", "--port", str(port), "--workers", "1"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    yield process, port
    process.kill()
    process.wait()


def test_it_serves_comes_back_after_kill_9_and_stops_on_sigterm(tree: tuple[subprocess.Popen[bytes], int]) -> None:
    process, port = tree
    assert eventually(lambda: answers(port))
    assert eventually(lambda: len(children_of(process.pid)) == PROCESSES)
    before = {pid: command_of(pid) for pid in children_of(process.pid)}
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    assert eventually(lambda: len(set(children_of(process.pid)) - set(before)) == PROCESSES)
    assert eventually(lambda: answers(port))
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=PATIENCE_S) == 0
    assert not answers(port)


@pytest.fixture
def with_tables(tmp_path: Path, new_home: Callable[[Path], Path]) -> None:
    new_home(tmp_path)


def test_its_children_do_not_outlive_it(with_tables: None, tree: tuple[subprocess.Popen[bytes], int]) -> None:
    process, port = tree
    assert eventually(lambda: answers(port))
    children = children_of(process.pid)
    process.kill()
    process.wait()
    assert eventually(lambda: not any("yinling" in command_of(c) for c in children))
