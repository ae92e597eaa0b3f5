"""Rosters in: let a file in, confirm how it is read, start, stop, go on; its outcomes back as a workbook."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language

from yinling.files import services as files
from yinling.kernel import jobs
from yinling.kernel.actors import Actor, require
from yinling.kernel.changes import record
from yinling.kernel.errors import NotFound, Refused
from yinling.kernel.models import Job
from yinling.kernel.reasons import Words
from yinling.kernel.uids import new_uid
from yinling.spreadsheets import reading
from yinling.spreadsheets.events import ImportStarted, RosterUploaded
from yinling.spreadsheets.formats import DEFAULT_LIMITS, MIB, Inspection
from yinling.spreadsheets.importing import end, register_of
from yinling.spreadsheets.jobs import ANNOTATE, IMPORT
from yinling.spreadsheets.models import Import, RememberedMapping
from yinling.spreadsheets.plans import SheetPlan, plan_file
from yinling.spreadsheets.queries import import_seen_by, remembered_by
from yinling.spreadsheets.registers import Register, register

State = Import.State
Chosen = Mapping[str, Mapping[int, str | None]]
"""Header signature -> column (from 0) -> key of a field, None for a column that is left out."""


def upload(*, stream: IO[bytes], name: str, register_key: str, place_key: int, by: Actor, source: str = "") -> Import:
    """Let a file in: look at it, find its headers, keep it. Raises Refused for what must not or cannot be read."""
    kind = _register(register_key)
    require(by, kind.permission, place_key or None)
    with _spooled(stream, name) as path:
        found, plans = _looked_at(path, kind)
        uid = new_uid()
        about = files.About(place_key, "import", uid, f"roster: {kind.key}")
        with path.open("rb") as content:
            stored = files.store(content, kind="roster", name=name, about=about, by=by)
    return _keep(uid, stored.uid, stored.name, found, plans, kind, place_key, source, by)


@transaction.atomic
def _keep(
    uid: UUID, file_uid: UUID, name: str, found: Inspection, plans: list[SheetPlan], kind: Register, place_key: int,
    source: str, by: Actor,
) -> Import:  # fmt: skip
    kept = Import.objects.create(
        uid=uid, register=kind.key, place_key=place_key, source=(source or name)[:80], file_uid=file_uid,
        file_name=name, file_size=found.size_bytes, language=get_language() or settings.LANGUAGE_CODE,
        uploaded_by=UUID(str(by.uid)), uploader=by.label, sheets=[plan.as_data() for plan in plans],
        inspection={"kind": str(found.kind), "encoding": found.encoding, "delimiter": found.delimiter},
        rows=sum(plan.rows for plan in plans if plan.is_read),
    )  # fmt: skip
    record(RosterUploaded(uid=uid, register=kind.key, rows=kept.rows), by=by, place_key=place_key, reason=kept.source)
    return kept


def _looked_at(path: Path, kind: Register) -> tuple[Inspection, list[SheetPlan]]:
    """What the file is and how its sheets would be read; refusals belong to the field `file`."""
    try:
        found = reading.inspect(path)
        plans = plan_file(path, found, kind, remembered_by(kind))
    except Refused as refusal:
        raise Refused(refusal.reason, field="file") from None
    if not any(plan.is_read for plan in plans):
        why = next(plan.why_not for plan in plans if plan.why_not)
        raise Refused(why, field="file")
    return found, plans


def _register(key: str) -> Register:
    kind = register(key)
    if kind is None:
        raise Refused("Choose what the rows of this file are.", field="register")
    return kind


@contextmanager
def _spooled(stream: IO[bytes], name: str) -> Iterator[Path]:
    """The upload as a file of our own, never longer than the limit and one piece."""
    home = Path(settings.HOME) / "imports"
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with TemporaryDirectory(dir=home, prefix=".upload-") as folder:
        path = Path(folder) / f"roster{Path(name).suffix.lower()[:6]}"
        left = DEFAULT_LIMITS.csv_bytes + 1
        with path.open("wb") as file:
            while left > 0 and (piece := stream.read(MIB)):
                file.write(piece)
                left -= len(piece)
        yield path


@transaction.atomic
def choose_mapping(*, uid: UUID | str, columns: Chosen, by: Actor) -> Import:
    """Confirm which column feeds which field, and remember it for the next file with the same headers."""
    found = _own(uid, by)
    if found.state != State.UPLOADED:
        raise Refused("This file is being read already. Upload it again to read it another way.")
    kind = register_of(found)
    plans = [plan.choosing(columns.get(plan.pairing.signature, {})) if plan.pairing else plan for plan in found.plans()]
    for plan in plans:
        if plan.pairing and (missing := plan.pairing.missing(kind.fields)):
            raise Refused(
                "No column of the sheet {sheet} is paired with {needed}, and no row can be taken without it.",
                sheet=plan.sheet.name, needed=Words(missing[0].title_zh, missing[0].title_en),
            )  # fmt: skip
    found.sheets = [plan.as_data() for plan in plans]
    found.save(update_fields=["sheets"])
    for plan in plans:
        if plan.pairing:
            _remember(kind, plan, by)
    return found


def _remember(kind: Register, plan: SheetPlan, by: Actor) -> None:
    assert plan.pairing is not None
    RememberedMapping.objects.update_or_create(
        register=kind.key, signature=plan.pairing.signature,
        defaults={"columns": plan.pairing.remembered(), "confirmed_by": UUID(str(by.uid))},
    )  # fmt: skip


@transaction.atomic
def start(*, uid: UUID | str, by: Actor) -> Import:
    """Queue the work. Started twice is started once."""
    found = _own(uid, by)
    require(by, register_of(found).permission, found.place_key or None)
    if found.state != State.UPLOADED:
        return found
    job = jobs.start(IMPORT, {"import": str(found.uid)}, by=by, key=f"import:{found.uid}", place_key=found.place_key)
    found.state, found.job_uid, found.started_at = State.RUNNING, job.uid, job.not_before
    found.save(update_fields=["state", "job_uid", "started_at"])
    record(ImportStarted(uid=found.uid, register=found.register), by=by, place_key=found.place_key)
    return found


def stop(*, uid: UUID | str, by: Actor) -> Import:
    """Ask a running import to stop after the batch at hand. What is taken stays taken."""
    found = _own(uid, by)
    if found.state == State.RUNNING and found.job_uid:
        job = jobs.cancel(found.job_uid, by=by)
        if job.state == Job.State.CANCELLED:  # it had not begun
            end(found, State.STOPPED)
    return found


@transaction.atomic
def resume(*, uid: UUID | str, by: Actor) -> Import:
    """Go on where a stopped or failed import was left."""
    found = _own(uid, by)
    if found.state in (State.STOPPED, State.FAILED) and found.job_uid:
        jobs.resume(found.job_uid, by=by)
        found.state, found.failure, found.ended_at = State.RUNNING, None, None
        found.save(update_fields=["state", "failure", "ended_at"])
    return found


@transaction.atomic
def read_again(*, uid: UUID | str, by: Actor) -> Import:
    """The same file once more, to be read another way. What the first reading took stays taken."""
    found = _own(uid, by)
    again = Import.objects.create(
        register=found.register, place_key=found.place_key, source=found.source, file_uid=found.file_uid,
        file_name=found.file_name, file_size=found.file_size, language=get_language() or found.language,
        uploaded_by=found.uploaded_by, uploader=found.uploader, inspection=found.inspection, sheets=found.sheets,
        rows=found.rows,
    )  # fmt: skip
    event = RosterUploaded(uid=again.uid, register=found.register, rows=found.rows)
    record(event, by=by, place_key=found.place_key, reason=found.source)
    return again


@transaction.atomic
def annotate(*, uid: UUID | str, by: Actor) -> Import:
    """Queue the writing of the annotated workbook, once the import has ended."""
    found = _own(uid, by)
    if found.state in (State.DONE, State.STOPPED, State.FAILED) and found.annotated_uid is None:
        key = f"annotate:{found.uid}:{found.rows_read}"
        job = jobs.start(ANNOTATE, {"import": str(found.uid)}, by=by, key=key, place_key=found.place_key)
        found.annotating_job_uid = job.uid
        found.save(update_fields=["annotating_job_uid"])
    return found


def open_annotated(*, uid: UUID | str, by: Actor) -> files.Opened:
    """The annotated workbook, for whoever sees the import. Leaves a line in the record."""
    found = import_seen_by(by, uid)
    if found.annotated_uid is None:
        raise NotFound("workbook")
    return files.open_for(found.annotated_uid, subject_kind="import", subject_uid=found.uid, by=by, reason=found.source)


def _own(uid: UUID | str, by: Actor) -> Import:
    """An import the actor uploaded. Others may look at it, but rows are taken in the uploader's name."""
    found = import_seen_by(by, uid)
    if str(found.uploaded_by) != str(by.uid):
        raise Refused("Only {name}, who uploaded this file, may do that.", name=found.uploader)
    return found


def import_file(*, path: Path, register_key: str, by: Actor, place_key: int = 0, source: str = "") -> Import:
    """Upload a file and take its rows, as the pages do, with columns paired as guessed. Returns when it has ended.

    The work is done here, or by a runner that is quicker. Raises Refused.
    """
    with path.open("rb") as stream:
        found = upload(
            stream=stream, name=path.name, register_key=register_key, place_key=place_key, by=by, source=source
        )
    choose_mapping(uid=found.uid, columns={}, by=by)
    start(uid=found.uid, by=by)
    found.refresh_from_db()
    while found.state == State.RUNNING:
        if not jobs.run_one("command line"):
            time.sleep(0.2)
        found.refresh_from_db()
    return found
