"""Home beds: a bed at home with a provider, a contract, devices, services a month and an answer around the clock."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils.translation import pgettext_lazy

from yinling.care.permissions import Care
from yinling.kernel.actors import WHOLE_CITY, Actor
from yinling.kernel.clock import civil_date, now
from yinling.kernel.scope import ScopedQuerySet, within
from yinling.kernel.uids import new_uid
from yinling.organisations.models import Organisation
from yinling.people.models import Person


def served_by(user: Actor) -> QuerySet["HomeBed"]:
    """Home beds in use whose provider the user goes out for today."""
    if not user.may(Care.DELIVER):
        return HomeBed.objects.none()
    today = civil_date()
    works = Q(provider__visitors__ended_on__isnull=True) | Q(provider__visitors__ended_on__gt=today)
    return HomeBed.objects.filter(
        works, state=HomeBed.State.STANDING, provider__visitors__user__uid=user.uid,
        provider__visitors__begins_on__lte=today,
    )  # fmt: skip


class HomeBedQuerySet(ScopedQuerySet["HomeBed"]):
    """Home beds: of one's divisions, and those in use that one's organisation serves."""

    scope_field = "person__place_key"

    def visible_to(self, user: Actor, permission: str | None = None) -> Self:
        """Beds of the divisions, and those served."""
        ranges = tuple(user.key_ranges(permission))
        if ranges == WHOLE_CITY:
            return self.all()
        return self.filter(within(ranges, self.scope_field) | Q(pk__in=served_by(user).values("pk")))

    def own_divisions(self, user: Actor) -> Self:
        """Beds of the divisions alone."""
        return super().visible_to(user)

    def standing(self) -> Self:
        """Those in use."""
        return self.filter(state=HomeBed.State.STANDING)


class HomeBed(models.Model):
    """One person's bed at home. Entered by the township, approved by the county. `criteria`: what spoke for it."""

    class State(models.TextChoices):
        APPLIED = "applied", pgettext_lazy("home bed", "Applied for")
        APPROVED = "approved", pgettext_lazy("home bed", "Approved, not set up yet")
        STANDING = "standing", pgettext_lazy("home bed", "In use")
        REFUSED = "refused", pgettext_lazy("home bed", "Refused")
        CLOSED = "closed", pgettext_lazy("home bed", "Closed")

    uid = models.UUIDField(default=new_uid, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="home_beds")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="home_beds")
    state = models.CharField(max_length=8, choices=State, default=State.APPLIED)
    criteria = models.JSONField(default=dict)
    contract_number = models.CharField(max_length=60, blank=True)
    services_a_month = models.SmallIntegerField()
    response_minutes = models.SmallIntegerField()
    applied_on = models.DateField()
    decided_on = models.DateField(null=True)
    decided_by = models.UUIDField(null=True)
    decision_reason = models.CharField(max_length=200, blank=True)
    begins_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    end_reason = models.CharField(max_length=20, blank=True)  # code list home_bed_end
    recorded_by = models.UUIDField()
    recorded_at = models.DateTimeField(default=now)

    objects = HomeBedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state__in=["applied", "approved", "standing"]),
                name="a_person_has_one_home_bed",
            ),
            models.CheckConstraint(
                condition=~Q(state="standing") | (~Q(contract_number="") & Q(begins_on__isnull=False)),
                name="a_home_bed_stands_under_a_contract",
            ),
            models.CheckConstraint(condition=~Q(state="closed") | ~Q(end_reason=""), name="a_home_bed_closed_says_why"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("begins_on")),
                name="a_home_bed_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("recorded_by")),
                name="a_home_bed_is_approved_by_another",
            ),
        ]  # fmt: skip


class OfBed(ScopedQuerySet["BedCall"]):
    """Calls, seen where their bed is seen."""

    scope_field = "bed__person__place_key"

    def visible_to(self, user: Actor, permission: str | None = None) -> Self:
        """Calls of the divisions, and of beds served."""
        ranges = tuple(user.key_ranges(permission))
        if ranges == WHOLE_CITY:
            return self.all()
        return self.filter(within(ranges, self.scope_field) | Q(bed__in=served_by(user).values("pk")))


class BedCall(models.Model):
    """Somebody in a home bed called; the provider answered, or has not yet."""

    uid = models.UUIDField(default=new_uid, unique=True)
    bed = models.ForeignKey(HomeBed, on_delete=models.PROTECT, related_name="calls")
    called_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    way = models.CharField(max_length=20)  # code list call_way
    outcome = models.CharField(max_length=20, blank=True)  # code list call_outcome
    recorded_by = models.UUIDField()
    recorded_at = models.DateTimeField(default=now)

    objects = OfBed.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(answered_at__gte=F("called_at")),
                name="a_call_is_answered_after_it_came",
            ),
            models.UniqueConstraint(fields=["bed", "called_at"], name="a_call_is_written_once"),
        ]

    @property
    def is_late(self) -> bool:
        """Whether the answer took longer than the contract says."""
        limit = self.called_at + dt.timedelta(minutes=self.bed.response_minutes)
        return self.answered_at is not None and self.answered_at > limit
