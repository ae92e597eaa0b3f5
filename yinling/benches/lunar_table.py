"""The lunar calendar of the linkage bench: a table of facts, kept apart from the matcher's own reckoning.

Per lunar year: New Year's day (MMDD of the solar year), long months as 1 (30 days) and short as 0 (29), leap month.
"""

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

YEARS = (
    "1910:0210:010010101110:0 1911:0130:1010010011011:6 1912:0218:101001001101:0 1913:0206:110100100101:0 "
    "1914:0126:1101010100101:5 1915:0214:101101010100:0 1916:0203:110101101010:0 1917:0123:1001011011010:2 "
    "1918:0211:100101011011:0 1919:0201:0100100110111:7 1920:0220:010010010111:0 1921:0208:101001001011:0 "
    "1922:0128:1011001001011:5 1923:0216:011010100101:0 1924:0205:011011010100:0 1925:0124:1010110110101:4 "
    "1926:0213:001010110110:0 1927:0202:100101010111:0 1928:0123:0100100101111:2 1929:0210:010010010111:0 "
    "1930:0130:0110010010110:6 1931:0217:110101001010:0 1932:0206:111010100101:0 1933:0126:0110101101001:5 "
    "1934:0214:010110101101:0 1935:0204:001010110110:0 1936:0124:1001001101110:3 1937:0211:100100101110:0 "
    "1938:0131:1100100101101:7 1939:0219:110010010101:0 1940:0208:110101001010:0 1941:0127:1101101001010:6 "
    "1942:0215:101101010101:0 1943:0205:010101101010:0 1944:0125:1010101011011:4 1945:0213:001001011101:0 "
    "1946:0202:100100101101:0 1947:0122:1100100101011:2 1948:0210:101010010101:0 1949:0129:1011010010101:7 "
    "1950:0217:011011001010:0 1951:0206:101101010101:0 1952:0127:0101010110101:5 1953:0214:010011011010:0 "
    "1954:0203:101001011101:0 1955:0124:0101001010111:3 1956:0212:010100101011:0 1957:0131:1010100101010:8 "
    "1958:0218:111010010101:0 1959:0208:011010101010:0 1960:0128:1010110101010:6 1961:0215:101010110101:0 "
    "1962:0205:010010110110:0 1963:0125:1010010101110:4 1964:0213:101001010111:0 1965:0202:010100100110:0 "
    "1966:0121:1110100100110:3 1967:0209:110110010101:0 1968:0130:0101101010101:7 1969:0217:010101101010:0 "
)


def lunar_dates(days: Ints) -> tuple[Ints, Ints, Ints]:
    """Lunar year, month, day of dates (days since 1970-01-01) of 1910 to 1969; a leap month has the plain number."""
    at = np.searchsorted(_STARTS, days, side="right") - 1
    return _YEAR_OF[at], _MONTH_OF[at], days - _STARTS[at] + 1


def _months() -> tuple[Ints, Ints, Ints]:
    starts, years, months = [], [], []
    for row in "".join(YEARS).split():
        year, new_year, long_months, leap = row.split(":")
        day = int((np.datetime64(f"{year}-{new_year[:2]}-{new_year[2:]}") - np.datetime64("1970-01-01")).astype(int))
        order = list(range(1, 13))
        if int(leap):
            order.insert(int(leap), int(leap))
        for month, is_long in zip(order, long_months, strict=True):
            starts.append(day)
            years.append(int(year))
            months.append(month)
            day += 29 + int(is_long)
    return np.array(starts), np.array(years), np.array(months)


_STARTS, _YEAR_OF, _MONTH_OF = _months()
