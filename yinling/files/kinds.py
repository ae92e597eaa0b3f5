"""Kinds of file: which types each may have by content, how large it may be, whether looks are recorded.

Sizes are technical limits of this software (disk, patience of a phone), not policy, so they stand in code.
"""

from dataclasses import dataclass

MIB = 1024 * 1024
IMAGES = ("image/jpeg", "image/png", "image/webp")  # what every browser shows
HEIC = "image/heic"  # known, so that its refusal can say what to do
SOUND = ("audio/mpeg", "audio/mp4", "audio/amr", "audio/wav", "audio/ogg", "audio/webm")
VIDEO = ("video/mp4", "video/webm", "video/quicktime")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
OLE = "application/x-ole-storage"  # .xls, and any workbook with a password
ZIP = "application/zip"
TEXT = "text/plain"
PDF = "application/pdf"


@dataclass(frozen=True)
class Kind:
    """`is_protected`: opening one leaves a line in the record, with its reason."""

    key: str
    types: tuple[str, ...]
    most_bytes: int
    is_protected: bool = True


KINDS = {
    kind.key: kind
    for kind in (
        Kind("portrait", IMAGES, 5 * MIB, is_protected=False),  # on the person's page, which records looks itself
        Kind("picture", IMAGES, 10 * MIB, is_protected=False),  # of a place or a dish: nobody's secret
        Kind("photo", IMAGES, 20 * MIB),
        Kind("signature", ("image/png", "image/svg+xml"), MIB),
        Kind("scan", (*IMAGES, "image/tiff", PDF), 50 * MIB),
        Kind("recording", (*SOUND, *VIDEO), 500 * MIB),
        Kind("roster", (XLSX, ODS, OLE, ZIP, TEXT), 300 * MIB),  # reading it looks closer, and refuses more
        Kind("result", (XLSX, TEXT, ZIP, PDF), 200 * MIB),  # made by the platform for whoever asked
        Kind("document", (PDF, DOCX, XLSX), 50 * MIB),
    )
}
