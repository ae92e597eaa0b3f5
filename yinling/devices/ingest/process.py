"""The process put together: doors, intake, journal, register, state. `python -m yinling.devices.ingest` runs it."""

import asyncio
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Container
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from django.db import DatabaseError, close_old_connections

from yinling.devices.ingest import compacting, history, latest, state
from yinling.devices.ingest.breaks import Breaks
from yinling.devices.ingest.bridge import Bridge
from yinling.devices.ingest.faults import Faults
from yinling.devices.ingest.http import HttpDoor
from yinling.devices.ingest.intake import Intake
from yinling.devices.ingest.journal import AlreadyRunning, Journal, Position, batches, segments
from yinling.devices.ingest.listener import Listener
from yinling.devices.ingest.options import Options, folders, options
from yinling.devices.ingest.register import Register, load_register, newer_register
from yinling.devices.queries import Agreed, Mark, still_agreed

log = logging.getLogger(__name__)
BEAT_S = 1.0
COMPACT_EVERY_S = 60.0


@dataclass
class Ingest:
    """One run of the process."""

    options: Options
    register: Register
    reread: Callable[[Register], Register | None] = newer_register
    agreed: Callable[[Mark, Container[int]], Agreed] = still_agreed
    started_at: float = field(default_factory=time.time)
    mqtt_port: int = 0
    http_port: int = 0
    _trouble: str = ""

    def __post_init__(self) -> None:
        """Open the journal and bring the last values up to date. Raises AlreadyRunning."""
        place = self.options.folders
        self.journal = Journal(place.journal)
        self.faults = Faults(place.faults)
        held = latest.Latest(place.latest)
        for segment in segments(place.journal)[-1:]:
            for _, readings in batches(place.journal, Position(segment)):
                held.take(readings, self.register)
        self.intake = Intake(self.journal, self.faults, held, lambda: self.register, changed=self._say)
        self._breaks = Breaks.after(state.read(place.state))
        self.listener = Listener(self.intake, self.faults, lambda: self.register)
        self.http = HttpDoor(self.intake, self.faults, lambda: self.register)
        self.bridge: Bridge | None = None
        self._register_thread = ThreadPoolExecutor(1, "register")  # one each: whoever asks again asks on the same
        self._consents_thread = ThreadPoolExecutor(1, "consents")  # connection, which knows when nobody has written

    async def run(self, stopping: asyncio.Event) -> None:
        """Open the doors and work until told to stop; then finish what waits."""
        tls = self.options.server_tls()
        if not self.options.broker:
            self._say()  # before the first reading can reach the journal
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self.intake.run()), group.create_task(self._beat())]
            tasks.append(group.create_task(self._follow_register()))
            tasks.append(group.create_task(self._heed_withdrawals()))
            tasks.append(group.create_task(self._compact()))
            if self.options.broker:
                tls_out = self.options.client_tls()
                self.bridge = Bridge(self.options.broker, self.intake, self.faults, lambda: self.register, tls_out)
                self.bridge.changed = self._say
                tasks.append(group.create_task(self.bridge.run()))
            else:
                self.mqtt_port = await self.listener.start(self.options.host, self.options.mqtt_port, tls)
                tasks.append(group.create_task(self.listener.sweep()))
            self.http_port = await self.http.start(self.options.host, self.options.http_port, tls)
            self._say()
            await stopping.wait()
            self.listener.stop()
            self.http.stop()
            for task in tasks:
                task.cancel()
        self.intake.close()
        self.journal.close()
        self.faults.save()
        self._write_state(is_stopped=True)

    async def _beat(self) -> None:
        """Once a second: say how things go; write down the faults; end an old segment."""
        while True:
            await asyncio.sleep(BEAT_S)
            self._say()
            try:
                self.faults.save()
            except OSError as refusal:
                log.error("the faults cannot be written: %s", refusal)
            if not self.intake.figures.trouble:
                self.intake.close_old_segment()

    async def _follow_register(self) -> None:
        """A new device, a new token, a new consent: in force within a second and the time that reading takes.

        Reading a million devices takes seconds of this process, so it rests twice as long as it has read.
        """
        took_s, loop = 0.0, asyncio.get_running_loop()
        while True:
            await asyncio.sleep(max(BEAT_S, 2 * took_s))
            began = time.monotonic()
            try:
                self.register = await loop.run_in_executor(self._register_thread, self._reread)
                self._trouble, took_s = "", time.monotonic() - began
            except DatabaseError as refusal:
                self._trouble = f"the register cannot be read: {refusal}"
                log.error(self._trouble)

    def _reread(self) -> Register:
        close_old_connections()
        found = self.reread(self.register)
        if found is None:
            return self.register
        found.withdraw(self.agreed(found.mark, ()).purposes)  # what ended while it was read
        return found

    async def _heed_withdrawals(self) -> None:
        """A consent that has ended: within a second, whatever the size of the register."""
        heeded: frozenset[int] = frozenset()
        read_with, loop = self.register, asyncio.get_running_loop()
        while True:
            await asyncio.sleep(BEAT_S)
            if self.register is not read_with:
                heeded, read_with = frozenset(), self.register
            try:
                found = await loop.run_in_executor(self._consents_thread, self._agreed, read_with.mark, heeded)
            except DatabaseError as refusal:
                log.error("withdrawn consents cannot be read: %s", refusal)
                continue
            heeded |= found.changes
            self.register.withdraw(found.purposes)

    def _agreed(self, mark: Mark, heeded: Container[int]) -> Agreed:
        close_old_connections()
        return self.agreed(mark, heeded)

    async def _compact(self) -> None:
        """Move closed segments into the history, in a process of its own that others go before."""
        while True:
            await asyncio.sleep(COMPACT_EVERY_S)
            before = self.journal.closed_before
            if not history.is_due(self.options.folders, before):
                continue
            words = ("-m", "yinling.devices.ingest", "compact", str(before))
            single = {**os.environ, "POLARS_MAX_THREADS": "1"}
            child = await asyncio.create_subprocess_exec(sys.executable, *words, env=single)
            try:
                if await child.wait():
                    log.error("moving telemetry into the history ended with %s", child.returncode)
            except asyncio.CancelledError:
                child.kill()
                raise

    def _say(self) -> None:
        """Write down how it stands; a full disk leaves the old state to grow stale, which says the same."""
        is_heard = not (self.intake.figures.trouble or self._broker_trouble())
        self._breaks.note(is_heard=is_heard, door_since=self.bridge.since if self.bridge else 0.0)
        try:
            self._write_state()
        except OSError as refusal:
            log.error("the state cannot be written: %s", refusal)

    def _write_state(self, *, is_stopped: bool = False) -> None:
        figures = self.intake.figures
        state.write(
            self.options.folders.state,
            state.State(
                pid=os.getpid(),
                at=time.time(),
                started_at=self.started_at,
                mqtt_port=self.mqtt_port,
                http_port=self.http_port,
                broker=self.bridge.state if self.bridge else "our own door",
                devices=self.register.count,
                connections=len(self.listener.connections),
                messages=figures.messages,
                readings=figures.readings,
                faults=self.faults.total(),
                lag_s=round(self.intake.lag_s, 3),
                last_flush_at=figures.last_flush_at,
                last_flush_ms=round(figures.last_flush_ms, 2),
                journal=str(self.journal.position),
                trouble=figures.trouble or self._trouble or self._broker_trouble(),
                is_stopped=is_stopped,
                heard_since=self._breaks.heard_since,
                broke_at=self._breaks.broke_at,
            ),
        )

    def _broker_trouble(self) -> str:
        return f"broker: {self.bridge.state}" if self.bridge and self.bridge.state != "connected" else ""


async def serve(chosen: Options) -> None:
    """Load the register and run until SIGTERM or Ctrl+C."""
    register = await asyncio.to_thread(load_register)
    stopping, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    await Ingest(chosen, register).run(stopping)


def main(words: list[str]) -> int:
    """Run the process, or its work in the background; 1 with a sentence when it cannot start."""
    if words[:1] == ["compact"]:
        return compacting.run(folders(), int(words[1]))
    try:
        asyncio.run(serve(options()))
    except (AlreadyRunning, ValueError, OSError) as refusal:
        print(f"ingest: {refusal}", file=sys.stderr)
        return 1
    return 0
