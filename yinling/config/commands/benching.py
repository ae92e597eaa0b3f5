"""`yinling bench NAME [--quick]`: one JSON line at the end."""

import argparse
import sys
from importlib import import_module

import django

# name -> module of `yinling.benches` (import is a word of Python's)
BENCHES = {
    "registry": "registry",
    "import": "roster",
    "linkage": "linkage",
    "contention": "contention",
    "beds": "beds",
    "ledger": "ledger",
    "time_bank": "time_bank",
    "city": "city",
    "chaos": "chaos",
    "alarms": "alarms",
    "ingest": "ingest",
    "signals": "device_signals",
    "silence": "silence",
    "zabbix": "zabbix",
    "planning": "planning",
    "pairing": "pairing",
    "sync": "sync",
    "paces": "paces",
    "due-visits": "due_visits",
}


def bench(words: list[str]) -> int:
    """Run one bench; exit code 1 when a bar does not hold."""
    parser = argparse.ArgumentParser(prog="yinling bench")
    parser.add_argument("name", choices=BENCHES)
    parser.add_argument("--quick", action="store_true", help="under a minute, smaller sizes")
    asked = parser.parse_args(words)
    django.setup()
    report = import_module(f"yinling.benches.{BENCHES[asked.name]}").run(asked.quick)
    print(report.as_json())
    missed = [result for result in report.results if result.holds is False]
    for result in missed:
        print(f"bar missed: {result.what}: {result.value} {result.unit} ({result.bar})", file=sys.stderr)
    return 1 if missed else 0
