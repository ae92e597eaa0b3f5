"""What happens to a roster on a clerk's machine: clean records in, dirty rows out, and the truth about each row.

Dirt comes in three sorts. Harmless dirt is read through (full-width digits, blanks in a name, five styles of dates,
同上). Damage makes a row unusable: it must be refused, and for the reason given. Doubt needs a person to look.
Outcomes: created, updated, unchanged, doubt, refused, skipped (titles, headers, blank lines, totals, notes).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

import numpy as np

from yinling.city.workbooks import Cell, Sheet


class Kind(StrEnum):
    """What a column holds, as far as dirt is concerned."""

    NAME = "name"
    ID = "id"
    USCC = "uscc"
    PHONE = "phone"
    DATE = "date"
    PLACE = "place"
    OTHER = "other"


@dataclass(frozen=True)
class Column:
    """A header as it stands in the file, and the kind of its cells."""

    header: str
    kind: Kind = Kind.OTHER


@dataclass(frozen=True)
class Record:
    """One clean row (values by header) and what must become of it. `key` is a person, site or staff number."""

    key: int
    values: dict[str, Cell]
    outcome: str = "created"
    cause: str = ""


@dataclass(frozen=True)
class RowTruth:
    """What must become of one row. `row` counts from 1 as the program shows it; `sheet` counts from 0."""

    sheet: int
    row: int
    outcome: str
    cause: str = ""
    key: int | None = None
    dirt: tuple[str, ...] = ()
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class _Dirtied:
    record: Record
    cells: dict[str, Cell]
    dirt: tuple[str, ...]


Random = np.random.Generator
_FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
_DATE_STYLES: tuple[Callable[[date], Cell], ...] = (
    lambda day: day,
    lambda day: day.isoformat(),
    lambda day: f"{day.year}.{day.month}.{day.day}",
    lambda day: f"{day.year}年{day.month}月{day.day}日",
    lambda day: f"{day:%Y%m%d}",
)
_REFUSALS = 0.25  # of the dirtiness
_DOUBTS = 0.06
_DUPLICATES = 0.08


def soil(records: Sequence[Record], columns: Sequence[Column], random: Random, dirtiness: float) -> list[_Dirtied]:
    """Dirty each record, and put some in twice. `dirtiness` is the share of rows with harmless dirt, 0 to 1."""
    kinds = {column.kind: column.header for column in reversed(columns)}
    rows: list[_Dirtied] = []
    for record in records:
        row = _Dirtied(record, dict(record.values), ())
        drawn = random.random()
        if record.outcome in ("created", "unchanged", "updated") and drawn < dirtiness * _REFUSALS:
            row = _damage(row, kinds, random)
        elif record.outcome in ("created", "unchanged", "updated") and drawn < dirtiness * (_REFUSALS + _DOUBTS):
            row = _raise_doubt(row, kinds)
        rows.append(_litter(row, columns, random, dirtiness))
        is_plain = row.record.outcome in ("created", "unchanged", "updated") and _has_number(row, kinds)
        if is_plain and random.random() < dirtiness * _DUPLICATES:
            again = replace(record, outcome="unchanged", cause="repeated_in_file")
            rows.append(_litter(_Dirtied(again, dict(record.values), ("repeated",)), columns, random, dirtiness))
    return rows


def _damage(row: _Dirtied, kinds: dict[Kind, str], random: Random) -> _Dirtied:
    """Make the row unusable in one of the ways that fit its columns."""
    ways: list[tuple[str, str, Callable[[Any], Cell]]] = []
    if (header := kinds.get(Kind.ID)) and _is_resident_id(row.cells.get(header)):
        ways += [
            ("id_as_number", header, lambda text: float(text.replace("X", "0"))),
            ("id_in_scientific_notation", header, lambda text: f"{float(text.replace('X', '0')):.2E}"),
            ("id_checksum", header, _wrong_check),
            ("id_too_short", header, lambda text: text[:-2]),
            ("id_impossible_date", header, lambda text: text[:10] + "0231" + text[14:]),
        ]
    if (header := kinds.get(Kind.USCC)) and row.cells.get(header):
        ways += [("uscc_checksum", header, _wrong_check), ("uscc_too_short", header, lambda text: text[:-3])]
    if header := kinds.get(Kind.NAME):
        ways += [("name_missing", header, lambda _: None)]
        if Kind.ID in kinds:
            ways += [("two_people_in_a_cell", header, lambda text: f"{text}、{text[0]}秀英")]
    if not ways:
        return row
    cause, header, change = ways[int(random.integers(len(ways)))]
    cells = {**row.cells, header: change(row.cells[header])}
    return _Dirtied(replace(row.record, outcome="refused", cause=cause), cells, (*row.dirt, cause))


def _raise_doubt(row: _Dirtied, kinds: dict[Kind, str]) -> _Dirtied:
    """Write a remark beside the name, as in 张三（已迁出）."""
    header = kinds.get(Kind.NAME)
    if not header or Kind.ID not in kinds:
        return row
    cells = {**row.cells, header: f"{row.cells[header]}（已迁出）"}
    return _Dirtied(replace(row.record, outcome="doubt", cause="remark_beside_name"), cells, (*row.dirt, "remark"))


def _litter(row: _Dirtied, columns: Sequence[Column], random: Random, dirtiness: float) -> _Dirtied:
    """Add harmless dirt to the cells that are still whole."""
    cells, dirt = dict(row.cells), list(row.dirt)
    for column in columns:
        cell = cells.get(column.header)
        is_whole = cell == row.record.values.get(column.header)
        if cell is None or not is_whole or random.random() >= dirtiness / 3:
            continue
        changed, what = _littered(column.kind, cell, random)
        if changed != cell or type(changed) is not type(cell):
            cells[column.header] = changed
            dirt.append(what)
    return _Dirtied(row.record, cells, tuple(dirt))


def _littered(kind: Kind, cell: Cell, random: Random) -> tuple[Cell, str]:
    drawn = random.random()
    if kind == Kind.DATE and isinstance(cell, date):
        return _DATE_STYLES[int(drawn * len(_DATE_STYLES))](cell), "date_style"
    if not isinstance(cell, str):
        return cell, ""
    if kind == Kind.NAME and len(cell) <= 3:
        return (cell[0] + ("　" if drawn < 0.5 else " ") + cell[1:], "blank_in_name")
    if kind == Kind.ID:
        apart = f"{cell[:6]} {cell[6:14]} {cell[14:]}"
        return (cell.translate(_FULL_WIDTH), f" {cell} ", cell.lower(), apart, "'" + cell)[
            int(drawn * 5)
        ], "id_written_oddly"
    if kind == Kind.PHONE and cell.isdigit():
        if drawn < 0.3:
            return int(cell), "phone_as_number"
        parts = (cell[:3], cell[3:7], cell[7:])
        return (cell.translate(_FULL_WIDTH), "-".join(parts), " ".join(parts))[int(drawn * 3)], "phone_written_oddly"
    if kind == Kind.USCC:
        return (cell.lower(), "uscc_in_small_letters") if drawn < 0.5 else (" " + cell, "uscc_with_blank")
    return cell + " ", "trailing_blank"


def lay_out(
    title: str,
    columns: Sequence[Column],
    dirtied: Sequence[_Dirtied],
    random: Random,
    *,
    dirtiness: float,
    sheet_column: str | None = None,
    today: date,
) -> tuple[list[Sheet], list[RowTruth]]:
    """Put the rows on sheets, with titles, blank lines, totals and signatures around them.

    With `sheet_column` each value of that column has a sheet of its own; else there is one. Returns the sheets and
    the truth of every row of every sheet.
    """
    groups: dict[str, list[_Dirtied]] = {}
    for row in dirtied:
        groups.setdefault(str(row.record.values[sheet_column]) if sheet_column else "花名册", []).append(row)
    sheets: list[Sheet] = []
    truths: list[RowTruth] = []
    for name, rows in groups.items():
        page = _Page(Sheet(name[:28]), len(sheets), [column.header for column in columns])
        page.put_title(title + (f"（{name}）" if sheet_column else ""), today)
        _put_rows(page, columns, rows, random, dirtiness)
        page.put_foot(len(rows), today)
        sheets.append(page.sheet)
        truths += page.truths
    return sheets, truths


@dataclass
class _Page:
    sheet: Sheet
    number: int
    headers: list[str]
    truths: list[RowTruth] = field(default_factory=list)

    def put(self, cells: list[Cell], outcome: str, cause: str, row: _Dirtied | None = None) -> None:
        """Add a row and its truth."""
        self.sheet.rows.append(cells)
        at = len(self.sheet.rows)
        if row is None:
            self.truths.append(RowTruth(self.number, at, outcome, cause))
            return
        values = {
            name: value.isoformat() if isinstance(value, date) else value for name, value in row.record.values.items()
        }
        self.truths.append(RowTruth(self.number, at, outcome, cause, row.record.key, row.dirt, values))

    def put_title(self, title: str, today: date) -> None:
        """A merged title, the unit's name and date below it, then the header."""
        empty: list[Cell] = [None] * len(self.headers)
        self.sheet.merged.append((0, 0, 0, len(self.headers)))
        self.put([title, *empty], "skipped", "title")
        self.put([f"填报单位（盖章）：        填报时间：{today.year}年{today.month}月", *empty], "skipped", "title")
        self.put_header()

    def put_header(self) -> None:
        """The row of headers; long lists repeat it at the top of each printed page."""
        self.put(["序号", *self.headers], "skipped", "header")

    def put_foot(self, count: int, today: date) -> None:
        """The total and the signatures."""
        empty: list[Cell] = [None] * (len(self.headers) - 1)
        self.put(["合计", f"{count}人", *empty], "skipped", "total")
        self.put([None, *empty, None], "skipped", "blank")
        self.put(["填表人：            审核人：            联系电话：", *empty, None], "skipped", "signature")


def _put_rows(
    page: _Page, columns: Sequence[Column], rows: Sequence[_Dirtied], random: Random, dirtiness: float
) -> None:
    above: dict[str, Cell] = {}
    for at, row in enumerate(rows, start=1):
        if dirtiness and random.random() < 0.03 * dirtiness:
            page.put([None] * (len(columns) + 1), "skipped", "blank")
        if dirtiness and at % 60 == 0:
            page.put_header()
        cells, dirt = dict(row.cells), list(row.dirt)
        for column in columns:
            same = column.kind == Kind.PLACE and cells.get(column.header) == above.get(column.header)
            if same and cells.get(column.header) and random.random() < dirtiness / 2:
                cells[column.header] = "同上"
                dirt.append("ditto")
            else:
                above[column.header] = cells.get(column.header)
        done = _Dirtied(row.record, cells, tuple(dirt))
        line = [at, *(cells.get(column.header) for column in columns)]
        page.put(line, row.record.outcome, row.record.cause, done)


def _is_resident_id(cell: Cell) -> bool:
    return isinstance(cell, str) and len(cell) == 18 and cell[:17].isdigit()


def _has_number(row: _Dirtied, kinds: dict[Kind, str]) -> bool:
    """Whether the row carries a number by which a second copy is known for certain."""
    return any(row.cells.get(kinds[kind]) is not None for kind in (Kind.ID, Kind.USCC) if kind in kinds)


def _wrong_check(text: str) -> str:
    return text[:-1] + ("1" if text[-1] != "1" else "2")
