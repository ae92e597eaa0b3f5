"""CSV as Chinese offices write it: UTF-8 with or without BOM, GB18030, or Excel's UTF-16 "Unicode text"."""

import codecs
import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from yinling.kernel.errors import Refused
from yinling.spreadsheets.formats import MIB, Cell, Limits
from yinling.spreadsheets.sheet_scan import too_large

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DELIMITERS = (",", "\t", ";", "，", "|")


def encoding_of(path: Path) -> str:
    """The encoding of a text file. UTF-8 is tried first because GB18030 would decode most UTF-8 as nonsense."""
    with path.open("rb") as file:
        head = file.read(4)
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding
    for encoding in ("utf-8", "gb18030"):
        if _decodes(path, encoding):
            return encoding
    raise Refused(
        "The text in this file is neither UTF-8 nor GB18030. Open it in Excel or WPS, save as .xlsx and upload again."
    )


def delimiter_of(path: Path, encoding: str) -> str:
    """The separator that the first lines use most evenly; a comma when there is nothing to see."""
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        lines = [line for line in file.read(64 * 1024).splitlines()[:20] if line.strip()]
    return max(_DELIMITERS, key=lambda delimiter: sum(line.count(delimiter) for line in lines)) if lines else ","


def csv_rows(path: Path, encoding: str, delimiter: str, limits: Limits) -> Iterator[list[Cell]]:
    """Every record in order, blank ones as empty lists; Refused when a record is too long or too wide."""
    csv.field_size_limit(limits.line_chars)
    read = 0
    with path.open(encoding=encoding, newline="") as file:
        lines = _Lines(file, limits)
        try:
            for row in csv.reader(lines, delimiter=delimiter):
                read += 1
                lines.chars_of_record = 0
                if len(row) > limits.columns:
                    raise too_large(read, len(row), limits)
                yield [value or None for value in row]
        except (csv.Error, UnicodeError) as error:
            raise Refused(
                "After row {row} this file can no longer be read as a table; often a quotation mark is not "
                "closed. Open it in Excel or WPS, save as .xlsx and upload again.",
                row=read,
            ) from error


def check_csv(path: Path, encoding: str, delimiter: str, limits: Limits) -> None:
    """Refuse early what a look at the first records already shows."""
    for number, row in enumerate(csv_rows(path, encoding, delimiter, limits)):
        if number == 50:
            return
        if any(isinstance(value, str) and "\x00" in value for value in row):
            raise Refused(
                "This file is not a table: it holds binary data. Open it in Excel or WPS, save as .xlsx and "
                "upload again."
            )


class _Lines:
    """Lines of a file, counted per record, so that one endless record cannot fill the memory."""

    def __init__(self, file: Iterable[str], limits: Limits) -> None:
        self._lines = iter(_bounded(file, limits.line_chars))
        self._limit = limits.line_chars
        self.chars_of_record = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.chars_of_record += len(line)
        if self.chars_of_record > self._limit:
            raise _too_long(self._limit)
        return line


def _bounded(file: Iterable[str], limit: int) -> Iterator[str]:
    readline = file.readline  # type: ignore[attr-defined]
    while line := readline(limit + 1):
        if len(line) > limit:
            raise _too_long(limit)
        yield line


def _too_long(limit: int) -> Refused:
    return Refused(
        "One line of this file is longer than {limit} characters, so it is not a roster. Check that rows end "
        "with a line break, or save it as .xlsx and upload again.",
        limit=limit,
    )


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    with path.open("rb") as file:
        try:
            while piece := file.read(MIB):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True
