"""The sealer: numbers committed changes without gaps and chains them per county and day under a daily root.

It runs alone (jobs runner), after the fact, so no business transaction waits for it. One flipped byte in a
sealed row breaks that row's hash, and `verify` names the row.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Max

from yinling.kernel.clock import civil_date, start_of
from yinling.kernel.database import is_postgresql
from yinling.kernel.models import Chain, Change, DayRoot

BATCH = 500
COUNTY_UNIT = 10**6


@dataclass(frozen=True)
class Broken:
    """A sealed row, or a root, that no longer matches."""

    number: int
    what: str


def seal_changes(limit: int = BATCH) -> int:
    """Number and seal the oldest unsealed changes. Returns how many."""
    with transaction.atomic():
        if not _alone():
            return 0
        fresh = _committed(limit)
        last = Change.objects.aggregate(last=Max("number"))["last"] or 0
        ends: dict[tuple[dt.date, int], Chain] = {}
        for number, change in enumerate(fresh, start=last + 1):
            _seal(change, number, ends)
        Change.objects.bulk_update(fresh, ["number", "previous", "hash"], batch_size=100)
        for chain in ends.values():
            chain.save()
    return len(fresh)


def _alone() -> bool:
    """On PostgreSQL one sealer at a time (advisory lock); SQLite's writer lock already sees to it."""
    if not is_postgresql():
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(4312)")
        return bool(cursor.fetchone()[0])


def _committed(limit: int) -> list[Change]:
    """The next unsealed changes of which no older one can still appear."""
    waiting = Change.objects.filter(number__isnull=True).order_by("id")
    if is_postgresql():
        # A row is final once every transaction that began before its own has ended.
        waiting = waiting.extra(
            where=["xmin::text::bigint < (txid_snapshot_xmin(txid_current_snapshot()) % 4294967296)"]
        )
    return list(waiting[:limit])


def _seal(change: Change, number: int, ends: dict[tuple[dt.date, int], Chain]) -> None:
    """Give one change its number and its place in its chain."""
    key = (civil_date(change.recorded_at), change.place_key // COUNTY_UNIT)
    if key not in ends:
        ends[key] = Chain.objects.filter(day=key[0], county_key=key[1]).first() or Chain(
            day=key[0], county_key=key[1], last_hash=b""
        )
    chain = ends[key]
    change.number, change.previous = number, bytes(chain.last_hash)
    change.hash = row_hash(change)
    chain.last_hash, chain.length = change.hash, chain.length + 1


def row_hash(change: Change) -> bytes:
    """SHA-256 over the previous hash and every stored field of the row."""
    fields = [
        change.number, change.type, change.version, str(change.actor_uid), change.subject_kind,
        str(change.subject_uid), change.place_key, change.data, bytes(change.salt).hex(),
        bytes(change.digest).hex(), change.reason, change.recorded_at.astimezone(dt.UTC).isoformat(),
    ]  # fmt: skip
    text = json.dumps(fields, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(bytes(change.previous) + text.encode()).digest()


def close_days(today: dt.date) -> int:
    """Write the root of every day before `today` that has chains and no root yet. Returns how many."""
    days = Chain.objects.filter(day__lt=today).exclude(day__in=DayRoot.objects.values("day"))
    count = 0
    for day in days.values_list("day", flat=True).distinct().order_by("day"):
        if Change.objects.filter(number__isnull=True, recorded_at__lt=start_of(day + dt.timedelta(days=1))).exists():
            break
        DayRoot.objects.create(day=day, root=_root(day), last_number=_last_number(day))
        count += 1
    return count


def _root(day: dt.date) -> bytes:
    before = DayRoot.objects.filter(day__lt=day).order_by("-day").first()
    body = hashlib.sha256(bytes(before.root) if before else b"")
    for chain in Chain.objects.filter(day=day).order_by("county_key"):
        body.update(chain.county_key.to_bytes(8, "big") + bytes(chain.last_hash))
    return body.digest()


def _last_number(day: dt.date) -> int:
    before = Change.objects.filter(recorded_at__lt=start_of(day + dt.timedelta(days=1)), number__isnull=False)
    return before.aggregate(last=Max("number"))["last"] or 0


def verify() -> Iterator[Broken]:
    """Walk all seals and yield what no longer matches: altered rows, gaps, chain ends, roots."""
    ends: dict[tuple[dt.date, int], bytes] = {}
    expected = 1
    for change in Change.objects.filter(number__isnull=False).order_by("number").iterator(chunk_size=2000):
        key = (civil_date(change.recorded_at), change.place_key // COUNTY_UNIT)
        number = change.number or 0
        if number != expected:
            yield Broken(expected, "missing")
        if bytes(change.hash) != row_hash(change):
            yield Broken(number, "altered")
        elif bytes(change.previous) != ends.get(key, b""):
            yield Broken(number, "out of its chain")
        ends[key], expected = bytes(change.hash), number + 1
    for chain in Chain.objects.all():
        if bytes(chain.last_hash) != ends.get((chain.day, chain.county_key), b""):
            yield Broken(0, f"chain of {chain.day} in {chain.county_key} ends elsewhere")
    for root in DayRoot.objects.order_by("day"):
        if bytes(root.root) != _root(root.day):
            yield Broken(root.last_number, f"root of {root.day}")
