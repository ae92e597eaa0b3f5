"""Imports, and how a header was read before."""

from pathlib import Path
from typing import Self

from django.conf import settings
from django.db import models

from yinling.kernel.actors import Actor
from yinling.kernel.clock import now
from yinling.kernel.reasons import Reason
from yinling.kernel.scope import ScopedQuerySet
from yinling.kernel.uids import new_uid
from yinling.spreadsheets.formats import FileKind, Inspection
from yinling.spreadsheets.outcomes import OutcomeFile, OutcomeKind, Position
from yinling.spreadsheets.plans import SheetPlan


class ImportQuerySet(ScopedQuerySet["Import"]):
    """Imports: those of one's divisions, and one's own."""

    def visible_to(self, user: Actor, permission: str | None = None) -> Self:
        """Imports for the user's divisions, and those the user uploaded."""
        found = super().visible_to(user, permission)
        return found if permission is not None else found | self.filter(uploaded_by=user.uid)


class Import(models.Model):
    """One file on its way into one register: how it is read, how far it is, what became of its rows."""

    class State(models.TextChoices):
        UPLOADED = "uploaded"  # let in; somebody has to confirm how it is read
        RUNNING = "running"  # queued or being read
        DONE = "done"
        STOPPED = "stopped"  # somebody pressed stop; may go on from there
        FAILED = "failed"

    uid = models.UUIDField(default=new_uid, unique=True)
    register = models.CharField(max_length=40)
    place_key = models.BigIntegerField()
    source = models.CharField(max_length=80)
    file_uid = models.UUIDField()
    file_name = models.CharField(max_length=200)
    file_size = models.BigIntegerField()
    language = models.CharField(max_length=10, default="zh-hans")
    uploaded_by = models.UUIDField()
    uploader = models.CharField(max_length=120)
    uploaded_at = models.DateTimeField(default=now)

    inspection = models.JSONField(default=dict)  # kind, encoding, delimiter
    sheets = models.JSONField(default=list)  # SheetPlan.as_data() of every sheet
    rows = models.BigIntegerField(default=0)  # of all sheets that are read
    state = models.CharField(max_length=10, choices=State, default=State.UPLOADED)
    job_uid = models.UUIDField(null=True)

    position_sheet = models.IntegerField(default=-1)  # saved in the transaction of each batch
    position_row = models.BigIntegerField(default=0)
    rows_read = models.BigIntegerField(default=0)
    counts = models.JSONField(default=dict)  # outcomes by kind
    skipped = models.JSONField(default=dict)  # rows that are no data, by kind
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    working_seconds = models.FloatField(default=0)
    failure = models.JSONField(null=True)  # Reason.as_data()

    annotated_uid = models.UUIDField(null=True)  # the clerk's workbook with outcomes beside the rows
    annotating_job_uid = models.UUIDField(null=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["place_key", "id"], name="import_by_place"),
            models.Index(fields=["uploaded_by", "id"], name="import_by_uploader"),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def position(self) -> Position:
        """The last row whose batch is written: (index of the sheet, row number)."""
        return (self.position_sheet, self.position_row)

    def plans(self) -> list[SheetPlan]:
        """How each sheet is read."""
        return [SheetPlan.from_data(data) for data in self.sheets]

    def found(self) -> Inspection:
        """What the file was found to be at upload."""
        kept = self.inspection
        sheets = tuple(plan.sheet for plan in self.plans())
        return Inspection(FileKind(kept["kind"]), self.file_size, sheets, kept["encoding"], kept["delimiter"])

    @property
    def failure_reason(self) -> Reason | None:
        """Why it failed, if it did."""
        return Reason.from_data(self.failure) if self.failure else None

    @property
    def folder(self) -> Path:
        """Where outcomes are kept. Masked names and reasons only."""
        return Path(settings.HOME) / "imports" / str(self.uid)

    @property
    def outcomes_path(self) -> Path:
        """The file of outcomes."""
        return self.folder / "outcomes.gz"

    def outcomes(self) -> OutcomeFile:
        """What became of each row so far."""
        return OutcomeFile(self.outcomes_path)

    def count(self, kind: OutcomeKind) -> int:
        """How many rows had this outcome."""
        return int(self.counts.get(kind, 0))

    @property
    def taken(self) -> int:
        """Data rows that have an outcome."""
        return sum(self.counts.values())


class RememberedMapping(models.Model):
    """How somebody once read a header; the next file with the same one is read alike, city-wide."""

    register = models.CharField(max_length=40)
    signature = models.CharField(max_length=32)
    columns = models.JSONField()  # field key or null, by column
    confirmed_by = models.UUIDField()
    confirmed_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["register", "signature"], name="a_header_is_read_one_way_per_register")
        ]
