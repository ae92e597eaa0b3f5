"""Coordinates: WGS84 (kept, what satellites give) and GCJ-02 (what Chinese map services show).

GCJ-02 shifts points inside China by 50 to 700 m. Its formula was never published officially; the one that
everybody uses works on the Krasovsky 1940 ellipsoid and agrees with map services within metres. CGCS2000, the
national datum, differs from WGS84 by centimetres and is taken as the same.
All angles are degrees, east and north positive; points are (longitude, latitude), as in GeoJSON.
"""

from enum import StrEnum
from math import asin, cos, hypot, pi, radians, sin, sqrt

Point = tuple[float, float]

EARTH_RADIUS_M = 6_371_008.8  # mean radius, IUGG
_AXIS_M = 6_378_245.0  # Krasovsky 1940
_ECCENTRICITY_2 = 0.006_693_421_622_965_943
_CLOSE_ENOUGH_DEG = 1e-9  # about a tenth of a millimetre
_STEPS = 30


class Datum(StrEnum):
    """What the numbers of a point refer to."""

    WGS84 = "wgs84"
    CGCS2000 = "cgcs2000"
    GCJ02 = "gcj02"


def to_wgs84(point: Point, datum: Datum | str) -> Point:
    """The point in WGS84, whatever it was given in."""
    return gcj02_to_wgs84(point) if Datum(datum) is Datum.GCJ02 else point


def wgs84_to_gcj02(point: Point) -> Point:
    """The point as Chinese map services show it; outside China's bounding box it stays."""
    longitude, latitude = point
    if not _is_shifted(longitude, latitude):
        return point
    east, north = _shift(longitude, latitude)
    return longitude + east, latitude + north


def gcj02_to_wgs84(point: Point) -> Point:
    """The inverse, by iteration: the shift changes slowly, so each step gains two or three digits."""
    longitude, latitude = point
    if not _is_shifted(longitude, latitude):
        return point
    for _ in range(_STEPS):
        east, north = _shift(longitude, latitude)
        step_east, step_north = point[0] - east - longitude, point[1] - north - latitude
        longitude, latitude = longitude + step_east, latitude + step_north
        if hypot(step_east, step_north) < _CLOSE_ENOUGH_DEG:
            break
    return longitude, latitude


def distance_m(first: Point, second: Point) -> float:
    """Metres along a great circle between two points of the same datum (haversine, sphere: within 0.5 %)."""
    east, north = radians(second[0] - first[0]), radians(second[1] - first[1])
    half = sin(north / 2) ** 2 + cos(radians(first[1])) * cos(radians(second[1])) * sin(east / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(half)))


def _is_shifted(longitude: float, latitude: float) -> bool:
    return 72.004 <= longitude <= 137.8347 and 0.8293 <= latitude <= 55.8271


def _waves(angle: float, *amplitudes_and_factors: tuple[float, float]) -> float:
    return sum(amplitude * sin(angle * factor * pi) for amplitude, factor in amplitudes_and_factors) * 2 / 3


def _shift(longitude: float, latitude: float) -> Point:
    """Degrees east and north that GCJ-02 adds at a WGS84 point."""
    x, y = longitude - 105.0, latitude - 35.0
    root = sqrt(abs(x))
    ripple = _waves(x, (20.0, 6.0), (20.0, 2.0))
    north_m = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + ripple
    north_m += _waves(y, (20.0, 1.0), (40.0, 1 / 3), (160.0, 1 / 12), (320.0, 1 / 30))
    east_m = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + ripple
    east_m += _waves(x, (20.0, 1.0), (40.0, 1 / 3), (150.0, 1 / 12), (300.0, 1 / 30))
    angle = radians(latitude)
    flattening = 1 - _ECCENTRICITY_2 * sin(angle) ** 2
    meridian = _AXIS_M * (1 - _ECCENTRICITY_2) / flattening**1.5
    parallel = _AXIS_M / sqrt(flattening) * cos(angle)
    return east_m * 180 / (parallel * pi), north_m * 180 / (meridian * pi)
