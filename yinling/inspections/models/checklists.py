"""Checklists, as packs state them."""

from django.db import models
from django.db.models import F, Q

from yinling.inspections.rules.checklists import Checklist as Questions
from yinling.inspections.rules.checklists import checklist_from
from yinling.kernel.clock import now
from yinling.kernel.uids import new_uid


class Checklist(models.Model):
    """One checklist in one version. A corrected reading is a new row: old inspections keep theirs."""

    uid = models.UUIDField(default=new_uid, unique=True)
    key = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    data = models.JSONField()
    digest = models.CharField(max_length=64)  # SHA-256 of the data
    verified = models.BooleanField()
    pack = models.CharField(max_length=40)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    recorded_at = models.DateTimeField(default=now)
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "version"],
                condition=Q(superseded_at__isnull=True),
                name="a_checklist_stands_once_per_version",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="checklist_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.version}"

    @property
    def questions(self) -> Questions:
        """The checklist as rules read it."""
        return checklist_from(self.data)
