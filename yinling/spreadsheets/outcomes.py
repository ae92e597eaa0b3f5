"""What became of each row: one compact file per import, written a batch at a time, read a page at a time.

The file is a chain of gzip members, one per batch, each holding one JSON line per row. Beside it stands
an index (`.index`), one JSON line per batch: where it starts and ends, its last row, and how many
outcomes of each kind it holds. So a page of refusals among a million rows opens a few batches only.

Crash safety: append the outcomes of a batch *before* committing it, keep the position in the same
transaction, and open the file again with `resume_after=` that position. Whatever was written past it is
cut off, because the batch it belongs to never happened. The index may lag behind the data after a power cut; the writer
then finds the batches again that the data hold.
"""

import gzip
import json
import os
import zlib
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Any

from yinling.kernel.reasons import Reason

Position = tuple[int, int]
"""(index of the sheet, row number): outcomes stand in this order."""


_as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class OutcomeKind(StrEnum):
    """What can become of a row, in the order in which it is shown: what needs a person first."""

    REFUSED = "refused"
    DOUBT = "doubt"
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row.

    `label` tells the clerk who it is about and must be masked already; `subject` is the record's uid
    (empty when there is none); `changed` the keys of the fields that were updated; `columns` the places
    (from 0) of cells that somebody should look at.
    """

    sheet: int
    row: int
    kind: OutcomeKind
    label: str = ""
    subject: str = ""
    changed: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    next_steps: tuple[Reason, ...] = ()
    columns: tuple[int, ...] = ()

    @property
    def position(self) -> Position:
        """Where in the file the row stands."""
        return (self.sheet, self.row)


@dataclass(frozen=True, slots=True)
class _Batch:
    start: int
    end: int
    last: Position
    counts: dict[str, int]


class OutcomeWriter:
    """Appends outcomes in the order of their rows. Rows at or before `last` are already there and are passed over."""

    def __init__(self, path: Path, resume_after: Position | None = None, *, is_new: bool = False) -> None:
        """Open or create the file.

        Without `resume_after` everything that was completely written is kept; `is_new` empties the file.
        """
        self._path = path
        batches = [] if is_new else _read_all(path)
        half_kept: list[Outcome] = []
        if resume_after is not None:
            half_kept = _rows_up_to(path, batches, resume_after)
            batches = [batch for batch in batches if batch.last <= resume_after]
        self.last: Position | None = batches[-1].last if batches else None
        self.counts = Counter[str]()
        for batch in batches:
            self.counts.update(batch.counts)
        self._data = path.open("r+b" if path.exists() else "w+b")
        self._data.truncate(batches[-1].end if batches else 0)
        self._data.seek(0, os.SEEK_END)
        _index_path(path).write_text("".join(_index_line(batch) for batch in batches), encoding="utf-8")
        self._index = _index_path(path).open("a", encoding="utf-8")
        self.append(half_kept)

    def append(self, outcomes: Sequence[Outcome]) -> None:
        """Write a batch so that it survives a power cut. Raises ValueError when rows are out of order."""
        new = [outcome for outcome in outcomes if self.last is None or outcome.position > self.last]
        if not new:
            return
        positions = [outcome.position for outcome in new]
        if any(later <= earlier for earlier, later in pairwise(positions)):
            raise ValueError("Outcomes must be appended in the order of their rows.")
        start = self._data.tell()
        self._data.write(gzip.compress("".join(map(_line, new)).encode(), compresslevel=1, mtime=0))
        _to_disk(self._data)
        counts = Counter(str(outcome.kind) for outcome in new)
        self._index.write(_index_line(_Batch(start, self._data.tell(), positions[-1], dict(counts))))
        self._index.flush()  # what a power cut takes from the index is found again in the data
        self.counts.update(counts)
        self.last = positions[-1]

    def close(self) -> None:
        """Let go of the files."""
        self._data.close()
        self._index.close()

    def __enter__(self) -> "OutcomeWriter":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class OutcomeFile:
    """The outcomes of an import, read from disk; also while it is still being written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._batches = _read_index(path)

    def counts(self) -> dict[OutcomeKind, int]:
        """How many rows became what; every kind is there."""
        total = Counter[str]()
        for batch in self._batches:
            total.update(batch.counts)
        return {kind: total[kind] for kind in OutcomeKind}

    def page(self, kinds: Collection[OutcomeKind] | None = None, *, offset: int = 0, limit: int = 50) -> list[Outcome]:
        """A page of the chosen kinds (all by default): refused first, then doubts; within a kind by row."""
        page: list[Outcome] = []
        to_skip = offset
        for kind in OutcomeKind:
            if kinds is not None and kind not in kinds:
                continue
            for batch in self._batches:
                here = batch.counts.get(kind, 0)
                if to_skip >= here:
                    to_skip -= here
                    continue
                found = [outcome for outcome in _read_batch(self._path, batch) if outcome.kind is kind]
                page += found[to_skip : to_skip + limit - len(page)]
                to_skip = 0
                if len(page) == limit:
                    return page
        return page

    def in_order(self) -> Iterator[Outcome]:
        """All outcomes in the order of the rows, one batch in memory at a time."""
        for batch in self._batches:
            yield from _read_batch(self._path, batch)


def _index_path(path: Path) -> Path:
    return path.with_name(path.name + ".index")


def _to_disk(file: Any) -> None:
    file.flush()
    os.fsync(file.fileno())


def _line(outcome: Outcome) -> str:
    values = [
        outcome.sheet,
        outcome.row,
        outcome.kind,
        outcome.label,
        outcome.subject,
        outcome.changed,
        [reason.as_data() for reason in outcome.reasons],
        [step.as_data() for step in outcome.next_steps],
        outcome.columns,
    ]
    return _as_json(values) + "\n"


def _from_line(line: str) -> Outcome:
    sheet, row, kind, label, subject, changed, reasons, steps, columns = json.loads(line)
    return Outcome(
        sheet,
        row,
        OutcomeKind(kind),
        label,
        subject,
        tuple(changed),
        tuple(map(Reason.from_data, reasons)),
        tuple(map(Reason.from_data, steps)),
        tuple(columns),
    )


def _index_line(batch: _Batch) -> str:
    return json.dumps([batch.start, batch.end, batch.last, batch.counts], separators=(",", ":")) + "\n"


def _read_index(path: Path) -> list[_Batch]:
    """The batches that are wholly on disk; a line cut off by a crash, and what follows it, does not count."""
    if not path.exists() or not _index_path(path).exists():
        return []
    size = path.stat().st_size
    batches: list[_Batch] = []
    for line in _index_path(path).read_text(encoding="utf-8").splitlines(keepends=True):
        try:
            start, end, last, counts = json.loads(line)
        except ValueError:
            break
        if not line.endswith("\n") or end > size:
            break
        batches.append(_Batch(start, end, (last[0], last[1]), counts))
    return batches


def _read_all(path: Path) -> list[_Batch]:
    """The batches in the index, and those behind them that are wholly in the data but not in the index."""
    batches = _read_index(path)
    if not path.exists():
        return batches
    with path.open("rb") as file:
        file.seek(batches[-1].end if batches else 0)
        rest = file.read()
    start = batches[-1].end if batches else 0
    while rest:
        unpacking = zlib.decompressobj(wbits=31)
        try:
            lines = unpacking.decompress(rest).decode().splitlines()
        except (zlib.error, UnicodeDecodeError):
            break
        if not unpacking.eof:
            break
        end = start + len(rest) - len(unpacking.unused_data)
        outcomes = [_from_line(line) for line in lines]
        kinds = Counter(str(outcome.kind) for outcome in outcomes)
        batches.append(_Batch(start, end, outcomes[-1].position, dict(kinds)))
        start, rest = end, unpacking.unused_data
    return batches


def _read_batch(path: Path, batch: _Batch) -> list[Outcome]:
    with path.open("rb") as file:
        file.seek(batch.start)
        packed = file.read(batch.end - batch.start)
    return [_from_line(line) for line in gzip.decompress(packed).decode().splitlines()]


def _rows_up_to(path: Path, batches: list[_Batch], position: Position) -> list[Outcome]:
    """The rows of the batch that the position cuts in two, up to the position."""
    cut = next((batch for batch in batches if batch.last > position), None)
    return [outcome for outcome in _read_batch(path, cut) if outcome.position <= position] if cut else []
