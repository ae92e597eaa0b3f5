"""Batches of rows become clean columns, with the findings of the cells that are not in order."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from yinling.spreadsheets.rules.cells import CLEANERS
from yinling.spreadsheets.rules.columns import CleanBatch, SheetCleaner
from yinling.spreadsheets.rules.fields import Field, Finding, Kind, Level, LooseDate
from yinling.spreadsheets.rules.layout import Layout, RowKind
from yinling.spreadsheets.rules.mapping import guess_mapping
from yinling.spreadsheets.rules.text import as_text, is_ditto

FIELDS = (
    Field("name", "姓名", "Name", Kind.NAME, is_required=True),
    Field("id_number", "身份证号", "ID number", Kind.ID_NUMBER),
    Field("birth", "出生日期", "Date of birth", Kind.DATE),
    Field("village", "村", "Village"),
    Field("alone", "独居", "Living alone", Kind.YES_NO),
    Field("beds", "床位数", "Beds", Kind.INTEGER),
)
HEADERS = ("姓名", "身份证号", "出生日期", "村", "独居")
A, B, C = "990000194203051234", "990000194203051235", "990000194203051236"


def a_cleaner() -> SheetCleaner:
    return SheetCleaner(Layout(HEADERS, 1, 2), guess_mapping(HEADERS, [], FIELDS), FIELDS)


def cleaned(*rows: list[Any]) -> CleanBatch:
    return a_cleaner().clean(2, rows)


def findings_of(batch: CleanBatch) -> list[tuple[int, str, Level, str]]:
    return [
        (batch.row_numbers[at], key, finding.level, str(finding.reason))
        for at, found in sorted(batch.findings.items())
        for key, finding in found
    ]


def test_clean_rows_become_columns_and_fields_without_a_column_are_empty() -> None:
    batch = cleaned(["张　三", A, "1942.3", "一村", "是"], ["李四", B, 15405, "一村", "否"])
    assert batch.row_numbers == [2, 3]
    assert batch.columns == {
        "name": ["张三", "李四"],
        "id_number": [A, B],
        "birth": [LooseDate(1942, 3), LooseDate(1942, 3, 5)],
        "village": ["一村", "一村"],
        "alone": [True, False],
        "beds": [None, None],
    }
    assert not batch.findings


def test_same_as_above_takes_the_value_above_across_skipped_rows_and_batches() -> None:
    cleaner = a_cleaner()
    first = cleaner.clean(2, [["张三", A, None, "一村", "是"], [None] * 5, ["李四", B, None, "同上", "〃"]])
    second = cleaner.clean(5, [["王五", C, None, "同上", '"'], ["赵六", None, None, "二村", None]])
    assert first.columns["village"] == ["一村", "一村"]
    assert second.columns["village"] == ["一村", "二村"]
    assert second.columns["alone"] == [True, None]
    assert first.skipped == {RowKind.BLANK: [3]}


def test_same_as_above_cannot_stand_for_a_name_and_needs_a_value_above() -> None:
    batch = cleaned(["张三", A, None, "同上", None], ["同上", "同上", None, "一村", None])
    assert [(row, key, level) for row, key, level, _ in findings_of(batch)] == [
        (2, "village", Level.NOTE),
        (3, "name", Level.REFUSE),
        (3, "id_number", Level.REFUSE),
    ]
    assert batch.refused() == {1}


def test_a_missing_name_refuses_its_row_and_a_bad_birth_date_is_only_mentioned() -> None:
    batch = cleaned([None, A, None, "一村", None], ["李四", B, "属马", "一村", None])
    assert findings_of(batch) == [
        (2, "name", Level.REFUSE, "Name is missing."),
        (3, "birth", Level.NOTE, "This is not a date: 属马."),
    ]
    assert batch.columns["birth"] == [None, None]
    assert batch.refused() == {0}


def test_short_rows_and_rows_before_the_data_do_no_harm() -> None:
    batch = a_cleaner().clean(1, [list(HEADERS), ["张三"], ["李四", B]])
    assert batch.columns["name"] == ["张三", "李四"]
    assert batch.columns["id_number"] == [None, B]


def test_true_one_and_the_text_one_are_not_mixed_up() -> None:
    fields = (Field("note", "备注", "Note"),)
    layout = Layout(("备注",), 1, 2)
    cleaner = SheetCleaner(layout, guess_mapping(layout.headers, [], fields), fields)
    assert cleaner.clean(2, [[True], [1], ["1"], [1.0]]).columns["note"] == ["是", "1", "1", "1"]


ANY_CELL = st.one_of(st.text(max_size=12), st.integers(), st.floats(), st.booleans(), st.none())


@given(st.lists(ANY_CELL.filter(lambda cell: not is_ditto(as_text(cell))), max_size=30), st.sampled_from(Kind))
def test_columns_are_cleaned_exactly_as_single_cells(cells: list[Any], kind: Kind) -> None:
    fields = (Field("value", "值", "Value", kind, refuses=True), Field("other", "别的", "Other"))
    layout = Layout(("值", "别的"), 1, 2)
    cleaner = SheetCleaner(layout, guess_mapping(layout.headers, [], fields), fields)
    batch = cleaner.clean(2, [[cell, "x"] for cell in cells])
    for at, row in enumerate(batch.rows):
        found = None if row[0] is None else CLEANERS[kind](row[0])
        finding = dict(batch.findings.get(at, ())).get("value")
        value = batch.columns["value"][at]
        assert (finding, value) == ((found, found.value) if isinstance(found, Finding) else (None, found))
