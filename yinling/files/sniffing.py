"""What a file is, by its first bytes: names and declared types are not believed. Pure."""

from yinling.files.kinds import DOCX, HEIC, ODS, OLE, PDF, TEXT, XLSX, ZIP

HEAD_BYTES = 8192
_STARTS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"%PDF-", PDF),
    (b"ID3", "audio/mpeg"),
    (b"#!AMR", "audio/amr"),
    (b"OggS", "audio/ogg"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
)
_BRANDS = {
    b"heic": HEIC,
    b"heix": HEIC,
    b"hevc": HEIC,
    b"mif1": HEIC,
    b"msf1": HEIC,
    b"avif": "image/avif",
    b"M4A ": "audio/mp4",
    b"qt  ": "video/quicktime",
}
_OTHER_CONTROL = bytes(set(range(32)) - {9, 10, 12, 13, 27})


def media_type(head: bytes) -> str:
    """The type of a file that begins with `head` (8 KiB of it); "" for what we do not know or want."""
    for start, found in _STARTS:
        if head.startswith(start):
            return found
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(head[8:12], "")
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video/mp4")
    if head.startswith(b"\x1aE\xdf\xa3"):
        return "video/webm"
    if head[:2] in (b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"):
        return "audio/mpeg"
    if head.startswith(b"PK\x03\x04"):
        return _zipped(head)
    return _text(head)


def _zipped(head: bytes) -> str:
    if b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet" in head[:200]:
        return ODS
    if b"xl/" in head:
        return XLSX
    return DOCX if b"word/" in head else ZIP


def _text(head: bytes) -> str:
    """Text, or a drawing that is safe to keep. HTML is neither: a browser would run it."""
    if not head:
        return ""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    if start.startswith((b"<svg", b"<?xml")) and b"<svg" in head.lower():
        return "" if b"<script" in head.lower() else "image/svg+xml"
    if start.startswith((b"<!doctype", b"<html", b"<script")):
        return ""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return TEXT  # UTF-16, as Excel saves "Unicode text"
    return "" if head.translate(None, _OTHER_CONTROL) != head else TEXT
