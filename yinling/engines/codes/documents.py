"""Documents other than the resident ID, and the temporary number of elders who have none.

Kinds are the codes of the list `document_kinds` in `packs/national/codelists.yaml`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from yinling.engines.codes.cells import cell_text
from yinling.engines.codes.resident_id import ResidentId, read_resident_id
from yinling.kernel.reasons import Reason, Words


class DocumentKind(StrEnum):
    """What a person can be identified by."""

    RESIDENT_ID = "resident_id"
    HMT_RESIDENCE = "hmt_residence"
    FOREIGNER_RESIDENCE = "foreigner_residence"
    PASSPORT = "passport"
    TEMPORARY = "temporary"


@dataclass(frozen=True, slots=True)
class Document:
    """A document number whose form is right, and what it tells about the person (None where nothing)."""

    kind: DocumentKind
    number: str
    birth_date: date | None = None
    sex: str | None = None
    region: Words | None = None


# First two digits of the residence permit for residents of Hong Kong, Macao and Taiwan (since 2018-09).
HMT_REGIONS = {
    "81": Words("香港", "Hong Kong"),
    "82": Words("澳门", "Macao"),
    "83": Words("台湾", "Taiwan"),
}
_PASSPORT = re.compile(r"[A-Z0-9]{5,20}", re.ASCII)
_TEMPORARY = re.compile(r"T(\d{6})(\d{2})(\d{5})(\d)", re.ASCII)
_HIGHEST_SERIAL = 99_999


def read_document(kind: DocumentKind | str, raw: object, *, on: date | None = None) -> Document | Reason:
    """The document number of this kind in a cell, or why it is none. `on`: later births are refused."""
    return _READERS[DocumentKind(kind)](raw, on)


def temporary_number(*, county_code: str, year: int, serial: int) -> str:
    """The number given to a person without documents: T, county, year, serial and check digit.

    `county_code`: six digits; `serial`: 1 to 99,999 within county and year. It is printed and read out over
    the phone, hence the check digit (Luhn: finds one wrong digit and swapped neighbours).
    """
    if not 1 <= serial <= _HIGHEST_SERIAL:
        raise ValueError(f"serial is {serial}; it must be 1 to {_HIGHEST_SERIAL}")
    if not re.fullmatch(r"\d{6}", county_code, re.ASCII):
        raise ValueError(f"county_code is {county_code!r}; it must be six digits")
    digits = f"{county_code}{year % 100:02}{serial:05}"
    return f"T{digits}{_luhn(digits)}"


def _read_resident(raw: object, on: date | None) -> Document | Reason:
    found = read_resident_id(raw, on=on)
    return found if isinstance(found, Reason) else _from_18(DocumentKind.RESIDENT_ID, found)


def _read_hmt_residence(raw: object, on: date | None) -> Document | Reason:
    found = read_resident_id(raw, on=on)
    if isinstance(found, Reason):
        return found
    region = HMT_REGIONS.get(found.number[:2])
    if region is None or found.number[2:6] != "0000":
        return Reason(
            "The residence permit begins with {start}; it must begin with 810000 (Hong Kong), 820000 (Macao) or "
            "830000 (Taiwan). Compare it with the card, or choose the resident ID.",
            start=found.number[:6],
        )
    return _from_18(DocumentKind.HMT_RESIDENCE, found, region)


def _read_foreigner_residence(raw: object, on: date | None) -> Document | Reason:
    found = read_resident_id(raw, on=on)
    if isinstance(found, Reason):
        return found
    if not found.number.startswith("9"):
        return Reason(
            "The foreigner's residence card begins with {start}; it must begin with 9. Compare it with the card.",
            start=found.number[0],
        )
    return _from_18(DocumentKind.FOREIGNER_RESIDENCE, found)


def _from_18(kind: DocumentKind, found: ResidentId, region: Words | None = None) -> Document:
    return Document(kind, found.number, found.birth_date, found.sex, region)


def _read_passport(raw: object, on: date | None) -> Document | Reason:
    text = cell_text(raw)
    if isinstance(text, Reason):
        return text
    if not _PASSPORT.fullmatch(text):
        return Reason(
            "The passport number has {count} characters; it must have 5 to 20 letters and digits. Compare it with "
            "the passport.",
            count=len(text),
        )
    return Document(DocumentKind.PASSPORT, text)


def _read_temporary(raw: object, on: date | None) -> Document | Reason:
    text = cell_text(raw)
    if isinstance(text, Reason):
        return text
    match = _TEMPORARY.fullmatch(text)
    if not match or _luhn(text[1:-1]) != text[-1]:
        return Reason(
            "The temporary number {number} is none of ours: it is T and 14 digits, the last a check digit. "
            "Search the person by name instead.",
            number=text or "—",
        )
    return Document(DocumentKind.TEMPORARY, text)


def _luhn(digits: str) -> str:
    """The check digit that makes every single wrong digit visible (ISO/IEC 7812)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


_READERS: dict[DocumentKind, Callable[[object, date | None], Document | Reason]] = {
    DocumentKind.RESIDENT_ID: _read_resident,
    DocumentKind.HMT_RESIDENCE: _read_hmt_residence,
    DocumentKind.FOREIGNER_RESIDENCE: _read_foreigner_residence,
    DocumentKind.PASSPORT: _read_passport,
    DocumentKind.TEMPORARY: _read_temporary,
}
