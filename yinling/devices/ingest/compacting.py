"""Telemetry in the background: closed segments into the history, files merged, what is too old forgotten.

Runs as `python -m yinling.devices.ingest compact BEFORE`, a process of its own with low priority.
"""

import os
import time

from yinling.devices.ingest import history
from yinling.devices.ingest.options import Folders
from yinling.devices.models import Metric
from yinling.kernel.clock import civil_date

NICE = 10


def compact(folders: Folders, before: int) -> dict[str, int]:
    """Everything once; what was done, for the log."""
    today = civil_date()
    done = {"taken_in": history.take_in(folders, before), "merged": history.merge(folders, today), "forgotten": 0}
    mark = folders.history / "forgotten_on"
    if not mark.exists() or mark.read_text() != str(today):
        days_of = dict(Metric.objects.values_list("number", "retention_days"))
        done["forgotten"] = history.forget(folders, today, days_of)
        mark.write_text(str(today))
    done["cleared"] = history.clear_journal(folders, time.time())
    return done


def run(folders: Folders, before: int) -> int:
    """As a process: give way to everybody else."""
    os.nice(NICE)
    compact(folders, before)
    return 0
