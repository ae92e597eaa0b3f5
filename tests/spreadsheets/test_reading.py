"""Rosters of every kind are read alike: same rows, same values, the row numbers that Excel shows."""

import datetime as dt
import struct
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yinling.kernel.errors import Refused
from yinling.spreadsheets.formats import FileKind, Sheet
from yinling.spreadsheets.reading import inspect, row_batches, rows, sheets

TABLE = [["姓名", "性别", "村"], ["张三", "男", "团结村"], ["李四", "女", None]]


def as_csv(path: Path, encoding: str, delimiter: str = ",") -> Path:
    lines = [delimiter.join(cell or "" for cell in row) for row in TABLE]
    path.write_bytes("\r\n".join(lines).encode(encoding))
    return path


def as_xlsx(path: Path, name: str = "名册") -> Path:
    with xlsxwriter.Workbook(str(path)) as workbook:
        sheet = workbook.add_worksheet(name)
        for number, row in enumerate(TABLE):
            sheet.write_row(number, 0, row)
    return path


def as_ods(path: Path) -> Path:
    def cell(text: str | None) -> str:
        value = f'office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
        return f"<table:table-cell {value}" if text else "<table:table-cell/>"

    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in TABLE)
    namespaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "table", "text")
    )
    content = (
        f"<office:document-content {namespaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="名册">{body}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)
    return path


def as_xls(path: Path, *, is_encrypted: bool = False) -> Path:
    """A workbook of Excel 97 written by hand: one stream of BIFF8 records in a compound file."""

    def record(kind: int, data: bytes = b"") -> bytes:
        return struct.pack("<HH", kind, len(data)) + data

    def text(value: str) -> bytes:
        return struct.pack("<HB", len(value), 1) + value.encode("utf-16-le")

    cells = b"".join(
        record(0x0204, struct.pack("<HHH", row, column, 0) + text(cell))
        for row, line in enumerate(TABLE)
        for column, cell in enumerate(line)
        if cell
    )
    locked = record(0x002F, struct.pack("<HHH", 1, 1, 1) + bytes(48)) if is_encrypted else b""
    name = struct.pack("<BB", 2, 1) + "名册".encode("utf-16-le")
    start = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0)) + locked
    place = len(start) + len(record(0x0085, bytes(6) + name)) + len(record(0x000A))
    book = start + record(0x0085, struct.pack("<IH", place, 0) + name) + record(0x000A)
    sheet = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    dimensions = record(0x0200, struct.pack("<IIHHH", 0, len(TABLE), 0, 3, 0))
    path.write_bytes(a_compound_file_with(book + sheet + dimensions + cells + record(0x000A)))
    return path


def a_compound_file_with(workbook: bytes) -> bytes:
    """MS-CFB with one stream: header, FAT in sector 0, directory in sector 1, the stream from sector 2 on."""
    stream = workbook.ljust(max(4096, -(-len(workbook) // 512) * 512), b"\0")
    sectors = len(stream) // 512
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, sectors + 2), 0xFFFFFFFE]
    fat = struct.pack("<128I", *(chain + [0xFFFFFFFF] * (128 - len(chain))))

    def entry(name: str, kind: int, start: int, size: int, child: int) -> bytes:
        encoded = name.encode("utf-16-le").ljust(64, b"\0")
        links = struct.pack("<HBBIII", 2 * len(name) + 2, kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
        return encoded + links + bytes(36) + struct.pack("<IQ", start, size)

    directory = entry("Root Entry", 5, 0xFFFFFFFE, 0, 1) + entry("Workbook", 2, 2, len(stream), 0xFFFFFFFF)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    return header + fat + directory.ljust(512, b"\0") + stream


@pytest.mark.parametrize(
    ("name", "write", "kind"),
    [
        ("a.xlsx", as_xlsx, FileKind.XLSX),
        ("a.xls", as_xls, FileKind.XLS),
        ("a.ods", as_ods, FileKind.ODS),
        ("a.csv", lambda path: as_csv(path, "utf-8"), FileKind.CSV),
        ("b.csv", lambda path: as_csv(path, "utf-8-sig"), FileKind.CSV),
        ("c.csv", lambda path: as_csv(path, "gb18030"), FileKind.CSV),
        ("d.csv", lambda path: as_csv(path, "utf-8", ";"), FileKind.CSV),
        ("e.txt", lambda path: as_csv(path, "utf-16", "\t"), FileKind.CSV),
    ],
)
def test_every_kind_of_file_gives_the_same_rows(name, write, kind, tmp_path: Path) -> None:
    path = write(tmp_path / name)
    found = inspect(path)
    assert found.kind is kind
    assert not found.is_misnamed
    assert list(rows(path, found=found)) == list(enumerate(TABLE, start=1))
    assert list(rows(path)) == list(rows(path, found=found))


def test_a_file_is_known_by_its_content_whatever_its_name_says(tmp_path: Path) -> None:
    found = inspect(as_xlsx(tmp_path / "roster.csv"))
    assert found.kind is FileKind.XLSX
    assert found.is_misnamed


def test_an_old_workbook_with_a_password_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="protected by a password"):
        inspect(as_xls(tmp_path / "locked.xls", is_encrypted=True))


def test_values_keep_their_kind_and_rows_their_numbers(tmp_path: Path) -> None:
    path = tmp_path / "values.xlsx"
    with xlsxwriter.Workbook(str(path)) as workbook:
        sheet = workbook.add_worksheet()
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.write_row(4, 2, [13812345678, 1942.3, True])
        sheet.write_datetime(4, 6, dt.datetime(1942, 3, 5), day)
        sheet.write_datetime(4, 7, dt.datetime(1942, 3, 5, 8, 30), moment)
        sheet.write_number(4, 8, 433025194203051234)
    number, cells = list(rows(path))[-1]
    moment_read = dt.datetime(1942, 3, 5, 8, 30)
    assert number == 5
    assert cells[:8] == [None, None, 13812345678, 1942.3, True, None, dt.date(1942, 3, 5), moment_read]
    assert isinstance(cells[2], int)
    assert isinstance(cells[8], float)


def test_a_village_merged_over_its_rows_belongs_to_each_of_them(tmp_path: Path) -> None:
    path = tmp_path / "merged.xlsx"
    with xlsxwriter.Workbook(str(path)) as workbook:
        sheet = workbook.add_worksheet()
        sheet.merge_range("A1:C1", "高龄老人名册")
        sheet.merge_range("A2:A4", "团结村")
        for row in (1, 2, 3, 5):
            sheet.write(row, 1, f"老人{row}")
    assert [cells[0] for _, cells in rows(path)] == ["高龄老人名册", "团结村", "团结村", "团结村", None, None]
    # A title merged sideways stays where it is.
    assert next(iter(rows(path)))[1] == ["高龄老人名册", None]


def test_each_sheet_is_read_by_itself_and_hidden_ones_are_told(tmp_path: Path) -> None:
    path = tmp_path / "sheets.xlsx"
    with xlsxwriter.Workbook(str(path)) as workbook:
        for name in ("一村", "二村"):
            workbook.add_worksheet(name).write(0, 0, name)
        workbook.worksheets()[1].hide()
    assert sheets(path) == (Sheet("一村", 0), Sheet("二村", 1, is_visible=False))
    assert list(rows(path, sheets(path)[1])) == [(1, ["二村"])]


def test_a_quotation_mark_left_open_is_refused_with_the_row(tmp_path: Path) -> None:
    path = tmp_path / "open.csv"
    path.write_text("姓名,村\n张三,一村\n李四,二村\n" + '王五,"' + "长" * 2_000_000, encoding="utf-8")
    with pytest.raises(Refused, match=r"longer than 1048576|After row 3"):
        list(rows(path))


def test_batches_join_to_the_rows(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("\n".join(f"{number},x" for number in range(2_500)), encoding="utf-8")
    batches = list(row_batches(path))
    assert [first for first, _ in batches] == [1, 1001, 2001]
    assert [row for _, batch in batches for row in batch] == [row for _, row in rows(path)]


def test_a_workbook_of_many_batches_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "large.xlsx"
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        for number in range(5_000):
            sheet.write_row(number, 0, [f"张{number}", "990000194203051234", "女", "团结村"] * 3)
    assert [cells[0] for _, cells in rows(path)] == [f"张{number}" for number in range(5_000)]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(min_size=1, max_size=600))
def test_any_bytes_are_read_or_refused_but_never_crash(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(content)
    try:
        assert all(isinstance(cells, list) for _, cells in rows(path, found=inspect(path)))
    except Refused as refusal:
        assert str(refusal)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 6_000), byte=st.integers(0, 255))
def test_a_workbook_with_one_wrong_byte_is_read_or_refused_but_never_crashes(
    tmp_path: Path, at: int, byte: int
) -> None:
    path = as_xlsx(tmp_path / "bent.xlsx")
    content = bytearray(path.read_bytes())
    content[at % len(content)] = byte
    path.write_bytes(content)
    try:
        list(rows(path, found=inspect(path)))
    except Refused as refusal:
        assert str(refusal)
