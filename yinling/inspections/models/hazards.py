"""Hazards and what becomes of them. Steps are only added."""

from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yinling.institutions.models import Institution
from yinling.institutions.models.sites import workplaces
from yinling.kernel.actors import WHOLE_CITY, Actor
from yinling.kernel.clock import now
from yinling.kernel.scope import ScopedQuerySet, within
from yinling.kernel.uids import new_uid


class HazardQuerySet(ScopedQuerySet["Hazard"]):
    """Hazards: in one's divisions, of the home where one works, and those one found."""

    def visible_to(self, user: Actor, permission: str | None = None) -> Self:
        """Those in the user's divisions, of the user's own home, and found by the user."""
        ranges = tuple(user.key_ranges(permission))
        if ranges == WHOLE_CITY:
            return self.all()
        return self.filter(within(ranges) | Q(institution__in=workplaces(user)) | Q(found_by=user.uid))

    def open(self) -> Self:
        """Neither closed nor void."""
        return self.filter(state__in=["found", "rectifying", "submitted"])

    def counting(self) -> Self:
        """All but mistakes."""
        return self.exclude(state="void")

    def overdue(self, today: Any) -> Self:
        """Open past the deadline of the notice."""
        return self.open().filter(due_on__lt=today)


class Hazard(models.Model):
    """Something that may hurt somebody. `origin`: the inspection, self-check, alert or complaint that found it.

    `group` and `item` name the place in a checklist; `clause` is what a notice cites. `repeats`: the earlier one.
    """

    class Level(models.TextChoices):
        GENERAL = "general", _("General hazard")
        MAJOR = "major", _("Major hazard")

    class State(models.TextChoices):
        FOUND = "found", _("Found, notice to be issued")
        RECTIFYING = "rectifying", _("Being removed")
        SUBMITTED = "submitted", _("Waits for the re-check")
        CLOSED = "closed", pgettext_lazy("hazard", "Closed out")
        VOID = "void", pgettext_lazy("hazard", "Taken back")

    class Origin(models.TextChoices):
        INSPECTION = "inspection", pgettext_lazy("origin of a hazard", "Inspection")
        SELF_CHECK = "self_check", pgettext_lazy("origin of a hazard", "Self-check")
        ALERT = "alert", pgettext_lazy("origin of a hazard", "Alert")
        COMPLAINT = "complaint", pgettext_lazy("origin of a hazard", "Complaint")
        OTHER = "other", pgettext_lazy("origin of a hazard", "Seen on another occasion")

    uid = models.UUIDField(default=new_uid, unique=True)
    number = models.CharField(max_length=40, unique=True)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="hazards")
    place_key = models.BigIntegerField()
    origin_kind = models.CharField(max_length=40)
    origin_uid = models.UUIDField(null=True)
    group = models.CharField(max_length=40, blank=True)
    item = models.CharField(max_length=40, blank=True)
    clause = models.CharField(max_length=200, blank=True)
    level = models.CharField(max_length=8, choices=Level, blank=True)
    words = models.CharField(max_length=600)
    spot = models.CharField(max_length=120, blank=True)  # where in the home
    state = models.CharField(max_length=12, choices=State, default=State.FOUND)
    found_on = models.DateField()
    found_by = models.UUIDField()
    repeats = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="repeated_by")
    due_on = models.DateField(null=True)
    times_returned = models.SmallIntegerField(default=0)
    closed_at = models.DateTimeField(null=True)
    listed_at = models.DateTimeField(null=True)  # under supervision by list
    reported_at = models.DateTimeField(null=True)  # reported upward
    shut_part = models.CharField(max_length=120, blank=True)  # part of the home out of use
    shut_at = models.DateTimeField(null=True)
    reopened_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(default=now)

    objects = HazardQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["place_key", "id"], name="hazard_by_place"),
            models.Index(fields=["institution", "item", "found_on"], name="hazard_by_clause"),
            models.Index(fields=["state", "due_on", "id"], name="hazard_by_state"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["origin_kind", "origin_uid", "item"],
                condition=Q(origin_uid__isnull=False),
                name="an_origin_finds_a_hazard_once_per_item",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) | (~Q(state="closed") & Q(closed_at__isnull=True)),
                name="a_closed_hazard_says_when",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["found", "void"]) | (Q(due_on__isnull=False) & ~Q(level="")),
                name="a_hazard_with_a_notice_has_grade_and_deadline",
            ),
            models.CheckConstraint(
                condition=Q(level="major") | Q(listed_at__isnull=True, reported_at__isnull=True, shut_at__isnull=True),
                name="only_major_hazards_are_listed_or_shut_anything",
            ),
            models.CheckConstraint(condition=~Q(words=""), name="a_hazard_is_described"),
        ]

    def __str__(self) -> str:
        return self.number


class ByHazard(ScopedQuerySet[Any]):
    """Rows that hang on a hazard."""

    scope_field = "hazard__place_key"


class Notice(models.Model):
    """The order to remove a hazard: the five fixings as issued. The deadline in force is the hazard's own."""

    hazard = models.OneToOneField(Hazard, on_delete=models.PROTECT, related_name="notice")
    number = models.CharField(max_length=40, unique=True)
    responsible = models.CharField(max_length=60)
    measure = models.CharField(max_length=600)
    money_fen = models.BigIntegerField()
    due_on = models.DateField()
    contingency = models.CharField(max_length=600)
    issued_by = models.UUIDField()
    issued_at = models.DateTimeField(default=now)

    objects = ByHazard.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(responsible="") & ~Q(measure="") & ~Q(contingency="") & Q(money_fen__gte=0),
                name="a_notice_fixes_all_five",
            )
        ]


class Submission(models.Model):
    """Work handed in, and what the re-check said."""

    uid = models.UUIDField(default=new_uid, unique=True)
    hazard = models.ForeignKey(Hazard, on_delete=models.PROTECT, related_name="submissions")
    words = models.CharField(max_length=600)
    submitted_by = models.UUIDField()
    submitted_at = models.DateTimeField(default=now)
    verdict = models.CharField(max_length=6, blank=True)  # pass, return
    note = models.CharField(max_length=600, blank=True)
    rechecked_by = models.UUIDField(null=True)
    rechecked_at = models.DateTimeField(null=True)
    recheck_due_at = models.DateTimeField(null=True)

    objects = ByHazard.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hazard"], condition=Q(rechecked_at__isnull=True), name="one_submission_waits_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(rechecked_by__isnull=True) | ~Q(rechecked_by=F("submitted_by")),
                name="a_recheck_is_somebody_elses",
            ),
            models.CheckConstraint(
                condition=Q(verdict="", rechecked_at__isnull=True)
                | Q(verdict__in=["pass", "return"], rechecked_at__isnull=False),
                name="a_recheck_has_a_verdict",
            ),
        ]


class Extension(models.Model):
    """More time asked for, and what was decided."""

    uid = models.UUIDField(default=new_uid, unique=True)
    hazard = models.ForeignKey(Hazard, on_delete=models.PROTECT, related_name="extensions")
    until = models.DateField()
    reason = models.CharField(max_length=300)
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField(default=now)
    is_granted = models.BooleanField(null=True)
    note = models.CharField(max_length=300, blank=True)
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    objects = ByHazard.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hazard"], condition=Q(decided_at__isnull=True), name="one_extension_waits_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="an_extension_is_decided_by_somebody_else",
            ),
        ]


class Step(models.Model):
    """One step of a hazard's life: what, who, when, in what words. Never changed."""

    class Verb(models.TextChoices):
        FOUND = "found", pgettext_lazy("step of a hazard", "Found")
        GRADED = "graded", pgettext_lazy("step of a hazard", "Graded")
        NOTICE = "notice", pgettext_lazy("step of a hazard", "Notice issued")
        SUBMITTED = "submitted", pgettext_lazy("step of a hazard", "Work handed in")
        RETURNED = "returned", pgettext_lazy("step of a hazard", "Returned by the re-check")
        CLOSED = "closed", pgettext_lazy("step of a hazard", "Closed out by the re-check")
        ASKED = "asked", pgettext_lazy("step of a hazard", "Extension asked for")
        GRANTED = "granted", pgettext_lazy("step of a hazard", "Extension granted")
        REFUSED = "refused", pgettext_lazy("step of a hazard", "Extension refused")
        LISTED = "listed", pgettext_lazy("step of a hazard", "Listed for supervision")
        REPORTED = "reported", pgettext_lazy("step of a hazard", "Reported upward")
        SHUT = "shut", pgettext_lazy("step of a hazard", "Part of the home shut")
        REOPENED = "reopened", pgettext_lazy("step of a hazard", "Part of the home in use again")
        VOIDED = "voided", pgettext_lazy("step of a hazard", "Taken back as a mistake")

    hazard = models.ForeignKey(Hazard, on_delete=models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=10, choices=Verb)
    actor_uid = models.UUIDField()
    actor_label = models.CharField(max_length=60)
    words = models.CharField(max_length=600, blank=True)
    detail = models.CharField(max_length=40, blank=True)  # a code or a day: the grade given, the deadline set
    at = models.DateTimeField(default=now)

    objects = ByHazard.as_manager()
