"""Lists out to Excel: identifiers as text, a frozen header, a marker, and no cell that runs as a formula."""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from yinling.kernel.reasons import Reason
from yinling.spreadsheets.marker import Marker, Say, put_footer, put_marker, sheet_name

MOST_ROWS = 1_048_576
"""Rows of one Excel sheet, the header included; a longer list goes on in a second sheet."""

LONGEST_TEXT = 32_767
_LONGEST_NUMBER = 11  # more digits than a mobile number: an identifier, so text
# OWASP "CSV Injection": a cell that starts like this runs once the sheet is saved as CSV and opened again.
_RUNS = re.compile(r"[=+\-@\t\r\n]")
_HARMLESS = re.compile(r"[+-][\d .,()-]*")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list: title, width in characters, and whether its numbers are identifiers."""

    title: str
    width: int = 14
    is_identifier: bool = False


@dataclass(frozen=True, slots=True)
class Formats:
    """The few formats that lists use."""

    header: Format
    text: Format
    date: Format
    moment: Format

    @staticmethod
    def of(workbook: xlsxwriter.Workbook) -> "Formats":
        """Made once per workbook; colours are the tokens of the look (`--ground-deep`, `--ink`)."""
        return Formats(
            header=workbook.add_format(
                {"bold": True, "bg_color": "#ECE3D4", "font_color": "#2B241D", "text_wrap": True, "valign": "top"}
            ),
            text=workbook.add_format({"num_format": "@"}),
            date=workbook.add_format({"num_format": "yyyy-mm-dd"}),
            moment=workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        )


def write_list(
    columns: Sequence[Column], rows: Iterable[Sequence[Any]], path: Path, marker: Marker, say: Say = str
) -> int:
    """Write rows as they come, in constant memory. Returns how many. The file appears only when it is whole.

    Cells may be str, int, float, Decimal, bool, date, datetime, None, or a tuple of texts (joined by 、).
    """
    written = 0
    with new_workbook(path) as workbook:
        formats = Formats.of(workbook)
        taken: set[str] = set()
        sheet = _new_sheet(workbook, columns, formats, marker, taken)
        at = 1
        for row in rows:
            if at == MOST_ROWS:
                _finish(sheet, at, len(columns))
                sheet, at = _new_sheet(workbook, columns, formats, marker, taken), 1
            for place, (column, value) in enumerate(zip(columns, row, strict=True)):
                _write(sheet, at, place, value, formats, say, is_identifier=column.is_identifier)
            at, written = at + 1, written + 1
        _finish(sheet, at, len(columns))
        put_marker(workbook, marker, written, say)
    return written


def harmless(text: str) -> str:
    """A text that no spreadsheet runs, even after a detour over CSV; reading takes the apostrophe off again."""
    if _RUNS.match(text) and not _HARMLESS.fullmatch(text):
        return "'" + text[: LONGEST_TEXT - 1]
    return text[:LONGEST_TEXT]


def write_cell(sheet: Worksheet, row: int, column: int, value: Any, formats: Formats, colour: Format | None) -> None:
    """Write a value as what it is: numbers too long for a spreadsheet to keep are written as text."""
    if value is None:
        if colour is not None:
            sheet.write_blank(row, column, None, colour)
    elif isinstance(value, str):
        sheet.write_string(row, column, value[:LONGEST_TEXT], colour)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, colour)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, column, value.replace(tzinfo=None), colour or formats.moment)
    elif isinstance(value, date):
        _write_date(sheet, row, column, value, colour or formats.date)
    elif isinstance(value, (int, float, Decimal)) and abs(value) < 10**_LONGEST_NUMBER:
        sheet.write_number(row, column, float(value), colour)
    else:
        sheet.write_string(row, column, str(value), colour or formats.text)


@contextmanager
def new_workbook(path: Path) -> Iterator[xlsxwriter.Workbook]:
    """A workbook written in constant memory beside `path`, and moved there once it is whole."""
    with TemporaryDirectory(dir=path.parent, prefix=".writing-") as scratch:
        unfinished = Path(scratch) / "workbook.xlsx"
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "tmpdir": scratch}
        workbook = xlsxwriter.Workbook(str(unfinished), options)
        yield workbook
        workbook.close()
        os.replace(unfinished, path)


def _new_sheet(
    workbook: xlsxwriter.Workbook, columns: Sequence[Column], formats: Formats, marker: Marker, taken: set[str]
) -> Worksheet:
    sheet = workbook.add_worksheet(sheet_name(marker.what, taken))
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width, formats.text if column.is_identifier else None)
        sheet.write_string(0, place, column.title, formats.header)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    put_footer(sheet, marker)
    return sheet


def _finish(sheet: Worksheet, rows: int, columns: int) -> None:
    if columns:
        sheet.autofilter(0, 0, max(0, rows - 1), columns - 1)


def _write(
    sheet: Worksheet, row: int, place: int, value: Any, formats: Formats, say: Say, *, is_identifier: bool
) -> None:
    if isinstance(value, (tuple, list)):
        value = "、".join(map(str, value))
    if isinstance(value, bool):
        value = say(Reason("Yes")) if value else say(Reason("No"))
    if is_identifier and value is not None:
        value = str(value)
    if isinstance(value, str):
        sheet.write_string(row, place, harmless(value), formats.text if is_identifier else None)
    else:
        write_cell(sheet, row, place, value, formats, None)


def _write_date(sheet: Worksheet, row: int, column: int, value: date, style: Format) -> None:
    # Excel knows no day before 1900, and believes in 29 February 1900.
    if value < date(1900, 3, 1):
        sheet.write_string(row, column, value.isoformat())
    else:
        sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), style)
