"""CPU seconds of a process and of everything it started, from /proc: the living, and the dead it has waited for."""

import os
from collections import defaultdict
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
PARENT, OWN_AND_DEAD = 1, slice(11, 15)  # fields after the name: user and system time, own and of dead children


def cpu_s(*roots: int) -> float:
    """CPU seconds used so far by these processes and all below them."""
    fields = _all_fields()
    children: defaultdict[int, list[int]] = defaultdict(list)
    for pid, values in fields.items():
        children[int(values[PARENT])].append(pid)
    ticks, left = 0, list(roots)
    while left:
        pid = left.pop()
        left.extend(children[pid])
        ticks += sum(map(int, fields[pid][OWN_AND_DEAD])) if pid in fields else 0
    return ticks / TICK


def _all_fields() -> dict[int, list[str]]:
    found = {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            found[int(file.parent.name)] = file.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended while we looked
    return found
