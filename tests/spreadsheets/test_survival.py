"""An import whose process is killed again and again ends as one that nobody disturbed. Real processes, a real file."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from tests.spreadsheets.rosters import as_csv, rows

ROWS = 7_000
CITY = Path(__file__).parents[1] / "small_city.csv"
BEGIN = "import sys, django\ndjango.setup()\nfrom pathlib import Path\nfrom yinling.spreadsheets import jobs as work\n"
PREPARE = """
from yinling.kernel.actors import System
from yinling.places.services import load_divisions
from yinling.spreadsheets import services
by = System("test")
load_divisions(Path(sys.argv[1]), by=by)
path = Path(sys.argv[2])
found = services.upload(stream=path.open("rb"), name=path.name, register_key="people", place_key=0, by=by)
services.start(uid=found.uid, by=by)
"""
# Dies by SIGKILL in its second batch: before its outcomes are written, after them, or once it is committed.
WORK = """
import os, signal
from yinling.kernel import jobs
from yinling.spreadsheets import importing, preparing
preparing.WORTH_A_PROCESS, moment, batches = int(sys.argv[1]), sys.argv[2], []
append, take = importing.OutcomeWriter.append, importing.take

def die(here):
    if moment == here and len(batches) == 2:
        os.kill(os.getpid(), signal.SIGKILL)

def appending(self, outcomes):
    if outcomes:
        batches.append(1)
        die("before outcomes")
    append(self, outcomes)
    die("after outcomes")

def taking(*arguments):
    take(*arguments)
    die("after commit")

importing.OutcomeWriter.append, importing.take = appending, taking
jobs.release("runner")
jobs.run_all("runner")
"""
TELL = """
import hashlib, json
from yinling.kernel.models import Job
from yinling.people.models import Person, Residence
from yinling.spreadsheets.models import Import
found = Import.objects.get()
persons = list(Person.objects.order_by("id").values_list("name", "birth_date", "place_key", "sex", "flags"))
outcomes = [(o.sheet, o.row, str(o.kind), o.label, o.changed) for o in found.outcomes().in_order()]
print(json.dumps({"state": found.state, "counts": found.counts, "skipped": found.skipped, "read": found.rows_read,
                  "persons": len(persons), "residences": Residence.objects.count(),
                  "attempts": Job.objects.get().attempts,
                  "digest": hashlib.sha256(repr((persons, outcomes)).encode()).hexdigest()}))
"""
MOMENTS = ("before outcomes", "after outcomes", "after commit")


def run(script: str, home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "YINLING_HOME": str(home), "DJANGO_SETTINGS_MODULE": "yinling.config.settings"}
    environment.pop("YINLING_DATABASE", None)
    command = [sys.executable, "-c", BEGIN + script, *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=200, check=False)


def prepared(home: Path, roster: Path) -> Path:
    done = run(PREPARE, home, str(CITY), str(roster))
    assert done.returncode == 0, done.stderr
    return home


def told(home: Path) -> dict[str, Any]:
    return json.loads(run(TELL, home).stdout)  # type: ignore[no-any-return]


def still_alive(home: Path) -> list[bytes]:
    """Command lines of processes that work in a home."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(path.read_bytes())
        except OSError:  # it has just ended
            continue
    return [line for line in found if str(home).encode() in line and b"preparing_process" in line]


@pytest.mark.parametrize(
    ("kills", "worth_a_process"), [(10, 10**9), (3, 0)], ids=["in one process", "prepared by another process"]
)
def test_an_import_killed_on_the_way_ends_like_an_undisturbed_one(
    tmp_path: Path, new_home: Callable[[Path], Path], kills: int, worth_a_process: int
) -> None:
    roster = tmp_path / "roster.csv"
    damaged = [{**row, "身份证号码": "4.33E+17"} if n % 97 == 0 else row for n, row in enumerate(rows(ROWS))]
    roster.write_bytes(as_csv(damaged))
    quiet = prepared(new_home(tmp_path / "quiet"), roster)
    restless = Path(copytree(quiet, tmp_path / "restless"))
    run(WORK, quiet, str(10**9), "never")
    for _, moment in zip(range(kills), cycle(MOMENTS), strict=False):
        assert run(WORK, restless, str(worth_a_process), moment).returncode == -signal.SIGKILL
    run(WORK, restless, str(worth_a_process), "never")
    undisturbed, disturbed = told(quiet), told(restless)
    assert undisturbed["state"] == "done" and sum(undisturbed["counts"].values()) == ROWS
    assert (undisturbed.pop("attempts"), disturbed.pop("attempts")) == (1, kills + 1)
    assert disturbed == undisturbed
    time.sleep(0.5)
    assert not still_alive(restless)
