"""Every bench can be run, and says what it measured in one shape."""

import json
from importlib import import_module

import pytest

from yinling.benches.report import Report, Result, percentile
from yinling.config.commands.benching import BENCHES


@pytest.mark.parametrize("module", BENCHES.values())
def test_every_bench_has_a_run(module: str) -> None:
    assert callable(import_module(f"yinling.benches.{module}").run)


def test_a_report_is_one_line_with_machine_sizes_and_results() -> None:
    line = Report("name", {"rows": 1}, [Result("what", 1.5, "s", "<= 2", True)]).as_json()
    assert "\n" not in line
    found = json.loads(line)
    assert set(found) == {"name", "machine", "sizes", "results"}
    assert found["results"][0] == {"what": "what", "value": 1.5, "unit": "s", "bar": "<= 2", "holds": True}


def test_a_percentile_is_a_value_that_was_measured() -> None:
    assert percentile([5.0, 1.0, 3.0], 0.95) == 5.0
    assert percentile(list(map(float, range(100))), 0.5) == 50.0
