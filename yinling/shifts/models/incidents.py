"""Incidents, and who was involved."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from yinling.institutions.models import Institution, Stay
from yinling.kernel.clock import now
from yinling.kernel.crypto import unseal
from yinling.kernel.uids import new_uid
from yinling.shifts.models.wards import ByHome, Ward


def incident_where(field: str, uid: object) -> str:
    """What a sealed field of an incident is bound to."""
    return f"shifts.incident.{field}:{uid}"


class IncidentQuerySet(ByHome):
    """Incidents."""

    def open(self) -> Self:
        """Not closed yet."""
        return self.exclude(state=Incident.State.CLOSED)


class Incident(models.Model):
    """Something happened (code list incident_kind). `uid` is the phone's own. Free text is sealed.

    reported (words may be missing) → reviewed by the manager → closed by another; returned goes back to reported.
    """

    class State(models.TextChoices):
        REPORTED = "reported", pgettext_lazy("incident", "Reported")
        REVIEWED = "reviewed", pgettext_lazy("incident", "Reviewed")
        CLOSED = "closed", pgettext_lazy("incident", "Closed")

    uid = models.UUIDField(default=new_uid, unique=True)
    number = models.CharField(max_length=40, unique=True)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="incidents")
    ward = models.ForeignKey(Ward, null=True, on_delete=models.PROTECT, related_name="incidents")
    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=8, choices=State, default=State.REPORTED)
    happened_at = models.DateTimeField()
    reported_at = models.DateTimeField()  # on the phone; `recorded_at` when it arrived
    recorded_at = models.DateTimeField(default=now)
    deadline_minutes = models.SmallIntegerField()  # as it stood then
    is_late = models.BooleanField()
    reported_by = models.UUIDField()
    reported_label = models.CharField(max_length=60)
    spot = models.CharField(max_length=80, blank=True)
    what_sealed = models.BinaryField(default=bytes)
    done_sealed = models.BinaryField(default=bytes)
    family_told_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    cause_sealed = models.BinaryField(default=bytes)
    measures_sealed = models.BinaryField(default=bytes)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.UUIDField(null=True)
    reviewed_label = models.CharField(max_length=60, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField(null=True)
    closed_label = models.CharField(max_length=60, blank=True)
    returned_why = models.CharField(max_length=300, blank=True)
    origin_kind = models.CharField(max_length=40, blank=True)
    origin_uid = models.UUIDField(null=True)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["institution", "-happened_at"], name="incident_by_home"),
            models.Index(fields=["state", "-happened_at"], name="incident_by_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_by__isnull=True) | ~Q(closed_by=F("reviewed_by")),
                name="an_incident_is_closed_by_another_than_its_reviewer",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_at__isnull=False, reviewed_at__isnull=False),
                name="a_closed_incident_was_reviewed",
            ),
            models.CheckConstraint(
                condition=Q(reported_at__gte=F("happened_at")), name="an_incident_is_reported_after_it_happened"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def plain(self, field: str) -> str:
        """The plain text of `what`, `done`, `cause` or `measures`."""
        return unseal(getattr(self, f"{field}_sealed"), incident_where(field, self.uid))


class InvolvedQuerySet(ByHome):
    """People in incidents."""

    scope_field = "incident__institution__place_key"


class Involved(models.Model):
    """A resident to whom it happened, or who did it."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="involved")
    stay = models.ForeignKey(Stay, on_delete=models.PROTECT, related_name="incidents")

    objects = InvolvedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "stay"], name="a_resident_is_involved_once")]
