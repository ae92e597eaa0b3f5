"""Messages in the shapes that device makers send, as columns: device, metric, time, value and message of each reading.

A device about itself: `{"smoke": 0.1}`, `{"ts": 1763900000000, "values": {"smoke": 0.1}}`, or a list of these.
A gateway: `{"its device": [{"ts": …, "values": {…}}, …], …}`. Either may carry `"batch"`: the sender's own name for the
message. What these functions cannot place they report; nothing a sender writes makes them raise anything else.
"""

import json
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import orjson

from yinling.devices.ingest.faults import Fault, Faults

UNKNOWN = -1


class Form(IntEnum):
    """What kind of message it is, by its topic or address."""

    TELEMETRY = 0
    ATTRIBUTES = 1
    GATEWAY = 2


class Unreadable(ValueError):
    """Not a message of any of these shapes, or one too large to be read."""

    def __init__(self, why: str, fault: Fault = Fault.UNREADABLE) -> None:
        super().__init__(why)
        self.fault = fault

    @property
    def shows_payload(self) -> bool:
        """Whether the payload itself says best what is wrong."""
        return self.fault is Fault.UNREADABLE


@dataclass
class Rows:
    """What a flush gathers, a row a reading, column by column, and what its readers need to know."""

    numbers: dict[str, int]  # devices by user name
    metrics: dict[str, int]
    faults: Faults
    device: list[int] = field(default_factory=list)
    metric: list[int] = field(default_factory=list)
    ts_ms: list[Any] = field(default_factory=list)
    value: list[Any] = field(default_factory=list)
    message: list[int] = field(default_factory=list)
    dropped: dict[int, int] = field(default_factory=dict)  # readings by message that did not even become rows

    def read(self, payload: bytes, sender: int, form: Form, received_ms: int, message: int) -> str | None:
        """Take one message in; its batch id. Raises Unreadable, and has then taken nothing."""
        content = _parsed(payload)
        before = len(self.message)
        try:
            if form is Form.GATEWAY:
                batch = self._gateway(content, sender, received_ms, message)
            else:
                batch = self._device(content, sender, form, received_ms, message)
        except (AttributeError, TypeError, KeyError, Unreadable) as wrong:
            for column in (self.device, self.metric, self.ts_ms, self.value):
                del column[before:]
            raise Unreadable(str(wrong)) from wrong
        self.message += [message] * (len(self.device) - before)
        return batch

    def _gateway(self, content: Any, sender: int, received_ms: int, message: int) -> str | None:
        batch = None
        for name, entries in content.items():
            if type(entries) is not list:
                if name != "batch":
                    raise Unreadable("a gateway sends a list for each device")
                batch = str(entries)
                continue
            device = self.numbers[name]
            if device == UNKNOWN:
                self._drop(sender, Fault.UNKNOWN_DEVICE, name, message)
                continue
            for entry in entries:
                self._entry(entry, device, received_ms, message)
        return batch

    def _device(self, content: Any, sender: int, form: Form, received_ms: int, message: int) -> str | None:
        if type(content) is list:
            batch = None
            for entry in content:
                batch = entry.get("batch", batch)
                self._entry(entry, sender, received_ms, message)
        elif form is Form.ATTRIBUTES:
            batch = content.get("batch")
            known = {key: value for key, value in content.items() if key in self.metrics}
            self._entry(known, sender, received_ms, message)
        else:
            batch = content.get("batch")
            self._entry(content, sender, received_ms, message)
        return None if batch is None else str(batch)

    def _entry(self, entry: Any, device: int, received_ms: int, message: int) -> None:
        values = entry.get("values")
        at = entry.get("ts", received_ms)
        for key, value in entry.items() if values is None else values.items():
            metric = self.metrics.get(key, UNKNOWN)
            if metric != UNKNOWN:
                self.device.append(device)
                self.metric.append(metric)
                self.ts_ms.append(at)
                self.value.append(value)
            elif values is not None or key not in ("ts", "batch", "values"):
                self._drop(device, Fault.UNKNOWN_METRIC, key, message)

    def _drop(self, blamed: int, fault: Fault, sample: str, message: int) -> None:
        self.faults.count(blamed, fault, sample)
        self.dropped[message] = self.dropped.get(message, 0) + 1


def _parsed(payload: bytes) -> Any:
    """JSON; with the words NaN and Infinity that some devices write, so that these are counted as what they are."""
    try:
        return orjson.loads(payload)
    except orjson.JSONDecodeError:
        if b"NaN" not in payload and b"Infinity" not in payload:
            raise Unreadable("not JSON") from None
    try:
        return json.loads(payload)
    except (ValueError, RecursionError):
        raise Unreadable("not JSON") from None
