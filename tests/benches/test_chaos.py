"""The chaos bench: what it takes for the same alerts."""

from yinling.benches.chaos import SILENT, Essence, compared

SMOKE, GAS, QUIET = ("bench.smoke", "device", 1, 0), ("bench.gas", "device", 2, 0), (SILENT, "device", 3, 0)
PEACE: Essence = {SMOKE: (4_000, 3, "cleared"), GAS: (9_000, 2, "cleared"), QUIET: (20_000, 0, "raised")}


def test_the_same_alerts_do_not_differ() -> None:
    assert compared(PEACE, dict(PEACE)) == ([], [])


def test_an_alert_on_a_reading_that_begins_later_differs() -> None:
    assert compared(PEACE, {**PEACE, SMOKE: (5_000, 3, "cleared")}) == ([SMOKE], [])


def test_silence_may_begin_later_but_neither_earlier_nor_otherwise() -> None:
    assert compared(PEACE, {**PEACE, QUIET: (90_000, 0, "raised")}) == ([], [QUIET])
    assert compared(PEACE, {**PEACE, QUIET: (12_000, 0, "raised")}) == ([QUIET], [])
    assert compared(PEACE, {**PEACE, QUIET: (90_000, 0, "cleared")}) == ([QUIET], [])


def test_a_missing_alert_and_a_false_one_differ() -> None:
    without = {which: one for which, one in PEACE.items() if which != QUIET}
    assert compared(PEACE, without) == ([QUIET], [])
    assert compared(without, PEACE) == ([QUIET], [])
