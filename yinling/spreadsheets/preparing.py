"""Batches made ready for their register, in order; of a large file by a process of its own, a batch or two ahead.

That process (`preparing_process`) reads, cleans, checks and seals, and hands over pickles through a pipe. The pipe
holds little, so it never runs far ahead of whoever writes to the database; when that one dies, its next write ends it.
"""

import pickle
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from yinling.kernel.errors import Refused
from yinling.kernel.reasons import Reason
from yinling.spreadsheets.formats import Cell, Inspection
from yinling.spreadsheets.outcomes import Position
from yinling.spreadsheets.plans import SheetPlan
from yinling.spreadsheets.reading import row_batches
from yinling.spreadsheets.registers import Context, Register

WORTH_A_PROCESS = 20_000
"""Rows from which a process of its own pays: starting one takes about two seconds."""
PIPE_BYTES = 1024 * 1024  # room for two batches, so that neither process waits for the other at every one


@dataclass(frozen=True)
class Work:
    """What is to be read: an inspected file, its plans, for which register, from after which row on."""

    path: Path
    found: Inspection
    plans: tuple[SheetPlan, ...]
    register: Register
    context: Context
    after: Position

    @property
    def rows_left(self) -> int:
        """About how many rows are still to come."""
        sheet, row = self.after
        ahead = sum(plan.rows for plan in self.plans if plan.is_read and plan.sheet.index >= sheet)
        return ahead - (row if sheet >= 0 else 0)


@dataclass(frozen=True)
class Piece:
    """One batch: how far it reaches, how many rows it read, how many of them are no data, and what is to be taken."""

    position: Position
    rows: int
    skipped: dict[str, int]
    ready: Any


def pieces(work: Work) -> Iterator[Piece]:
    """Batches after the position, made ready here. What lies before is read again, because 同上 looks upwards."""
    for plan in work.plans:
        if not plan.is_read or plan.sheet.index < work.after[0]:
            continue
        cleaner = plan.cleaner(work.register)
        context = replace(work.context, sheet=plan.sheet.index)
        for first, rows in _parts(work, plan):
            batch = cleaner.clean(first, rows)
            position = (plan.sheet.index, first + len(rows) - 1)
            if position > work.after:
                skipped = {str(kind): len(numbers) for kind, numbers in batch.skipped.items()}
                yield Piece(position, len(rows), skipped, work.register.ready(batch, context))


def _parts(work: Work, plan: SheetPlan) -> Iterator[tuple[int, list[list[Cell]]]]:
    """Batches as large as the register takes them. The same file always falls apart in the same places."""
    size = work.register.batch_rows
    for first, rows in row_batches(work.path, plan.sheet, found=work.found):
        for start in range(0, len(rows), size):
            yield first + start, rows[start : start + size]


def pieces_from_a_process(import_uid: object, path: Path) -> Iterator[Piece]:
    """The same batches, made ready by a process of its own."""
    command = [sys.executable, "-m", "yinling.spreadsheets.preparing_process", str(import_uid), str(path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, bufsize=PIPE_BYTES, pipesize=PIPE_BYTES)
    assert process.stdout is not None
    try:
        while (found := _next(process.stdout)) is not None:
            yield found
    finally:
        process.kill()
        process.stdout.close()
        process.wait()


def _next(stream: Any) -> Piece | None:
    try:
        found = pickle.load(stream)  # noqa: S301  written by our own process
    except EOFError:
        raise RuntimeError("the process that reads the roster has died") from None
    if isinstance(found, Reason):
        raise Refused(found)
    return found


def write_pieces(work: Work, out: IO[bytes]) -> None:
    """The other end of that process: pieces as pickles, then None, or a Reason when the file turns out unreadable."""
    try:
        for piece in pieces(work):
            pickle.dump(piece, out, pickle.HIGHEST_PROTOCOL)
            out.flush()
        pickle.dump(None, out)
    except Refused as refusal:
        pickle.dump(refusal.reason, out)
    out.flush()
