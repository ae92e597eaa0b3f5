"""Dates in the styles of real rosters: 1942-3-5, 1942/03/05, 1942.3, 19420305, 1942年3月5日, Excel's day numbers.

Lunar dates (农历, 阴历) are recognised and kept apart. What cannot be told is refused, never guessed.
"""

import re
from datetime import date, timedelta
from typing import Any

from yinling.kernel.reasons import Reason
from yinling.spreadsheets.rules.fields import Finding, LooseDate
from yinling.spreadsheets.rules.text import as_text, is_unknown

FIRST_YEAR, LAST_YEAR = 1880, 2100
_EXCEL_DAY_ZERO = date(1899, 12, 30)  # right from 1 March 1900 on; Excel believes in 29 February 1900
_LAST_DAY_NUMBER = (date(LAST_YEAR, 12, 31) - _EXCEL_DAY_ZERO).days

_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_LUNAR = re.compile(r"[（(]?(农历|阴历|旧历|夏历|农|阴)[）)]?:?")
_SOLAR = re.compile(r"[（(]?(阳历|公历|新历|西历)[）)]?:?")
_TIME = re.compile(r"[T ]\d{1,2}:\d\d(:\d\d(\.\d+)?)?Z?$")
_BORN = re.compile(r"(出生|生于|生)[:：]?")
_SEPARATOR = r" ?[-/.\\、,，·_—－年月] ?"
_PARTS = re.compile(rf"(\d{{4}}){_SEPARATOR}(\d{{1,2}})(?:{_SEPARATOR}(\d{{1,2}}))? ?[月日号]?")
_YEAR = re.compile(r"(\d{4})年?")
_DIGITS = re.compile(r"(\d{4})(\d\d)(\d\d)?")
_DAY_NUMBER = re.compile(r"(\d{4,5})(?:\.\d+)?")
_YEAR_LAST = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{4}")
_SHORT_YEAR = re.compile(r"[' ]?\d{2}[-/.年]\d{1,2}([-/.月]\d{0,2}日?)?|\d{2}(0[1-9]|1[0-2])[0-3]\d")
_HAN_PARTS = re.compile(
    r"([〇○零一二三四五六七八九]{4})年(?:闰?([元正一二三四五六七八九十冬腊]{1,2})月(?:初?([一二三四五六七八九十廿卅]{1,3})[日号]?)?)?"
)
_HAN_DIGIT = {han: digit for digit, han in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0}
_HAN_MONTH = {"元": 1, "正": 1, "冬": 11, "腊": 12}


def clean_date(value: Any) -> Any:
    """A LooseDate, None when the cell is empty, or a Finding."""
    if isinstance(value, date):
        return _checked(value.year, value.month, value.day, is_lunar=False, shown=value.isoformat()[:10])
    text = as_text(value)
    if match := _ISO.fullmatch(text):
        year, month, day = match.groups()
        return _checked(int(year), int(month), int(day), is_lunar=False, shown=text)
    if is_unknown(text):
        return None
    bare, is_lunar = _without_marks(text)
    return _from_parts(bare, is_lunar, text) or _from_digits(bare, is_lunar, text) or _refusal(bare, text)


def _without_marks(text: str) -> tuple[str, bool]:
    is_lunar = bool(_LUNAR.search(text)) or "闰" in text or "初" in text or "腊月" in text
    bare = _SOLAR.sub("", _LUNAR.sub("", text))
    bare = _BORN.sub("", _TIME.sub("", bare)).strip(" ()（）:：")
    return bare, is_lunar


def _from_parts(bare: str, is_lunar: bool, shown: str) -> LooseDate | Finding | None:
    if match := _PARTS.fullmatch(bare):
        year, month, day = match.groups()
        if day is None and month == "1" and bare == f"{year}.1":
            return _january_or_october(int(year), bare)
        return _checked(int(year), int(month), int(day) if day else None, is_lunar=is_lunar, shown=shown)
    if match := _HAN_PARTS.fullmatch(bare.replace(" ", "")):
        year_words, month_words, day_words = match.groups()
        year_number = int("".join(str(_HAN_DIGIT[han]) for han in year_words))
        month_number = _number(month_words) if month_words else None
        return _checked(
            year_number, month_number, _number(day_words) if day_words else None, is_lunar=is_lunar, shown=shown
        )
    return None


def _from_digits(bare: str, is_lunar: bool, shown: str) -> LooseDate | Finding | None:
    if (match := _YEAR.fullmatch(bare)) and FIRST_YEAR <= int(match.group(1)) <= LAST_YEAR:
        return LooseDate(int(match.group(1)), is_lunar=is_lunar)
    if (match := _DIGITS.fullmatch(bare)) and FIRST_YEAR <= int(match.group(1)) <= LAST_YEAR:
        year, month, day = match.groups()
        return _checked(int(year), int(month), int(day) if day else None, is_lunar=is_lunar, shown=shown)
    if (match := _DAY_NUMBER.fullmatch(bare)) and 60 < int(match.group(1)) <= _LAST_DAY_NUMBER:
        found = _EXCEL_DAY_ZERO + timedelta(days=int(match.group(1)))
        return _checked(found.year, found.month, found.day, is_lunar=is_lunar, shown=shown)
    return None


def _checked(year: int, month: int | None, day: int | None, *, is_lunar: bool, shown: str) -> LooseDate | Finding:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return Finding.refuse(
            Reason("The year {year} is outside {first} to {last}.", year=year, first=FIRST_YEAR, last=LAST_YEAR),
            Reason("Correct the year."),
        )
    if not _exists(year, month, day, is_lunar=is_lunar):
        return Finding.refuse(
            Reason("There is no such day: {shown}.", shown=shown[:20]),
            Reason("Correct the date; if it is a lunar date, write 农历 before it."),
        )
    found = LooseDate(year, month, day, is_lunar)
    if is_lunar:
        return Finding.note(
            Reason("This is a lunar date: {shown}.", shown=shown[:20]),
            Reason("It is kept as lunar and uncertain. Add the solar date when you know it."),
            found,
        )
    return found


def _exists(year: int, month: int | None, day: int | None, *, is_lunar: bool) -> bool:
    if month is None:
        return True
    if not 1 <= month <= 12:
        return False
    if day is None:
        return True
    if is_lunar:
        return 1 <= day <= 30
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _january_or_october(year: int, shown: str) -> Finding:
    return Finding.note(
        Reason("{shown} may be January or October: a spreadsheet drops the last zero of 10.", shown=shown),
        Reason("Only the year is kept. Write the month with two digits in a text cell."),
        LooseDate(year),
    )


def _refusal(bare: str, shown: str) -> Finding:
    if "民国" in shown:
        next_step = Reason("Write the year of the common era: add 1911 to the year of the Republic.")
    elif _YEAR_LAST.fullmatch(bare):
        next_step = Reason("Day and month cannot be told apart here. Write year, month, day, as in 1942-03-05.")
    elif _SHORT_YEAR.fullmatch(bare):
        next_step = Reason("Write the year with four digits, as in 1942-03-05.")
    else:
        next_step = Reason("Write year, month, day, as in 1942-03-05.")
    return Finding.refuse(Reason("This is not a date: {shown}.", shown=shown[:20]), next_step)


def _number(words: str) -> int:
    """三 → 3, 十二 → 12, 廿五 → 25, 三十 → 30, 腊 → 12."""
    if words in _HAN_MONTH:
        return _HAN_MONTH[words]
    words = words.replace("廿", "二十").replace("卅", "三十")
    if "十" not in words:
        return _HAN_DIGIT[words[-1]]
    tens, ones = words.split("十", 1)
    return (_HAN_DIGIT[tens[-1]] if tens else 1) * 10 + (_HAN_DIGIT[ones[0]] if ones else 0)
