"""The heart of the process: messages come in, a flush at a time goes to the journal, and only then is acknowledged.

One flush is on its way to the disk while the next one gathers, so the slower the disk, the more messages share a write.
When the disk refuses, nothing is acknowledged: the flush is kept and tried again, and once enough waits, the doors stop
reading, so that what is not on disk stays with its sender.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from yinling.devices.ingest.faults import Faults
from yinling.devices.ingest.flush import weighed
from yinling.devices.ingest.journal import Journal
from yinling.devices.ingest.latest import Latest
from yinling.devices.ingest.messages import Done, Door, Message
from yinling.devices.ingest.readings import Readings
from yinling.devices.ingest.register import Register

log = logging.getLogger(__name__)
GATHER_S = 0.005
APART_S = 0.02  # between two flushes: what comes in a burst shares a write, what comes alone waits for none
RETRY_S = 1.0
MOST_WAITING_BYTES = 64 * 1024 * 1024
MOST_FLUSH_BYTES = 4 * 1024 * 1024


@dataclass
class Figures:
    """How things go, for the state file and the doctor."""

    messages: int = 0
    readings: int = 0
    flushes: int = 0
    last_flush_at: float = 0.0
    last_flush_ms: float = 0.0
    trouble: str = ""


@dataclass
class Intake:
    """Gathers, weighs, writes, acknowledges."""

    journal: Journal
    faults: Faults
    latest: Latest
    register: Callable[[], Register]
    figures: Figures = field(default_factory=Figures)
    doors: list[Door] = field(default_factory=list)
    changed: Callable[[], None] = lambda: None  # hears at once when trouble begins and ends
    _waiting: list[Message] = field(default_factory=list)
    _waiting_bytes: int = 0
    _oldest_at: float = 0.0
    _under_way_since: float = 0.0
    _paused: bool = False
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _disk: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "journal"))

    def take(self, message: Message) -> None:
        """Take a message in. Its door hears of it again when it is on disk."""
        if not self._waiting:
            self._oldest_at = time.monotonic()
            self._wake.set()
        self._waiting.append(message)
        self._waiting_bytes += len(message.payload)
        if self._waiting_bytes > MOST_WAITING_BYTES and not self._paused:
            self._paused = True
            for door in self.doors:
                door.pause()

    @property
    def lag_s(self) -> float:
        """How long the oldest message has waited for the disk, one that is being written among them."""
        since = self._under_way_since or (self._oldest_at if self._waiting else 0.0)
        return time.monotonic() - since if since else 0.0

    @property
    def is_full(self) -> bool:
        """Whether the doors must not take anything in."""
        return self._paused

    async def run(self) -> None:
        """Flush for ever."""
        began = 0.0
        while True:
            await self._wake.wait()
            await asyncio.sleep(max(GATHER_S, began + APART_S - time.monotonic()))
            began = time.monotonic()
            await self.flush()

    def close_old_segment(self) -> None:
        """End a segment that has been open for long; on the thread that writes, so never during a write."""
        self._disk.submit(self.journal.close_segment_if_old)

    def close(self) -> None:
        """Wait for a write under way: the journal can be closed after it."""
        self._disk.shutdown(wait=True)

    async def flush(self) -> None:
        """Write what waits and acknowledge it."""
        self._under_way_since = self._oldest_at
        messages = self._next_flush()
        register = self.register()
        flush = weighed(messages, register, self.faults, int(time.time() * 1000))
        began = time.monotonic()
        if len(flush.readings):
            await self._on_disk(flush.readings)
            self.latest.take(flush.readings, register)
        self._under_way_since = 0.0
        self._acknowledge(messages, flush.done)
        self._count(messages, flush.readings, began)
        if self._paused and self._waiting_bytes < MOST_WAITING_BYTES // 2:
            self._paused = False
            for door in self.doors:
                door.resume()

    def _next_flush(self) -> list[Message]:
        """The oldest messages, as many as one flush takes."""
        size = cut = 0
        if self._waiting_bytes <= MOST_FLUSH_BYTES:
            taken, self._waiting, self._waiting_bytes = self._waiting, [], 0
        else:
            while size < MOST_FLUSH_BYTES:
                size += len(self._waiting[cut].payload)
                cut += 1
            taken, self._waiting = self._waiting[:cut], self._waiting[cut:]
            self._waiting_bytes -= size
        if not self._waiting:
            self._wake.clear()
        return taken

    async def _on_disk(self, readings: Readings) -> None:
        """Return when the journal holds them, however long the disk refuses."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                await loop.run_in_executor(self._disk, self.journal.append, readings)
            except OSError as refusal:
                self._say(f"the journal cannot be written: {refusal.strerror or refusal}")
                await asyncio.sleep(RETRY_S)
            else:
                self._say("")
                return

    def _say(self, trouble: str) -> None:
        before, self.figures.trouble = self.figures.trouble, trouble
        if bool(before) != bool(trouble):
            log.error(f"{trouble}: nothing is acknowledged" if trouble else "the journal is written again")
            self.changed()

    def _acknowledge(self, messages: list[Message], done: list[Done]) -> None:
        by_door: dict[int, tuple[Door, list[Done]]] = {}
        for message, one in zip(messages, done, strict=True):
            by_door.setdefault(id(message.door), (message.door, []))[1].append(one)
        for door, its in by_door.values():
            door.acknowledge(its)

    def _count(self, messages: list[Message], readings: Readings, began: float) -> None:
        figures = self.figures
        figures.messages += len(messages)
        figures.readings += len(readings)
        figures.flushes += 1
        figures.last_flush_at = time.time()
        figures.last_flush_ms = (time.monotonic() - began) * 1000
