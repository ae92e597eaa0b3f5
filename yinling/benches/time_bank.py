"""Bench `time_bank`: a million postings of hours by 16 writers, through the bank's own door to the ledger.

As the bench `ledger` (2 processes of 8 threads, databases of its own, books proven afterwards), but what moves is what
the time bank moves: hours earned, set aside, redeemed, given to kin in another county through clearing accounts,
donated to a pool; one in fifty asks for more than anybody has and must be refused. Conserved: what came out of the
clearing accounts of service given equals what went into those of service received and what is held.
"""

import json
import os
import subprocess
import sys
import time

from yinling.benches._homes import a_database, a_home, is_reachable
from yinling.benches.ledger import BAR_PER_S, PROCESSES, SLOW_COMMITS, THREADS
from yinling.benches.report import Report, Result, percentile

POSTINGS = {False: 1_000_000, True: 24_000}
ON_POSTGRESQL = {False: 200_000, True: 12_000}  # the same bar on a fifth of the rows: the rate is what is repeated
LINES = 2.35  # postings of a transfer, on average: some pass clearing accounts as well


def run(quick: bool) -> Report:
    """Measure on SQLite, and on PostgreSQL where one is reachable."""
    report = Report(
        "time_bank",
        {
            "writers": f"{PROCESSES} processes of {THREADS} threads",
            "postings_sqlite": POSTINGS[quick],
            "postings_postgresql": ON_POSTGRESQL[quick],
        },
    )
    with a_home() as place:
        _measure(report, "SQLite, every commit on disk", place, POSTINGS[quick])
    if is_reachable():
        with a_database() as place:
            slow = {**place, "PGOPTIONS": SLOW_COMMITS}
            _measure(report, "PostgreSQL, every commit 5 ms", slow, ON_POSTGRESQL[quick])
    return report


def _measure(report: Report, where: str, environment: dict[str, str], postings: int) -> None:
    _output(_child(environment, "prepare"))
    before = json.loads(_output(_child(environment, "prove")).splitlines()[-1])
    share = int(postings / LINES) // PROCESSES
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
    made = proof["postings"] - before["postings"]
    rate, refused = made / seconds, sum(answer["refused"] for answer in answers)
    waits = [wait for answer in answers for wait in answer["waits"]]
    report.results.extend(
        [
            Result(f"postings per second, {where}", round(rate), "1/s", f">= {BAR_PER_S}", rate >= BAR_PER_S),
            Result(f"minutes lost or made from nothing, {where}", proof["drift"], "", "0", proof["drift"] == 0),
            Result(f"accounts below zero, {where}", proof["overdrawn"], "", "0", proof["overdrawn"] == 0),
            Result(f"faults found by the proof of the books, {where}", proof["faults"], "", "0", proof["faults"] == 0),
            Result(f"transfers refused (too much asked), {where}", refused, "", "> 0", refused > 0),
            Result(f"postings made, {where}", made, "", "", None),
            Result(f"answer p99, {where}", round(percentile(waits, 0.99), 1), "ms", "", None),
        ]
    )


def _child(environment: dict[str, str], *words: str) -> subprocess.Popen[str]:
    # The settings of this process are not the child's: it has a home, and so a database and keys, of its own.
    kept = {k: v for k, v in os.environ.items() if k not in ("YINLING_DATABASE", "PGOPTIONS")}
    kept.setdefault("DJANGO_SETTINGS_MODULE", "yinling.config.settings")
    command = [sys.executable, "-m", "yinling.benches.time_bank_writer", *words]
    return subprocess.Popen(command, env=kept | environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _output(child: subprocess.Popen[str]) -> str:
    text, _ = child.communicate()
    if child.returncode:
        raise RuntimeError(f"a writer ended with {child.returncode}")
    return text


if __name__ == "__main__":
    print(run("--quick" in sys.argv).as_json())
