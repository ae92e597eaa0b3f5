"""Readings as a drawing: no peak is lost, a gap stays a gap."""

import numpy as np

from yinling.devices.curves import BOTTOM, LEFT, MOST_POINTS, RIGHT, TOP, curve

HOUR = 3_600_000


def test_a_line_runs_from_the_left_to_the_right_and_from_the_lowest_to_the_highest() -> None:
    drawn = curve(np.array([0, HOUR, 2 * HOUR]), np.array([1.0, 3.0, 2.0]), 0, 2 * HOUR, 3600, [(HOUR, "12:00")])
    assert drawn.path.startswith(f"M{LEFT} {BOTTOM}h.1L")
    assert drawn.path.endswith(f"L{RIGHT} {(BOTTOM + TOP) / 2}")
    assert (drawn.low, drawn.high, drawn.gaps) == (1, 3, [])
    assert drawn.marks == [((LEFT + RIGHT) / 2, "12:00")]


def test_a_gap_breaks_the_line_and_is_marked() -> None:
    at = np.array([0, 60_000, 10 * HOUR, 10 * HOUR + 60_000])
    drawn = curve(at, np.array([1.0, 1.0, 1.0, 1.0]), 0, 10 * HOUR + 60_000, 60, [])
    assert drawn.path.count("M") == 2
    assert len(drawn.gaps) == 1


def test_silence_at_the_beginning_at_the_end_or_all_day_is_a_gap() -> None:
    assert len(curve(np.array([12 * HOUR]), np.array([1.0]), 0, 24 * HOUR, 60, []).gaps) == 2
    nothing = curve(np.empty(0, np.int64), np.empty(0), 0, 24 * HOUR, 60, [])
    assert (nothing.path, nothing.gaps) == ("", [(LEFT, RIGHT - LEFT)])


def test_a_single_peak_among_a_hundred_thousand_readings_is_still_drawn() -> None:
    at = np.arange(100_000, dtype=np.int64) * 800
    value = np.zeros(100_000)
    value[61_803] = 1
    drawn = curve(at, value, 0, 80_000_000, 1, [])
    assert f" {TOP}" in drawn.path
    assert drawn.path.count("L") <= MOST_POINTS + 10
