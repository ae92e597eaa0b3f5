"""How a file is to be read: per sheet its layout and mapping, or why it is passed over. Kept as JSON by the import."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from yinling.kernel.reasons import Reason
from yinling.spreadsheets import reading
from yinling.spreadsheets.formats import Cell, Inspection, Sheet
from yinling.spreadsheets.registers import Register
from yinling.spreadsheets.rules.columns import CleanBatch, SheetCleaner
from yinling.spreadsheets.rules.layout import Layout, find_layout
from yinling.spreadsheets.rules.mapping import ColumnGuess, guess_mapping
from yinling.spreadsheets.rules.mapping import Mapping as Pairing

Remembered = Callable[[str], Sequence[str | None] | None]
"""Header signature -> field keys by column, if somebody confirmed them before."""

PREVIEW_ROWS = 20


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """One sheet: where its header is and which column feeds which field; `why_not` when it is passed over."""

    sheet: Sheet
    rows: int
    layout: Layout | None = None
    pairing: Pairing | None = None
    why_not: Reason | None = None

    @property
    def is_read(self) -> bool:
        """Whether rows of this sheet are taken."""
        return self.layout is not None and self.pairing is not None

    def cleaner(self, register: Register) -> SheetCleaner:
        """What cleans this sheet from top to bottom."""
        assert self.layout is not None and self.pairing is not None
        return SheetCleaner(self.layout, self.pairing, register.fields)

    def choosing(self, chosen: Mapping[int, str | None]) -> "SheetPlan":
        """The plan after a person has decided about columns (by their place)."""
        pairing = self.pairing
        for index, key in chosen.items() if pairing else ():
            assert pairing is not None
            if index < len(pairing.columns) and pairing.columns[index].field != key:
                pairing = pairing.choose(index, key)
        return replace(self, pairing=pairing)

    def as_data(self) -> dict[str, Any]:
        """A form that JSON can keep."""
        return {
            "sheet": [self.sheet.name, self.sheet.index, self.sheet.is_visible],
            "rows": self.rows,
            "layout": _layout_data(self.layout) if self.layout else None,
            "pairing": _pairing_data(self.pairing) if self.pairing else None,
            "why_not": self.why_not.as_data() if self.why_not else None,
        }

    @staticmethod
    def from_data(data: Mapping[str, Any]) -> "SheetPlan":
        """The plan that `as_data` wrote."""
        return SheetPlan(
            Sheet(*data["sheet"]),
            data["rows"],
            _layout_from(data["layout"]) if data["layout"] else None,
            _pairing_from(data["pairing"]) if data["pairing"] else None,
            Reason.from_data(data["why_not"]) if data["why_not"] else None,
        )


def plan_file(path: Path, found: Inspection, register: Register, remembered: Remembered) -> list[SheetPlan]:
    """A plan for every sheet of an inspected file. Reads only the beginning of each."""
    return [_plan_sheet(path, found, sheet, register, remembered) for sheet in found.sheets]


def preview(path: Path, found: Inspection, plan: SheetPlan, register: Register) -> CleanBatch:
    """The first data rows as they will be taken, with what is wrong in them."""
    head = reading.head(path, plan.sheet, found=found)
    batch = plan.cleaner(register).clean(1, head.rows)
    return replace_rows(batch, PREVIEW_ROWS)


def replace_rows(batch: CleanBatch, count: int) -> CleanBatch:
    """The first `count` rows of a batch."""
    return CleanBatch(
        batch.row_numbers[:count],
        {key: values[:count] for key, values in batch.columns.items()},
        batch.rows[:count],
        {at: found for at, found in batch.findings.items() if at < count},
        batch.skipped,
        batch.places,
    )


def _plan_sheet(path: Path, found: Inspection, sheet: Sheet, register: Register, remembered: Remembered) -> SheetPlan:
    if not sheet.is_visible:
        return SheetPlan(sheet, 0, why_not=Reason("The sheet {name} is hidden; it is not read.", name=sheet.name))
    head = reading.head(path, sheet, found=found)
    numbered = list(enumerate(head.rows, start=1))
    layout = find_layout(numbered, register.fields)
    if isinstance(layout, Reason):
        return SheetPlan(sheet, head.height, why_not=layout)
    below: list[list[Cell]] = list(islice((row for at, row in numbered if at >= layout.first_data_row), 200))
    signature = layout.signature
    pairing = guess_mapping(layout.headers, below, register.fields, remembered(signature))
    return SheetPlan(sheet, head.height, layout, pairing)


def _layout_data(layout: Layout) -> dict[str, Any]:
    return {
        "headers": list(layout.headers),
        "header_row": layout.header_row,
        "first_data_row": layout.first_data_row,
        "title_rows": list(layout.title_rows),
        "is_annotated": layout.is_annotated,
    }


def _layout_from(data: Mapping[str, Any]) -> Layout:
    return Layout(
        tuple(data["headers"]), data["header_row"], data["first_data_row"], tuple(data["title_rows"]),
        data["is_annotated"],
    )  # fmt: skip


def _pairing_data(pairing: Pairing) -> dict[str, Any]:
    columns = [[c.index, c.header, c.field, c.confidence, c.reason.as_data()] for c in pairing.columns]
    return {"signature": pairing.signature, "columns": columns}


def _pairing_from(data: Mapping[str, Any]) -> Pairing:
    columns = (
        ColumnGuess(index, header, key, confidence, Reason.from_data(reason))
        for index, header, key, confidence, reason in data["columns"]
    )
    return Pairing(data["signature"], tuple(columns))
