"""What readings, time and gaps mean: late, again, from the future, behind the watermark, after an outage."""

import numpy as np
import pytest

from tests.engines.signals.builders import MINUTE, NOON, Engine, a_rule, devices
from yinling.engines.signals.interventions import listen_from
from yinling.engines.signals.state import COUNTS, BrokenState, from_bytes, to_bytes

SILENT = a_rule("silent", raise_={"metric": "smoke", "silent": "10m"})


def counts(engine: Engine) -> dict[str, int]:
    return dict(zip(COUNTS, engine.state.counts.tolist(), strict=True))


def test_late_readings_are_counted_and_change_nothing() -> None:
    engine = Engine(devices(1, "heat"), a_rule(raise_={"metric": "heat", "above": 50}))
    assert engine.step(5, (0, 5, 20)) == []
    assert engine.step(6, (0, 4, 80)) == []
    assert counts(engine)["late"] == 1


def test_smoke_raises_however_late_and_twice_is_harmless() -> None:
    engine = Engine(devices(1), a_rule(never_suppressed=True))
    assert engine.step(30, (0, 30, 0)) == []
    assert engine.step(40, (0, 4, 1)) == [("raised", 1, 4.0)]
    assert engine.step(41, (0, 4, 1)) == []
    assert engine.step(42, (0, 42, 0)) == [("cleared", 1, 42.0)]
    assert engine.step(43, (0, 4, 1)) == []


def test_bad_readings_are_counted_and_never_stop_the_stream() -> None:
    engine = Engine(devices(2), a_rule())
    rows = ((0, 1, np.nan), (7, 1, 1.0), (-1, 1, 1.0), (1, 1, np.inf), (1, 1, 1.0), (1, 1, 1.0))
    assert engine.step(1, *rows) == [("raised", 2, 1.0)]
    assert counts(engine) == {"readings": 6, "bad": 4, "ahead": 0, "late": 0, "repeats": 1, "accepted": 1}


def test_a_reading_from_the_future_is_dated_at_its_arrival() -> None:
    engine = Engine(devices(1), a_rule())
    assert engine.step(1, (0, 600, 1)) == [("raised", 1, 1.0)]
    assert engine.step(2, (0, 2, 0)) == [("cleared", 1, 2.0)]
    assert counts(engine)["ahead"] == 1


def test_no_verdict_of_absence_while_ingest_is_behind() -> None:
    engine = Engine(devices(1), SILENT)
    engine.step(1, (0, 1, 0))
    assert engine.step(30, watermark=5) == []
    assert engine.step(31, (0, 20, 0), watermark=25) == []
    assert engine.step(32, watermark=32) == [("raised", 1, 30.0)]


def test_a_start_is_not_a_storm_and_an_outage_is_not_silence() -> None:
    engine = Engine(devices(3), SILENT)
    assert engine.step(9) == []
    engine.step(9.5, (0, 9, 0), (1, 9, 0), (2, 9, 0))
    engine.state = listen_from(engine.state, NOON + 60 * MINUTE)
    assert engine.step(60) == []
    assert engine.step(69, (0, 69, 0)) == []
    assert engine.step(71) == [("raised", 2, 70.0), ("raised", 3, 70.0)]


def test_state_comes_back_from_bytes_bit_by_bit_and_broken_bytes_are_refused() -> None:
    engine = Engine(devices(3), SILENT, a_rule("smoke", never_suppressed=True))
    engine.step(1, (0, 1, 1), (1, 1, 0))
    data = to_bytes(engine.state)
    assert to_bytes(from_bytes(data)) == data
    broken = bytearray(data)
    broken[len(data) // 2] ^= 1
    with pytest.raises(BrokenState, match="not a whole state"):
        from_bytes(bytes(broken))


def test_an_alert_that_goes_on_is_updated_at_most_every_so_often() -> None:
    rule = a_rule(scope="household", never_suppressed=True, dedupe={"within": "5m"})
    engine = Engine(devices(2), rule)
    assert engine.step(1, (0, 1, 1)) == [("raised", 1, 1.0)]
    assert engine.step(3, (0, 3, 1)) == []
    assert engine.step(7, (1, 7, 1)) == [("updated", 1, 7.0)]


def test_absence_is_found_by_the_first_tick_after_its_limit() -> None:
    engine = Engine(devices(1), SILENT)
    engine.step(1, (0, 1, 0))
    assert engine.step(10.9) == []
    assert engine.step(11) == [("raised", 1, 11.0)]
