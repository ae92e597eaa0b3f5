"""Where the header of a sheet is, and what each row below it is: data, blank, total, note, header again."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from yinling.kernel.reasons import Reason
from yinling.spreadsheets.rules.fields import Field
from yinling.spreadsheets.rules.text import as_text

LOOK_AT_ROWS = 40
"""How many rows from the top may be titles and explanations before the header."""

OUTCOME_TITLES = (("结果", "原因", "怎么办"), ("Outcome", "Reason", "What to do"))
"""The columns that `annotated` adds at the right, in both languages."""

_LONGEST_HEADER = 20
_MARKS = re.compile(r"[\s*※★:：_/\-—]+")
_BRACKETED = re.compile(r"[（(【\[].*?[）)】\]]")
_TOTAL = re.compile(r"(本页|全县|全乡|全镇|全村|全市)?[合总小共累]计(人数)?[:：]?[\d.,]*(人|户|元|张|名)?")
_TOTAL_START = re.compile(r"([合总小共累]计)[:：共]")
_NOTE = re.compile(
    r"(填表|填报|制表|审核|审批|复核|经办|单位负责|负责人|联系电话|联系人|报送|备注|说明|注|附|日期|单位)[人单位时间日期说明]*[（(]?(盖章|签字|签章)?[）)]?[:：]"
)
_TOTAL_FIRST = frozenset("合总小共累本全")


class RowKind(StrEnum):
    """What a row below the header is. Only data is read; the rest is counted and shown as skipped."""

    DATA = "data"
    BLANK = "blank"
    TOTAL = "total"
    NOTE = "note"
    HEADER = "header"


@dataclass(frozen=True, slots=True)
class Layout:
    """Header texts by column, the row numbers of titles above it, and the row where data begin.

    `is_annotated` when this is our own annotated copy, corrected and sent again: its three columns of
    outcomes are left out of `headers`, so that it is read like the file it came from.
    """

    headers: tuple[str, ...]
    header_row: int
    first_data_row: int
    title_rows: tuple[int, ...] = ()
    is_annotated: bool = False

    @property
    def signature(self) -> str:
        """Equal for two sheets with the same header, whatever stands above or below it."""
        return header_signature(self.headers)


def bare_header(text: object) -> str:
    """A header without blanks, stars and remarks in brackets: "* 身份证号 码（必填）" is 身份证号码."""
    tidy = as_text(text)
    return _MARKS.sub("", _BRACKETED.sub("", tidy)).lower() or _MARKS.sub("", tidy).lower()


def header_signature(headers: Sequence[str]) -> str:
    """A short key for a header, under which a mapping is remembered."""
    bare = [bare_header(header) for header in headers]
    while bare and not bare[-1]:
        bare.pop()
    return hashlib.sha256("\x1f".join(bare).encode()).hexdigest()[:32]


def find_layout(rows: Sequence[tuple[int, Sequence[Any]]], fields: Iterable[Field]) -> Layout | Reason:
    """The header among the first rows `(row number, cells)`: the row that names most fields.

    A header of two rows (家庭住址 over 乡镇, 村) becomes one. Where no row names a field, the first row
    of several short different texts is taken, so that the clerk can pair the columns herself.
    """
    known = known_headers(fields)
    top = [row for row in rows[:LOOK_AT_ROWS]]
    scores = [_fields_named(cells, known) for _, cells in top]
    needed = 1 if top and max(len(_filled(cells)) for _, cells in top) <= 2 else 2
    best = max(range(len(top)), key=lambda at: scores[at], default=-1)
    if best < 0 or scores[best] < needed:
        best = next((at for at in range(len(top)) if _looks_like_header(top, at)), -1)
    if best < 0:
        return Reason(
            "No row with column names was found in the first {rows} rows. Put the names of the columns (姓名, "
            "身份证号码 …) in one row above the data and upload again.",
            rows=len(top),
        )
    return _layout_at(top, best, known)


def known_headers(fields: Iterable[Field]) -> dict[str, str]:
    """Every bare header that names a field, and the field's key."""
    known: dict[str, str] = {}
    for field in fields:
        for text in (field.title_zh, field.title_en, *field.synonyms):
            known.setdefault(bare_header(text), field.key)
    return known


def kind_of_row(cells: Sequence[Any], layout: Layout, name_column: int | None) -> RowKind:
    """What a row is. `name_column` is the column that tells who or what the row is about, if known."""
    filled = [cell for cell in cells if cell is not None and cell != ""]
    if not filled:
        return RowKind.BLANK
    head = filled[0]
    if len(filled) <= 3 and not any(as_text(cell) for cell in filled):
        return RowKind.BLANK
    if type(head) is not str:
        # A running number may stand before 合计.
        head = filled[1] if len(filled) > 1 and type(filled[1]) is str else ""
    if head and (head[0] in _TOTAL_FIRST or head[0] == " ") and _is_total(head):
        return RowKind.TOTAL
    if head == _first_header(layout) and _repeats(cells, layout):
        return RowKind.HEADER
    if len(filled) <= 4 and _is_note(cells, filled, layout, name_column):
        return RowKind.NOTE
    return RowKind.DATA


def _first_header(layout: Layout) -> str:
    return next((header for header in layout.headers if header), "")


def _is_total(text: str) -> bool:
    bare = re.sub(r"\s+", "", text)
    return bool(_TOTAL.fullmatch(bare) or _TOTAL_START.match(bare))


def _repeats(cells: Sequence[Any], layout: Layout) -> bool:
    shared = zip(cells, layout.headers, strict=False)
    pairs = [(bare_header(cell), bare_header(header)) for cell, header in shared if header]
    return sum(cell == header for cell, header in pairs) * 2 > len(pairs)


def _is_note(cells: Sequence[Any], filled: list[Any], layout: Layout, name_column: int | None) -> bool:
    if any(type(cell) is str and _NOTE.match(cell.replace(" ", "")) for cell in filled[:2]):
        return True
    if len(filled) > 1 or len(layout.headers) < 4 or name_column is None:
        return False
    # One lonely text in a wide table is a heading between groups, unless it stands where the name belongs.
    return name_column >= len(cells) or cells[name_column] in (None, "")


def _filled(cells: Sequence[Any]) -> list[str]:
    return [text for cell in cells if (text := as_text(cell))]


def _fields_named(cells: Sequence[Any], known: dict[str, str]) -> int:
    bare = {bare_header(cell) for cell in cells if type(cell) is str and len(cell) <= 2 * _LONGEST_HEADER}
    exact = {known[text] for text in bare if text in known}
    partial = {
        key for text in bare if text not in known for name, key in known.items() if len(name) >= 2 and name in text
    }
    return 2 * len(exact) + len(partial - exact)


def _looks_like_header(top: Sequence[tuple[int, Sequence[Any]]], at: int) -> bool:
    cells = [cell for cell in top[at][1] if cell is not None]
    are_short_texts = all(type(cell) is str and len(cell) <= _LONGEST_HEADER for cell in cells)
    has_rows_below = at + 1 < len(top) and len(_filled(top[at + 1][1])) >= 2
    return len(cells) >= 2 and are_short_texts and len(set(cells)) == len(cells) and has_rows_below


def _layout_at(top: Sequence[tuple[int, Sequence[Any]]], best: int, known: dict[str, str]) -> Layout:
    number, cells = top[best]
    upper, lower = [as_text(cell) for cell in cells], None
    if best + 1 < len(top) and _continues(upper, top[best + 1][1]):
        lower, first_data_row = [as_text(cell) for cell in top[best + 1][1]], top[best + 1][0] + 1
    else:
        first_data_row = number + 1
        if best > 0 and _continues([as_text(cell) for cell in top[best - 1][1]], cells):
            best -= 1
            lower, upper = upper, [as_text(cell) for cell in top[best][1]]
    headers = _joined(upper, lower, known) if lower else upper
    while headers and not headers[-1]:
        headers.pop()
    titles = tuple(row for row, row_cells in top[:best] if _filled(row_cells))
    is_annotated = tuple(headers[-3:]) in OUTCOME_TITLES
    if is_annotated:
        del headers[-3:]
    return Layout(tuple(headers), top[best][0], first_data_row, titles, is_annotated)


def _continues(upper: Sequence[str], cells: Sequence[Any]) -> bool:
    """Whether the row below goes on with the header: it names columns under a group, and repeats or leaves the rest."""
    if len([text for text in upper if text]) < 2:
        return False
    below = [as_text(cell) for cell in cells]
    if not all(cell is None or (type(cell) is str and len(cell) <= _LONGEST_HEADER) for cell in cells):
        return False
    if any(character.isdigit() for text in below for character in text):
        return False
    above = [*upper, *[""] * (len(below) - len(upper))]
    named_under_group = standing_alone = 0
    for at, text in enumerate(below):
        if not text or text == above[at]:
            standing_alone += bool(above[at])
            continue
        is_group = not above[at] or (
            at + 1 < len(above) and not above[at + 1] and at + 1 < len(below) and bool(below[at + 1])
        )
        if not is_group:
            return False
        named_under_group += 1
    # Where no column of the upper row stands by itself, that row is a line of titles.
    return named_under_group >= 2 and standing_alone > 0


def _joined(upper: Sequence[str], lower: Sequence[str], known: dict[str, str]) -> list[str]:
    """One header of two rows. Names that would repeat take the group's name before them: 监护人 + 姓名."""
    width = max(len(upper), len(lower))
    above = [*upper, *[""] * (width - len(upper))]
    below = [*lower, *[""] * (width - len(lower))]
    standing_alone = {above[at] for at in range(width) if above[at] and below[at] in ("", above[at])}
    headers, group = [], ""
    for at in range(width):
        group = above[at] or group
        is_under_group = bool(below[at]) and below[at] != above[at]
        repeats = below[at] in standing_alone or below.count(below[at]) > 1
        if not is_under_group:
            headers.append(above[at])
        else:
            headers.append(f"{group}{below[at]}" if repeats or bare_header(below[at]) not in known else below[at])
    return headers
