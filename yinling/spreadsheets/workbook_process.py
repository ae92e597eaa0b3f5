"""The process that opens workbooks: `python workbook_process.py sheets|rows PATH INDEX LIMITS`, limits as JSON.

Run as a script of its own, because a library that reads a hostile workbook may take any amount of memory
or time: here both are capped by the operating system, and whoever asked is only told that it ended.
Knows only the standard library and calamine, so it starts in a tenth of a second.

Writes JSON lines: `[name, is_visible, is_table]` per sheet, or `[first_row_number, [[cell, ...], ...], height]` per
batch of rows, `height` being the rows of the sheet; dates as `{"d": iso}`, moments as `{"t": iso}`; at the end
`{"end": true}` or `{"error": kind}`, with `rows` and `columns` when the sheet is too large.
"""

import json
import os
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import python_calamine

BATCH = 1000
_EXACT = 2**53


def main(arguments: list[str]) -> None:
    """Do what was asked and say how it ended."""
    task, path, index, limits_text = arguments
    limits = json.loads(limits_text)
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory_bytes"], limits["memory_bytes"]))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["cpu_seconds"], limits["cpu_seconds"] + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        workbook = python_calamine.load_workbook(path)
        for line in _sheets(workbook) if task == "sheets" else _batches(workbook, int(index), limits):
            _say(line)
        _say({"end": True})
    except python_calamine.PasswordError:
        _say({"error": "password"})
    except MemoryError:
        _say({"error": "memory"})
    except BrokenPipeError:
        # The reader has seen enough. Nothing is left to flush to.
        os.close(sys.stdout.fileno())
        os._exit(0)
    except (python_calamine.CalamineError, ValueError, OSError, OverflowError) as error:
        _say({"error": "damaged", "detail": type(error).__name__})


def _say(line: Any) -> None:
    sys.stdout.write(json.dumps(line, ensure_ascii=False, default=_tagged, separators=(",", ":")) + "\n")
    sys.stdout.flush()


def _tagged(value: Any) -> dict[str, str]:
    if isinstance(value, datetime):
        is_midnight = value.time() == time()
        return {"d": value.date().isoformat()} if is_midnight else {"t": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if isinstance(value, time):
        return {"s": value.isoformat("minutes")}
    if isinstance(value, timedelta):
        return {"s": str(value)}
    return {"s": str(value)}


def _sheets(workbook: python_calamine.CalamineWorkbook) -> Iterator[list[Any]]:
    for sheet in workbook.sheets_metadata:
        is_table = sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
        yield [sheet.name, sheet.visible == python_calamine.SheetVisibleEnum.Visible, is_table]


def _batches(workbook: python_calamine.CalamineWorkbook, index: int, limits: dict[str, int]) -> Iterator[Any]:
    sheet = workbook.get_sheet_by_index(index)
    if sheet.start is None or sheet.end is None:
        return
    rows, columns = sheet.end[0] + 1, sheet.end[1] + 1
    if rows > limits["rows"] or columns > limits["columns"] or rows * columns > limits["cells"]:
        yield {"error": "size", "rows": rows, "columns": columns}
        return
    fills = _vertical_merges(sheet)
    left = [None] * sheet.start[1]
    first, batch = 1, []
    for number, row in enumerate(sheet.iter_rows()):
        values = left + [_clean(value) for value in row]
        if fills and any(value is not None for value in values):
            _fill(values, number, fills)
        batch.append(values)
        if len(batch) == BATCH:
            yield [first, batch, rows]
            first, batch = first + BATCH, []
    if batch:
        yield [first, batch, rows]


def _clean(value: Any) -> Any:
    if value == "":
        return None
    if type(value) is float and value.is_integer() and abs(value) < _EXACT:
        return int(value)
    return value


def _vertical_merges(sheet: python_calamine.CalamineSheet) -> dict[int, list[tuple[int, int, list[Any]]]]:
    """Cells merged downwards, by column: (first row, last row, place for the value that the first row holds)."""
    fills: dict[int, list[tuple[int, int, list[Any]]]] = {}
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if left == right and bottom > top:
            fills.setdefault(left, []).append((top, bottom, []))
    for merges in fills.values():
        merges.sort(key=lambda merge: merge[0], reverse=True)
    return fills


def _fill(values: list[Any], number: int, fills: dict[int, list[tuple[int, int, list[Any]]]]) -> None:
    """A village written once and merged over its rows belongs to every one of them."""
    for column, merges in fills.items():
        while merges and merges[-1][1] < number:
            merges.pop()
        if not merges or merges[-1][0] > number or column >= len(values):
            continue
        top, _, held = merges[-1]
        if number == top:
            held.append(values[column])
        elif held and values[column] is None:
            values[column] = held[0]


if __name__ == "__main__":
    main(sys.argv[1:])
