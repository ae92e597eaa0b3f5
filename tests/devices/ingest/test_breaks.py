"""When devices could not be heard is said, and from when; a full disk kills nobody."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.asynchronous import run_to_end
from tests.devices.ingest.builders import DETECTOR, HEART, MAT, SMOKE, a_register, options_in, running
from yinling.devices.ingest import latest, state
from yinling.devices.ingest.breaks import Breaks
from yinling.devices.ingest.latest import Latest
from yinling.devices.ingest.readings import Readings
from yinling.devices.ingest.register import WORD

WELL = state.State(
    pid=1, at=1000, started_at=900, mqtt_port=0, http_port=0, broker="", devices=0, connections=0, messages=0,
    readings=0, faults=0, lag_s=0, last_flush_at=0, last_flush_ms=0, journal="", trouble="", heard_since=900,
)  # fmt: skip


def test_a_process_that_starts_says_since_when_nobody_was_heard() -> None:
    breaks = Breaks.after(WELL)
    breaks.note(is_heard=True)
    assert breaks.broke_at == 1000
    assert breaks.heard_since > 1000


def test_a_process_that_died_in_a_break_hands_the_beginning_of_the_break_on() -> None:
    assert Breaks.after(replace(WELL, heard_since=0.0, broke_at=950)).broke_at == 950


def test_a_door_that_was_shut_between_two_looks_is_a_break_all_the_same() -> None:
    breaks = Breaks()
    breaks.note(is_heard=True)
    since = breaks.heard_since
    breaks.note(is_heard=True, door_since=since + 0.001)
    assert breaks.heard_since > since
    assert breaks.broke_at >= since


def test_trouble_ends_being_heard_and_its_end_begins_it_anew() -> None:
    breaks = Breaks()
    breaks.note(is_heard=True)
    breaks.note(is_heard=False)
    assert breaks.heard_since == 0
    breaks.note(is_heard=True)
    assert breaks.heard_since >= breaks.broke_at > 0


def test_the_state_says_so_before_the_first_reading(tmp_path: Path) -> None:
    async def scene() -> None:
        options = options_in(tmp_path)
        async with running(options):
            held = state.read(options.folders.state)
            assert held is not None
            assert held.heard_since > 0

    run_to_end(scene())


def test_a_message_that_is_being_written_counts_as_waiting(tmp_path: Path) -> None:
    async def scene() -> None:
        async with running(options_in(tmp_path)) as ingest:
            ingest.intake._under_way_since = ingest.intake._under_way_since or 1.0
            assert ingest.intake.lag_s > 0
            ingest.intake._under_way_since = 0.0

    run_to_end(scene())


def test_a_withdrawn_consent_takes_the_metric_and_no_other() -> None:
    register = a_register()

    def allows(metric: int) -> bool:
        return bool(register.allowed[MAT, metric // WORD] >> np.uint64(metric % WORD) & np.uint64(1))

    assert allows(HEART)
    register.withdraw({MAT: frozenset(), 99: frozenset()})
    assert not allows(HEART)
    assert allows(30)


def test_without_room_the_last_value_stays_and_nobody_dies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    held, one = Latest(tmp_path / "latest"), np.ones(1, np.int64)
    reading = Readings(
        np.array([DETECTOR], np.int32), np.array([SMOKE], np.int16), one * 2_000_000_000_000, np.ones(1),
        one * 2_000_000_000_000,
    )  # fmt: skip
    asked = os.posix_fallocate
    monkeypatch.setattr(os, "posix_fallocate", full)
    held.take(reading, a_register())
    assert latest.read(tmp_path / "latest", [DETECTOR]) == []
    monkeypatch.setattr(os, "posix_fallocate", asked)
    held.take(reading, a_register())
    assert [value.value for value in latest.read(tmp_path / "latest", [DETECTOR])] == [1.0]
