"""Bench `beds`: 50 simultaneous admissions to 10 beds, 200 rounds: exactly 10 each time, 40 clear refusals.

Five processes of ten threads ask through the service at the same instant, on a database of its own: a real SQLite
file, and PostgreSQL where YINLING_BENCH_POSTGRESQL (or localhost) answers. After each round the beds are counted, at
the end every pair of bed uses is compared.
"""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field

from yinling.benches._homes import a_database, a_home, is_reachable
from yinling.benches.report import Report, Result, percentile

PROCESSES, PERSONS, BEDS = 5, 50, 10
ROUNDS = {False: 200, True: 20}


@dataclass
class Outcome:
    """What the rounds on one database gave."""

    right: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)
    overlaps: int = 0
    seconds: float = 0.0


def run(quick: bool) -> Report:
    """Measure on SQLite, and on PostgreSQL where one is reachable."""
    rounds = ROUNDS[quick]
    report = Report("beds", {"persons": PERSONS, "beds": BEDS, "rounds": rounds, "processes": PROCESSES})
    with a_home() as place:
        _add(report, "SQLite", rounds, _measure(place, rounds))
    if is_reachable():
        with a_database() as place:
            _add(report, "PostgreSQL", rounds, _measure(place, rounds))
    return report


def _add(report: Report, where: str, rounds: int, got: Outcome) -> None:
    refusals = rounds * (PERSONS - BEDS)
    clear, odd = got.counts["refused"], sum(got.counts.values()) - got.counts["refused"] - got.counts["admitted"]
    whole = f"{rounds} of {rounds}"
    report.results.extend(
        [
            Result(f"rounds with exactly {BEDS} admitted, {where}", got.right, "rounds", whole, got.right == rounds),
            Result(f"clear refusals, {where}", clear, "refusals", str(refusals), clear == refusals),
            Result(f"other answers, {where}", odd, "answers", "0", odd == 0),
            Result(f"overlapping uses of a bed, {where}", got.overlaps, "pairs", "0", got.overlaps == 0),
            Result(f"answer p99 of 50 at once, {where}", round(percentile(got.waits, 0.99)), "ms", "", None),
            Result(f"seconds, {where}", round(got.seconds, 1), "s", "", None),
        ]
    )


def _measure(environment: dict[str, str], rounds: int) -> Outcome:
    if _child(environment, "prepare").wait():
        raise RuntimeError("the database could not be prepared")
    share = PERSONS // PROCESSES
    children = [_child(environment, "serve", str(share * n), str(share)) for n in range(PROCESSES)]
    got, began = Outcome(), time.perf_counter()
    for _number in range(rounds):
        answers = _all(children, "go")
        counts: Counter[str] = Counter()
        for answer in answers:
            counts.update(answer["counts"])
            got.waits.extend(answer["waits"])
        left = _all(children[:1], "reset")[0]
        is_right = counts["admitted"] == left["open_uses"] == left["beds"] == left["stays"] == BEDS
        got.right += is_right
        got.counts.update(counts)
    got.seconds = time.perf_counter() - began
    got.overlaps = _all(children[:1], "prove")[0]["overlaps"]
    for child in children:
        child.communicate()
    return got


def _all(children: "list[subprocess.Popen[str]]", verb: str) -> list[dict]:
    """Have all obey at once, then hear each answer."""
    for child in children:
        assert child.stdin is not None
        child.stdin.write(verb + "\n")
        child.stdin.flush()
    return [json.loads(_line(child)) for child in children]


def _line(child: "subprocess.Popen[str]") -> str:
    assert child.stdout is not None
    line = child.stdout.readline()
    if not line:
        raise RuntimeError(f"a child ended with {child.wait()}")
    return line


def _child(environment: dict[str, str], *words: str) -> "subprocess.Popen[str]":
    # The settings of this process are not the child's: it has a home, and so a database and keys, of its own.
    kept = {k: v for k, v in os.environ.items() if k not in ("YINLING_DATABASE", "PGOPTIONS")}
    kept.setdefault("DJANGO_SETTINGS_MODULE", "yinling.config.settings")
    command = [sys.executable, "-m", "yinling.benches.beds_rounds", *words]
    return subprocess.Popen(
        command, env={**kept, **environment}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


if __name__ == "__main__":
    print(run("--quick" in sys.argv).as_json())
