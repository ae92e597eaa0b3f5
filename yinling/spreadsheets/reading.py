"""Open a roster: what is it, which sheets has it, and its rows one after another in bounded memory.

`inspect` first: it refuses what is hostile or unreadable within seconds, naming the value, the limit and
the next step. CSV is read here; workbooks are opened by calamine in a process of their own
(`workbook_process`), whose memory and CPU the operating system caps.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from yinling.kernel.errors import Refused
from yinling.spreadsheets import workbook_process
from yinling.spreadsheets.containers import check_zip, kind_of, password_protected
from yinling.spreadsheets.csv_text import check_csv, csv_rows, delimiter_of, encoding_of
from yinling.spreadsheets.formats import DEFAULT_LIMITS, MIB, Cell, FileKind, Inspection, Limits, Sheet
from yinling.spreadsheets.sheet_scan import scan, too_large

BATCH = workbook_process.BATCH
_CSV_SHEET = Sheet(name="CSV", index=0)
_SUFFIXES = {FileKind.CSV: (".csv", ".txt", ".tsv")}


def inspect(path: Path, limits: Limits = DEFAULT_LIMITS) -> Inspection:
    """What the file is and holds. Raises Refused for everything that must not, or cannot, be read."""
    size_bytes = path.stat().st_size
    says_csv = path.suffix.lower() in _SUFFIXES[FileKind.CSV]
    _check_size(size_bytes, limits.csv_bytes if says_csv else limits.file_bytes)
    kind = kind_of(path, limits)
    if kind is not FileKind.CSV:
        _check_size(size_bytes, limits.file_bytes)
    is_misnamed = path.suffix.lower() not in _SUFFIXES.get(kind, (f".{kind}",))
    if kind is FileKind.CSV:
        encoding = encoding_of(path)
        delimiter = delimiter_of(path, encoding)
        check_csv(path, encoding, delimiter, limits)
        return Inspection(kind, size_bytes, (_CSV_SHEET,), encoding, delimiter, is_misnamed)
    has_formulas = False
    if kind in (FileKind.XLSX, FileKind.ODS):
        check_zip(path, limits)
        has_formulas = scan(path, kind, limits)
    found = _sheets_of_workbook(path, limits)
    if not found:
        raise Refused("This workbook has no sheet with a table. Choose the right file and upload it.")
    return Inspection(kind, size_bytes, found, is_misnamed=is_misnamed, has_formulas=has_formulas)


def sheets(path: Path, limits: Limits = DEFAULT_LIMITS) -> tuple[Sheet, ...]:
    """The sheets of a file that `inspect` has let pass; a CSV file has one."""
    if kind_of(path, limits) is FileKind.CSV:
        return (_CSV_SHEET,)
    return _sheets_of_workbook(path, limits)


def rows(
    path: Path, sheet: Sheet | None = None, limits: Limits = DEFAULT_LIMITS, found: Inspection | None = None
) -> Iterator[tuple[int, list[Cell]]]:
    """(row number as Excel shows it, cells) for every row of a sheet, by default the first. See `row_batches`."""
    for first, batch in row_batches(path, sheet, limits, found):
        yield from enumerate(batch, start=first)


def row_batches(
    path: Path, sheet: Sheet | None = None, limits: Limits = DEFAULT_LIMITS, found: Inspection | None = None
) -> Iterator[tuple[int, list[list[Cell]]]]:
    """(number of the first row, up to 1,000 rows) until the end. Rows may differ in length; blank ones are kept.

    `found` saves looking again at a file already inspected. Raises Refused when the file turns out
    unreadable on the way; rows handed out before that are right.
    """
    kind = found.kind if found else kind_of(path, limits)
    if kind is not FileKind.CSV:
        yield from _batches_of_workbook(path, sheet.index if sheet else 0, limits)
        return
    encoding = found.encoding if found else encoding_of(path)
    delimiter = found.delimiter if found else delimiter_of(path, encoding)
    first, batch = 1, []
    for row in csv_rows(path, encoding, delimiter, limits):
        batch.append(row)
        if len(batch) == BATCH:
            yield first, batch
            first, batch = first + BATCH, []
    if batch:
        yield first, batch


@dataclass(frozen=True, slots=True)
class Head:
    """The beginning of a sheet (up to 1,000 rows) and how many rows it has in all."""

    rows: list[list[Cell]]
    height: int


def head(path: Path, sheet: Sheet, limits: Limits = DEFAULT_LIMITS, *, found: Inspection) -> Head:
    """The first rows of a sheet. The height of a CSV file is its number of lines."""
    if found.kind is FileKind.CSV:
        _, batch = next(row_batches(path, sheet, limits, found), (1, []))
        return Head(batch, _lines(path))
    for _, batch, height in _answers("rows", path, sheet.index, limits):
        return Head(batch, height)
    return Head([], 0)


def _lines(path: Path) -> int:
    """Line breaks, and one more for a last line without."""
    count, last = 0, b""
    with path.open("rb") as file:
        while piece := file.read(MIB):
            count, last = count + piece.count(b"\n"), piece[-1:]
    return count + (last not in (b"", b"\n"))


def _check_size(size_bytes: int, limit_bytes: int) -> None:
    if size_bytes == 0:
        raise Refused("This file is empty (0 bytes). Choose the right file and upload it.")
    if size_bytes > limit_bytes:
        raise Refused(
            "This file has {size_mb} MB; the limit is {limit_mb} MB. Split the table into several files and "
            "upload them one by one.",
            size_mb=-(-size_bytes // MIB),
            limit_mb=limit_bytes // MIB,
        )


def _sheets_of_workbook(path: Path, limits: Limits) -> tuple[Sheet, ...]:
    lines = _answers("sheets", path, 0, limits)
    return tuple(Sheet(name, index, is_visible) for index, (name, is_visible, is_table) in enumerate(lines) if is_table)


def _batches_of_workbook(path: Path, index: int, limits: Limits) -> Iterator[tuple[int, list[list[Cell]]]]:
    for first, batch, _ in _answers("rows", path, index, limits):
        yield first, batch


def _answers(task: str, path: Path, index: int, limits: Limits) -> Iterator[Any]:
    """The lines of the process that opens the workbook; it is ended when the caller stops listening."""
    command = [sys.executable, "-I", workbook_process.__file__, task, str(path), str(index)]
    process = subprocess.Popen(
        [*command, json.dumps(asdict(limits))],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
    )
    assert process.stdout is not None
    try:
        for line in process.stdout:
            answer = json.loads(line, object_hook=_untagged)
            if not isinstance(answer, dict):
                yield answer
            elif "error" in answer:
                raise _refusal(answer, limits)
            else:
                return
        raise _refusal({"error": "memory"}, limits)
    finally:
        process.kill()
        process.stdout.close()
        process.wait()


def _untagged(value: dict[str, Any]) -> Any:
    if "d" in value:
        return date.fromisoformat(value["d"])
    if "t" in value:
        return datetime.fromisoformat(value["t"])
    return value.get("s", value)


def _refusal(answer: dict[str, Any], limits: Limits) -> Refused:
    if answer["error"] == "password":
        return password_protected()
    if answer["error"] == "size":
        return too_large(answer["rows"], answer["columns"], limits)
    if answer["error"] == "memory":
        return Refused(
            "Reading this workbook would take more than {memory_mb} MB of memory or {seconds} seconds. Copy "
            "the table alone into a new workbook, or save it as .csv, and upload that.",
            memory_mb=limits.memory_bytes // MIB,
            seconds=limits.cpu_seconds,
        )
    return Refused(
        "This workbook cannot be read: its contents do not fit together. Open it in Excel or WPS, save it "
        "again as .xlsx and upload the new file."
    )
