"""A QR code as the path of one SVG, drawn into the page: no picture is fetched, no script needed."""

import qrcode
from qrcode.constants import ERROR_CORRECT_M


def qr_path(text: str) -> tuple[str, int]:
    """(path data, side length in modules) with the quiet zone of four modules that readers need."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=4)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    dark = ((x, y) for y, row in enumerate(rows) for x, cell in enumerate(row) if cell)
    return "".join(f"M{x} {y}h1v1h-1z" for x, y in dark), len(rows)
