"""Bench `contention`: 8 writers and 16 readers on SQLite at once. No write lost, no "locked" error, nobody starved."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from yinling.benches.report import Report, Result, percentile

WRITERS, READERS = 8, 16
FULL_S, QUICK_S = 60, 10


def run(quick: bool) -> Report:
    """Processes of their own on a database of their own; every one reports its latencies."""
    seconds = QUICK_S if quick else FULL_S
    with tempfile.TemporaryDirectory(prefix="yinling-bench-") as home:
        environment = {**os.environ, "YINLING_HOME": home, "DJANGO_SETTINGS_MODULE": "yinling.config.settings"}
        environment.pop("YINLING_DATABASE", None)
        _call(["prepare"], environment)
        workers = [_start(["write", str(n), str(seconds)], environment) for n in range(WRITERS)]
        readers = [_start(["read", str(n), str(seconds)], environment) for n in range(READERS)]
        for process in (*workers, *readers):
            assert process.stdout is not None
            process.stdout.readline()
        for process in (*workers, *readers):
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        wrote = [json.loads(worker.communicate()[0]) for worker in workers]
        read = [json.loads(reader.communicate()[0]) for reader in readers]
        kept = int(_call(["count"], environment))
    return Report(
        "contention", {"writers": WRITERS, "readers": READERS, "seconds": seconds}, _results(wrote, read, kept, seconds)
    )


def _results(
    wrote: list[dict[str, list[float]]], read: list[dict[str, list[float]]], kept: int, seconds: int
) -> list[Result]:
    counts = [len(writer["ms"]) for writer in wrote]
    writes = [ms for writer in wrote for ms in writer["ms"]]
    reads = [ms for reader in read for ms in reader["ms"]]
    errors = sum(len(one["errors"]) for one in [*wrote, *read])
    rate, fewest = sum(counts) / seconds, min(counts) / max(1.0, sum(counts) / len(counts))
    return [
        Result("writes", round(rate, 1), "1/s", ">= 100", rate >= 100),
        Result("lost writes", sum(counts) - kept, "writes", "0", sum(counts) == kept),
        Result("errors, 'locked' among them", errors, "errors", "0", errors == 0),
        Result("least busy writer against the mean", round(fewest, 3), "share", ">= 0.5: none starved", fewest >= 0.5),
        Result("write p99", round(percentile(writes, 0.99), 1), "ms", "<= 250", percentile(writes, 0.99) <= 250),
        Result("read p95", round(percentile(reads, 0.95), 1), "ms", "<= 100", percentile(reads, 0.95) <= 100),
        Result("reads", round(len(reads) / seconds, 1), "1/s", "", None),
    ]


def _start(words: list[str], environment: dict[str, str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "yinling.benches.contention_worker", *words]
    return subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _call(words: list[str], environment: dict[str, str]) -> str:
    out, _ = _start(words, environment).communicate()
    return out


def divisions() -> Path:
    """The divisions a bench city has."""
    return Path(__file__).resolve().parents[2] / "packs" / "huaihua" / "divisions.csv"
