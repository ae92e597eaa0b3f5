"""The values that reading a roster works with: kinds of file, limits, what an inspection found."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

MIB = 1024 * 1024

Cell = str | int | float | bool | date | None
"""One cell as read. Dates with a time of day are `datetime`; an empty cell is None."""


class FileKind(StrEnum):
    """What a file is by its content, whatever its name says."""

    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a stranger's file we are willing to look at.

    The defaults let a county's roster pass (100,000 rows are 4 MiB as .xlsx) and stop a bomb early.
    Each refusal names the value found and the limit, so a city may raise one that proves too tight.
    """

    file_bytes: int = 50 * MIB  # of a workbook: it unpacks to many times that
    csv_bytes: int = 256 * MIB  # text is what it seems; a city's million elders are 110 MiB
    unpacked_bytes: int = 1024 * MIB
    pack_ratio: int = 250  # a sheet of formatted blanks reaches about 100; deflate cannot pass 1,032
    members: int = 5_000  # parts inside the workbook; pictures are parts too
    columns: int = 500
    rows: int = 2_000_000
    cells: int = 30_000_000
    line_chars: int = MIB
    memory_bytes: int = 1536 * MIB  # address space of the process that opens workbooks
    cpu_seconds: int = 120


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, its place in the file (from 0), and whether the clerk sees it."""

    name: str
    index: int
    is_visible: bool = True


@dataclass(frozen=True, slots=True)
class Inspection:
    """A file that may be read: `encoding` and `delimiter` are empty unless it is a CSV file."""

    kind: FileKind
    size_bytes: int
    sheets: tuple[Sheet, ...]
    encoding: str = ""
    delimiter: str = ""
    is_misnamed: bool = False
    has_formulas: bool = False
