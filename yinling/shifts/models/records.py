"""What was done, what was not, and how a shift was handed on."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from yinling.institutions.models import Stay
from yinling.kernel.clock import now
from yinling.kernel.crypto import unseal
from yinling.kernel.uids import new_uid
from yinling.shifts.models.plans import MedicineOrder
from yinling.shifts.models.wards import ByHome, ByWard, PatrolPoint, Ward


class Kind(models.TextChoices):
    """What can be due."""

    TURN = "turn", pgettext_lazy("task", "Turn")
    MEAL = "meal", pgettext_lazy("task", "Meal")
    MEDICINE = "medicine", pgettext_lazy("task", "Medicine")
    PATROL = "patrol", pgettext_lazy("task", "Patrol")


class RecordQuerySet(ByWard):
    """Care records."""

    def standing(self) -> Self:
        """Those that were no mistake."""
        return self.filter(voided_at__isnull=True)

    def unchecked(self) -> Self:
        """Medicines given that no second person has confirmed."""
        return self.standing().filter(kind=Kind.MEDICINE, result=CareRecord.Result.DONE, checked_at__isnull=True)


class CareRecord(models.Model):
    """A task that was done. `uid` is the phone's own, `task` the natural key: kind, what it is about, slot.

    `done_at`: when it was done, `recorded_at`: when it arrived here; a phone without a signal sends later.
    """

    class Result(models.TextChoices):
        DONE = "done", pgettext_lazy("care record", "Done")
        PART = "part", pgettext_lazy("care record", "In part")
        REFUSED = "refused", pgettext_lazy("care record", "Refused by the resident")
        HELD = "held", pgettext_lazy("care record", "Held back")

    uid = models.UUIDField(default=new_uid, unique=True)
    ward = models.ForeignKey(Ward, on_delete=models.PROTECT, related_name="records")
    kind = models.CharField(max_length=8, choices=Kind)
    task = models.CharField(max_length=90)
    stay = models.ForeignKey(Stay, null=True, on_delete=models.PROTECT, related_name="care_records")
    order = models.ForeignKey(MedicineOrder, null=True, on_delete=models.PROTECT, related_name="records")
    point = models.ForeignKey(PatrolPoint, null=True, on_delete=models.PROTECT, related_name="records")
    day = models.DateField()
    shift = models.CharField(max_length=12)
    due_at = models.DateTimeField()
    result = models.CharField(max_length=8, choices=Result, default=Result.DONE)
    note_sealed = models.BinaryField(default=bytes)
    done_at = models.DateTimeField()
    done_by = models.UUIDField()
    done_label = models.CharField(max_length=60)
    recorded_at = models.DateTimeField(default=now)
    checked_at = models.DateTimeField(null=True)
    checked_by = models.UUIDField(null=True)
    checked_label = models.CharField(max_length=60, blank=True)
    voided_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=200, blank=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["ward", "day", "shift"], name="care_by_shift"),
            models.Index(fields=["stay", "-done_at"], name="care_by_resident"),
            models.Index(
                fields=["due_at"], condition=Q(kind="medicine", checked_at__isnull=True), name="medicine_unchecked"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["task"], condition=Q(voided_at__isnull=True), name="a_task_is_done_once"
            ),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | ~Q(checked_by=F("done_by")),
                name="the_second_check_is_another_persons",
            ),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True, checked_at__isnull=True)
                | Q(checked_by__isnull=False, checked_at__isnull=False, kind="medicine"),
                name="only_a_medicine_is_checked_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True) | ~Q(void_reason=""), name="a_record_taken_back_says_why"
            ),
        ]  # fmt: skip

    def note(self) -> str:
        """The plain note."""
        return unseal(self.note_sealed, record_where(self.uid))


def record_where(uid: object) -> str:
    """What the sealed note of a record is bound to."""
    return f"shifts.record.note:{uid}"


class MissedQuerySet(ByWard):
    """Missed tasks."""

    def known(self, known_at: dt.datetime) -> Self:
        """Not done as it was known at an instant."""
        late = Q(made_up_at__isnull=True) | Q(made_up_at__gt=known_at)
        return self.filter(late, recorded_at__lte=known_at)


class MissedTask(models.Model):
    """Not done when its shift was over. `made_up_at`: a record arrived afterwards. `carer`: who had taken over."""

    ward = models.ForeignKey(Ward, on_delete=models.PROTECT, related_name="missed")
    kind = models.CharField(max_length=8, choices=Kind)
    task = models.CharField(max_length=90, unique=True)
    stay = models.ForeignKey(Stay, null=True, on_delete=models.PROTECT, related_name="missed_tasks")
    order = models.ForeignKey(MedicineOrder, null=True, on_delete=models.PROTECT, related_name="+")
    point = models.ForeignKey(PatrolPoint, null=True, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    shift = models.CharField(max_length=12)
    due_at = models.DateTimeField()
    carer_uid = models.UUIDField(null=True)
    carer_label = models.CharField(max_length=60, blank=True)
    recorded_at = models.DateTimeField(default=now)
    made_up_at = models.DateTimeField(null=True)

    objects = MissedQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["ward", "day", "shift"], name="missed_by_shift"),
            models.Index(fields=["kind", "day"], name="missed_by_day"),
        ]


class HandOver(models.Model):
    """The end of a shift: everybody was counted. The next carer takes over; nobody takes over from oneself."""

    uid = models.UUIDField(default=new_uid, unique=True)
    ward = models.ForeignKey(Ward, on_delete=models.PROTECT, related_name="hand_overs")
    day = models.DateField()
    shift = models.CharField(max_length=12)
    expected = models.SmallIntegerField()
    seen = models.SmallIntegerField()
    out = models.SmallIntegerField()
    note_sealed = models.BinaryField(default=bytes)
    handed_by = models.UUIDField()
    handed_label = models.CharField(max_length=60)
    handed_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=now)
    taken_by = models.UUIDField(null=True)
    taken_label = models.CharField(max_length=60, blank=True)
    taken_at = models.DateTimeField(null=True)

    objects = ByWard.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ward", "day", "shift"], name="a_shift_is_handed_over_once"),
            models.CheckConstraint(
                condition=Q(taken_by__isnull=True) | ~Q(taken_by=F("handed_by")),
                name="nobody_takes_over_from_oneself",
            ),
            models.CheckConstraint(condition=Q(seen__lte=F("expected")), name="nobody_is_seen_twice"),
        ]

    def note(self) -> str:
        """The plain note."""
        return unseal(self.note_sealed, hand_over_where(self.uid))


def hand_over_where(uid: object) -> str:
    """What the sealed note of a hand-over is bound to."""
    return f"shifts.hand_over.note:{uid}"


class CountQuerySet(ByHome):
    """Lines of head counts."""

    scope_field = "hand_over__ward__institution__place_key"


class HeadCount(models.Model):
    """One resident at a hand-over."""

    class State(models.TextChoices):
        SEEN = "seen", pgettext_lazy("head count", "Seen")
        OUT = "out", pgettext_lazy("head count", "Out with a slip")
        NOT_SEEN = "not_seen", pgettext_lazy("head count", "Not seen")

    hand_over = models.ForeignKey(HandOver, on_delete=models.PROTECT, related_name="lines")
    stay = models.ForeignKey(Stay, on_delete=models.PROTECT, related_name="head_counts")
    state = models.CharField(max_length=8, choices=State)
    note = models.CharField(max_length=200, blank=True)
    found_at = models.DateTimeField(null=True)

    objects = CountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hand_over", "stay"], name="a_resident_is_counted_once"),
            models.CheckConstraint(
                condition=~Q(state="not_seen") | ~Q(note=""), name="whoever_was_not_seen_has_a_note"
            ),
        ]  # fmt: skip
