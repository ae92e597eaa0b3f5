"""A list that may be taken out as a workbook: what it is, who may, its columns and rows.

Modules below the floor of spreadsheets say so in `exports.py`; `config/wiring.py` offers their lists to the desk, which
asks for the reason, writes the file with its marker and leaves the line.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Rows = Callable[[Any, Mapping[str, str]], Iterable[Sequence[Any]]]
"""(who asks, the filters in the list's address) -> cells: text, numbers, days, moments, or tuples of text."""


@dataclass(frozen=True)
class Heading:
    """A column: its title (an English msgid), its width in characters, whether its numbers are identifiers."""

    title: str
    width: int = 14
    is_identifier: bool = False


@dataclass(frozen=True)
class Listing:
    """A list under a key. `title`: an English msgid. One of `permissions` is needed; none: everybody their own."""

    key: str
    title: str
    columns: tuple[Heading, ...]
    rows: Rows
    permissions: tuple[str, ...] = ()
