"""The lunar calendar, reckoned from new moons and solar terms, so that no table has to be trusted.

GB/T 33661-2017: days begin at midnight of 120 degrees east (before 1929: of Beijing); a month begins on the day of
new moon; the month of the winter solstice is the eleventh; of thirteen months between two solstices the first
without a major solar term is the leap month. Moon and sun after Meeus, Astronomical Algorithms, chapters 25 and 49
(main terms: within a few minutes, tested day by day for 1910-1969).
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

FIRST_YEAR, LAST_YEAR = 1850, 2060
_UNIX_EPOCH_JD = 2440587.5
_LUNATION_DAYS = 29.530588861
_MEAN_NEW_MOON_2000 = 2451550.09766

# Amplitude in days, then multiples of: sun's anomaly, moon's anomaly, moon's latitude argument; power of E.
_NEW_MOON_TERMS = np.array(
    [
        (-0.40720, 0, 1, 0, 0),
        (0.17241, 1, 0, 0, 1),
        (0.01608, 0, 2, 0, 0),
        (0.01039, 0, 0, 2, 0),
        (0.00739, -1, 1, 0, 1),
        (-0.00514, 1, 1, 0, 1),
        (0.00208, 2, 0, 0, 2),
        (-0.00111, 0, 1, -2, 0),
        (-0.00057, 0, 1, 2, 0),
        (0.00056, 1, 2, 0, 1),
        (-0.00042, 0, 3, 0, 0),
        (0.00042, 1, 0, 2, 1),
        (0.00038, 1, 0, -2, 1),
        (-0.00024, -1, 2, 0, 1),
        (-0.00007, 2, 1, 0, 0),
        (0.00004, 0, 2, -2, 0),
        (0.00004, 3, 0, 0, 0),
        (0.00003, 1, 1, -2, 0),
        (0.00003, 0, 2, 2, 0),
        (-0.00003, 1, 1, 2, 0),
        (0.00003, -1, 1, 2, 0),
    ]
)
# Planets: amplitude in days, phase in degrees, degrees per lunation.
_PLANET_TERMS = (
    (0.000325, 299.77, 0.107408),
    (0.000165, 251.88, 0.016321),
    (0.000164, 251.83, 26.651886),
    (0.000126, 349.42, 36.412478),
    (0.000110, 84.66, 18.206239),
    (0.000062, 141.74, 53.303771),
    (0.000060, 207.14, 2.453732),
    (0.000056, 154.84, 7.306860),
    (0.000047, 34.52, 27.261239),
    (0.000042, 207.19, 0.121824),
    (0.000040, 291.34, 1.844379),
)


def lunar_dates(days: Ints) -> tuple[Ints, Ints, Ints]:
    """Lunar year, month (a leap month has the plain number) and day of civil dates.

    `days`: days since 1970-01-01. Dates outside FIRST_YEAR..LAST_YEAR give zeros.
    """
    starts, years, months = _calendar()
    at = np.clip(np.searchsorted(starts, days, side="right") - 1, 0, len(starts) - 2)
    known = (days >= starts[0]) & (days < starts[-1])
    return years[at] * known, months[at] * known, (days - starts[at] + 1) * known


@cache
def _calendar() -> tuple[Ints, Ints, Ints]:
    """First day, lunar year and number of every lunar month."""
    solstices = _civil_days(_term_moments(np.arange(FIRST_YEAR, LAST_YEAR + 1), 270.0))
    moons = _civil_days(_new_moons())
    number = np.zeros(len(moons), np.int64)
    year = np.zeros(len(moons), np.int64)
    month_of_solstice = np.searchsorted(moons, solstices, side="right") - 1
    has_term = _months_with_major_term(moons)
    for index in range(len(solstices) - 1):
        first, last = month_of_solstice[index], month_of_solstice[index + 1]
        _number_months(number[first : last + 1], year[first : last + 1], has_term[first:last], FIRST_YEAR + index)
    used = slice(month_of_solstice[0], month_of_solstice[-1] + 1)
    return moons[used], year[used], number[used]


def _number_months(number: Ints, year: Ints, has_term: NDArray[np.bool_], solstice_year: int) -> None:
    """Number the months from one month eleven up to, and with, the next; arrays are filled in place."""
    months = len(has_term)
    leap = int(np.flatnonzero(~has_term)[0]) if months == 13 else -1
    count = 11
    for at in range(months + 1):
        if at > 0 and at != leap:
            count += 1
        number[at] = (count - 1) % 12 + 1
        year[at] = solstice_year + (count > 12)


def _months_with_major_term(moons: Ints) -> NDArray[np.bool_]:
    years = np.arange(FIRST_YEAR - 1, LAST_YEAR + 2)
    terms = np.sort(np.concatenate([_civil_days(_term_moments(years, float(angle))) for angle in range(0, 360, 30)]))
    at = np.searchsorted(terms, moons)
    return np.asarray(terms[np.minimum(at, len(terms) - 1)] < np.append(moons[1:], moons[-1] + 29))


def _new_moons() -> Floats:
    """Julian days (dynamical time) of all new moons around the years covered."""
    lunations = np.arange(int((FIRST_YEAR - 2000.5) * 12.3685), int((LAST_YEAR - 1999) * 12.3685)).astype(float)
    century = lunations / 1236.85
    sun = np.radians(2.5534 + 29.10535670 * lunations)
    moon = np.radians(201.5643 + 385.81693528 * lunations + 0.0107582 * century**2)
    latitude = np.radians(160.7108 + 390.67050284 * lunations - 0.0016118 * century**2)
    node = np.radians(124.7746 - 1.56375588 * lunations)
    eccentricity = 1 - 0.002516 * century
    moments = _MEAN_NEW_MOON_2000 + _LUNATION_DAYS * lunations + 0.00015437 * century**2
    for amplitude, by_sun, by_moon, by_latitude, power in _NEW_MOON_TERMS:
        moments += amplitude * eccentricity**power * np.sin(by_sun * sun + by_moon * moon + by_latitude * latitude)
    for amplitude, phase, rate in _PLANET_TERMS:
        moments += amplitude * np.sin(np.radians(phase + rate * lunations))
    return np.asarray(moments - 0.00017 * np.sin(node))


def _term_moments(years: Ints, longitude: float) -> Floats:
    """Julian days at which the sun reaches `longitude` (degrees, 0 = March equinox) in each civil year."""
    from_equinox = longitude if longitude < 285 else longitude - 360  # before 20 March: earlier in the same year
    moments: Floats = (2451623.8 + (years - 2000 + from_equinox / 360) * 365.2422).astype(np.float64)
    for _ in range(6):
        moments += ((longitude - _sun_longitude(moments) + 180) % 360 - 180) * 365.2422 / 360
    return moments


def _sun_longitude(moments: Floats) -> Floats:
    """Apparent longitude of the sun in degrees."""
    century = (moments - 2451545.0) / 36525
    mean = 280.46646 + 36000.76983 * century + 0.0003032 * century**2
    anomaly = np.radians(357.52911 + 35999.05029 * century - 0.0001537 * century**2)
    centre = (
        (1.914602 - 0.004817 * century) * np.sin(anomaly)
        + (0.019993 - 0.000101 * century) * np.sin(2 * anomaly)
        + 0.000289 * np.sin(3 * anomaly)
    )
    return np.asarray(mean + centre - 0.00569 - 0.00478 * np.sin(np.radians(125.04 - 1934.136 * century)))


def _civil_days(moments: Floats) -> Ints:
    """Days since 1970-01-01 in China; dynamical time runs about half a minute ahead in these years."""
    zone = np.where(moments < 2425612.5, (7 + 45.67 / 60) / 24, 8 / 24)
    return np.floor(moments - 30 / 86400 + zone - _UNIX_EPOCH_JD).astype(np.int64)
