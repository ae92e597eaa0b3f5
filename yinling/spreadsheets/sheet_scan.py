"""A first look through a workbook's parts as a stream of bytes: how wide, how long, formulas without results.

Nothing is parsed into memory. Regular expressions over pieces are enough, because all that is wanted are
bounds and warnings; the reader that follows runs in its own process with its own limits.
Source of the element names: ECMA-376 part 1, 18.3.1 (worksheets); OpenDocument 1.3 part 3, 9.1 (tables).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from yinling.kernel.errors import Refused
from yinling.spreadsheets.containers import part_names, unpacked
from yinling.spreadsheets.formats import MIB, FileKind, Limits

_FILLED = re.compile(rb'<(?:\w+:)?c (?:[^>]*? )?r="([A-Z]{1,3})(\d{1,7})"[^>]*(?<!/)>')
_FORMULA = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)(.*?)</(?:\w+:)?c>", re.DOTALL
)
_RESULT = re.compile(rb"<(?:\w+:)?v\b[^>]*>[^<]|<(?:\w+:)?is\b")
_ODS_FORMULA = re.compile(rb"<table:table-cell\b[^>]*table:formula=[^>]*>")
_ODS_REPEATED = re.compile(rb'<table:table-cell\b[^>]*?number-columns-repeated="(\d+)"[^>]*(?<!/)>')


@dataclass(slots=True)
class _Seen:
    """What has been seen so far in one sheet."""

    columns: int = 0
    rows: int = 0
    formulas: int = 0
    formulas_without_result: int = 0
    first_without_result: str = ""


def scan(path: Path, kind: FileKind, limits: Limits) -> bool:
    """Look through every part that will be read. Returns whether there are formulas; Refused when over a limit."""
    has_formulas = False
    for name in part_names(path, limits):
        if not name.endswith((".xml", ".rels", ".vml")):
            continue
        if kind is FileKind.XLSX and name.startswith("xl/worksheets/") and "/_rels/" not in name:
            seen = _scan_sheet(path, name, limits, _look_at_xlsx)
        elif kind is FileKind.ODS and name == "content.xml":
            seen = _scan_sheet(path, name, limits, _look_at_ods)
        else:
            seen = _scan_sheet(path, name, limits, _look_at_nothing)
        has_formulas = has_formulas or seen.formulas > 0
    return has_formulas


def _scan_sheet(path: Path, name: str, limits: Limits, look) -> _Seen:  # type: ignore[no-untyped-def]
    seen = _Seen()
    for piece in _pieces_of_whole_cells(path, name, limits):
        look(piece, seen)
        _refuse_excess(seen, limits)
    if seen.formulas_without_result:
        raise Refused(
            "{count} formulas have no stored result (the first is in {cell}), and formulas are never "
            "calculated here. Open the file in Excel or WPS, save it and upload again.",
            count=seen.formulas_without_result,
            cell=seen.first_without_result,
        )
    return seen


def _pieces_of_whole_cells(path: Path, name: str, limits: Limits) -> Iterator[bytes]:
    """Pieces that end where a cell ends, so that no pattern is cut in two."""
    rest = b""
    for number, piece in enumerate(unpacked(path, name, limits)):
        if number == 0 and (b"<!DOCTYPE" in piece or b"<!ENTITY" in piece):
            raise Refused(
                "This workbook declares XML entities, which no spreadsheet program writes. Copy the table "
                "into a new workbook and upload that one."
            )
        window = rest + piece
        cut = max(window.rfind(b"</c>") + 4, window.rfind(b"<row"), window.rfind(b"<table:table-row"))
        if cut <= 4 or len(window) > 4 * MIB:
            cut = window.rfind(b"<") if len(window) > 4 * MIB else 0
        if cut <= 0:
            rest = window if len(window) <= 4 * MIB else b""
            continue
        yield window[:cut]
        rest = window[cut:]
    yield rest


def _look_at_xlsx(piece: bytes, seen: _Seen) -> None:
    found = _FILLED.findall(piece)
    if found:
        widest = max({letters for letters, _ in found}, key=lambda letters: (len(letters), letters))
        seen.columns = max(seen.columns, _column_number(widest))
        seen.rows = max(seen.rows, int(found[-1][1]))
    if b"<f" not in piece and b":f" not in piece:
        return
    for match in _FORMULA.finditer(piece):
        attributes, rest = match.groups()
        seen.formulas += 1
        # A formula whose result is an empty text is stored as t="str" with nothing in it: that is a result.
        if b't="str"' in attributes or _RESULT.search(rest):
            continue
        seen.formulas_without_result += 1
        if not seen.first_without_result:
            cell = re.search(rb'r="([A-Z]+\d+)"', attributes)
            seen.first_without_result = cell.group(1).decode() if cell else "?"


def _look_at_ods(piece: bytes, seen: _Seen) -> None:
    for match in _ODS_REPEATED.finditer(piece):
        seen.columns = max(seen.columns, int(match.group(1)))
    for match in _ODS_FORMULA.finditer(piece):
        seen.formulas += 1
        if b"value-type=" not in match.group():
            seen.formulas_without_result += 1
            seen.first_without_result = seen.first_without_result or "?"


def _look_at_nothing(piece: bytes, seen: _Seen) -> None:
    """Parts that hold no cells are unpacked only to see that they are as large as they say."""


def too_large(rows: int, columns: int, limits: Limits) -> Refused:
    """The refusal of a sheet that has too many columns, rows or cells: whichever limit it passes first."""
    if columns > limits.columns:
        return Refused(
            "A sheet has {columns} columns; the limit is {limit}. "
            "Delete the columns that do not belong to the roster, save and upload again.",
            columns=columns,
            limit=limits.columns,
        )
    if rows > limits.rows:
        return Refused(
            "A sheet has {rows} rows; the limit is {limit}. "
            "Split the table into several files and upload them one by one.",
            rows=rows,
            limit=limits.rows,
        )
    return Refused(
        "A sheet spans {cells} cells ({rows} rows by {columns} columns); the limit is {limit}. "
        "Delete what stands far from the table, save and upload again.",
        cells=rows * columns,
        rows=rows,
        columns=columns,
        limit=limits.cells,
    )


def _refuse_excess(seen: _Seen, limits: Limits) -> None:
    is_within = seen.columns <= limits.columns and seen.rows <= limits.rows
    if not is_within or seen.rows * seen.columns > limits.cells:
        raise too_large(seen.rows, seen.columns, limits)


def _column_number(letters: bytes) -> int:
    """A → 1, Z → 26, AA → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
