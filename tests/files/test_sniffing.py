"""What a file is, by its first bytes. No database."""

import io
import zipfile

import pytest

from yinling.files.kinds import ODS, OLE, TEXT, XLSX, ZIP
from yinling.files.sniffing import media_type


def a_zip(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "application/vnd.oasis.opendocument.spreadsheet" if name == "mimetype" else "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"\xff\xd8\xff\xe0rest", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\nrest", "image/png"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "audio/wav"),
        (b"\x00\x00\x00\x18ftypheic", "image/heic"),
        (b"\x00\x00\x00\x18ftypM4A ", "audio/mp4"),
        (b"\x00\x00\x00\x18ftypisom", "video/mp4"),
        (b"%PDF-1.7", "application/pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
        (a_zip("[Content_Types].xml", "xl/workbook.xml"), XLSX),
        (a_zip("mimetype", "content.xml"), ODS),
        (a_zip("a.txt"), ZIP),
        ("姓名,身份证号\n".encode(), TEXT),
        ("姓名,身份证号\n".encode("gb18030"), TEXT),
        (b"<svg xmlns='http://www.w3.org/2000/svg'></svg>", "image/svg+xml"),
        (b"<svg><script>alert(1)</script></svg>", ""),
        (b"<!DOCTYPE html><p>", ""),
        (b"<html>", ""),
        (b"MZ\x90\x00\x03", ""),
        (b"\x7fELF\x02", ""),
        (b"", ""),
    ],
)
def test_a_type_is_read_from_the_content(head: bytes, expected: str) -> None:
    assert media_type(head) == expected
