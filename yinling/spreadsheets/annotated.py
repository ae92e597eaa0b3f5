"""The clerk's own workbook back: every sheet and row as it was, coloured, with the outcome, reason and next step.

Colours are the tints of the look (tokens.css); the word beside them says the same, for whoever sees no colour.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from yinling.kernel.reasons import Reason, Words
from yinling.spreadsheets.exporting import MOST_ROWS, Formats, new_workbook, write_cell
from yinling.spreadsheets.formats import DEFAULT_LIMITS, Cell, FileKind, Inspection, Limits, Sheet
from yinling.spreadsheets.marker import Marker, Say, put_footer, put_marker, sheet_name
from yinling.spreadsheets.outcomes import Outcome, OutcomeFile, OutcomeKind
from yinling.spreadsheets.reading import row_batches
from yinling.spreadsheets.rules.layout import OUTCOME_TITLES, Layout

_TINTS = {
    OutcomeKind.REFUSED: ("#FBE3DD", "#A8201A"),
    OutcomeKind.DOUBT: ("#FAEFC4", "#6B5000"),
    OutcomeKind.CREATED: ("#A9CDBB", "#0E362E"),
    OutcomeKind.UPDATED: ("#E0ECE4", "#12443A"),
    OutcomeKind.UNCHANGED: ("#ECE3D4", "#55493D"),
}
# Not from the catalogue: a copy that comes back is known by these very words.
TITLES: tuple[Reason | Words, ...] = tuple(Words(zh, en) for zh, en in zip(*OUTCOME_TITLES, strict=True))
_NEEDS_A_PERSON = (OutcomeKind.REFUSED, OutcomeKind.DOUBT)


def write_annotated(
    source: Path,
    found: Inspection,
    layouts: Mapping[int, Layout],
    outcomes: OutcomeFile,
    target: Path,
    marker: Marker,
    titles: Mapping[str, str],
    say: Say = str,
    limits: Limits = DEFAULT_LIMITS,
) -> int:
    """Write the annotated copy and return the number of rows in it.

    `layouts` by index of the sheet (sheets that were not read are copied as they are); `titles` names the
    fields that an outcome lists as changed. Values are copied, formulas and pictures are not.
    """
    remaining = _Remaining(outcomes.in_order())
    written = 0
    with new_workbook(target) as workbook:
        style = _Style.of(workbook)
        taken: set[str] = set()
        for sheet in found.sheets:
            layout = layouts.get(sheet.index)
            copy = _SheetCopy(workbook, sheet, layout, _width(source, found, sheet, layout, limits), style, titles, say)
            written += copy.write(_rows(source, sheet, found, limits), remaining, marker, taken)
        _put_legend(workbook, outcomes, style, say, taken)
        put_marker(workbook, marker, written, say)
    return written


@dataclass(frozen=True, slots=True)
class _Style:
    formats: Formats
    rows: dict[OutcomeKind, Format]
    dates: dict[OutcomeKind, Format]
    cells: dict[OutcomeKind, Format]
    results: dict[OutcomeKind, Format]

    @staticmethod
    def of(workbook: xlsxwriter.Workbook) -> "_Style":
        def tinted(kind: OutcomeKind, **more: Any) -> Format:
            fill, ink = _TINTS[kind]
            return workbook.add_format({"bg_color": fill, "font_color": ink, **more})

        return _Style(
            Formats.of(workbook),
            {kind: tinted(kind, num_format="General") for kind in _NEEDS_A_PERSON},
            {kind: tinted(kind, num_format="yyyy-mm-dd") for kind in _NEEDS_A_PERSON},
            {kind: tinted(kind, bold=True, border=2, border_color=_TINTS[kind][1]) for kind in _NEEDS_A_PERSON},
            {kind: tinted(kind, text_wrap=False) for kind in OutcomeKind},
        )


class _Remaining:
    """Outcomes in the order of the rows, taken one by one as their rows come past."""

    def __init__(self, outcomes: Iterator[Outcome]) -> None:
        self._outcomes = outcomes
        self._next = next(outcomes, None)

    def take(self, sheet: int, row: int) -> Outcome | None:
        while self._next is not None and self._next.position < (sheet, row):
            self._next = next(self._outcomes, None)
        return self._next if self._next is not None and self._next.position == (sheet, row) else None


class _SheetCopy:
    """One sheet on its way into the copy."""

    def __init__(
        self,
        workbook: xlsxwriter.Workbook,
        sheet: Sheet,
        layout: Layout | None,
        width: int,
        style: _Style,
        titles: Mapping[str, str],
        say: Say,
    ) -> None:
        self._workbook = workbook
        self._sheet = sheet
        self._layout = layout
        self._width = width
        self._style = style
        self._titles = titles
        self._say = say
        self._words = {kind: say(title_of(kind)) for kind in OutcomeKind}

    def write(
        self, rows: Iterator[tuple[int, list[Cell]]], remaining: _Remaining, marker: Marker, taken: set[str]
    ) -> int:
        """Copy all rows; more than Excel's sheet can hold go on in a further sheet."""
        to, at, written = self._begin(marker, taken), 0, 0
        is_annotated = self._layout is not None and self._layout.is_annotated
        for number, every_cell in rows:
            # The outcomes of the last time make room for those of this time.
            cells = every_cell[: self._width] if is_annotated else every_cell
            if at == MOST_ROWS:
                to, at = self._begin(marker, taken), 0
            self._write_row(to, at, cells, number, remaining.take(self._sheet.index, number))
            at, written = at + 1, written + 1
        return written

    def _begin(self, marker: Marker, taken: set[str]) -> Worksheet:
        to = self._workbook.add_worksheet(sheet_name(self._sheet.name, taken))
        to.set_column(0, max(0, self._width - 1), 14)
        if self._layout is not None:
            to.set_column(self._width, self._width, 10)
            to.set_column(self._width + 1, self._width + 2, 48)
            to.freeze_panes(self._layout.first_data_row - 1, 0)
        if not self._sheet.is_visible and taken != {self._sheet.name.lower()}:
            to.hide()
        put_footer(to, marker)
        return to

    def _write_row(self, to: Worksheet, at: int, cells: list[Cell], number: int, outcome: Outcome | None) -> None:
        formats = self._style.formats
        if outcome is None:
            is_header = self._layout is not None and number == self._layout.first_data_row - 1
            for place, value in enumerate(cells):
                write_cell(to, at, place, value, formats, formats.header if is_header and value is not None else None)
            if is_header:
                self._write_titles(to, at)
            return
        if outcome.kind not in _NEEDS_A_PERSON:
            for place, value in enumerate(cells):
                if value is not None:
                    write_cell(to, at, place, value, formats, None)
        else:
            self._write_tinted(to, at, cells, outcome)
        result = self._style.results[outcome.kind]
        to.write_string(at, self._width, self._words[outcome.kind], result)
        if outcome.reasons or outcome.changed:
            to.write_string(at, self._width + 1, self._reason(outcome), result)
        if outcome.next_steps:
            to.write_string(at, self._width + 2, " ".join(map(self._say, outcome.next_steps)), result)

    def _write_tinted(self, to: Worksheet, at: int, cells: list[Cell], outcome: Outcome) -> None:
        style = self._style
        for place in range(min(self._width, max(len(cells), len(outcome.columns)))):
            value = cells[place] if place < len(cells) else None
            if place in outcome.columns:
                colour = style.cells[outcome.kind]
                value = value if value is None or isinstance(value, str) else _as_written(value)
            else:
                colour = (style.dates if _is_date(value) else style.rows)[outcome.kind]
            write_cell(to, at, place, value, style.formats, colour)

    def _write_titles(self, to: Worksheet, at: int) -> None:
        for place, title in enumerate(TITLES):
            to.write_string(at, self._width + place, self._say(title), self._style.formats.header)

    def _reason(self, outcome: Outcome) -> str:
        sentences = [self._say(reason) for reason in outcome.reasons]
        if outcome.changed:
            fields = "、".join(self._titles.get(key, key) for key in outcome.changed)
            sentences.append(self._say(Reason("Changed: {fields}.", fields=fields)))
        return " ".join(sentences)


def title_of(kind: OutcomeKind) -> Reason:
    """The word for a kind of outcome."""
    return {
        OutcomeKind.REFUSED: Reason("Refused"),
        OutcomeKind.DOUBT: Reason("In doubt"),
        OutcomeKind.CREATED: Reason("Created"),
        OutcomeKind.UPDATED: Reason("Updated"),
        OutcomeKind.UNCHANGED: Reason("Unchanged"),
    }[kind]


def meaning_of(kind: OutcomeKind) -> Reason:
    """What a kind of outcome means for the clerk, in one sentence."""
    return {
        OutcomeKind.REFUSED: Reason("Nothing was written. Correct the row and upload the file again."),
        OutcomeKind.DOUBT: Reason("Taken, but somebody must look: it waits in the queue of today's work."),
        OutcomeKind.CREATED: Reason("New in the register."),
        OutcomeKind.UPDATED: Reason("Was in the register; the fields named have changed."),
        OutcomeKind.UNCHANGED: Reason("Was in the register with the same values."),
    }[kind]


def _put_legend(workbook: xlsxwriter.Workbook, outcomes: OutcomeFile, style: _Style, say: Say, taken: set[str]) -> None:
    sheet = workbook.add_worksheet(sheet_name(say(Reason("Legend")), taken))
    sheet.set_column(0, 1, 12)
    sheet.set_column(2, 2, 80)
    for place, title in enumerate((TITLES[0], Reason("Rows"), Reason("Meaning"))):
        sheet.write_string(0, place, say(title), style.formats.header)
    for at, (kind, count) in enumerate(outcomes.counts().items(), start=1):
        sheet.write_string(at, 0, say(title_of(kind)), style.results[kind])
        sheet.write_number(at, 1, count)
        sheet.write_string(at, 2, say(meaning_of(kind)))


def _rows(source: Path, sheet: Sheet, found: Inspection, limits: Limits) -> Iterator[tuple[int, list[Cell]]]:
    for first, batch in row_batches(source, sheet, limits, found):
        yield from enumerate(batch, start=first)


def _width(source: Path, found: Inspection, sheet: Sheet, layout: Layout | None, limits: Limits) -> int:
    """Columns of the sheet. Rows of a workbook are equally long; those of a CSV file must be counted."""
    widest = len(layout.headers) if layout else 0
    if layout and layout.is_annotated:
        return widest
    for _, batch in row_batches(source, sheet, limits, found):
        widest = max(widest, max(map(len, batch)))
        if found.kind is not FileKind.CSV:
            break
    return widest


def _is_date(value: Cell) -> bool:
    return hasattr(value, "year")


def _as_written(value: Any) -> str:
    if isinstance(value, float) and abs(value) >= 1e15:
        return f"{value:.2E}"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
