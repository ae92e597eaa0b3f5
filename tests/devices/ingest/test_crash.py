"""Killed, filled up, cut off: whatever was acknowledged is in the journal, once."""

import asyncio
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.asynchronous import run_to_end
from tests.devices.ingest.builders import a_free_port, keys, options_in, running, stored
from tests.devices.ingest.sender import Sender
from yinling.benches._broker import SETTINGS, mosquitto
from yinling.devices.ingest import state
from yinling.devices.ingest.journal import Position, batches
from yinling.devices.ingest.options import Folders
from yinling.devices.ingest.readings import joined

ROOT = Path(__file__).resolve().parents[3]
needs_mosquitto = pytest.mark.skipif(
    mosquitto() is None, reason="NO MOSQUITTO ON THIS MACHINE: apt-get install mosquitto"
)


def start(folder: Path, port: int, http_port: int, broker: str = "") -> subprocess.Popen[bytes]:
    """The process, as the supervisor would start it."""
    command = [sys.executable, "-m", "tests.devices.ingest.process", str(folder), str(port), str(http_port), broker]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "yinling.config.settings"}
    return subprocess.Popen(command, cwd=ROOT, env=environment)


async def is_up(folder: Path, child: subprocess.Popen[bytes]) -> None:
    """Until the process says that its doors are open."""
    for _ in range(1500):
        held = state.read(folder / "state.json")
        if held and held.pid == child.pid and held.http_port:
            return
        await asyncio.sleep(0.02)
    raise AssertionError("the process does not start")


async def kill_again_and_again(folder: Path, port: int, broker: str, senders: list[Sender], times: int) -> None:
    """Senders at work while the process is killed at random moments."""
    http_port, luck = a_free_port(), random.Random(7)
    work = [asyncio.create_task(sender.run()) for sender in senders]
    child = start(folder, port, http_port, broker)
    try:
        for _ in range(times):
            await is_up(folder, child)
            await asyncio.sleep(luck.uniform(0.05, 0.5))
            child.send_signal(signal.SIGKILL)
            child.wait()
            child = start(folder, port, http_port, broker)
        async with asyncio.timeout(60):
            await asyncio.gather(*work)
    finally:
        child.terminate()
        child.wait(timeout=20)


def assert_all_kept_once(folder: Path, senders: list[Sender]) -> None:
    expected = set().union(*(sender.keys() for sender in senders))
    assert len(expected) == sum(sender.count for sender in senders)
    assert keys(stored(folder)) == expected


def test_killed_under_load_every_acknowledged_reading_is_there_once(tmp_path: Path) -> None:
    port = a_free_port()
    senders = [Sender(port, 2, 1500), Sender(port, 6, 1500)]
    run_to_end(kill_again_and_again(tmp_path, port, "", senders, times=4))
    assert_all_kept_once(tmp_path, senders)


@needs_mosquitto
def test_killed_behind_a_broker_every_acknowledged_reading_is_there_once(tmp_path: Path) -> None:
    port = a_free_port()
    broker = a_mosquitto(tmp_path, port)
    try:
        senders = [Sender(port, 2, 1500, "d2"), Sender(port, 6, 1500, "d6")]
        work = kill_again_and_again(tmp_path, a_free_port(), f"mqtt://127.0.0.1:{port}", senders, times=3)
        run_to_end(work)
    finally:
        broker.kill()
        broker.wait()
    assert_all_kept_once(tmp_path, senders)


@needs_mosquitto
def test_a_broker_that_is_killed_and_comes_back_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    port = a_free_port()

    async def story() -> list[Sender]:
        broker = a_mosquitto(tmp_path, port)
        senders = [Sender(port, 2, 8000, "d2"), Sender(port, 6, 8000, "d6")]
        try:
            async with running(options_in(tmp_path, f"mqtt://127.0.0.1:{port}")) as ingest:
                work = [asyncio.create_task(sender.run()) for sender in senders]
                for _ in range(2):
                    await asyncio.sleep(0.5)
                    broker.kill()
                    broker.wait()
                    await asyncio.sleep(1.5)
                    held = state.read(tmp_path / "state.json")
                    assert held is not None and held.trouble.startswith("broker: ")
                    broker = a_mosquitto(tmp_path, port)
                async with asyncio.timeout(60):
                    await asyncio.gather(*work)
                assert ingest.bridge is not None and ingest.bridge.state == "connected"
                assert all(sender.sessions > 2 for sender in senders)
        finally:
            broker.kill()
            broker.wait()
        return senders

    assert_all_kept_once(tmp_path, run_to_end(story()))


def a_mosquitto(folder: Path, port: int) -> subprocess.Popen[bytes]:
    """A broker of this test's own."""
    file = folder / "mosquitto.conf"
    file.write_text(SETTINGS.format(port=port))
    program = mosquitto()
    assert program is not None
    broker = subprocess.Popen([program, "-c", str(file)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(0.3)
    return broker


def test_a_full_disk_acknowledges_nothing_says_so_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    async def story() -> Sender:
        async with running(options_in(tmp_path)) as ingest:
            sender = Sender(ingest.mqtt_port, 2, 1500)
            held = resource.getrlimit(resource.RLIMIT_FSIZE)
            work = asyncio.create_task(sender.run())
            while len(sender.acknowledged) < 200:
                await asyncio.sleep(0.01)
            resource.setrlimit(resource.RLIMIT_FSIZE, (ingest.journal.position.offset + 100, held[1]))
            try:
                while not ingest.intake.figures.trouble:
                    await asyncio.sleep(0.01)
                stuck = len(sender.acknowledged)
                await asyncio.sleep(0.5)
                assert len(sender.acknowledged) == stuck < 1500
                assert "journal" in ingest.intake.figures.trouble
                assert keys(joined([p for _, p in batches(Folders(tmp_path).journal, Position())])) >= sender.keys()
            finally:
                resource.setrlimit(resource.RLIMIT_FSIZE, held)
            async with asyncio.timeout(30):
                await work
            assert not ingest.intake.figures.trouble
        return sender

    assert_all_kept_once(tmp_path, [run_to_end(story())])


def test_a_disk_without_room_for_the_state_file_does_not_stop_the_process(tmp_path: Path) -> None:
    async def story() -> None:
        async with running(options_in(tmp_path)) as ingest:
            shutil.rmtree(tmp_path / "history", ignore_errors=True)
            (tmp_path / "state.json").unlink()
            (tmp_path / "state.part").mkdir()
            await asyncio.sleep(1.3)
            sender = Sender(ingest.mqtt_port, 2, 10)
            async with asyncio.timeout(10):
                await sender.run()
            (tmp_path / "state.part").rmdir()

    run_to_end(story())
