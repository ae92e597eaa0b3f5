"""Bench `city`: the whole demonstration city into an empty database, by the command that an operator runs."""

import resource
import time

from yinling.benches._homes import Place, a_database, a_home, is_reachable, run_in
from yinling.benches.report import Report, Result

SCALE = {False: 1.0, True: 0.05}
BAR_S = 600


def run(quick: bool) -> Report:
    """Build on SQLite and, at full size, on PostgreSQL where one is reachable."""
    scale = SCALE[quick]
    bars = f"set for scale 1.0, not judged at {scale}" if quick else "at full size"
    report = Report("city", {"scale": scale, "elders of 2022": round(952_000 * scale), "bars": bars})
    with a_home() as home:
        _add(report, "SQLite", home, scale, quick)
    if not quick and is_reachable():
        with a_database() as database:
            _add(report, "PostgreSQL", database, scale, quick)
    return report


def _add(report: Report, where: str, place: Place, scale: float, quick: bool) -> None:
    began = time.perf_counter()
    run_in(place, "yinling.config.commands", "city", "build", "--scale", str(scale))
    seconds = round(time.perf_counter() - began, 1)
    holds = None if quick else seconds <= BAR_S
    report.results.append(Result(f"yinling city build, {where}", seconds, "s", f"<= {BAR_S}", holds))
    peak = round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
    report.results.append(Result(f"peak memory of the largest build so far, {where}", peak, "MB", "", None))
