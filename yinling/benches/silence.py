"""Bench `silence`: the silence watch on planted events, drawn: recall over alarms, against a fixed number of days.

The whole bench draws `docs/operate/silence-watch.svg` anew; `--quick` draws nothing.
"""

from pathlib import Path

from django.conf import settings

from yinling.benches.report import Report, Result
from yinling.benches.signals_silence import Point, compare, recall_at
from yinling.benches.silence_drawing import drawn

ELDERS, QUICK, SEED = 4_000, 600, 20261123
METHODS = ("silence watch", "fixed days")


def run(quick: bool) -> Report:
    """Both methods over their settings, on the same elders."""
    elders = QUICK if quick else ELDERS
    points = compare(elders, SEED)
    if not quick:
        (Path(settings.ROOT) / "docs" / "operate" / "silence-watch.svg").write_text(drawn(points, elders))
    return Report("silence", {"elders": elders, "seed": SEED}, [*_at(points, 20), *map(_plotted, points)])


def _at(points: list[Point], alarms: float) -> list[Result]:
    """Recall of both methods at the same number of alarms."""
    return [
        Result(f"{method}: recall at {alarms:g} alarms per 1,000 elder-days", recall_at(points, method, alarms),
               "share of events", "", None)
        for method in METHODS
    ]  # fmt: skip


def _plotted(point: Point) -> Result:
    what = f"{point.method} {point.setting:g}: recall at {point.alarms_per_1000_days:.1f} alarms per 1,000 elder-days"
    return Result(what, point.recall, "share of events", "", None)
