"""Telephone numbers as rosters hold them: mobiles, landlines with and without area code, service numbers."""

import re
from dataclasses import dataclass
from enum import StrEnum

from yinling.engines.codes.cells import cell_text
from yinling.kernel.reasons import Reason

_BETWEEN_TWO = re.compile(r"[/、,，;；|\n或]|\s{2,}")
_EXTENSION = re.compile(r"(?:转|EXT\.?|分机)(\d{1,6})$")
_SWITCHBOARD = re.compile(r"(?<=\d{7})-(\d{1,5})\s*$")  # 0745-2312349-801
_ABROAD = re.compile(r"^(?:\+|00)86")  # as dialled from abroad: the area code then lacks its 0
_BARE_86 = re.compile(r"^86(?=1[3-9]\d{9}$)")
_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_LANDLINE = re.compile(r"(0(?:10|2\d|[3-9]\d{2}))([2-9]\d{6,7})", re.ASCII)
_LOCAL = re.compile(r"[2-9]\d{6,7}", re.ASCII)
_SERVICE = re.compile(r"1(?:10|19|20|22)|123\d{2}|12\d{3}|9[56]\d{3,4}|[48]00\d{7}", re.ASCII)


class PhoneKind(StrEnum):
    """What a number reaches."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Phone:
    """`number` as it is kept: 13912340417, 0745-2312349, 12345. `extension` behind a switchboard, or ""."""

    number: str
    kind: PhoneKind
    extension: str = ""

    def __str__(self) -> str:
        return f"{self.number}-{self.extension}" if self.extension else self.number


def split_phones(cell: str) -> list[str]:
    """The numbers in a cell that holds several, divided by a slash, comma, 或 or wide gap."""
    return [part.strip() for part in _BETWEEN_TWO.split(cell) if part.strip()]


def read_phone(raw: object, *, area_code: str = "") -> Phone | Reason:
    """The number in a cell, or why it is none.

    `area_code`: put before local numbers (0745 for Huaihua); without it a local number is refused.
    """
    text = cell_text(raw)
    if isinstance(text, Reason):
        return text
    found = _from_text(text, area_code)
    if isinstance(found, Reason) and isinstance(raw, str) and (match := _SWITCHBOARD.search(raw)):
        return _from_text(str(cell_text(f"{raw[: match.start()]}转{match.group(1)}")), area_code)
    return found


def _from_text(text: str, area_code: str) -> Phone | Reason:
    text = text.translate(str.maketrans("", "", "()."))
    extension = ""
    if match := _EXTENSION.search(text):
        text, extension = text[: match.start()], match.group(1)
    digits, from_abroad = _ABROAD.subn("", _BARE_86.sub("", text))
    found = _known(digits, extension, area_code)
    if found is None and from_abroad:
        found = _known("0" + digits, extension, "")
    return found or _refusal(digits)


def mask(number: str) -> str:
    """139****0417; 0745-****349; service numbers are public and stay."""
    if _MOBILE.fullmatch(number):
        return f"{number[:3]}****{number[-4:]}"
    area, dash, local = number.partition("-")
    if dash:
        return f"{area}-****{local[-3:]}" if len(local) > 6 else f"{area}-****"
    return number if _SERVICE.fullmatch(number) else "*" * len(number)


def _known(digits: str, extension: str, area_code: str) -> Phone | None:
    if _MOBILE.fullmatch(digits):
        return Phone(digits, PhoneKind.MOBILE, extension)
    if _SERVICE.fullmatch(digits):
        return Phone(digits, PhoneKind.SERVICE, extension)
    if match := _LANDLINE.fullmatch(digits):
        return Phone(f"{match.group(1)}-{match.group(2)}", PhoneKind.LANDLINE, extension)
    if area_code and _LOCAL.fullmatch(digits):
        return Phone(f"{area_code}-{digits}", PhoneKind.LANDLINE, extension)
    return None


def _refusal(digits: str) -> Reason:
    if not digits:
        return Reason("The phone number is empty. Enter one, or leave the field out.")
    if _LOCAL.fullmatch(digits):
        return Reason(
            "The phone number has {count} digits and no area code. Put the area code before it, such as 0745.",
            count=len(digits),
        )
    if not digits.isdigit():
        return Reason(
            "The phone number contains {characters}; only digits may stand there. One number per cell.",
            characters="".join(dict.fromkeys(re.sub(r"\d", "", digits))),
        )
    return Reason(
        "The phone number has {count} digits and begins with {start}; mobiles have 11 and begin with 13 to 19, "
        "landlines have 10 to 12 with the area code. Ask for the number again.",
        count=len(digits),
        start=digits[:2],
    )
