"""SQLite and PostgreSQL index differently; whoever asks must not notice."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from yinling.benches import _homes

CHILD = Path(__file__).parent / "searching.py"


def answers(place: dict[str, str]) -> dict[str, Any]:
    kept = {key: value for key, value in os.environ.items() if key != "YINLING_DATABASE"}
    said = subprocess.run([sys.executable, str(CHILD)], env=kept | place, stdout=subprocess.PIPE, text=True, check=True)
    return dict(json.loads(said.stdout.splitlines()[-1]))


@pytest.mark.postgresql
def test_both_databases_find_the_same_persons_in_the_same_order():
    if not _homes.is_reachable():
        pytest.skip("NO POSTGRESQL ON THIS MACHINE")
    with _homes.a_home() as sqlite, _homes.a_database() as postgresql:
        here, there = answers(sqlite), answers(postgresql)
    assert here["persons"] == 300
    assert sum(map(len, here["found"])) > 500
    assert here == there
