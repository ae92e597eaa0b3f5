"""Applications, stays, who holds which bed, and leaves. What the database itself refuses is in migration 0002."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q

from yinling.institutions.models.rooms import Bed
from yinling.institutions.models.sites import ByInstitution, Institution
from yinling.kernel.clock import now
from yinling.kernel.uids import new_uid
from yinling.people.models import Person


class ApplicationQuerySet(ByInstitution):
    """Applications, seen where the home is seen."""

    def waiting(self) -> Self:
        """Accepted, and no bed yet: the waiting list in its order (class, level, day, number)."""
        return self.filter(state=Application.State.WAITING).order_by("priority", "-level", "decided_at", "id")


class Application(models.Model):
    """Somebody wants to live in a home. `priority` 1 (destitute) to 4; `level` of need, higher is more (0 unknown)."""

    class State(models.TextChoices):
        SUBMITTED = "submitted"
        WAITING = "waiting"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"
        ADMITTED = "admitted"

    uid = models.UUIDField(default=new_uid, unique=True)
    number = models.CharField(max_length=40, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="applications")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="applications")
    bed_kind = models.CharField(max_length=12, default="ordinary")
    state = models.CharField(max_length=10, choices=State, default=State.SUBMITTED)
    priority = models.SmallIntegerField(default=4)
    level = models.SmallIntegerField(default=0)
    reasons = models.JSONField(default=list)  # why this class, as sentences
    contact_name = models.CharField(max_length=60, blank=True)
    wanted_on = models.DateField(null=True)
    submitted_at = models.DateTimeField(default=now)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    decision_reason = models.CharField(max_length=300, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["institution", "priority", "decided_at", "id"], condition=Q(state="waiting"),
                name="application_waiting",
            ),
            models.Index(fields=["person", "id"], name="application_by_person"),
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(
                fields=["person", "institution"],
                condition=Q(state__in=["submitted", "waiting"]),
                name="a_person_applies_once_to_a_home",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["submitted", "withdrawn"]) | Q(decided_at__isnull=False),
                name="a_decision_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class StayQuerySet(ByInstitution):
    """Stays, seen where the home is seen."""

    def present(self) -> Self:
        """Residents of today."""
        return self.filter(left_at__isnull=True, voided_at__isnull=True)

    def counting(self) -> Self:
        """Stays that took place."""
        return self.filter(voided_at__isnull=True)


class Stay(models.Model):
    """A person lives in a home from `admitted_at` until `left_at`: the instant of physically leaving."""

    uid = models.UUIDField(default=new_uid, unique=True)
    number = models.CharField(max_length=40, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="stays")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="stays")
    application = models.OneToOneField(Application, null=True, on_delete=models.PROTECT, related_name="stay")
    came_from = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="went_to")
    admitted_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    leaving_reason = models.CharField(max_length=12, blank=True)  # code list stay_end
    level = models.SmallIntegerField(null=True)  # at admission
    fee_fen = models.BigIntegerField(default=0)  # per month
    agreement_number = models.CharField(max_length=60, blank=True)
    agreement_file_uid = models.UUIDField(null=True)
    recorded_at = models.DateTimeField(default=now)
    voided_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=300, blank=True)

    objects = StayQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["institution", "id"], condition=Q(left_at__isnull=True, voided_at__isnull=True),
                name="resident_by_institution",
            ),
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(left_at__isnull=True, voided_at__isnull=True),
                name="a_person_stays_in_one_home",
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gt=F("admitted_at")), name="stay_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | ~Q(leaving_reason=""), name="whoever_left_has_a_reason"
            ),
            models.CheckConstraint(condition=Q(fee_fen__gte=0), name="a_fee_is_not_negative"),
        ]

    def __str__(self) -> str:
        return self.number


class BedUseQuerySet(ByInstitution):
    """Uses of beds."""

    scope_field = "bed__institution__place_key"

    def current(self) -> Self:
        """As known today."""
        return self.filter(superseded_at__isnull=True)

    def open(self) -> Self:
        """Held now."""
        return self.current().filter(valid_to__isnull=True)

    def as_of(self, moment: dt.datetime, known_at: dt.datetime) -> Self:
        """Held at an instant as it was known at another. What was not yet known to have ended still held."""
        return self.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=moment) | Q(ended_at__gt=known_at),
            Q(superseded_at__isnull=True) | Q(superseded_at__gt=known_at),
            valid_from__lt=moment,
            recorded_at__lte=known_at,
        )


class BedUse(models.Model):
    """A bed is occupied by a stay, or reserved for an application, from an instant to another (exclusive).

    Never changed but to end it (`valid_to`, and when that was recorded: `ended_at`); a correction is a new row that
    names the one it `corrects`, of the same bed and stay. The database ends and supersedes by itself (0002).
    """

    OCCUPIED, RESERVED = "occupied", "reserved"

    bed = models.ForeignKey(Bed, on_delete=models.PROTECT, related_name="uses")
    kind = models.CharField(max_length=8)
    stay = models.ForeignKey(Stay, null=True, on_delete=models.PROTECT, related_name="uses")
    application = models.ForeignKey(Application, null=True, on_delete=models.PROTECT, related_name="reservations")
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)
    superseded_at = models.DateTimeField(null=True)
    corrects = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="corrected_by")

    objects = BedUseQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["bed", "valid_from"], name="bed_use_by_time")]
        constraints = [
            models.UniqueConstraint(
                fields=["bed"],
                condition=Q(valid_to__isnull=True, superseded_at__isnull=True),
                name="a_bed_is_held_once",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="bed_use_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(kind="occupied", stay__isnull=False)
                | Q(kind="reserved", stay__isnull=True, application__isnull=False),
                name="a_stay_occupies_and_an_application_reserves",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True, ended_at__isnull=True)
                | Q(valid_to__isnull=False, ended_at__isnull=False),
                name="an_end_says_when_it_was_recorded",
            ),
        ]


class ByStay(ByInstitution):
    """Rows seen where the home of their stay is seen."""

    scope_field = "stay__institution__place_key"


class Leave(models.Model):
    """A resident is out for a while: an outing, a visit home, a hospital stay. The bed stays theirs."""

    OUTING, HOME, HOSPITAL = "outing", "home", "hospital"

    uid = models.UUIDField(default=new_uid, unique=True)
    number = models.CharField(max_length=40, unique=True)
    stay = models.ForeignKey(Stay, on_delete=models.PROTECT, related_name="leaves")
    kind = models.CharField(max_length=8)
    companion = models.CharField(max_length=60, blank=True)
    destination = models.CharField(max_length=120, blank=True)
    out_at = models.DateTimeField()
    due_back = models.DateTimeField()
    back_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(default=now)
    returned_recorded_at = models.DateTimeField(null=True)

    objects = ByStay.as_manager()

    class Meta:
        indexes = [models.Index(fields=["due_back"], condition=Q(back_at__isnull=True), name="leave_out")]
        constraints = [
            models.UniqueConstraint(fields=["stay"], condition=Q(back_at__isnull=True), name="a_resident_is_out_once"),
            models.CheckConstraint(
                condition=Q(due_back__gt=F("out_at")) & (Q(back_at__isnull=True) | Q(back_at__gte=F("out_at"))),
                name="a_resident_comes_back_after_going_out",
            ),
        ]
