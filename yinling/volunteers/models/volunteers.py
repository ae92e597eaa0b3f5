"""Volunteers: what they can do and when, how they were checked, trained, insured and honoured."""

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from yinling.care.models import Visitor
from yinling.kernel.clock import now
from yinling.kernel.scope import ScopedQuerySet
from yinling.kernel.uids import new_uid
from yinling.volunteers.models.branches import Group, Member


class VolunteerQuerySet(ScopedQuerySet["Volunteer"]):
    """Volunteers."""

    scope_field = "member__place_key"

    def active(self) -> Self:
        """Those accepted and not ended."""
        return self.filter(state=Volunteer.State.ACTIVE)


class Volunteer(models.Model):
    """A member who serves. `visitor`: under which name they go to doors, once accepted. `days`: weekdays, 0 Monday."""

    class State(models.TextChoices):
        APPLIED = "applied", pgettext_lazy("volunteer", "Applied")
        ACTIVE = "active", pgettext_lazy("volunteer", "Active")
        SUSPENDED = "suspended", pgettext_lazy("volunteer", "Suspended")
        ENDED = "ended", pgettext_lazy("volunteer", "Ended")
        REFUSED = "refused", pgettext_lazy("volunteer", "Not accepted")

    uid = models.UUIDField(default=new_uid, unique=True)
    member = models.OneToOneField(Member, on_delete=models.PROTECT, related_name="volunteer")
    visitor = models.OneToOneField(Visitor, null=True, on_delete=models.PROTECT, related_name="volunteer")
    groups = models.ManyToManyField(Group, related_name="volunteers")
    state = models.CharField(max_length=9, choices=State, default=State.APPLIED)
    skills = models.JSONField(default=list)  # code list visit_skill
    speaks = models.JSONField(default=list)  # code list language
    days = models.JSONField(default=list)
    from_hour = models.SmallIntegerField(default=8)
    until_hour = models.SmallIntegerField(default=18)
    applied_at = models.DateTimeField(default=now)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    decision = models.CharField(max_length=200, blank=True)

    objects = VolunteerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(from_hour__gte=0, until_hour__lte=24, from_hour__lt=F("until_hour")),
                name="a_volunteers_hours_lie_within_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["active", "suspended"]) | Q(decided_at__isnull=False),
                name="a_volunteer_at_work_was_accepted",
            ),
        ]

    def __str__(self) -> str:
        return str(self.member)


class ByVolunteer(ScopedQuerySet):
    """Rows seen where their volunteer is seen."""

    scope_field = "volunteer__member__place_key"


class Check(models.Model):
    """One check of a volunteer (code list volunteer_check: identity, health, record): what came of it, by whom."""

    uid = models.UUIDField(default=new_uid, unique=True)
    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="checks")
    kind = models.CharField(max_length=20)
    is_passed = models.BooleanField()
    checked_on = models.DateField()
    checked_by = models.UUIDField()
    checked_label = models.CharField(max_length=60)
    recorded_at = models.DateTimeField(default=now)

    objects: Any = ByVolunteer.as_manager()


class Training(models.Model):
    """A course a volunteer took (code list volunteer_course)."""

    uid = models.UUIDField(default=new_uid, unique=True)
    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="trainings")
    course = models.CharField(max_length=20)
    held_on = models.DateField()
    minutes = models.IntegerField()
    is_passed = models.BooleanField(default=True)
    recorded_at = models.DateTimeField(default=now)

    objects: Any = ByVolunteer.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gt=0), name="a_training_lasts"),
            models.UniqueConstraint(fields=["volunteer", "course", "held_on"], name="a_training_is_entered_once"),
        ]


class InsuranceQuerySet(ByVolunteer):
    """Insurance of volunteers."""

    def holding(self, day: dt.date) -> Self:
        """Those in force on a day."""
        return self.filter(valid_from__lte=day, valid_to__gte=day)


class Insurance(models.Model):
    """An insurance of a volunteer, from a day to a day, both included."""

    uid = models.UUIDField(default=new_uid, unique=True)
    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="insurances")
    insurer = models.CharField(max_length=60)
    policy = models.CharField(max_length=40)
    valid_from = models.DateField()
    valid_to = models.DateField()
    recorded_at = models.DateTimeField(default=now)

    objects: Any = InsuranceQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["valid_to"], name="insurance_by_end")]
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__gte=F("valid_from")), name="an_insurance_ends_after_it_begins")
        ]


class Honour(models.Model):
    """An honour given to a volunteer (code list volunteer_honour)."""

    uid = models.UUIDField(default=new_uid, unique=True)
    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="honours")
    kind = models.CharField(max_length=20)
    given_on = models.DateField()
    given_by = models.CharField(max_length=60)
    recorded_at = models.DateTimeField(default=now)

    objects: Any = ByVolunteer.as_manager()
