"""`yinling up`: web server, job runner, ingest and watch as one supervised process tree.

The supervisor starts each process, starts it again when it dies (slower each time), gives a dead runner's jobs back
at once, stops everything on SIGTERM, and takes its children with it when it is killed itself.
"""

import argparse
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field

import django
from django.conf import settings
from django.core.management import call_command
from django.db import close_old_connections, connection

PR_SET_PDEATHSIG = 1
LONGEST_PAUSE_S = 30.0
IDLE_S = 0.5
MODULES = {  # what runs beside the web server
    "runner": ("yinling.config.commands", "runner"),
    "ingest": ("yinling.devices.ingest",),
    "watch": ("yinling.supervision.watching",),
}


@dataclass
class Child:
    """One process of the tree."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    pause_s: float = field(default=0.5)

    def start(self) -> None:
        """Start the process; it dies with the supervisor."""
        self.process = subprocess.Popen(self.command, preexec_fn=_die_with_parent, start_new_session=True)
        self.started_at = time.monotonic()

    def clear_away(self) -> None:
        """End what a dead process has left of its group: a web server's workers outlive their master."""
        assert self.process is not None
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)


def _die_with_parent() -> None:
    """Linux tells a child when its parent is gone, even after kill -9."""
    if sys.platform == "linux":
        ctypes.CDLL("libc.so.6", use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def up(words: list[str]) -> int:
    """Prepare, then supervise until SIGTERM or Ctrl+C."""
    parser = argparse.ArgumentParser(prog="yinling up")
    parser.add_argument("--host", default=os.environ.get("YINLING_HOST", "127.0.0.1"))
    parser.add_argument("--port", default=int(os.environ.get("YINLING_PORT", "8000")), type=int)
    parser.add_argument("--workers", default=int(os.environ.get("YINLING_WORKERS", "2")), type=int)
    asked = parser.parse_args(words)
    if not _is_free(asked.host, asked.port):
        print(f"Port {asked.port} is in use. Choose another one: yinling up --port {asked.port + 1}", file=sys.stderr)
        return 1
    django.setup()
    from yinling.config.commands.building import build_if_empty, print_accounts

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    build_if_empty()
    print(f"\n  http://{asked.host}:{asked.port}/\n", flush=True)
    if settings.DEMO:
        print_accounts()
    connection.close()
    return _supervise([_web(asked), *map(_module, MODULES)])


def _is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _web(asked: argparse.Namespace) -> Child:
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "yinling.config.wsgi:application", "--no-ws",
        "--host", asked.host, "--port", str(asked.port), "--workers", str(asked.workers),
        "--blocking-threads", "4", "--respawn-failed-workers", "--log-level", "warning",
    ]  # fmt: skip
    return Child("web", command)


def _module(name: str) -> Child:
    return Child(name, [sys.executable, "-m", *MODULES[name]])


def _supervise(children: list[Child]) -> int:
    stopping = False

    def stop(*_: object) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    for child in children:
        child.start()
    while not stopping:
        for child in children:
            _look_after(child)
        time.sleep(IDLE_S)
    return _stop_all(children)


def _look_after(child: Child) -> None:
    """Start a dead child again; one that keeps dying waits longer each time."""
    assert child.process is not None
    if child.process.poll() is None:
        return
    print(f"{child.name} ended with {child.process.returncode}; starting it again", file=sys.stderr, flush=True)
    child.clear_away()
    if child.name == "runner":
        _give_jobs_back(child.process.pid)
    child.pause_s = 0.5 if time.monotonic() - child.started_at > 60 else min(child.pause_s * 2, LONGEST_PAUSE_S)
    time.sleep(child.pause_s)
    child.start()


def _give_jobs_back(pid: int) -> None:
    from yinling.kernel.jobs import release

    release(f"runner-{pid}")
    connection.close()


def _stop_all(children: list[Child]) -> int:
    for child in children:
        if child.process is not None:
            child.process.terminate()
    for child in children:
        if child.process is not None:
            try:
                child.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                child.process.kill()
            child.clear_away()
    return 0


def runner(words: list[str]) -> int:
    """Run jobs one after the other; between them number and announce changes, and start what is due."""
    argparse.ArgumentParser(prog="yinling runner").parse_args(words)
    django.setup()
    from yinling.config import wiring
    from yinling.kernel import changes, jobs, seals

    name, running = f"runner-{os.getpid()}", True

    def stop(*_: object) -> None:
        nonlocal running
        running = False

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while running:
        close_old_connections()
        wiring.start_what_is_due()
        busy = bool(seals.seal_changes()) | bool(changes.deliver())
        busy = jobs.run_one(name) or busy
        if not busy:
            time.sleep(IDLE_S)
    return 0
