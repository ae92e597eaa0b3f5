"""One cell, by the kind of its field: identifiers, telephones, yes and no, sex, numbers."""

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from yinling.kernel.reasons import Reason
from yinling.spreadsheets.rules.dates import clean_date
from yinling.spreadsheets.rules.fields import Finding, Kind
from yinling.spreadsheets.rules.names import clean_name
from yinling.spreadsheets.rules.text import as_text, is_nothing, is_unknown

_ORDINARY_ID = re.compile(r"[0-9]{17}[0-9X]")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[Ee]\+?\d{1,2}")
_TWO_IDS = re.compile(r"\d{17}[\dXx][\W]+\d{17}[\dXx]")
_IN_NUMBERS = re.compile(r"[\s'’‘`\-—_.·]+")
_EXACT_DIGITS = 1e15  # a spreadsheet keeps 15 digits of a number (IEEE 754 double)

_ORDINARY_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_PHONE = re.compile(r"1[3-9]\d{9}|0\d{9,11}|[2-9]\d{6,7}|[48]00\d{7}|1\d{4}|12\d{3,6}")
_PHONE_JOINS = (
    (re.compile(r"(?<!\d)(?:\+?86[ -]?)(?=1\d{2})"), ""),
    (re.compile(r"(?<!\d)(1\d{2})[ -](\d{4})[ -](\d{4})(?!\d)"), r"\1\2\3"),
    (re.compile(r"(?<!\d)[（(]?(0\d{2,3})[）)]?[ \-—－]*(\d{7,8})(?!\d)"), r"\1\2"),
)
_MOST_DIGITS = 15  # 1E+999999 is a number too, and would fill the memory when written out
_NOT_PHONE_DIGITS = re.compile(r"\D+")

_YES = frozenset({"是", "有", "对", "在", "√", "✓", "✔", "☑", "y", "yes", "true", "1", "已", "属于"})
_NO = frozenset({"否", "无", "不是", "没有", "不", "×", "✗", "✘", "x", "n", "no", "false", "0", "未", "不属于"})
_SEXES = {
    **dict.fromkeys(("男", "男性", "m", "male", "1", "男士"), "male"),
    **dict.fromkeys(("女", "女性", "f", "female", "2", "女士"), "female"),
    # GB/T 2261.1: 0 unknown, 9 not stated
    **dict.fromkeys(("0", "9", "未说明", "未知的性别"), "unknown"),
}
_UNIT = re.compile(r"(?:人民币|约|￥|¥)|(?:元|张|个|间|户|人|岁|平方米|平米|㎡|m2|m²|名|床|层|号|万元)$")


def clean_text(value: Any) -> Any:
    """Tidy text, or None. 无 stays: it may be the answer."""
    text = as_text(value)
    return None if is_nothing(text) else text


def clean_id_number(value: Any) -> Any:
    """The characters of an identifier, or a Finding when a spreadsheet has destroyed them."""
    if type(value) is str and _ORDINARY_ID.fullmatch(value):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) >= _EXACT_DIGITS:
        return _lost_digits(f"{value:.2E}")
    text = as_text(value)
    if is_unknown(text):
        return None
    if _TWO_IDS.search(text):
        return Finding.refuse(
            Reason("Two identity numbers stand in one cell."), Reason("Split the row into two, one person in each.")
        )
    bare = _IN_NUMBERS.sub("", text).upper() if not _SCIENTIFIC.fullmatch(text) else text.upper()
    return _lost_digits(bare) if _SCIENTIFIC.fullmatch(text) else bare or None


def _lost_digits(shown: str) -> Finding:
    return Finding.refuse(
        Reason(
            "The spreadsheet has turned the identity number into {shown}, and its last digits are lost.", shown=shown
        ),
        Reason("Set the column to text, then enter the number again."),
    )


def clean_phones(value: Any) -> Any:
    """A tuple of telephone numbers (digits), None, or a Finding."""
    if type(value) is str and _ORDINARY_MOBILE.fullmatch(value):
        return (value,)
    text = as_text(value)
    if is_unknown(text):
        return None
    if _SCIENTIFIC.fullmatch(text):
        return Finding.refuse(
            Reason("The spreadsheet has turned the telephone number into {shown}.", shown=text.upper()),
            Reason("Set the column to text, then enter the number again."),
        )
    for pattern, joined in _PHONE_JOINS:
        text = pattern.sub(joined, text)
    numbers = tuple(dict.fromkeys(part for part in _NOT_PHONE_DIGITS.split(text) if part))
    bad = [number for number in numbers if not _PHONE.fullmatch(number)]
    if bad or not numbers:
        return Finding.refuse(
            Reason(
                "This is not a telephone number: it has {digits} digits; a mobile number has 11.",
                digits=len(bad[0]) if bad else 0,
            ),
            Reason("Correct the number; separate several by 、."),
        )
    return numbers


def clean_yes_no(value: Any) -> Any:
    """True, False, None, or a Finding."""
    text = as_text(value).lower()
    if text in _YES:
        return True
    if text in _NO:
        return False
    if is_unknown(text):
        return None
    return _unknown_word(text, "是, 否")


def clean_sex(value: Any) -> Any:
    """ "male", "female", "unknown", None, or a Finding."""
    text = as_text(value).lower()
    if found := _SEXES.get(text):
        return found
    return None if is_unknown(text) else _unknown_word(text, "男, 女")


def _unknown_word(text: str, choices: str) -> Finding:
    return Finding.refuse(
        Reason("“{shown}” is not one of the words expected here.", shown=text[:20]),
        Reason("Write one of: {choices}.", choices=choices),
    )


def clean_decimal(value: Any) -> Any:
    """A Decimal without unit and thousands separators, None, or a Finding."""
    text = as_text(value)
    if is_unknown(text):
        return None
    bare = _UNIT.sub("", text.replace("，", ",").replace(",", "").strip()).strip()
    try:
        number = Decimal(bare)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number.adjusted()) > _MOST_DIGITS:
        return Finding.refuse(
            Reason("This is not a number: {shown}.", shown=text[:20]), Reason("Write digits only in this column.")
        )
    return number * 10_000 if text.endswith("万元") else number


def clean_integer(value: Any) -> Any:
    """An int, None, or a Finding."""
    number = clean_decimal(value)
    if not isinstance(number, Decimal):
        return number
    if number != number.to_integral_value():
        return Finding.refuse(
            Reason("A whole number belongs here, not {shown}.", shown=str(number)[:20]), Reason("Correct the number.")
        )
    return int(number)


CLEANERS: dict[Kind, Callable[[Any], Any]] = {
    Kind.TEXT: clean_text,
    Kind.NAME: clean_name,
    Kind.ID_NUMBER: clean_id_number,
    Kind.PHONES: clean_phones,
    Kind.DATE: clean_date,
    Kind.YES_NO: clean_yes_no,
    Kind.SEX: clean_sex,
    Kind.INTEGER: clean_integer,
    Kind.DECIMAL: clean_decimal,
}
"""What turns a cell of each kind into its value."""
