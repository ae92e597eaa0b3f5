"""Bench `due-visits`: the night's work on visits for 952,000 elders: opened, voided, asked about, looked into.

The register is light: persons, their categories, levels of ability and whereabouts by bulk insert, no history. The
city's own rules visit those on the county lists (44,700); the nation's rules visit everybody who lives alone, in an
empty nest, left behind or disabled, several times as many. Both are timed: the first night opens everything, the
second one finds nothing new.
"""

import json

from yinling.benches._homes import a_home, run_in
from yinling.benches.report import Report, Result

ELDERS = {False: 952_000, True: 50_000}
BAR_S = 30.0


def run(quick: bool) -> Report:
    """Measure in a place of its own."""
    elders = ELDERS[quick]
    report = Report("due-visits", {"elders": elders, "database": "SQLite"})
    with a_home() as home:
        found = json.loads(run_in(home, "yinling.benches._due_visits_nights", str(elders)).splitlines()[-1])
    for night in found:
        report.sizes[f"{night['what']}: visits opened"] = night["opened"]
        holds = None if quick else night["seconds"] <= BAR_S
        report.results.append(Result(night["what"], night["seconds"], "s", f"<= {BAR_S:g}", holds))
    return report
