"""Which events are written down already: those since the last two checkpoints, one line each.

A run that was killed judges again from its checkpoint. Without this list it would say "over" about an alert that was
raised anew since, because alerts merge what comes again.
"""

from contextlib import suppress
from pathlib import Path
from typing import IO

NEWEST, BEFORE = "told", "told.before"


class Told:
    """The list, in memory and in a file that is appended to."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._newest, self._before = _lines(folder / NEWEST), _lines(folder / BEFORE)
        self._file: IO[bytes] = (folder / NEWEST).open("ab", buffering=0)

    def __contains__(self, key: str) -> bool:
        return key in self._newest or key in self._before

    def add(self, key: str) -> None:
        """After it was written. Raises OSError on a full disk."""
        line = key.encode() + b"\n"
        start = self._file.tell()
        if self._file.write(line) != len(line):
            self._file.truncate(start)
            raise OSError(28, "no room for a line")
        self._newest.add(key)

    def turn_page(self) -> None:
        """A checkpoint stands: what was told before the last one is never judged again."""
        if not self._newest:
            return
        self._file.close()
        with suppress(FileNotFoundError):
            (self._folder / NEWEST).replace(self._folder / BEFORE)
        self._before, self._newest = self._newest, set()
        self._file = (self._folder / NEWEST).open("ab", buffering=0)


def _lines(path: Path) -> set[str]:
    """Whole lines only: the last may have been cut off."""
    if not path.exists():
        return set()
    return {line.decode() for line in path.read_bytes().split(b"\n")[:-1]}
