"""The work of an import: batch after batch into the register, each with its position and outcomes, or not at all.

A worker may die at any moment. The position is saved in the transaction of its batch; outcomes are appended before that
transaction ends and cut back to the position when the next worker takes over. So nothing is doubled and nothing lost.
"""

import os
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from yinling.accounts.models import User
from yinling.files import services as files
from yinling.kernel.actors import Actor, System, require
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date, now
from yinling.kernel.database import is_postgresql
from yinling.kernel.errors import NotFound, Refused
from yinling.kernel.jobs import Cancelled, Progress
from yinling.kernel.models import Job
from yinling.kernel.reasons import Reason
from yinling.spreadsheets import preparing
from yinling.spreadsheets.events import ImportEnded
from yinling.spreadsheets.models import Import
from yinling.spreadsheets.outcomes import OutcomeWriter
from yinling.spreadsheets.preparing import Piece, Work
from yinling.spreadsheets.registers import Context, Register, register

CHECKPOINT_EVERY = 60  # batches: about 180 MB of write-ahead log; a page changed often is then copied once
PRAGMAS = ("wal_autocheckpoint", "mmap_size", "cache_size")
MIB = 1024 * 1024
State = Import.State


def import_rows(progress: Progress) -> dict[str, Any]:
    """Take an import's rows from where they were left. Raises Cancelled, Refused."""
    found = Import.objects.get(uid=progress.arguments["import"])
    try:
        _take_all(found, progress)
    except Cancelled:
        if Job.objects.filter(pk=progress.job.pk, cancel_asked=True).exists():
            end(found, State.STOPPED)
        raise
    except Refused as refusal:
        end(found, State.FAILED, refusal.reason)
        raise
    except Exception:
        end(found, State.FAILED, Reason("The platform failed after row {row}. Try again from there; if it fails once "
                                        "more, call the hotline.", row=found.position_row))  # fmt: skip
        raise
    end(found, State.DONE)
    return dict(found.counts)


def _take_all(found: Import, progress: Progress) -> None:
    began = time.monotonic()
    earlier = found.working_seconds
    with opened_copy(found) as path, _checkpoints_between_batches() as checkpoint:
        work = work_of(found.uid, path)
        require(work.context.by, work.register.permission)
        found.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with OutcomeWriter(found.outcomes_path, resume_after=work.after) as writer:
            for number, piece in enumerate(_ready(found, work), start=1):
                progress.stop_if_asked()
                found.working_seconds = earlier + time.monotonic() - began
                take(piece, found, work, writer, progress)
                if number % CHECKPOINT_EVERY == 0:
                    checkpoint()


def take(piece: Piece, found: Import, work: Work, writer: OutcomeWriter, progress: Progress) -> None:
    """One batch, whole or not at all. Held by the writers' lock, so as little as possible happens here."""
    context = _context(work, piece.position[0])
    with transaction.atomic():
        # First of all, because it ends the work of whoever is no longer in charge.
        progress.reach(found.rows_read + piece.rows, found.rows)
        outcomes = work.register.take(piece.ready, context)
        found.position_sheet, found.position_row = piece.position
        found.rows_read += piece.rows
        found.counts = dict(Counter(found.counts) + Counter(str(outcome.kind) for outcome in outcomes))
        found.skipped = dict(Counter(found.skipped) + Counter(piece.skipped))
        found.save(
            update_fields=["position_sheet", "position_row", "rows_read", "counts", "skipped", "working_seconds"]
        )
        writer.append(outcomes)


def _ready(found: Import, work: Work) -> Iterator[Piece]:
    """The batches to come: prepared here when they are few, or when another process could not see our transaction."""
    if work.rows_left < preparing.WORTH_A_PROCESS or connection.in_atomic_block:
        return preparing.pieces(work)
    return preparing.pieces_from_a_process(found.uid, work.path)


def _context(work: Work, sheet: int) -> Context:
    held = work.context
    return replace(held, sheet=sheet)


def work_of(uid: UUID | str, path: Path) -> Work:
    """What an import has still to do, as the database has it."""
    found = Import.objects.get(uid=uid)
    context = Context(actor_of(found), found.source, civil_date(found.uploaded_at), 0, found.place_key, found.uid)
    return Work(path, found.found(), tuple(found.plans()), register_of(found), context, found.position)


def register_of(found: Import) -> Register:
    """The register of an import. Raises NotFound when it is offered no longer."""
    kind = register(found.register)
    if kind is None:
        raise NotFound("register")
    return kind


def actor_of(found: Import) -> Actor:
    """Who takes the rows: whoever uploaded the file, with the rights of today."""
    if str(found.uploaded_by) == System("").uid:
        return System(found.uploader)
    user = User.objects.filter(uid=found.uploaded_by, is_active=True).first()
    if user is None:
        raise Refused("The account that uploaded this file is closed. Upload it again.")
    return user


@contextmanager
def opened_copy(found: Import) -> Iterator[Path]:
    """The roster, decrypted for as long as it is read; only this account of the machine may read it."""
    found.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = found.folder / f"opened.{found.inspection['kind']}"
    content = files.open_file(found.file_uid, by=actor_of(found), reason="import").chunks
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.writelines(content)
        yield path
    finally:
        path.unlink(missing_ok=True)


@contextmanager
def _checkpoints_between_batches() -> Iterator[Any]:
    """SQLite moves its log into the database file at commits, while others wait; we do it between batches instead.

    An import touches all of the file: it keeps its indexes in a cache of its own and maps less of the file.
    """
    if is_postgresql() or connection.in_atomic_block:
        yield lambda: None
        return
    with connection.cursor() as cursor:
        usual = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in PRAGMAS}
        _set(cursor, wal_autocheckpoint=0, mmap_size=256 * MIB, cache_size=-256 * 1024)
        try:
            yield lambda: cursor.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        finally:
            _set(cursor, **usual)


def _set(cursor: Any, **pragmas: int) -> None:
    for name, value in pragmas.items():
        cursor.execute(f"PRAGMA {name}={value}")


@transaction.atomic
def end(found: Import, state: str, failure: Reason | None = None) -> None:
    """Say that no more rows are taken, and why."""
    found.state, found.ended_at = state, now()
    found.failure = failure.as_data() if failure else None
    found.save(update_fields=["state", "ended_at", "failure", "working_seconds"])
    counts = {str(kind): int(count) for kind, count in found.counts.items()}
    event = ImportEnded(uid=found.uid, register=found.register, state=state, **counts)
    by = System(found.uploader, str(found.uploaded_by))
    record(event, by=by, place_key=found.place_key, reason=found.source)
