"""Order and time: the same journal gives the same, however it was cut up; the pace of a played day."""

import numpy as np

from yinling.supervision.watching.pace import Pace, steps_of
from yinling.supervision.watching.truth import Event, Said, Truth, score

HOUR = 3_600_000


def test_readings_are_judged_a_second_at_a_time_by_when_they_were_received() -> None:
    at = np.array([1000, 1999, 2000, 5500, 5400], dtype=np.int64)
    assert [(begin, rows.start, rows.stop) for begin, rows in steps_of(at, 1000)] == [
        (1000, 0, 2), (2000, 2, 3), (5000, 3, 5),
    ]  # fmt: skip


def test_no_readings_are_no_steps() -> None:
    assert steps_of(np.empty(0, np.int64), 1000) == []


def test_a_pace_never_runs_ahead_of_the_clock() -> None:
    pace = Pace(wall_ms=10 * HOUR, city_ms=0, speed=600)
    assert pace.at(9 * HOUR) == 0
    assert pace.at(10 * HOUR + 1000) == 600_000
    assert pace.at(11 * HOUR) == 11 * HOUR
    assert list(pace.all_at(np.array([9 * HOUR, 11 * HOUR]))) == [0, 11 * HOUR]


def test_without_a_pace_time_is_the_clocks() -> None:
    assert Pace().at(5) == 5
    assert Pace().step_ms == 1000


def a_truth() -> Truth:
    fire = Event("fire", ("smoke",), True, 10 * HOUR, 11 * HOUR, ("device:a",))
    fall = Event("fall", ("fall",), True, 12 * HOUR, 13 * HOUR, ("device:b",))
    steam = Event("steam", ("smoke",), False, 14 * HOUR, 15 * HOUR, ("device:c",))
    return Truth(0, 24 * HOUR, 0, (fire, fall, steam), ("device:a", "device:b", "device:c"))


def test_recall_and_false_alarms_are_counted_against_the_truth() -> None:
    said = [Said("device:a", "smoke", 10 * HOUR + 5), Said("device:c", "smoke", 14 * HOUR + 5)]
    found = score(a_truth(), said, 24 * HOUR)
    assert (found.found, found.planted, found.recall) == (1, 2, 0.5)
    assert found.false == {"smoke": 1}
    assert [event.kind for event in found.missed] == ["fall"]


def test_what_has_not_happened_yet_is_not_missed() -> None:
    assert score(a_truth(), [], 9 * HOUR).recall is None


def test_the_right_family_about_somebody_else_is_a_false_alarm() -> None:
    found = score(a_truth(), [Said("device:b", "smoke", 10 * HOUR + 5)], 11 * HOUR)
    assert (found.found, found.false_total) == (0, 1)
