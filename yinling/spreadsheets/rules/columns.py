"""Rows become clean columns: a batch at a time, with the findings of the few cells that are not in order.

Columns because the registers take them so, and because a million rows leave no time for an object per
cell: most values are seen before (villages, birth dates, 是) and are looked up, the rest take the short
way through their cleaner.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from yinling.kernel.reasons import Reason, Words
from yinling.spreadsheets.rules.cells import CLEANERS
from yinling.spreadsheets.rules.fields import Field, Finding, Kind, Level
from yinling.spreadsheets.rules.layout import Layout, RowKind, kind_of_row
from yinling.spreadsheets.rules.mapping import Mapping
from yinling.spreadsheets.rules.text import is_ditto, plain

_REMEMBERED_VALUES = 50_000
_NEVER_DITTO = (Kind.NAME, Kind.ID_NUMBER)
_MOSTLY_UNIQUE = (Kind.ID_NUMBER, Kind.PHONES)


class _Ditto:
    """Stands for 同上 until the row above is known."""


_DITTO = _Ditto()
_ODD = (Finding, _Ditto)


@dataclass(slots=True)
class CleanBatch:
    """Data rows of one batch, by column. All lists are as long as `row_numbers`.

    `columns` holds clean values by field key, None where there is none; `findings` what is wrong, by
    position in the batch, as (field key, finding); `rows` the cells as read, for the archive;
    `skipped` the numbers of rows that are no data; `places` the column (from 0) that feeds each field.
    """

    row_numbers: list[int]
    columns: dict[str, list[Any]]
    rows: list[Sequence[Any]]
    findings: dict[int, list[tuple[str, Finding]]] = field(default_factory=dict)
    skipped: dict[RowKind, list[int]] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)

    def refused(self) -> set[int]:
        """Positions of rows that cannot be taken."""
        return {at for at, found in self.findings.items() if any(finding.level is Level.REFUSE for _, finding in found)}


class SheetCleaner:
    """Cleans one sheet from top to bottom. Batches must come in order, because 同上 looks up to the row above."""

    def __init__(self, layout: Layout, mapping: Mapping, fields: Sequence[Field]) -> None:
        self._layout = layout
        by_key = {each.key: each for each in fields}
        self._columns = [(_Column(by_key[key]), index) for key, index in mapping.by_field().items() if key in by_key]
        self._missing = [each.key for each in fields if each.key not in mapping.by_field()]
        self._width = max((index for _, index in self._columns), default=-1) + 1
        self._name_column = _name_column(fields, mapping)

    def clean(self, first_row: int, rows: Sequence[Sequence[Any]]) -> CleanBatch:
        """The batch of rows that starts at row number `first_row`, cleaned."""
        kept, numbers, skipped = self._sorted_out(first_row, rows)
        places = {column.field.key: index for column, index in self._columns}
        batch = CleanBatch(numbers, {key: [None] * len(kept) for key in self._missing}, kept, {}, skipped, places)
        width = self._width
        padded = [row if len(row) >= width else [*row, *[None] * (width - len(row))] for row in kept]
        for column, index in self._columns:
            values, findings = column.clean([row[index] for row in padded])
            batch.columns[column.field.key] = values
            for at, finding in findings.items():
                batch.findings.setdefault(at, []).append((column.field.key, finding))
        return batch

    def _sorted_out(
        self, first_row: int, rows: Sequence[Sequence[Any]]
    ) -> tuple[list[Sequence[Any]], list[int], dict[RowKind, list[int]]]:
        kept: list[Sequence[Any]] = []
        numbers: list[int] = []
        skipped: dict[RowKind, list[int]] = {}
        layout, name_column, first_data_row = self._layout, self._name_column, self._layout.first_data_row
        for number, row in enumerate(rows, start=first_row):
            if number < first_data_row:
                continue
            kind = kind_of_row(row, layout, name_column)
            if kind is RowKind.DATA:
                kept.append(row)
                numbers.append(number)
            else:
                skipped.setdefault(kind, []).append(number)
        return kept, numbers, skipped


class _Column:
    """One field's way through the sheet: what it has seen, and the value of the row above."""

    def __init__(self, of_field: Field) -> None:
        self.field = of_field
        self._clean = CLEANERS[of_field.kind]
        self._seen = _Seen(self._learn)
        self._above: Any = None

    def clean(self, cells: list[Any]) -> tuple[list[Any], dict[int, Finding]]:
        if self.field.kind in _MOSTLY_UNIQUE:
            learn = self._learn
            values = [None if cell is None else learn(cell) for cell in cells]
        else:
            seen = self._seen
            # Only texts are looked up: 1, 1.0 and True are one key to a dict.
            values = [
                None if cell is None else seen[cell] if type(cell) is str else self._clean(cell) for cell in cells
            ]
        findings = self._settle(values)
        if values:
            self._above = values[-1]
        return values, findings

    def _learn(self, cell: Any) -> Any:
        found = self._clean(cell)
        # Asked second, because almost no cell is 同上; all of its spellings pass the cleaners as text or fail.
        if type(cell) is str and len(cell) <= 8 and is_ditto(plain(cell)):
            return _DITTO
        return found

    def _settle(self, values: list[Any]) -> dict[int, Finding]:
        """Resolve 同上, put usable values where findings stand, and say what is missing."""
        findings: dict[int, Finding] = {}
        for at in [at for at, value in enumerate(values) if type(value) in _ODD]:
            found = values[at]
            if found is _DITTO:
                found = self._value_above(values[at - 1] if at else self._above)
            if isinstance(found, Finding):
                findings[at] = found if self.field.is_strict else _softened(found)
                found = found.value
            values[at] = found
        if self.field.is_required and None in values:
            for at, value in enumerate(values):
                if value is None and at not in findings:
                    findings[at] = self._absent()
        return findings

    def _value_above(self, value: Any) -> Any:
        if self.field.kind in _NEVER_DITTO:
            return Finding.refuse(
                Reason("“Same as above” cannot stand for {field}.", field=self._title()),
                Reason("Write it out in this row."),
            )
        if value is None:
            return Finding.refuse(
                Reason("“Same as above” stands here, but there is no {field} in the row above.", field=self._title()),
                Reason("Write it out in this row."),
            )
        return value

    def _absent(self) -> Finding:
        return Finding.refuse(
            Reason("{field} is missing.", field=self._title()), Reason("Fill in the cell and upload the file again.")
        )

    def _title(self) -> Words:
        return Words(self.field.title_zh, self.field.title_en)


class _Seen(dict[str, Any]):
    """Values already cleaned. Forgets everything when full: the villages come back at once."""

    def __init__(self, learn: Callable[[Any], Any]) -> None:
        super().__init__()
        self._learn = learn

    def __missing__(self, cell: str) -> Any:
        if len(self) >= _REMEMBERED_VALUES:
            self.clear()
        found = self[cell] = self._learn(cell)
        return found


def _softened(finding: Finding) -> Finding:
    """In a field that does not refuse rows, a cell that cannot be used is left out and mentioned."""
    if finding.level is Level.REFUSE:
        return Finding.note(finding.reason, finding.next_step, finding.value)
    return finding


def _name_column(fields: Sequence[Field], mapping: Mapping) -> int | None:
    candidates = [each for each in fields if each.is_required or each.kind in (Kind.NAME, Kind.ID_NUMBER)]
    return next((at for each in candidates if (at := mapping.column_of(each.key)) is not None), None)
