"""Coordinates: there and back again, and how far."""

from hypothesis import given
from hypothesis import strategies as st

from yinling.engines.codes.coordinates import (
    Datum,
    Point,
    distance_m,
    gcj02_to_wgs84,
    to_wgs84,
    wgs84_to_gcj02,
)

in_china = st.tuples(st.floats(74.0, 134.0), st.floats(19.0, 53.0))
HUAIHUA_STATION: Point = (109.998, 27.550)


@given(in_china)
def test_a_point_comes_back_within_a_millimetre(point: Point) -> None:
    assert distance_m(gcj02_to_wgs84(wgs84_to_gcj02(point)), point) < 0.001


@given(in_china)
def test_the_shift_is_never_nothing_and_never_a_kilometre(point: Point) -> None:
    assert 5 < distance_m(wgs84_to_gcj02(point), point) < 1000


def test_a_point_in_beijing_moves_where_map_services_show_it() -> None:
    # Tiananmen; the shifted point as published by several independent converters.
    longitude, latitude = wgs84_to_gcj02((116.397428, 39.90923))
    assert abs(longitude - 116.403672) < 2e-6
    assert abs(latitude - 39.910634) < 2e-6


def test_a_point_abroad_stays() -> None:
    assert wgs84_to_gcj02((2.3522, 48.8566)) == (2.3522, 48.8566)
    assert gcj02_to_wgs84((2.3522, 48.8566)) == (2.3522, 48.8566)


def test_only_gcj02_is_moved_when_a_point_is_stored() -> None:
    shown = wgs84_to_gcj02(HUAIHUA_STATION)
    assert distance_m(to_wgs84(shown, Datum.GCJ02), HUAIHUA_STATION) < 0.001
    assert to_wgs84(HUAIHUA_STATION, "cgcs2000") == HUAIHUA_STATION
    assert to_wgs84(HUAIHUA_STATION, Datum.WGS84) == HUAIHUA_STATION


def test_a_degree_of_latitude_is_a_hundred_and_eleven_kilometres() -> None:
    assert abs(distance_m((110.0, 27.0), (110.0, 28.0)) - 111_195) < 1


@given(in_china, in_china)
def test_distance_is_the_same_both_ways(first: Point, second: Point) -> None:
    assert abs(distance_m(first, second) - distance_m(second, first)) < 1e-6
    assert distance_m(first, first) == 0
