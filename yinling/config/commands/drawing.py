"""`yinling draw verify FILE`: replay a draw from its published record. Asks no database and no network."""

import argparse
import json
import sys
from pathlib import Path


def draw(words: list[str]) -> int:
    """Check a record, line by line; exit code 1 when something does not hold."""
    parser = argparse.ArgumentParser(prog="yinling draw")
    parser.add_argument("verb", choices=["verify"])
    parser.add_argument("file", type=Path, help="the record.json of a draw, public or whole")
    asked = parser.parse_args(words)
    from yinling.inspections.rules.drawing import FaultyRecord, verify

    try:
        data = json.loads(asked.file.read_text(encoding="utf-8"))
        checks = verify(data)
    except (OSError, ValueError) as fault:  # FaultyRecord is a ValueError, and so is bad JSON
        kind = "no record of a draw" if isinstance(fault, FaultyRecord) else "cannot be read"
        print(f"{asked.file}: {kind}: {fault}", file=sys.stderr)
        return 1
    print(f"{data.get('number', '')} {data.get('title', '')}")
    for check in checks:
        print(f"{'ok  ' if check.is_sound else 'BAD '} {check.what}")
    return 0 if all(check.is_sound for check in checks) else 1
