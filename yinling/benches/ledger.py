"""Bench `ledger`: a million postings by 16 writers through the services, on databases of its own.

The writers are 2 processes of 8 threads, as a server on two cores has them. Residents pay in (from a clearing
account), pay the home, pay each other, draw on a hot pot of 8 slots, and ask for too much now and then: these must be
refused. Afterwards the books are proven. On PostgreSQL every flush to disk is made to wait 5 ms (`commit_delay=5000`,
`commit_siblings=0`), as on a city's storage. YINLING_BENCH_POSTGRESQL names a server where a database may be made.
"""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass

from yinling.benches._homes import a_database, a_home, is_reachable
from yinling.benches.report import Report, Result, percentile

PROCESSES, THREADS = 2, 8
RESIDENTS = 2000
BAR_PER_S = 1500
POSTINGS = {False: 1_000_000, True: 24_000}
ON_POSTGRESQL = {False: 200_000, True: 12_000}  # the same bar on a fifth of the rows: the rate is what is repeated
SLOW_COMMITS = "-c commit_delay=5000 -c commit_siblings=0"


@dataclass(frozen=True)
class Measured:
    """What one run on one database gave."""

    postings: int
    seconds: float
    accepted: int
    refused: int
    p99_ms: float
    faults: int

    @property
    def per_s(self) -> float:
        """Postings per second."""
        return self.postings / self.seconds


def run(quick: bool) -> Report:
    """Measure on SQLite, and on PostgreSQL where one is reachable."""
    report = Report(
        "ledger",
        {
            "writers": f"{PROCESSES} processes of {THREADS} threads",
            "postings_sqlite": POSTINGS[quick],
            "postings_postgresql": ON_POSTGRESQL[quick],
            "accounts": RESIDENTS,
        },
    )
    with a_home() as place:
        _add(report, "SQLite, every commit on disk", _measure(place, POSTINGS[quick]))
    if is_reachable():
        with a_database() as place:
            slow = {**place, "PGOPTIONS": SLOW_COMMITS}
            _add(report, "PostgreSQL, every commit 5 ms", _measure(slow, ON_POSTGRESQL[quick]))
    return report


def _add(report: Report, where: str, got: Measured) -> None:
    report.results.extend(
        [
            Result(f"postings per second, {where}", round(got.per_s), "1/s", f">= {BAR_PER_S}", got.per_s >= BAR_PER_S),
            Result(f"faults found by the proof of the books, {where}", got.faults, "", "0", got.faults == 0),
            Result(f"transfers refused (too much asked), {where}", got.refused, "", "> 0", got.refused > 0),
            Result(f"transfers made, {where}", got.accepted, "", "", None),
            Result(f"answer p99, {where}", round(got.p99_ms, 1), "ms", "", None),
        ]
    )


def _measure(environment: dict[str, str], postings: int) -> Measured:
    _output(_child(environment, "prepare"))
    share = postings // 2 // PROCESSES
    children = [_child(environment, "write", str(number), str(share)) for number in range(PROCESSES)]
    for child in children:
        assert child.stdout is not None
        child.stdout.readline()
    began = time.perf_counter()
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    answers = [json.loads(_output(child).splitlines()[-1]) for child in children]
    seconds = time.perf_counter() - began
    proof = json.loads(_output(_child(environment, "prove")).splitlines()[-1])
    waits = [wait for answer in answers for wait in answer["waits"]]
    return Measured(
        postings=proof["postings"],
        seconds=seconds,
        accepted=sum(a["made"] for a in answers),
        refused=sum(a["refused"] for a in answers),
        p99_ms=percentile(waits, 0.99),
        faults=proof["faults"] + abs(proof["transfers"] - sum(a["made"] for a in answers)),
    )


def _child(environment: dict[str, str], *words: str) -> subprocess.Popen[str]:
    # The settings of this process are not the child's: it has a home, and so a database and keys, of its own.
    kept = {k: v for k, v in os.environ.items() if k not in ("YINLING_DATABASE", "PGOPTIONS")}
    kept.setdefault("DJANGO_SETTINGS_MODULE", "yinling.config.settings")
    command = [sys.executable, "-m", "yinling.benches.ledger_writer", *words]
    return subprocess.Popen(command, env=kept | environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _output(child: subprocess.Popen[str]) -> str:
    text, _ = child.communicate()
    if child.returncode:
        raise RuntimeError(f"a writer ended with {child.returncode}")
    return text


if __name__ == "__main__":
    print(run("--quick" in sys.argv).as_json())
