"""The decisions of the protocol. Pure."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from yinling.kernel.reasons import Reason

LATENCY_MS = 60_000  # below this a difference of clocks is the way through a bad network, not a wrong clock
OLDEST = dt.timedelta(days=31)  # after so long without contact a phone is given everything anew
MOST_COMMANDS = 50  # in one request
MOST_PIECE = 3 * 1024 * 1024
MOST_PART = 512 * 1024
Key = tuple[str, UUID]


def offset_ms(phone_ms: int, server_ms: int) -> int:
    """How far the phone's clock is behind (milliseconds to add to its times)."""
    apart = server_ms - phone_ms
    return apart if abs(apart) >= LATENCY_MS else 0


def digest(document: Mapping[str, Any]) -> str:
    """What tells one state of a document from another: 128 bits of SHA-256 over its canonical JSON, as hex."""
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Held:
    """What we last told a phone about a document: its digest ("" : drop it), and in which answer."""

    digest: str
    answer: int


@dataclass(frozen=True)
class Turn:
    """What one answer says: documents to keep, documents to drop."""

    put: tuple[Key, ...]
    drop: tuple[Key, ...]


def turn(wanted: Mapping[Key, str], told: Mapping[Key, Held], stored: int, *, is_full: bool) -> Turn:
    """What to say to a phone that has stored every answer up to `stored`, so that it holds `wanted` and nothing else.

    An answer that never arrived is said again: what was told in a later answer counts as untold. A full answer
    replaces everything, so nothing need be dropped one by one.
    """
    if is_full:
        return Turn(tuple(wanted), ())
    put = [key for key, found in wanted.items() if not _knows(told.get(key), found, stored)]
    drop = [key for key, held in told.items() if key not in wanted and (held.digest or held.answer > stored)]
    return Turn(tuple(put), tuple(drop))


def _knows(held: Held | None, found: str, stored: int) -> bool:
    return held is not None and held.digest == found and held.answer <= stored


def is_full(*, stored: int, sent: int, read_on: dt.date | None, today: dt.date) -> bool:
    """Whether a phone is given everything anew: it holds nothing, knows an answer that we never gave, or is too old."""
    return stored <= 0 or stored > sent or read_on is None or today - read_on > OLDEST


def why_no_command(known: bool, version: int, versions: Iterable[int]) -> Reason | None:
    """Why a command cannot be understood."""
    if not known or version not in set(versions):
        return Reason("This telephone's programme is too old or too new for this. Open it once with a signal, "
                      "then record it again.")  # fmt: skip
    return None


def why_no_part(size: int, received: int, offset: int, length: int) -> Reason | None:
    """Why a part of a photograph cannot be taken."""
    if not 0 < size <= MOST_PIECE:
        return Reason("The photograph has {size} bytes; the limit is {limit}.", size=size, limit=MOST_PIECE)
    if length > MOST_PART or offset != received or offset + length > size:
        return Reason("The part does not join: {received} bytes are here. Go on from there.", received=received)
    return None


@dataclass(frozen=True)
class Settled:
    """Two reports of one thing: what stands, and in which fields the later one said something else."""

    stands: Mapping[str, Any]
    differs: tuple[str, ...]
    is_worse: bool


def settle(stands: Mapping[str, Any], given: Mapping[str, Any], worst_first: Mapping[str, Sequence[str]]) -> Settled:
    """Field by field: the first report stands; a field that orders its values by gravity is `is_worse` where the later
    report says the graver thing, which its module must not lose."""
    differs = tuple(name for name in stands if name in given and stands[name] != given[name])
    worse = any(_graver(order, stands.get(name), given.get(name)) for name, order in worst_first.items())
    return Settled(stands, differs, worse)


def _graver(order: Sequence[str], stands: Any, given: Any) -> bool:
    rank = {value: place for place, value in enumerate(order)}
    return rank.get(given, len(order)) < rank.get(stands, len(order))
