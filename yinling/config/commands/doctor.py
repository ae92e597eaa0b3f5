"""`yinling check` and `yinling verify`: is this installation sound?"""

import argparse
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import django
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

LEAST_DISK_GB = 2
Finding = tuple[bool, str]


def check(words: list[str]) -> int:
    """Go through everything an operator is asked about first; exit code 1 when something is wrong."""
    argparse.ArgumentParser(prog="yinling check").parse_args(words)
    django.setup()
    wrong = 0
    for examine in (_settings, _database, _migrations, _keys, _disk, _clock, _jobs, _seals, _books, _watching, _ingest):
        for sound, text in _safely(examine):
            wrong += not sound
            print(f"{'ok  ' if sound else 'BAD '} {text}")
    return 1 if wrong else 0


def _safely(examine: Callable[[], Iterator[Finding]]) -> list[Finding]:
    try:
        return list(examine())
    except Exception as error:  # noqa: BLE001  a doctor reports, whatever it is that broke
        return [(False, f"{examine.__name__.strip('_')}: {type(error).__name__}: {error}")]


def _settings() -> Iterator[Finding]:
    yield bool(settings.SECRET_KEY), "secret key is set"
    yield settings.DEMO or settings.BEHIND_TLS, "demonstration, or behind TLS (YINLING_TLS=1)"
    yield not settings.DEBUG, "debug is off"


def _database() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        yield cursor.fetchone()[0] == 1, f"database answers ({connection.vendor})"
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA quick_check")
            result = cursor.fetchone()[0]
            yield result == "ok", f"SQLite's own check: {result}"


def _migrations() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    yield not pending, f"{len(pending)} migrations pending" + (": `yinling up` makes them first" if pending else "")


def _keys() -> Iterator[Finding]:
    from yinling.kernel.crypto import seal, unseal
    from yinling.kernel.keyring import keyring

    ring = keyring()
    yield (
        unseal(seal("probe", "check"), "check") == "probe",
        f"keys open what they seal ({ring.cipher}, version {ring.current})",
    )
    path = Path(settings.KEYS_FILE)
    if "YINLING_KEYS" not in os.environ and path.exists():
        yield path.stat().st_mode & 0o077 == 0, "the key file is its owner's alone"


def _disk() -> Iterator[Finding]:
    free = shutil.disk_usage(settings.HOME).free / 1e9
    yield free > LEAST_DISK_GB, f"{free:.1f} GB free where the data lie; at least {LEAST_DISK_GB} are needed"


def _clock() -> Iterator[Finding]:
    from yinling.kernel.clock import now
    from yinling.kernel.models import Change

    newest = Change.objects.order_by("-id").values_list("recorded_at", flat=True).first()
    yield newest is None or newest <= now(), "the clock has not gone back since the last change"
    yield time.tzname is not None, "time zone data are there"


def _jobs() -> Iterator[Finding]:
    from yinling.kernel.models import DeadLetter, Job

    failed = Job.objects.filter(state=Job.State.FAILED).count()
    yield True, f"{failed} failed jobs kept for reading"
    dead = DeadLetter.objects.filter(settled_at__isnull=True).count()
    yield dead == 0, f"{dead} changes that a listener could not handle"


def _seals() -> Iterator[Finding]:
    from yinling.kernel.seals import verify as walk

    broken = list(walk())
    yield not broken, f"{len(broken)} broken seals" + (f", first at {broken[0].number}" if broken else "")


def _books() -> Iterator[Finding]:
    from yinling.ledger.queries import verify_books

    faults = list(verify_books())
    yield not faults, f"{len(faults)} faults in the books" + (f": {faults[0]}" if faults else "")


def _ingest() -> Iterator[Finding]:
    from yinling.devices.telemetry import health

    yield from health()


def _watching() -> Iterator[Finding]:
    from yinling.supervision.watching.beats import health

    yield from health()


def verify(words: list[str]) -> int:
    """Walk every seal and name what no longer matches."""
    argparse.ArgumentParser(prog="yinling verify").parse_args(words)
    django.setup()
    from yinling.kernel.seals import verify as walk

    count = 0
    for broken in walk():
        count += 1
        print(f"change {broken.number}: {broken.what}")
    print("every seal holds" if not count else f"{count} seals do not hold")
    return 1 if count else 0
