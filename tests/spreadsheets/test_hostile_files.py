"""Files that must not be read: each is refused clearly, within seconds and in bounded memory."""

import io
import json
import os
import struct
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from yinling.kernel.errors import Refused
from yinling.spreadsheets.formats import MIB, Limits
from yinling.spreadsheets.reading import inspect, rows

WORKBOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="名册" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>'
)
ROOT_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>'
)
NOT_HANGING_S = 60  # a guard against hanging, not a bar: how fast it is, benches say
SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def a_workbook_of(path: Path, sheet_data: str | bytes) -> Path:
    """A minimal .xlsx whose only sheet holds the given XML."""
    whole = SHEET.format(sheet_data).encode() if isinstance(sheet_data, str) else sheet_data
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", ROOT_RELATIONS)
        archive.writestr("xl/workbook.xml", WORKBOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", RELATIONS)
        archive.writestr("xl/worksheets/sheet1.xml", whole)
    return path


def a_compound_file(path: Path, *stream_names: str) -> Path:
    """A file in the container of .xls with these names in its directory (MS-CFB)."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    entries = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in ("Root Entry", *stream_names))
    path.write_bytes(header + entries.ljust(4096, b"\0"))
    return path


def an_honest_bomb(path: Path) -> Path:
    return a_workbook_of(path, b"<worksheet><sheetData>" + b" " * (100 * MIB) + b"</sheetData></worksheet>")


def a_lying_bomb(path: Path) -> Path:
    """Declares 1,000 bytes in both headers and unpacks to 100 MiB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = b"".join(packer.compress(b" " * MIB) for _ in range(100)) + packer.flush()
    name = b"xl/worksheets/sheet1.xml"
    a_workbook_of(path, "")
    with zipfile.ZipFile(path) as archive:
        others = [(part, archive.read(part)) for part in archive.namelist() if part.encode() != name]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for part, content in others:
            archive.writestr(part, content)
    whole = buffer.getvalue()
    end = whole.rfind(b"PK\x05\x06")
    start = struct.unpack_from("<I", whole, end + 16)[0]
    fields = struct.pack("<HHHHIIIHH", 0, 8, 0, 0, 0, len(data), 1000, len(name), 0)
    local = b"PK\x03\x04" + struct.pack("<H", 20) + fields + name + data
    central = b"PK\x01\x02" + struct.pack("<HH", 20, 20) + fields + struct.pack("<HHHII", 0, 0, 0, 0, start) + name
    directory = whole[start:end] + central
    count = len(others) + 1
    tail = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), start + len(local), 0)
    path.write_bytes(whole[:start] + local + directory + tail)
    return path


def a_crowd_of_members(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(20_000):
            archive.writestr(f"xl/media/{number}", b"")
    return path


def a_wide_sheet(path: Path) -> Path:
    return a_workbook_of(path, '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>1</v></c></row>')


def a_giant_sparse_sheet(path: Path) -> Path:
    """Two cells, and between them more cells than any memory holds."""
    first, last = '<row r="1"><c r="A1"><v>1</v></c></row>', '<row r="1048576"><c r="SF1048576"><v>1</v></c></row>'
    return a_workbook_of(path, first + last)


def a_sheet_without_cell_names(path: Path) -> Path:
    """Cells need not say where they are, so the width shows only when they are read."""
    return a_workbook_of(path, '<row r="9999999">' + "<c><v>1</v></c>" * 20_000 + "</row>")


def a_csv_of_a_million_columns(path: Path) -> Path:
    path.write_text("," * 1_000_000 + "\n1,2\n", encoding="utf-8")
    return path


def a_csv_without_line_ends(path: Path) -> Path:
    path.write_bytes(b"a" * (40 * MIB))
    return path


def a_csv_record_without_end(path: Path) -> Path:
    path.write_bytes('姓名,性别\n"张三\n'.encode() + b'","\n' * (8 * MIB))
    return path


def a_truncated_workbook(path: Path) -> Path:
    whole = a_workbook_of(path, '<row r="1"><c r="A1"><v>1</v></c></row>').read_bytes()
    path.write_bytes(whole[: len(whole) * 2 // 3])
    return path


def a_workbook_cut_inside(path: Path) -> Path:
    """The directory is whole, but the sheet's packed bytes are noise."""
    whole = bytearray(a_workbook_of(path, "".join(f'<row r="{n}"/>' for n in range(1, 5000))).read_bytes())
    at = whole.find(b"xl/worksheets/sheet1.xml") + len("xl/worksheets/sheet1.xml")
    whole[at : at + 20] = os.urandom(20)
    path.write_bytes(whole)
    return path


def an_entity_bomb(path: Path) -> Path:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    declared = f'<?xml version="1.0"?><!DOCTYPE worksheet [<!ENTITY a0 "a">{entities}]>'
    return a_workbook_of(path, (declared + SHEET.format('<row r="1"><c r="A1"><v>&a11;</v></c></row>')).encode())


def formulas_without_results(path: Path) -> Path:
    good = '<c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>""</f><v></v></c>'
    return a_workbook_of(path, f'<row r="1">{good}<c r="C1"><f>SUM(A1)</f><v></v></c><c r="D1"><f>A1</f></c></row>')


def written(content: bytes) -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        path.write_bytes(content)
        return path

    return write


def with_part(name: str, content: bytes = b"x") -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("xl/workbook.xml", WORKBOOK)
            archive.writestr(name, content)
        return path

    return write


HOSTILE: dict[str, tuple[str, Callable[[Path], Path], str]] = {
    "a zip bomb": ("b.xlsx", an_honest_bomb, r"packed \d+ times smaller.*limit is 250"),
    "a bomb that lies about its size": ("l.xlsx", a_lying_bomb, "more than the 1 MB it declares"),
    "20,000 parts": ("m.xlsx", a_crowd_of_members, "20000 parts; the limit is 5000"),
    "a sheet of 16,384 columns": ("w.xlsx", a_wide_sheet, "16384 columns; the limit is 500"),
    "two cells far apart": ("s.xlsx", a_giant_sparse_sheet, "spans 524288000 cells"),
    "cells without names": ("n.xlsx", a_sheet_without_cell_names, "20000 columns; the limit is 500"),
    "a CSV of a million columns": ("w.csv", a_csv_of_a_million_columns, "1000001 columns; the limit is 500"),
    "a CSV of one line": ("o.csv", a_csv_without_line_ends, "longer than 1048576 characters"),
    "a CSV record without end": ("r.csv", a_csv_record_without_end, "longer than 1048576 characters"),
    "a truncated workbook": ("t.xlsx", a_truncated_workbook, "damaged or was cut off"),
    "noise inside": ("c.xlsx", a_workbook_cut_inside, "damaged or was cut off"),
    "entities": ("e.xlsx", an_entity_bomb, "declares XML entities"),
    "formulas without results": ("f.xlsx", formulas_without_results, r"^2 formulas .*first is in C1"),
    "macros": ("m.xlsm", with_part("xl/vbaProject.bin"), "contains macros"),
    "a macro workbook's content type": (
        "m2.xlsx",
        with_part("[Content_Types].xml", b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
        "contains macros",
    ),
    "links to other files": ("x.xlsx", with_part("xl/externalLinks/externalLink1.xml"), "data from 1 other files"),
    "connections": ("k.xlsx", with_part("xl/connections.xml"), "data from 1 other files"),
    "an encrypted workbook": ("p.xlsx", lambda p: a_compound_file(p, "EncryptedPackage"), "protected by a password"),
    "an old workbook with macros": ("v.xls", lambda p: a_compound_file(p, "Workbook", "_VBA_PROJECT_CUR"), "macros"),
    "a Word file of old": ("d.xls", lambda p: a_compound_file(p, "WordDocument"), "is a Word document; rosters"),
    "an .xls that is only a shell": ("h.xls", lambda p: a_compound_file(p, "Workbook"), "cannot be read"),
    "a PDF": ("a.xlsx", written(b"%PDF-1.7\n..."), "is a PDF; rosters"),
    "a picture": ("a.csv", written(b"\x89PNG\r\n\x1a\n" + bytes(100)), "is a picture"),
    "a program": ("a.csv", written(b"MZ\x90\x00" + bytes(100)), "is a program"),
    "a web page": ("a.xls", written(b"\xef\xbb\xbf<html><table><tr><td>1"), "is a web page"),
    "an archive": ("a.zip", written(b"PK\x05\x06" + bytes(18)), "archive that is not itself a workbook"),
    "an empty file": ("a.xlsx", written(b""), "empty"),
    "binary noise": ("a.csv", written(bytes(range(256)) * 10), "unknown binary file"),
    "undecodable text": ("u.csv", written(b"\xff\xffabc,\x81\x20\n"), "neither UTF-8 nor GB18030"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_refused_in_words_and_does_not_hang(what: str, tmp_path: Path) -> None:
    name, build, message = HOSTILE[what]
    path = build(tmp_path / name)
    started = time.monotonic()
    with pytest.raises(Refused, match=message) as refusal:
        list(rows(path, found=inspect(path)))
    assert time.monotonic() - started < NOT_HANGING_S
    assert str(refusal.value).endswith(".")


@pytest.mark.parametrize(
    "what",
    [
        *("a zip bomb", "a bomb that lies about its size", "20,000 parts", "two cells far apart", "entities"),
        *("cells without names", "a CSV of a million columns", "a CSV of one line", "a CSV record without end"),
    ],
)
def test_a_hostile_file_is_refused_in_bounded_memory(what: str, tmp_path: Path) -> None:
    name, build, _ = HOSTILE[what]
    used_mb = memory_to_refuse(build(tmp_path / name))
    # A bare Python with this module imported takes about 20 MiB; a piece or two of 1 MiB come on top.
    assert used_mb["self"] < 150
    assert used_mb["child"] < 300


def memory_to_refuse(path: Path) -> dict[str, float]:
    """Peak memory in MiB of a process that is asked to read the file, and of the process it starts."""
    program = """
import json, resource, sys
from pathlib import Path
from yinling.kernel.errors import Refused
from yinling.spreadsheets.reading import inspect, rows
try:
    list(rows(Path(sys.argv[1]), found=inspect(Path(sys.argv[1]))))
except Refused:
    # Not getrusage of the process itself: its peak counts what the test that started it had in memory.
    peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM:"))
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(json.dumps({"self": int(peak.split()[1]) / 1024, "child": child / 1024}))
"""
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, check=True, timeout=60)
    return json.loads(done.stdout)


def test_two_gigabytes_are_refused_without_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "huge.xlsx"
    with path.open("wb") as file:
        file.truncate(2 * 1024 * MIB)
    monkeypatch.setattr(Path, "open", lambda *_, **__: pytest.fail("the file was opened"))
    with pytest.raises(Refused, match="2048 MB; the limit is 50 MB"):
        inspect(path)


def test_a_workbook_over_the_memory_limit_is_refused_and_the_reader_lives(tmp_path: Path) -> None:
    path = a_workbook_of(tmp_path / "large.xlsx", ("<row>" + "<c><v>1</v></c>" * 50 + "</row>") * 20_000)
    with pytest.raises(Refused, match="more than 64 MB of memory"):
        list(rows(path, limits=Limits(memory_bytes=64 * MIB)))
    assert len(list(rows(path))) == 20_000


def test_a_workbook_that_takes_too_long_is_refused(tmp_path: Path) -> None:
    path = a_workbook_of(tmp_path / "slow.xlsx", ("<row>" + "<c><v>1</v></c>" * 50 + "</row>") * 100_000)
    with pytest.raises(Refused, match="or 1 seconds"):
        list(rows(path, limits=Limits(cpu_seconds=1)))


def test_a_formula_is_read_as_its_stored_result_and_never_run(tmp_path: Path) -> None:
    path = tmp_path / "formula.xlsx"
    with xlsxwriter.Workbook(str(path)) as workbook:
        workbook.add_worksheet().write_formula(0, 0, "=1+1", None, 42)
    found = inspect(path)
    assert found.has_formulas
    assert list(rows(path, found=found)) == [(1, [42])]


def test_a_reader_that_stops_early_leaves_no_process_behind(tmp_path: Path) -> None:
    path = a_workbook_of(
        tmp_path / "long.xlsx", "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 9000))
    )
    reading = rows(path)
    next(reading)
    reading.close()
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    commands = [Path(f"/proc/{child}/cmdline").read_bytes() for child in children]
    assert not [command for command in commands if str(path).encode() in command]
