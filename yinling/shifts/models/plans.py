"""What is due for a resident again and again: turns, tagged meals, medicines. A change ends a row and adds one."""

import datetime as dt
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from yinling.institutions.models import Stay
from yinling.kernel.clock import now
from yinling.kernel.crypto import unseal
from yinling.kernel.uids import new_uid
from yinling.shifts.models.wards import ByHome


class ByStay(ByHome):
    """Rows seen where the home of their stay is seen."""

    scope_field = "stay__institution__place_key"

    def standing(self) -> Self:
        """Those that hold now."""
        return self.filter(ended_at__isnull=True)

    def between(self, start: dt.datetime, end: dt.datetime) -> Self:
        """Those that held at some instant of a span."""
        return self.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=start), begins_at__lt=end)


class TurningPlan(models.Model):
    """A resident is turned every so many minutes, counted from midnight."""

    uid = models.UUIDField(default=new_uid, unique=True)
    stay = models.ForeignKey(Stay, on_delete=models.PROTECT, related_name="turning_plans")
    every_minutes = models.SmallIntegerField()
    begins_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)
    planned_by = models.UUIDField()

    objects = ByStay.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stay"], condition=Q(ended_at__isnull=True), name="a_resident_has_one_turning_plan"
            ),
            models.CheckConstraint(
                condition=Q(every_minutes__gte=30, every_minutes__lte=480),
                name="turns_lie_between_half_an_hour_and_eight",
            ),
        ]


class Diet(models.Model):
    """How a resident's food must be: tags of the code list diet_tag."""

    uid = models.UUIDField(default=new_uid, unique=True)
    stay = models.ForeignKey(Stay, on_delete=models.PROTECT, related_name="diets")
    tags = models.JSONField(default=list)
    allergy_sealed = models.BinaryField(default=bytes)
    begins_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)
    planned_by = models.UUIDField()

    objects = ByStay.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stay"], condition=Q(ended_at__isnull=True), name="a_resident_has_one_diet")
        ]

    def allergy(self) -> str:
        """What the resident must not eat, in plain words."""
        return unseal(self.allergy_sealed, diet_where(self.uid))


def diet_where(uid: UUID | str) -> str:
    """What the sealed words of a diet are bound to."""
    return f"shifts.diet.allergy:{uid}"


def order_where(field: str, uid: UUID | str) -> str:
    """What a sealed field of a medicine order is bound to."""
    return f"shifts.order.{field}:{uid}"


class MedicineOrder(models.Model):
    """A medicine kept and given by the home under an agreement: `times` of day as "08:00". Free text is sealed."""

    uid = models.UUIDField(default=new_uid, unique=True)
    stay = models.ForeignKey(Stay, on_delete=models.PROTECT, related_name="medicine_orders")
    medicine_sealed = models.BinaryField()
    dose_sealed = models.BinaryField()
    prescriber_sealed = models.BinaryField()
    note_sealed = models.BinaryField(default=bytes)
    times = models.JSONField(default=list)
    agreement_number = models.CharField(max_length=60)  # of keeping and giving medicines
    begins_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)
    planned_by = models.UUIDField()

    objects = ByStay.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(agreement_number=""), name="medicines_are_kept_under_an_agreement"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("begins_at")),
                name="an_order_ends_after_it_begins",
            ),
        ]

    def plain(self, field: str) -> str:
        """The plain text of `medicine`, `dose`, `prescriber` or `note`."""
        return unseal(getattr(self, f"{field}_sealed"), order_where(field, self.uid))
