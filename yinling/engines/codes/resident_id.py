"""Resident identity numbers (GB 11643-1999): read, check, compare with what else is known.

Hard errors: length, characters, birth date, check character. Everything else is a flag for a person to
settle, because it is wrong on real cards: elders of Huaihua hold numbers that begin 4330 (the prefecture
before 1998), and a number keeps the place of its first registration for life. Therefore nothing here
derives a division from the number.

Numbers that begin 99 belong to no place; demonstration data use them.
"""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from operator import mul

from yinling.engines.codes.cells import cell_text
from yinling.kernel.reasons import Reason

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"  # by the weighted sum modulo 11
OLDEST_BIRTH_YEAR = 1880
OLDEST_AGE_YEARS = 120
DEMONSTRATION_PREFIX = "99"

MALE, FEMALE = "1", "2"  # GB/T 2261.1

# Cyrillic Х and the multiplication sign: what keyboards and scanners put in place of a final X.
_LIKE_X = str.maketrans({"\u0425": "X", "\u00d7": "X", "\u03a7": "X"})


@dataclass(frozen=True, slots=True)
class ResidentId:
    """A number whose form is right. `place_code` is where it was first issued: a hint, never a division."""

    number: str
    birth_date: date
    sex: str
    place_code: str
    was_15_digits: bool = False

    @property
    def is_demonstration(self) -> bool:
        return self.number.startswith(DEMONSTRATION_PREFIX)


@dataclass(frozen=True, slots=True)
class Flag:
    """A doubt for a person to settle; it refuses nothing. `kind`: sex, birth_date, place, age or rounded."""

    kind: str
    reason: Reason


def check_character(first_17: str) -> str:
    """The last character of a number from the seventeen digits before it (ISO 7064, MOD 11-2)."""
    return CHECK_CHARACTERS[sum(map(mul, WEIGHTS, map(int, first_17))) % 11]


def mask(number: str) -> str:
    """First and last four characters, stars between: 9912**********1624. Short numbers are all stars."""
    if len(number) <= 8:
        return "*" * len(number)
    return number[:4] + "*" * (len(number) - 8) + number[-4:]


def read_resident_id(raw: object, *, on: date | None = None) -> ResidentId | Reason:
    """The number in a cell, or why it is none.

    `raw`: text, int or float as a spreadsheet gives it. `on`: the day it is read; a later birth is refused.
    Fifteen digits (cards until 1999) become eighteen with 19 as the century.
    """
    text = cell_text(raw)
    if isinstance(text, Reason):
        return text
    text = text.translate(_LIKE_X)
    if reason := _why_not_in_form(text):
        return reason
    was_15 = len(text) == 15
    if was_15:
        text = to_18_digits(text)
    birth = birth_date_of(text)
    if isinstance(birth, Reason):
        return birth
    if on is not None and birth > on:
        return _impossible_date(text[6:14])
    if text[17] != check_character(text[:17]):
        return _wrong_check_character(text)
    return ResidentId(text, birth, sex_of(text), text[:6], was_15)


def to_18_digits(number: str) -> str:
    """An eighteen-character number from a fifteen-digit one; the century of every such card is 19."""
    first_17 = number[:6] + "19" + number[6:]
    return first_17 + check_character(first_17)


def sex_of(number: str) -> str:
    """GB/T 2261.1 code from the seventeenth digit: odd is male."""
    return MALE if int(number[16]) % 2 else FEMALE


def birth_date_of(number: str) -> date | Reason:
    """The date in characters 7 to 14, or why it is none."""
    digits = number[6:14]
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:])
    if year < OLDEST_BIRTH_YEAR:
        return _impossible_date(digits)
    try:
        return date(year, month, day)
    except ValueError:
        return _impossible_date(digits)


def conflicts(
    found: ResidentId,
    *,
    sex: str | None = None,
    birth_date: date | None = None,
    place_codes: Container[str] | None = None,
    on: date | None = None,
) -> list[Flag]:
    """What the number says otherwise than the facts given; facts that are None are not compared.

    `sex`: GB/T 2261.1 code, 0 and 9 say nothing. `place_codes`: six-digit codes ever in use.
    """
    checks = (
        _sex_conflict(found, sex),
        _birth_conflict(found, birth_date),
        _place_conflict(found, place_codes),
        _age_conflict(found, on),
        _rounding_doubt(found),
    )
    return [flag for flag in checks if flag]


def _why_not_in_form(text: str) -> Reason | None:
    if not text:
        return Reason("The resident ID is empty. Enter it, or choose another document or a temporary number.")
    for place, character in enumerate(text, 1):
        if not ("0" <= character <= "9") and not (character == "X" and place == len(text) == 18):
            return Reason(
                "The resident ID has {character} in place {place}; only digits may stand there, and X as the "
                "18th. Compare it with the card.",
                character=character,
                place=place,
            )
    if len(text) not in (15, 18):
        return Reason(
            "The resident ID has {count} characters; it must have 18, or 15 on cards from before 1999. "
            "Compare it with the card.",
            count=len(text),
        )
    return None


def _impossible_date(digits: str) -> Reason:
    return Reason(
        "The birth date in the resident ID reads {digits}; births from {oldest} to today are possible. "
        "Compare digits 7 to 14 with the card.",
        digits=digits,
        oldest=OLDEST_BIRTH_YEAR,
    )


def _wrong_check_character(number: str) -> Reason:
    # The right character is not named: whoever reads it would enter it, and keep the wrong digit.
    if number.endswith("000"):
        return Reason(
            "The resident ID {masked} ends in 000 and does not add up: Excel has probably rounded it. "
            "Set the column to text and enter the number again from the card.",
            masked=mask(number),
        )
    return Reason(
        "The resident ID {masked} does not add up: at least one digit is wrong. Compare it with the card.",
        masked=mask(number),
    )


def _sex_conflict(found: ResidentId, sex: str | None) -> Flag | None:
    if sex not in (MALE, FEMALE) or sex == found.sex:
        return None
    if found.sex == MALE:
        reason = Reason("The resident ID says male, the record says female. Ask the person or see the card.")
    else:
        reason = Reason("The resident ID says female, the record says male. Ask the person or see the card.")
    return Flag("sex", reason)


def _birth_conflict(found: ResidentId, birth_date: date | None) -> Flag | None:
    if birth_date is None or birth_date == found.birth_date:
        return None
    reason = Reason(
        "The resident ID says born {on_card}, the record says {on_record}. One may be the lunar date; "
        "ask which is right.",
        on_card=found.birth_date,
        on_record=birth_date,
    )
    return Flag("birth_date", reason)


def _place_conflict(found: ResidentId, place_codes: Container[str] | None) -> Flag | None:
    if place_codes is None or found.is_demonstration or found.place_code in place_codes:
        return None
    reason = Reason(
        "The resident ID begins with {place_code}, which is no place on the list. Compare it with the card.",
        place_code=found.place_code,
    )
    return Flag("place", reason)


def _age_conflict(found: ResidentId, on: date | None) -> Flag | None:
    if on is None or on.year - found.birth_date.year <= OLDEST_AGE_YEARS:
        return None
    reason = Reason(
        "By the resident ID this person is {age} years old; over {limit} is doubtful. See the person or the card.",
        age=on.year - found.birth_date.year,
        limit=OLDEST_AGE_YEARS,
    )
    return Flag("age", reason)


def _rounding_doubt(found: ResidentId) -> Flag | None:
    # One in eleven numbers that Excel has rounded adds up by chance; of true numbers one in a thousand ends so.
    if not found.number.endswith("000") or found.was_15_digits:
        return None
    reason = Reason(
        "The resident ID {masked} ends in 000; Excel may have rounded it. Compare it with the card.",
        masked=mask(found.number),
    )
    return Flag("rounded", reason)
