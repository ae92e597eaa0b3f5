"""Photos of inspections and hazards."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from yinling.inspections.models.hazards import Hazard
from yinling.inspections.models.visits import Inspection
from yinling.institutions.models import Institution
from yinling.kernel.clock import now
from yinling.kernel.scope import ScopedQuerySet
from yinling.kernel.uids import new_uid


class PhotoQuerySet(ScopedQuerySet[Any]):
    """Photos, where their home lies; pages reach them through an inspection or hazard the user sees."""

    scope_field = "institution__place_key"


class Photo(models.Model):
    """One photo. `taken_at` and position come from the camera (none: it did not say); `band_*`: its perceptual hash.

    `same_as`: the same picture was attached before. `angle_of`: the photo it was taken again from the same angle of.
    """

    class Stage(models.TextChoices):
        FOUND = "found", pgettext_lazy("photo", "As found")
        DONE = "done", pgettext_lazy("photo", "After the work")
        RECHECK = "recheck", pgettext_lazy("photo", "At the re-check")

    uid = models.UUIDField(default=new_uid, unique=True)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    inspection = models.ForeignKey(Inspection, null=True, on_delete=models.PROTECT, related_name="photos")
    hazard = models.ForeignKey(Hazard, null=True, on_delete=models.PROTECT, related_name="photos")
    item = models.CharField(max_length=40, blank=True)
    stage = models.CharField(max_length=8, choices=Stage, default=Stage.FOUND)
    file_uid = models.UUIDField()
    sha256 = models.BinaryField(max_length=32)
    band_0 = models.IntegerField(null=True)
    band_1 = models.IntegerField(null=True)
    band_2 = models.IntegerField(null=True)
    band_3 = models.IntegerField(null=True)
    taken_at = models.DateTimeField(null=True)
    longitude = models.FloatField(null=True)  # WGS84 degrees
    latitude = models.FloatField(null=True)
    is_by_phone = models.BooleanField(default=False)  # the camera said no position; the phone did when it was sent
    metres_away = models.IntegerField(null=True)  # from the home, where both positions are known
    same_as = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    angle_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="retaken")
    added_by = models.UUIDField()
    added_at = models.DateTimeField(default=now)

    objects = PhotoQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=[f"band_{n}"], name=f"photo_by_band_{n}") for n in range(4)]
        constraints = [
            models.CheckConstraint(
                condition=Q(inspection__isnull=False) | Q(hazard__isnull=False), name="a_photo_belongs_somewhere"
            )
        ]

    @property
    def bands(self) -> tuple[int, ...] | None:
        """The four bands of its hash; None where it could not be read."""
        found = (self.band_0, self.band_1, self.band_2, self.band_3)
        return None if None in found else found  # type: ignore[return-value]
