"""What did not hold: counted by sender and kind, a few samples kept, bounded, written down for the page."""

import os
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import orjson

MOST_SENDERS = 10_000  # further ones share one line: counting must not eat the memory it protects
MOST_SAMPLE = 160


class Fault(StrEnum):
    """What can be wrong with a message or a reading."""

    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    NOT_ITS_TOPIC = "not_its_topic"
    UNKNOWN_DEVICE = "unknown_device"
    NOT_ITS_GATEWAY = "not_its_gateway"
    UNKNOWN_METRIC = "unknown_metric"
    NOT_MEASURED = "not_measured"
    NO_CONSENT = "no_consent"
    WRONG_TYPE = "wrong_type"
    NOT_A_NUMBER = "not_a_number"
    OUT_OF_RANGE = "out_of_range"
    CLOCK_AHEAD = "clock_ahead"  # kept as it is: the evaluator watches clocks, and an alarm must not get lost
    CLOCK_LOST = "clock_lost"  # kept under the time of arrival
    WRONG_TOKEN = "wrong_token"  # noqa: S105  the name of a fault


@dataclass
class Seen:
    """One kind of fault of one sender: how often, when last, what it looked like."""

    count: int = 0
    at_ms: int = 0
    sample: str = ""


@dataclass
class Faults:
    """The book of faults. `sender` is the number of a device, or 0 for whoever is not in the register."""

    path: Path
    seen: OrderedDict[tuple[int, str], Seen] = field(default_factory=OrderedDict)
    _changed: bool = False

    def __post_init__(self) -> None:
        """Take up the counts of the last run; a file that cannot be read starts them anew."""
        self.seen = OrderedDict(((sender, kind), seen) for sender, kind, seen in read(self.path))

    def count(self, sender: int, kind: Fault, sample: object = "", times: int = 1) -> None:
        """Count a fault and keep the newest sample of it."""
        key = (max(sender, 0), kind.value)
        if key not in self.seen and len(self.seen) >= MOST_SENDERS:
            key = (0, kind.value)
        seen = self.seen.setdefault(key, Seen())
        seen.count += times
        seen.at_ms = int(time.time() * 1000)
        seen.sample = _short(sample) or seen.sample
        self._changed = True

    def total(self) -> int:
        """All that were ever counted."""
        return sum(seen.count for seen in self.seen.values())

    def save(self) -> None:
        """Write the book where the page reads it, whole or not at all."""
        if not self._changed:
            return
        rows = [[sender, kind, seen.count, seen.at_ms, seen.sample] for (sender, kind), seen in self.seen.items()]
        part = self.path.with_suffix(".part")
        part.write_bytes(orjson.dumps(rows))
        os.replace(part, self.path)
        self._changed = False


def read(path: Path) -> list[tuple[int, str, Seen]]:
    """Sender, kind and what was seen, from the written book."""
    try:
        rows = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return []
    return [(sender, kind, Seen(count, at_ms, sample)) for sender, kind, count, at_ms, sample in rows]


def _short(sample: object) -> str:
    text = bytes(sample[:MOST_SAMPLE]).decode("utf-8", "replace") if isinstance(sample, bytes) else str(sample)
    return "".join(c if c.isprintable() else "·" for c in text[:MOST_SAMPLE])
