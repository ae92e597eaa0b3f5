"""QR codes as one SVG path: no picture files, and the page's policy allows them."""

from dataclasses import dataclass

import qrcode

BORDER = 4  # modules of quiet zone that readers need


@dataclass(frozen=True)
class Code:
    """A code: its side in modules, and the path that draws it."""

    side: int
    path: str


def code_of(text: str) -> Code:
    """The QR code of an address."""
    made = qrcode.QRCode(border=BORDER, error_correction=qrcode.constants.ERROR_CORRECT_M)
    made.add_data(text)
    matrix = made.get_matrix()
    cells = ((x, y) for y, row in enumerate(matrix) for x, is_dark in enumerate(row) if is_dark)
    return Code(len(matrix), "".join(f"M{x} {y}h1v1h-1z" for x, y in cells))
