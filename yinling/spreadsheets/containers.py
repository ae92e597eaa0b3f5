"""What a file really is, and whether its packing is honest. Reads the file, never runs it.

Formats: ZIP (APPNOTE 6.3, end-of-central-directory record), compound files (MS-CFB), told by content.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from yinling.kernel.errors import Refused
from yinling.kernel.reasons import Words
from yinling.spreadsheets.formats import MIB, FileKind, Limits

_ZIP_END = b"PK\x05\x06"
_ZIP64_LOCATOR = b"PK\x06\x07"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CHUNK = MIB
_PROGRAMS = ("xl/macrosheets/", "xl/activeX/", "Basic/", "Scripts/")
_WORD = Words("Word 文档", "a Word document")
_OTHER_SIGNATURES = (
    (b"%PDF", Words("PDF 文件", "a PDF")),
    (b"\x89PNG", Words("图片", "a picture")),
    (b"\xff\xd8\xff", Words("图片", "a picture")),
    (b"GIF8", Words("图片", "a picture")),
    (b"BM", Words("图片", "a picture")),
    (b"Rar!", Words("RAR 压缩包", "a RAR archive")),
    (b"7z\xbc\xaf", Words("7z 压缩包", "a 7z archive")),
    (b"\x1f\x8b", Words("gzip 压缩包", "a gzip archive")),
    (b"MZ", Words("程序", "a program")),
    (b"\x7fELF", Words("程序", "a program")),
    (b"SQLite format 3", Words("数据库文件", "a database file")),
)


def kind_of(path: Path, limits: Limits) -> FileKind:
    """The kind of file by its content; Refused for anything that is not a roster, or not safe to open."""
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith((b"PK\x03\x04", _ZIP_END)):
        return _kind_of_zip(path, limits)
    if head.startswith(_OLE):
        return _kind_of_compound(path)
    for signature, found in _OTHER_SIGNATURES:
        # "BM" and "MZ" are also two ordinary letters of a header: only binary follows in the real thing.
        if head.startswith(signature) and (len(signature) > 2 or b"\x00" in head):
            raise _wrong_type(found)
    text = head.lstrip(b"\xef\xbb\xbf\r\n\t ")[:512].lower()
    if text.startswith((b"<!doctype", b"<html", b"<table", b"<?xml", b"<meta")):
        raise _wrong_type(Words("网页或 XML, 只是起了表格的名字", "a web page or XML under a spreadsheet's name"))
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _wrong_type(Words("认不出的二进制文件", "an unknown binary file"))
    return FileKind.CSV


def check_zip(path: Path, limits: Limits) -> None:
    """Refuse a workbook whose central directory is oversized, overlapping, encrypted or a bomb by its own words."""
    with _opened(path, limits) as archive:
        members = archive.infolist()
        _check_declared(members, path.stat().st_size, limits)
        _check_contents_list(archive, limits)


def unpacked(path: Path, name: str, limits: Limits) -> Iterator[bytes]:
    """The real bytes of one part, in pieces of up to 1 MiB; Refused when they are more than declared.

    `zipfile` stops at the declared size, but other readers follow the deflate stream to its end, so a
    part that declares 1 KiB and holds 10 GiB must be followed here too.
    """
    with _opened(path, limits) as archive:
        info = archive.getinfo(name)
        declared, info.file_size = info.file_size, limits.unpacked_bytes + 1
        total = 0
        try:
            with archive.open(info) as part:
                while piece := part.read(_CHUNK):
                    total += len(piece)
                    if total > declared:
                        raise Refused(
                            "A part of this workbook unpacks to more than the {declared_mb} MB it declares, "
                            "as a zip bomb does. Save the table again in Excel or WPS and upload the new "
                            "file.",
                            declared_mb=_megabytes(declared),
                        )
                    yield piece
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
            raise _damaged() from error


def part_names(path: Path, limits: Limits) -> list[str]:
    """The names of all parts of a workbook, in the order of its directory."""
    with _opened(path, limits) as archive:
        return archive.namelist()


def _kind_of_zip(path: Path, limits: Limits) -> FileKind:
    names = set(part_names(path, limits))
    if "xl/workbook.xml" in names:
        return FileKind.XLSX
    if "xl/workbook.bin" in names:
        raise _wrong_type(Words("二进制工作簿 (.xlsb)", "a binary workbook (.xlsb)"))
    if "content.xml" in names and _is_ods(path, names, limits):
        return FileKind.ODS
    if "word/document.xml" in names:
        raise _wrong_type(_WORD)
    raise _wrong_type(Words("压缩包, 里面不是一个工作簿", "an archive that is not itself a workbook"))


def _is_ods(path: Path, names: set[str], limits: Limits) -> bool:
    if "mimetype" not in names:
        return True
    return next(unpacked(path, "mimetype", limits), b"").startswith(b"application/vnd.oasis.opendocument.spreadsheet")


def _kind_of_compound(path: Path) -> FileKind:
    """.xls, or something else in the same container, told by the names in its directory (UTF-16)."""
    found = _names_in_compound(path)
    if "EncryptedPackage" in found:
        raise password_protected()
    if "_VBA_PROJECT" in found:
        raise _has_macros()
    if "Workbook" in found or "Book" in found:
        return FileKind.XLS
    raise _wrong_type(_WORD if "WordDocument" in found else Words("认不出的 Office 文件", "an unknown Office file"))


def _names_in_compound(path: Path) -> set[str]:
    # A directory entry is the name in UTF-16, ended by a zero character. "_VBA_PROJECT_CUR" goes on.
    names = {
        name: name.encode("utf-16-le") + b"\x00\x00"
        for name in ("EncryptedPackage", "Workbook", "Book", "WordDocument")
    }
    names["_VBA_PROJECT"] = "_VBA_PROJECT".encode("utf-16-le")
    found: set[str] = set()
    overlap = b""
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            window = overlap + piece
            found |= {name for name, pattern in names.items() if pattern in window}
            overlap = window[-64:]
    return found


def _opened(path: Path, limits: Limits) -> zipfile.ZipFile:
    _check_directory_size(path, limits)
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise _damaged() from error


def _check_directory_size(path: Path, limits: Limits) -> None:
    """Read the end record by hand: `zipfile` would first build an object per member, however many there are."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - 65_557))
        tail = file.read()
    at = tail.rfind(_ZIP_END)
    if at < 0 or len(tail) - at < 22:
        raise _damaged()
    count = int.from_bytes(tail[at + 10 : at + 12], "little")
    directory_bytes = int.from_bytes(tail[at + 12 : at + 16], "little")
    is_zip64 = tail[max(0, at - 20) : at].startswith(_ZIP64_LOCATOR) or count == 0xFFFF
    if is_zip64 or count > limits.members or directory_bytes > limits.members * 512:
        raise Refused(
            "This workbook holds {found} parts; the limit is {limit}. Copy the table into a new workbook and "
            "upload that one.",
            found=Words("超过 65,534 个", "more than 65,534") if is_zip64 else count,
            limit=limits.members,
        )


def _check_declared(members: list[zipfile.ZipInfo], size_bytes: int, limits: Limits) -> None:
    if any(member.flag_bits & 0x1 for member in members):
        raise password_protected()
    if any(member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for member in members):
        raise _damaged()
    total = sum(member.file_size for member in members)
    if total > limits.unpacked_bytes:
        raise Refused(
            "This workbook unpacks to {total_mb} MB; the limit is {limit_mb} MB. Split the table into "
            "several files and upload them one by one.",
            total_mb=_megabytes(total),
            limit_mb=_megabytes(limits.unpacked_bytes),
        )
    for member in members:
        ratio = member.file_size // max(1, member.compress_size)
        if member.file_size > 4 * MIB and ratio > limits.pack_ratio:
            raise Refused(
                "A part of this workbook is packed {ratio} times smaller than its contents, as a zip bomb "
                "is; the limit is {limit}. Delete the empty formatted rows, save the table again and upload "
                "it.",
                ratio=ratio,
                limit=limits.pack_ratio,
            )
    starts = [member.header_offset for member in members]
    if sum(member.compress_size for member in members) > size_bytes or len(set(starts)) < len(starts):
        raise _damaged()


def _check_contents_list(archive: zipfile.ZipFile, limits: Limits) -> None:
    names = archive.namelist()
    if any(name.lower().endswith("vbaproject.bin") or name.startswith(_PROGRAMS) for name in names):
        raise _has_macros()
    external = [name for name in names if re.match(r"xl/(externalLinks/|connections\.xml|queryTables/)", name)]
    if external:
        raise Refused(
            "This workbook takes data from {count} other files or connections, and those are never opened. "
            "In Excel choose Data, Edit links, Break link, save and upload again.",
            count=len(external),
        )
    for name in ("[Content_Types].xml", "META-INF/manifest.xml"):
        if name in names:
            _check_small_part(archive, name, limits)


def _check_small_part(archive: zipfile.ZipFile, name: str, limits: Limits) -> None:
    try:
        with archive.open(name) as part:
            text = part.read(min(4 * MIB, limits.unpacked_bytes))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError) as error:
        raise _damaged() from error
    if b"macroEnabled" in text:
        raise _has_macros()
    if b"encryption-data" in text:
        raise password_protected()


def password_protected() -> Refused:
    """The refusal of a file that needs a password."""
    return Refused(
        "This file is protected by a password, so it cannot be read. Remove the password (File, Info, "
        "Protect workbook), save and upload again."
    )


def _damaged() -> Refused:
    return Refused(
        "This file is damaged or was cut off on its way. Open it in Excel or WPS, save it again as .xlsx and "
        "upload the new file."
    )


def _has_macros() -> Refused:
    return Refused(
        "This workbook contains macros, and programs are never accepted. Save it as .xlsx (without macros) "
        "and upload again."
    )


def _wrong_type(found: Words) -> Refused:
    return Refused(
        "This file is {found}; rosters are read from .xlsx, .xls, .ods and .csv. Open it in Excel or WPS, "
        "save as .xlsx and upload again.",
        found=found,
    )


def _megabytes(size_bytes: int) -> int:
    return -(-size_bytes // MIB)
