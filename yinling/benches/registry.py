"""Bench `registry`: pages and searches over a register of a million persons, through Django's own client.

The register is the demonstration city, built into a place of its own (1,000,000 persons and more at scale 0.77, since
it also holds those who died and those who turned 60 later). Every request is measured with a warm process; figures are
server time, templates and session included. YINLING_BENCH_KEEP names a folder to keep the register in and to find it
again, because building takes longer than measuring.
"""

import json
import os
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from yinling.benches._homes import Place, a_database, a_home, is_reachable, run_in
from yinling.benches.report import Report, Result

SCALE = {False: 0.775, True: 0.039}  # 1.29 persons on file for each elder of 2022: a million, and fifty thousand
REQUESTS = {False: 200, True: 60}
PAGE_MS, SEARCH_MS, NUMBER_MS, MATCH_MS, STATEMENTS = 30, 30, 5, 50, 8


def run(quick: bool) -> Report:
    """Measure on SQLite and, at full size, on PostgreSQL where one is reachable."""
    bars = "set for 1,000,000 persons, not judged on less" if quick else "at full size"
    report = Report("registry", {"requests of each kind": REQUESTS[quick], "bars": bars})
    with _kept_home() as home:
        _measure(report, "SQLite", home, quick)
    if not quick and is_reachable():
        with a_database() as database:
            _measure(report, "PostgreSQL", database, quick)
    return report


@contextmanager
def _kept_home() -> Any:
    if kept := os.environ.get("YINLING_BENCH_KEEP"):
        Path(kept).mkdir(parents=True, exist_ok=True)
        yield {"YINLING_HOME": kept}
        return
    with a_home() as home:
        yield home


def _measure(report: Report, where: str, place: Place, quick: bool) -> None:
    words = ("yinling.benches._registry_reader", str(SCALE[quick]), str(REQUESTS[quick]))
    found = json.loads(run_in(place, *words).splitlines()[-1])
    report.sizes[f"persons, {where}"] = found["persons"]
    for row in found["rows"]:
        limit = {"number": NUMBER_MS, "search": SEARCH_MS, "match": MATCH_MS}.get(row["kind"], PAGE_MS)
        holds = None if quick else row["p95_ms"] <= limit
        report.results.append(Result(f"{row['what']}, p95, {where}", row["p95_ms"], "ms", f"<= {limit}", holds))
        if row["kind"] == "page":
            _statements(report, row, where)


def _statements(report: Report, row: dict[str, Any], where: str) -> None:
    is_constant = row["least_statements"] == row["most_statements"]
    what = f"{row['what']}, most statements{'' if is_constant else ' (from ' + str(row['least_statements']) + ')'}"
    most = row["most_statements"]
    report.results.append(Result(f"{what}, {where}", most, "", f"<= {STATEMENTS}", most <= STATEMENTS))
