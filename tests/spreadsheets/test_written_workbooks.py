"""Workbooks that leave the platform: the clerk's own, annotated; and lists with their marker."""

import datetime as dt
import re
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from yinling.kernel.reasons import Reason
from yinling.spreadsheets.annotated import write_annotated
from yinling.spreadsheets.exporting import Column, write_list
from yinling.spreadsheets.marker import Marker
from yinling.spreadsheets.outcomes import Outcome, OutcomeFile, OutcomeKind, OutcomeWriter
from yinling.spreadsheets.reading import inspect, rows, sheets
from yinling.spreadsheets.rules.fields import Field, Kind
from yinling.spreadsheets.rules.layout import Layout, find_layout

MARKER = Marker(
    what="高龄老人名册",
    who="舒禾 & 同事",
    when=dt.datetime(2026, 11, 23, 14, 8, tzinfo=dt.UTC),
    why="核对高龄补贴",
    record="EX-431224-2026-7",
)
HEADER = ["姓名", "身份证号码", "出生日期", "电话"]
FIELDS = (Field("name", "姓名", "Name", Kind.NAME), Field("id_number", "身份证号码", "ID number", Kind.ID_NUMBER))


def a_roster(path: Path, *lines: list[Any]) -> Path:
    with xlsxwriter.Workbook(str(path)) as workbook:
        sheet = workbook.add_worksheet("名册")
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        for number, line in enumerate([["某镇名册"], HEADER, *lines]):
            for column, cell in enumerate(line):
                if isinstance(cell, dt.date):
                    sheet.write_datetime(number, column, dt.datetime.combine(cell, dt.time()), day)
                elif cell is not None:
                    sheet.write(number, column, cell)
        workbook.add_worksheet("说明").write(0, 0, "不用读的一页")
    return path


def annotated(source: Path, target: Path, *outcomes: Outcome) -> list[list[Any]]:
    found = inspect(source)
    layout = find_layout(list(rows(source, found=found)), FIELDS)
    assert isinstance(layout, Layout)
    record = source.with_suffix(".outcomes")
    with OutcomeWriter(record, is_new=True) as writer:
        writer.append(list(outcomes))
    write_annotated(source, found, {0: layout}, OutcomeFile(record), target, MARKER, {"phone": "电话"})
    return [cells for _, cells in rows(target)]


def parts_of(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


REFUSED = Outcome(
    0,
    3,
    OutcomeKind.REFUSED,
    reasons=(Reason("The digits are lost: {shown}.", shown="4.33E+17"),),
    next_steps=(Reason("Set the column to text."),),
    columns=(1,),
)
UPDATED = Outcome(0, 5, OutcomeKind.UPDATED, changed=("phone",))


def a_corrected_roster(path: Path) -> Path:
    lines = [["张三", 433025194203051234, dt.date(1942, 3, 5), 13812345678], [], ["李四", "990000194203051234"]]
    return a_roster(path, *lines)


def test_the_copy_holds_every_row_with_outcome_reason_and_next_step(tmp_path: Path) -> None:
    copy = annotated(a_corrected_roster(tmp_path / "a.xlsx"), tmp_path / "b.xlsx", REFUSED, UPDATED)
    blank = [None] * 7
    assert copy[0] == ["某镇名册", *blank[1:]]
    assert copy[1] == [*HEADER, "Outcome", "Reason", "What to do"]
    told = ["Refused", "The digits are lost: 4.33E+17.", "Set the column to text."]
    assert copy[2] == ["张三", "4.33E+17", dt.date(1942, 3, 5), 13812345678, *told]
    assert copy[3] == blank
    assert copy[4] == ["李四", "990000194203051234", None, None, "Updated", "Changed: 电话.", None]


def test_the_copy_keeps_all_sheets_and_adds_a_legend_and_a_marker(tmp_path: Path) -> None:
    source = a_corrected_roster(tmp_path / "a.xlsx")
    annotated(source, tmp_path / "b.xlsx", REFUSED, UPDATED)
    found = sheets(tmp_path / "b.xlsx")
    assert [sheet.name for sheet in found] == ["名册", "说明", "Legend", "About this file"]
    assert list(rows(tmp_path / "b.xlsx", found[1])) == [(1, ["不用读的一页"])]
    legend = [cells for _, cells in rows(tmp_path / "b.xlsx", found[2])]
    assert legend[1][:2] == ["Refused", 1]
    assert legend[4][:2] == ["Updated", 1]


def test_rows_and_cells_that_need_a_person_are_coloured(tmp_path: Path) -> None:
    annotated(a_corrected_roster(tmp_path / "a.xlsx"), tmp_path / "b.xlsx", REFUSED, UPDATED)
    parts = parts_of(tmp_path / "b.xlsx")
    sheet = parts["xl/worksheets/sheet1.xml"]

    def style(cell: str) -> str:
        match = re.search(rf'r="{cell}" s="(\d+)"', sheet)
        return match.group(1) if match else "0"

    assert style("A3") != "0"
    assert style("B3") not in ("0", style("A3"))
    assert style("B5") == "0"
    assert style("E5") not in ("0", style("E3"))
    for tint in ("FBE3DD", "FAEFC4", "E0ECE4"):
        assert f"FF{tint}" in parts["xl/styles.xml"]


def test_a_corrected_copy_uploaded_again_gets_fresh_outcomes_in_the_same_columns(tmp_path: Path) -> None:
    annotated(a_corrected_roster(tmp_path / "a.xlsx"), tmp_path / "b.xlsx", REFUSED, UPDATED)
    again = annotated(tmp_path / "b.xlsx", tmp_path / "c.xlsx", Outcome(0, 3, OutcomeKind.CREATED))
    assert again[1] == [*HEADER, "Outcome", "Reason", "What to do"]
    assert again[2][4:] == ["Created", None, None]
    assert again[4][4:] == [None, None, None]


def test_a_csv_roster_comes_back_as_a_workbook(tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_text(
        "姓名,身份证号码\n张三,990000194203051234\n李四,990000194203051235,多一格,=1+1\n", encoding="gb18030"
    )
    copy = annotated(source, tmp_path / "b.xlsx", Outcome(0, 2, OutcomeKind.CREATED))
    assert copy[1] == ["张三", "990000194203051234", None, None, "Created", None, None]
    assert copy[2][:4] == ["李四", "990000194203051235", "多一格", "=1+1"]
    assert "<f>" not in parts_of(tmp_path / "b.xlsx")["xl/worksheets/sheet1.xml"]


def test_every_row_of_many_batches_is_annotated(tmp_path: Path) -> None:
    source = a_roster(tmp_path / "a.xlsx", *[[f"张{n}", "990000194203051234"] for n in range(2_500)])
    copy = annotated(source, tmp_path / "b.xlsx", *[Outcome(0, row, OutcomeKind.CREATED) for row in range(3, 2_503)])
    assert [line[4] for line in copy[2:]] == ["Created"] * 2_500


COLUMNS = (
    Column("姓名"),
    Column("证件号码", 20, is_identifier=True),
    Column("出生日期"),
    Column("电话"),
    Column("金额"),
)


def exported(path: Path, *lines: tuple[Any, ...]) -> list[list[Any]]:
    assert write_list(COLUMNS, iter(lines), path, MARKER) == len(lines)
    return [cells for _, cells in rows(path)]


def test_a_list_keeps_identifiers_as_text_and_values_as_what_they_are(tmp_path: Path) -> None:
    line = ("张三", 990000194203051234, dt.date(1942, 3, 5), ("13812345678", "2312349"), Decimal("164.50"))
    read = exported(tmp_path / "list.xlsx", line)
    assert read[0] == [column.title for column in COLUMNS]
    assert read[1] == ["张三", "990000194203051234", dt.date(1942, 3, 5), "13812345678、2312349", 164.5]


def test_a_long_number_in_any_column_is_written_as_text(tmp_path: Path) -> None:
    read = exported(tmp_path / "list.xlsx", (123456789012345678, None, dt.date(1899, 1, 1), True, None))
    assert read[1] == ["123456789012345678", None, "1899-01-01", "Yes", None]


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "@SUM(A1)", "+cmd", "-cmd", "\t=1"])
def test_no_cell_of_a_list_runs_as_a_formula(text: str, tmp_path: Path) -> None:
    exported(tmp_path / "list.xlsx", (text, text, None, None, None))
    sheet = parts_of(tmp_path / "list.xlsx")["xl/worksheets/sheet1.xml"]
    assert "<f" not in sheet
    assert exported(tmp_path / "list.xlsx", (text, None, None, None, None))[1][0] == "'" + text


def test_a_list_says_who_took_it_out_when_and_why(tmp_path: Path) -> None:
    exported(tmp_path / "list.xlsx", ("张三", None, None, None, None))
    found = sheets(tmp_path / "list.xlsx")
    told = {cells[0]: cells[1] for _, cells in rows(tmp_path / "list.xlsx", found[1])}
    assert found[1].name == "About this file"
    assert told["Taken out by"] == "舒禾 & 同事"
    assert told["When"] == "2026-11-23 14:08"
    assert told["Why"] == "核对高龄补贴"
    assert told["Rows"] == "1"
    parts = parts_of(tmp_path / "list.xlsx")
    assert "舒禾 &amp; 同事" in parts["docProps/core.xml"]
    assert "EX-431224-2026-7" in parts["docProps/core.xml"]
    assert "舒禾 &amp;&amp; 同事 2026-11-23 14:08 核对高龄补贴" in parts["xl/worksheets/sheet1.xml"]
    assert 'state="frozen"' in parts["xl/worksheets/sheet1.xml"]


def test_a_list_that_fails_on_the_way_leaves_no_file(tmp_path: Path) -> None:
    def lines():
        yield ("张三", None, None, None, None)
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        write_list(COLUMNS, lines(), tmp_path / "list.xlsx", MARKER)
    assert list(tmp_path.iterdir()) == []


def test_an_overlong_reason_does_not_break_the_footer(tmp_path: Path) -> None:
    marker = Marker("名册", "舒禾", MARKER.when, "核对&" * 200)
    write_list((Column("姓名"),), [("张三",)], tmp_path / "list.xlsx", marker)
    footer = re.search(r"<oddFooter>(.*)</oddFooter>", parts_of(tmp_path / "list.xlsx")["xl/worksheets/sheet1.xml"])
    assert footer is not None
    text = footer.group(1).replace("&amp;", "&")
    assert len(text) <= 255
    assert text.endswith("&R&P / &N")
    assert "&" not in text.removeprefix("&L").removesuffix("&R&P / &N").replace("&&", "")
