"""Geometry of the small pictures."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from yinling.web import drawings
from yinling.web.pieces import Share


def test_a_spark_line_needs_two_values_and_survives_a_flat_series() -> None:
    assert drawings.spark_path([5]) == ""
    assert drawings.spark_path([5, 5]) == "M2.0 11.0 L62.0 11.0"
    assert drawings.spark_path([1, 2]) == "M2.0 19.0 L62.0 3.0"


@given(st.lists(st.integers(0, 10**7), max_size=6))
def test_parts_of_a_bar_fill_it_and_none_vanishes(counts: list[int]) -> None:
    slices = drawings.slices([Share(str(n), count, "made") for n, count in enumerate(counts)])
    assert len(slices) == sum(count > 0 for count in counts)
    if slices:
        assert all(part.width >= 3.9 for part in slices)
        assert abs(slices[-1].x + slices[-1].width - 1000) < 1


def test_a_level_history_steps_down_at_each_assessment() -> None:
    points = [(dt.date(2022, 1, 1), 0), (dt.date(2024, 1, 1), 2)]
    chart = drawings.step_chart(points, ["intact", "mild", "fair"], dt.date(2026, 1, 1))
    assert chart.path == "M52 18H194V74H344"
    assert [mark.label for mark in chart.marks] == ["2022-01", "2024-01"]


def test_labels_that_would_run_into_each_other_give_way_to_the_newest() -> None:
    points = [(dt.date(2022, 1, 1), 0), (dt.date(2025, 11, 1), 1), (dt.date(2025, 12, 1), 2)]
    chart = drawings.step_chart(points, ["intact", "mild", "fair"], dt.date(2026, 1, 1))
    assert [mark.label for mark in chart.marks] == ["2022-01", "", "2025-12"]


def test_an_empty_history_draws_its_lines_only() -> None:
    chart = drawings.step_chart([], ["intact", "mild"], dt.date(2026, 1, 1))
    assert chart.path == "" and len(chart.lines) == 2


def test_a_bar_never_leaves_its_box() -> None:
    assert drawings.bar_width(3, 2) == 200
    assert drawings.bar_width(-1, 2) == 0
    assert drawings.bar_width(1, 0) == 0


def test_columns_start_at_zero() -> None:
    one, two = drawings.columns([("2022", 50, "50%"), ("2024", 100, "100%")])
    assert two.height == 2 * one.height
    assert one.y + one.height == two.y + two.height
