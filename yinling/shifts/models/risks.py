"""The nine safety risks of a resident, as they were assessed."""

from typing import Self

from django.db import models
from django.db.models import Q

from yinling.institutions.models import Stay
from yinling.kernel.clock import now
from yinling.kernel.uids import new_uid
from yinling.shifts.models.wards import ByHome


class RiskAssessmentQuerySet(ByHome):
    """Risk assessments."""

    scope_field = "stay__institution__place_key"

    def current(self) -> Self:
        """The last one of each stay."""
        return self.filter(superseded_at__isnull=True)


class RiskAssessment(models.Model):
    """One filling-in of the checklist of code list risk_question; `answers`: the codes answered with yes."""

    class Occasion(models.TextChoices):
        ADMISSION = "admission"
        YEARLY = "yearly"
        CHANGE = "change"

    uid = models.UUIDField(default=new_uid, unique=True)
    stay = models.ForeignKey(Stay, on_delete=models.PROTECT, related_name="risk_assessments")
    occasion = models.CharField(max_length=10, choices=Occasion)
    assessed_on = models.DateField()
    answers = models.JSONField(default=list)
    assessed_by = models.UUIDField()
    assessed_label = models.CharField(max_length=60)
    recorded_at = models.DateTimeField(default=now)
    superseded_at = models.DateTimeField(null=True)

    objects = RiskAssessmentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["assessed_on"], condition=Q(superseded_at__isnull=True), name="risk_by_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["stay"], condition=Q(superseded_at__isnull=True), name="a_stay_has_one_risk_assessment_in_force"
            )
        ]


class FindingQuerySet(ByHome):
    """Grades."""

    scope_field = "assessment__stay__institution__place_key"


class RiskFinding(models.Model):
    """One of the nine risks: its grade (low, medium, high) and the measures agreed (code list risk_measure)."""

    assessment = models.ForeignKey(RiskAssessment, on_delete=models.PROTECT, related_name="findings")
    risk = models.CharField(max_length=20)
    grade = models.CharField(max_length=8)
    measures = models.JSONField(default=list)

    objects = FindingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "risk"], name="a_risk_is_graded_once"),
            models.CheckConstraint(condition=Q(grade__in=["low", "medium", "high"]), name="a_risk_has_a_grade"),
        ]
