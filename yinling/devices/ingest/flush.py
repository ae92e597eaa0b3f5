"""One flush: messages in any of their shapes become columns that hold, and an answer to each."""

from dataclasses import dataclass

import numpy as np

from yinling.devices.ingest import binary
from yinling.devices.ingest.faults import Fault, Faults
from yinling.devices.ingest.messages import Done, Message
from yinling.devices.ingest.payloads import UNKNOWN, Rows, Unreadable
from yinling.devices.ingest.readings import Readings, joined
from yinling.devices.ingest.register import Register
from yinling.devices.ingest.validating import columns_of, weigh

MOST_MESSAGE_BYTES = 1024 * 1024


@dataclass(frozen=True)
class Flush:
    """What goes to the journal, and what is said of each message afterwards, in their order.

    A message of which nothing holds is answered too: sent again it would be no better.
    """

    readings: Readings
    done: list[Done]


def weighed(messages: list[Message], register: Register, faults: Faults, received_ms: int) -> Flush:
    """Read and weigh the messages of a flush."""
    rows = Rows(register.number_of, register.metric_of, faults)
    compact: list[tuple[Readings, int]] = []
    batches: list[str | None] = []
    for number, message in enumerate(messages):
        try:
            batches.append(_read(message, number, rows, compact, register, received_ms))
        except Unreadable as wrong:
            faults.count(message.sender, wrong.fault, message.payload if wrong.shows_payload else wrong)
            rows.dropped[number] = 1
            batches.append(None)
    readings, of = columns_of(rows, received_ms)
    if compact:
        of = np.concatenate([of, *(np.full(len(part), number, np.int32) for part, number in compact)])
        readings = joined([readings, *(part for part, _ in compact)])
    senders = np.array([message.sender for message in messages], np.int32)
    left = weigh(readings, of, senders[of], register, faults, len(messages))
    counts = zip(messages, batches, left.sent.tolist(), left.refused.tolist(), strict=True)
    done = [
        Done(message.sender, message.ticket, batch, sent - refused, refused + rows.dropped.get(number, 0))
        for number, (message, batch, sent, refused) in enumerate(counts)
    ]
    return Flush(left.readings, done)


def _read(
    message: Message,
    number: int,
    rows: Rows,
    compact: list[tuple[Readings, int]],
    register: Register,
    received_ms: int,
) -> str | None:
    """Take one message in; its batch id."""
    payload = message.payload
    if len(payload) > MOST_MESSAGE_BYTES:
        raise Unreadable(f"{len(payload):,} bytes; the limit is {MOST_MESSAGE_BYTES:,}", Fault.TOO_LARGE)
    if not payload.startswith(binary.MAGIC):
        return rows.read(payload, message.sender, message.form, received_ms, number)
    packed = binary.unpack(payload)
    device = packed.numbers(packed.devices, register.number_of.__getitem__, packed.device, own=message.sender)
    metric = packed.numbers(packed.metrics, lambda key: register.metric_of.get(key, UNKNOWN), packed.metric)
    received = np.full(len(device), received_ms, np.int64)
    part = Readings(device.astype(np.int32), metric.astype(np.int16), packed.ts_ms, packed.value, received)
    compact.append((part, number))
    return packed.batch or None
