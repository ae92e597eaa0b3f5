"""What a spreadsheet cell holds, as the characters of a code.

Excel keeps numbers in 15 significant digits: an 18-digit number typed without text format has lost its
end for good. That is said by name here, never repaired by guessing.
"""

import re
import unicodedata

from yinling.kernel.reasons import Reason

_SCIENTIFIC = re.compile(r"\d+(?:[.,]\d+E\+?|E\+)\d{1,3}", re.ASCII)
_POINT_ZERO = re.compile(r"\d+\.0+", re.ASCII)
_EXACT_FLOAT = 2**53  # above this a float no longer holds every whole number
_SPACES = " \t\r\n\u00a0\u200b\u200c\u200d\u2060\ufeff\u00ad"
_QUOTES = "'`\u2018\u2019\""
_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2212_"
_DROPPED = str.maketrans("", "", _SPACES + _QUOTES + _DASHES)


def cell_text(raw: object) -> str | Reason:
    """The characters of a code: half-width, upper case, no spaces or hyphens, no trailing `.0`.

    Accepts text, int and float; None gives "". A number in scientific notation, or a float too large to be
    exact, gives the reason.
    """
    if raw is None:
        return ""
    if isinstance(raw, float):
        return _float_text(raw)
    text = str(raw)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    text = text.translate(_DROPPED).upper()
    if text.isalnum():
        return text
    if _POINT_ZERO.fullmatch(text):
        return text.partition(".")[0]
    if _SCIENTIFIC.fullmatch(text):
        return excel_number(text)
    return text


def excel_number(value: object) -> Reason:
    """The refusal of a number that a spreadsheet has rounded."""
    return Reason(
        "The number stands in the file as {value}: Excel turned it into a number and lost its last digits. "
        "Set the column to text and enter the number again from the document.",
        value=value,
    )


def _float_text(raw: float) -> str | Reason:
    if raw != raw:  # an empty cell of a numeric column
        return ""
    if abs(raw) >= _EXACT_FLOAT:
        return excel_number(f"{raw:.2E}")
    return str(int(raw)) if raw == int(raw) else repr(raw)
