"""Write small workbooks in the four formats that clerks send: .xlsx, .xls, .ods and .csv (GB18030).

The files carry no clock: the same sheets give the same bytes. Cells are str, int, float, date or None.
"""

from __future__ import annotations

import csv
import io
import struct
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from xml.sax.saxutils import escape

import xlsxwriter

Cell = str | int | float | date | None
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass
class Sheet:
    """Rows of cells, and merged ranges as (first row, first column, last row, last column), all counted from 0."""

    name: str
    rows: list[list[Cell]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)


def write_workbook(sheets: list[Sheet], path: Path) -> None:
    """Write in the format of the suffix. Raises ValueError for another one. A .csv holds the first sheet only."""
    writers = {".xlsx": _write_xlsx, ".xls": _write_xls, ".ods": _write_ods, ".csv": _write_csv}
    if path.suffix not in writers:
        raise ValueError(f"A roster cannot be written as {path.suffix!r}; choose one of {sorted(writers)}.")
    writers[path.suffix](sheets, path)


def _write_xlsx(sheets: list[Sheet], path: Path) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        book.set_properties({"created": datetime(2025, 1, 1)})
        dated = book.add_format({"num_format": "yyyy/m/d"})
        title = book.add_format({"bold": True, "align": "center", "font_size": 16})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            for first_row, first, last_row, last in sheet.merged:
                page.merge_range(first_row, first, last_row, last, sheet.rows[first_row][first] or "", title)
            covered = {
                (row, col) for r0, c0, r1, c1 in sheet.merged for row in range(r0, r1 + 1) for col in range(c0, c1 + 1)
            }
            for at, row in enumerate(sheet.rows):
                for col, cell in enumerate(row):
                    if cell is None or (at, col) in covered:
                        continue
                    if isinstance(cell, date):
                        page.write_datetime(at, col, datetime(cell.year, cell.month, cell.day), dated)
                    elif isinstance(cell, str):
                        page.write_string(at, col, cell)
                    else:
                        page.write_number(at, col, cell)


def _write_csv(sheets: list[Sheet], path: Path) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    width = max((len(row) for row in sheets[0].rows), default=0)
    for row in sheets[0].rows:
        writer.writerow([_shown(cell) for cell in row] + [""] * (width - len(row)))
    path.write_bytes(text.getvalue().encode("gb18030"))


def _shown(cell: Cell) -> str:
    """A cell as Excel saves it in a text file: long numbers in scientific notation."""
    if cell is None:
        return ""
    if isinstance(cell, date):
        return f"{cell.year}/{cell.month}/{cell.day}"
    if isinstance(cell, (int, float)) and abs(cell) >= 1e11:
        return f"{cell:.5E}"
    return str(cell)


def _write_ods(sheets: list[Sheet], path: Path) -> None:
    tables = "".join(
        f'<table:table table:name="{escape(sheet.name)}">{"".join(_ods_row(row) for row in sheet.rows)}</table:table>'
        for sheet in sheets
    )
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content office:version="1.2"'
        ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in (("mimetype", kind), ("content.xml", content), ("META-INF/manifest.xml", manifest)):
            method = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, _ZIP_TIME), text, compress_type=method)


def _ods_row(row: list[Cell]) -> str:
    return f"<table:table-row>{''.join(_ods_cell(cell) for cell in row) or '<table:table-cell/>'}</table:table-row>"


def _ods_cell(cell: Cell) -> str:
    if cell is None:
        return "<table:table-cell/>"
    if isinstance(cell, date):
        return (
            f'<table:table-cell office:value-type="date" office:date-value="{cell.isoformat()}">'
            f"<text:p>{cell.isoformat()}</text:p></table:table-cell>"
        )
    if isinstance(cell, str):
        return f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
    number = f'office:value-type="float" office:value="{cell!r}"'
    return f"<table:table-cell {number}><text:p>{cell}</text:p></table:table-cell>"


# .xls: the records of BIFF8 ([MS-XLS]) in a compound file ([MS-CFB]), no more of either than a reader needs.

_SECTOR = 512
_END_OF_CHAIN, _FREE, _FAT_SECTOR = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def _write_xls(sheets: list[Sheet], path: Path) -> None:
    bodies = [_biff_sheet(sheet) for sheet in sheets]
    names = [sheet.name.encode("utf-16-le") for sheet in sheets]
    head = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0)) + _record(
        0x0042, struct.pack("<H", 1200)
    )
    end = _record(0x000A, b"")
    offset = len(head) + sum(12 + len(name) for name in names) + len(end)
    bounds = b""
    for name, body in zip(names, bodies, strict=True):
        bounds += _record(0x0085, struct.pack("<IHBB", offset, 0, len(name) // 2, 1) + name)
        offset += len(body)
    path.write_bytes(_compound_file(head + bounds + end + b"".join(bodies)))


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _biff_sheet(sheet: Sheet) -> bytes:
    width = max((len(row) for row in sheet.rows), default=0)
    parts = [
        _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0)),
        _record(0x0200, struct.pack("<IIHHH", 0, len(sheet.rows), 0, width, 0)),
    ]
    for at, row in enumerate(sheet.rows):
        parts += [_biff_cell(at, col, cell) for col, cell in enumerate(row) if cell is not None]
    ranges = b"".join(struct.pack("<HHHH", r0, r1, c0, c1) for r0, c0, r1, c1 in sheet.merged)
    parts += [_record(0x00E5, struct.pack("<H", len(sheet.merged)) + ranges), _record(0x000A, b"")]
    return b"".join(parts)


def _biff_cell(row: int, col: int, cell: Cell) -> bytes:
    if isinstance(cell, (int, float)):
        return _record(0x0203, struct.pack("<HHHd", row, col, 0, float(cell)))
    text = cell.isoformat() if isinstance(cell, date) else str(cell)
    encoded = text.encode("utf-16-le")
    return _record(0x0204, struct.pack("<HHHHB", row, col, 0, len(encoded) // 2, 1) + encoded)


def _compound_file(stream: bytes) -> bytes:
    stream = stream.ljust(4096, b"\0")  # shorter streams would live in the mini stream
    sectors = -(-len(stream) // _SECTOR)
    fat_sectors = 1
    while fat_sectors * 128 < sectors + 1 + fat_sectors:
        fat_sectors += 1
    if fat_sectors > 109:
        raise ValueError(f"An .xls of {len(stream)} bytes is too large for this writer (7 MB).")
    first = fat_sectors + 1
    chain = [_FAT_SECTOR] * fat_sectors + [_END_OF_CHAIN]
    chain += [*range(first + 1, first + sectors), _END_OF_CHAIN]
    chain += [_FREE] * (fat_sectors * 128 - len(chain))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack(
        "<HHHHH6xIIIIIIIII",
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        0,
        fat_sectors,
        fat_sectors,
        0,
        4096,
        _END_OF_CHAIN,
        0,
        _END_OF_CHAIN,
        0,
    )
    header += struct.pack("<109I", *range(fat_sectors), *[_FREE] * (109 - fat_sectors))
    directory = _entry("Root Entry", 5, 1, _END_OF_CHAIN, 0) + _entry("Workbook", 2, _FREE, first, len(stream))
    directory += _entry("", 0, _FREE, 0, 0) * 2
    fat = struct.pack(f"<{len(chain)}I", *chain)
    return header + fat + directory + stream.ljust(sectors * _SECTOR, b"\0")


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    encoded = (name + "\0").encode("utf-16-le") if name else b""
    head = encoded.ljust(64, b"\0") + struct.pack("<HBB", len(encoded), kind, 1)
    return head + struct.pack("<III", _FREE, _FREE, child) + bytes(36) + struct.pack("<IQ", start, size)
