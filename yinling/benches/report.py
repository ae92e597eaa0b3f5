"""What a benchmark says: sizes, the machine, each result with its bar and whether it holds."""

import json
import os
import platform
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Result:
    """One measured figure. `holds` is None where a bar does not apply (a peer, or a size too small for it)."""

    what: str
    value: float
    unit: str
    bar: str
    holds: bool | None


@dataclass(frozen=True)
class Report:
    """All figures of one bench."""

    name: str
    sizes: dict[str, int | float | str]
    results: list[Result] = field(default_factory=list)

    def as_json(self) -> str:
        """The single line a bench ends with."""
        return json.dumps({**asdict(self), "machine": machine()}, ensure_ascii=False)


def machine() -> dict[str, str | int]:
    """Cores, memory and interpreter of this machine."""
    return {"cores": os.cpu_count() or 0, "memory_gb": _memory_gb(), "python": platform.python_version()}


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` (0..1) of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _memory_gb() -> int:
    """Total memory in GB, 0 where the system does not tell."""
    info = Path("/proc/meminfo")
    return int(info.read_text().split()[1]) // 1_000_000 if info.exists() else 0
