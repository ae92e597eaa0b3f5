"""Writers on SQLite wait in one fair queue: none starves, none is told that the database is locked."""

import os
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connections, transaction

WRITER = textwrap.dedent(
    """
    import sys, time
    import django
    django.setup()
    from django.db import transaction
    from yinling.kernel.models import Sequence, next_number
    end, count = time.monotonic() + float(sys.argv[1]), 0
    while time.monotonic() < end:
        with transaction.atomic():
            next_number("tests")
        count += 1
    print(count)
    """
)


def test_four_writers_share_the_database_fairly_and_lose_nothing(
    tmp_path: Path, new_home: Callable[[Path], Path]
) -> None:
    home = new_home(tmp_path)
    environment = {**os.environ, "YINLING_HOME": str(home), "DJANGO_SETTINGS_MODULE": "yinling.config.settings"}
    environment.pop("YINLING_DATABASE", None)
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, "2"], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    counts = [int(writer.communicate(timeout=180)[0]) for writer in writers]
    assert min(counts) > 0
    read = (
        "import django; django.setup(); from yinling.kernel.models import Sequence; print(Sequence.objects.get().last)"
    )
    last = subprocess.run([sys.executable, "-c", read], env=environment, capture_output=True, text=True, check=True)
    assert int(last.stdout) == sum(counts)


TIMEOUT_S = 0.1
ADD = "INSERT INTO note (text) VALUES (%s)"


@pytest.fixture
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, django_db_blocker: Any) -> Iterator[Callable[..., list]]:
    """A database of its own, `connections["notes"]`, whose busy timeout is a tenth of a second; called, it asks it."""
    like = connections.settings["default"]
    own = {**like, "NAME": str(tmp_path / "notes.sqlite3"), "OPTIONS": {**like["OPTIONS"], "timeout": TIMEOUT_S}}
    own["ENGINE"] = "yinling.kernel.sqlite"
    monkeypatch.setitem(connections.settings, "notes", own)

    def ask(query: str) -> list[Any]:
        with connections["notes"].cursor() as cursor:
            cursor.execute(query)
            return [value for (value,) in cursor.fetchall()]

    with django_db_blocker.unblock():
        ask("CREATE TABLE note (text PRIMARY KEY)")
        yield ask
        connections["notes"].close()
        del connections["notes"]


def write_one() -> None:
    with connections["notes"].cursor() as cursor:
        cursor.execute(ADD, ["a"])


def write_many() -> None:
    with connections["notes"].cursor() as cursor:
        cursor.executemany(ADD, [["a"], ["b"]])


def write_in_a_transaction() -> None:
    with transaction.atomic(using="notes"):
        write_one()


def a_long_writer(lasting: float, text: str = "long") -> threading.Thread:
    """Another thread inside a transaction; returned once it has begun."""
    begun = threading.Event()

    def hold() -> None:
        with transaction.atomic(using="notes"):
            begun.set()
            time.sleep(lasting)
            with connections["notes"].cursor() as cursor:
                cursor.execute(ADD, [text])
        connections["notes"].close()

    thread = threading.Thread(target=hold)
    thread.start()
    assert begun.wait(10)
    return thread


@pytest.mark.parametrize("write", [write_one, write_many, write_in_a_transaction])
def test_a_writer_waits_for_one_that_takes_longer_than_the_busy_timeout(
    notes: Callable[..., list], write: Callable[[], None]
) -> None:
    long = a_long_writer(lasting=5 * TIMEOUT_S)
    write()
    long.join()
    assert notes("SELECT text FROM note ORDER BY rowid")[:2] == ["long", "a"]


def test_many_rows_outside_a_transaction_are_written_all_or_none(notes: Callable[..., list]) -> None:
    with connections["notes"].cursor() as cursor, pytest.raises(IntegrityError):
        cursor.executemany(ADD, [["a"], ["b"], ["a"]])
    assert notes("SELECT text FROM note") == []


def test_who_reads_on_an_old_snapshot_is_told_so_and_holds_up_nobody(notes: Callable[..., list]) -> None:
    write_many()
    with connections["notes"].cursor() as reading:
        reading.execute("SELECT text FROM note")
        reading.fetchone()  # its snapshot stays open
        a_long_writer(lasting=0).join()
        with pytest.raises(OperationalError, match="locked"):
            write_in_a_transaction()
    a_long_writer(lasting=0, text="next").join()
    assert notes("SELECT text FROM note ORDER BY rowid") == ["a", "b", "long", "next"]
