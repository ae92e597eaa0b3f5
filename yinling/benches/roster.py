"""Bench `import`: a million rows of .csv, 100,000 of .xlsx, and a million again killed ten times on the way.

Every run has a home, and so a database and keys, of its own. Rows are checked, sealed, indexed and matched against all
that is on file; each batch leaves one change row, what became of each row lies in a file. The path is that of
`yinling import`. Memory is the sum of the peaks of both processes.
"""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from yinling.benches import roster_files
from yinling.benches.report import Report, Result

ROWS, QUICK_ROWS = 1_000_000, 20_000
XLSX_ROWS, QUICK_XLSX_ROWS = 100_000, 10_000
KILLS, QUICK_KILLS = 10, 3
SEED = 20_261_123
MIB = 1024 * 1024


@dataclass(frozen=True)
class Told:
    """What a worker says at its end."""

    state: str
    counts: dict[str, int]
    persons: int
    digest: str
    seconds: float
    memory_mb: int


def run(quick: bool) -> Report:
    """Write the files, take them in, kill on the way, compare."""
    rows, xlsx_rows, kills = (
        (QUICK_ROWS, QUICK_XLSX_ROWS, QUICK_KILLS) if quick else (ROWS, XLSX_ROWS, KILLS)
    )  # fmt: skip
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="yinling-bench-") as folder:
        here = Path(folder)
        _say(_worker(here / "city", "prepare"))
        villages = json.loads((here / "city" / "villages.json").read_text())
        table = roster_files.roster(rows, villages, SEED)
        csv, xlsx = here / "roster.csv", here / "roster.xlsx"
        roster_files.write_csv(table, csv)
        roster_files.write_xlsx(table.head(xlsx_rows), xlsx)
        calm = _imported(here, "calm", csv)
        small = _imported(here, "small", xlsx)
        killed = _imported_through_kills(here, csv, kills, calm.seconds)
    sizes = {
        "rows of the .csv": rows, "rows of the .xlsx": xlsx_rows, "kills": kills, "seed": SEED,
        "rows without an ID %": 100 * roster_files.MISSING_DOCUMENTS, "load average before": round(load, 1),
        "bars": "set for 1,000,000 and 100,000 rows" if quick else "at full size",
    }  # fmt: skip
    return Report("import", sizes, _results(calm, small, killed, rows, quick, table))


def _results(calm: Told, small: Told, killed: Told, rows: int, quick: bool, table: pl.DataFrame) -> list[Result]:
    counted = sum(calm.counts.values())
    is_same = (killed.counts, killed.persons, killed.digest) == (calm.counts, calm.persons, calm.digest)
    plain = [Result(f"rows {kind}", count, "", "", None) for kind, count in sorted(calm.counts.items())]
    return [
        Result("a .csv taken in", round(calm.seconds, 1), "s", "<= 120", None if quick else calm.seconds <= 120),
        Result("memory of both processes", calm.memory_mb, "MB", "<= 1500", calm.memory_mb <= 1500),
        Result("an .xlsx taken in", round(small.seconds, 1), "s", "<= 20", None if quick else small.seconds <= 20),
        Result("rows without an outcome", table.height - counted, "", "0", table.height == counted),
        Result("the same result after the kills", int(is_same), "", "1", is_same),
        Result("rows per second", round(rows / calm.seconds), "1/s", "", None),
        *plain,
    ]


def _imported(here: Path, name: str, path: Path) -> Told:
    home = _copied(here, name)
    return Told(**json.loads(_say(_worker(home, "import", str(path)))))


def _imported_through_kills(here: Path, path: Path, kills: int, seconds: float) -> Told:
    """Let workers begin, kill them at random moments of their work, and let the last one finish."""
    home, chance = _copied(here, "killed"), random.Random(SEED)
    _say(_worker(home, "upload", str(path)))
    for _ in range(kills):
        worker = _worker(home, "go on")
        time.sleep(3 + chance.uniform(0.02, 0.9) * seconds / kills)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    return Told(**json.loads(_say(_worker(home, "go on"))))


def _copied(here: Path, name: str) -> Path:
    """A home with divisions and code lists, and nobody in it yet."""
    subprocess.run(["cp", "-r", str(here / "city"), str(here / name)], check=True)
    return here / name


def _worker(home: Path, *words: str) -> subprocess.Popen[str]:
    kept = {k: v for k, v in os.environ.items() if k != "YINLING_DATABASE"}
    given = {"DJANGO_SETTINGS_MODULE": "yinling.config.settings", **kept, "YINLING_HOME": str(home)}
    command = [sys.executable, "-m", "yinling.benches.roster_worker", *words]
    return subprocess.Popen(command, env=given, stdout=subprocess.PIPE, text=True)


def _say(worker: subprocess.Popen[str]) -> str:
    text, _ = worker.communicate()
    if worker.returncode:
        raise RuntimeError(f"a worker ended with {worker.returncode}")
    return text.splitlines()[-1] if text.strip() else ""


if __name__ == "__main__":
    print(run("--quick" in sys.argv).as_json())
