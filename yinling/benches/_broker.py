"""A Mosquitto of a bench's own, with the settings that docs/operate/ingest.md asks of a broker."""

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SETTINGS = """\
listener {port} 127.0.0.1
allow_anonymous true
persistence false
max_inflight_messages 0
max_queued_messages 0
set_tcp_nodelay true
"""


def mosquitto() -> str | None:
    """The broker's program, if it is installed."""
    return shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")


@contextmanager
def a_broker() -> Iterator[tuple[int, int]]:
    """A running broker: its port and its process id. Gone afterwards."""
    program = mosquitto()
    if program is None:
        raise RuntimeError("Mosquitto is not installed: apt-get install mosquitto")
    with tempfile.TemporaryDirectory(prefix="yinling-broker-") as folder:
        port, file = a_free_port(), Path(folder) / "mosquitto.conf"
        file.write_text(SETTINGS.format(port=port))
        broker = subprocess.Popen([program, "-c", str(file)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _wait_for(port)
            yield port, broker.pid
        finally:
            broker.terminate()
            broker.wait()


def a_free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the broker does not answer")
