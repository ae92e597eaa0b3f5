"""What a plan holds: goals with the values measured, lines of service, their sessions. Words are sealed."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from yinling.care.models.plans import ByPart, Partner, Plan, plan_where
from yinling.care.models.visitors import Visitor
from yinling.kernel.clock import now
from yinling.kernel.crypto import unseal
from yinling.kernel.uids import new_uid


class Goal(models.Model):
    """What is to be better by a day, and how that is measured: from a start value to a target, in a unit."""

    uid = models.UUIDField(default=new_uid, unique=True)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="goals")
    partner = models.ForeignKey(Partner, null=True, on_delete=models.PROTECT, related_name="goals")
    area = models.CharField(max_length=40)  # code list goal_area
    words_sealed = models.BinaryField()
    measure = models.CharField(max_length=60)
    unit = models.CharField(max_length=20, blank=True)
    start_value = models.DecimalField(max_digits=9, decimal_places=2)
    target_value = models.DecimalField(max_digits=9, decimal_places=2)
    due_on = models.DateField()
    ended_on = models.DateField(null=True)
    is_reached = models.BooleanField(null=True)
    recorded_at = models.DateTimeField(default=now)

    objects: Any = ByPart.as_manager()

    def words(self) -> str:
        """The goal in plain words."""
        return unseal(self.words_sealed, plan_where("goal", self.uid))


class ByGoal(ByPart):
    """Rows of a goal."""

    scope_field = "goal__plan__person__place_key"
    part = "goal__partner"


class Measurement(models.Model):
    """One value of a goal's measure. A correction supersedes."""

    uid = models.UUIDField(default=new_uid, unique=True)
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="measurements")
    measured_on = models.DateField()
    value = models.DecimalField(max_digits=9, decimal_places=2)
    measured_by = models.UUIDField()
    recorded_at = models.DateTimeField(default=now)
    superseded_at = models.DateTimeField(null=True)

    objects = ByGoal.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["goal", "measured_on"],
                condition=Q(superseded_at__isnull=True),
                name="a_goal_has_one_value_a_day",
            )
        ]


class Line(models.Model):
    """A service of a plan: how often, how long, by whom, paid from where. `days` limits it to term or holidays."""

    class Per(models.TextChoices):
        WEEK = "week", pgettext_lazy("frequency", "a week")
        MONTH = "month", pgettext_lazy("frequency", "a month")

    class Days(models.TextChoices):
        ALL = "all", pgettext_lazy("days", "All the year")
        TERM = "term", pgettext_lazy("days", "In term")
        HOLIDAY = "holiday", pgettext_lazy("days", "In the holidays")

    uid = models.UUIDField(default=new_uid, unique=True)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="lines")
    partner = models.ForeignKey(Partner, null=True, on_delete=models.PROTECT, related_name="lines")
    carer = models.ForeignKey(Visitor, null=True, on_delete=models.PROTECT, related_name="lines")
    service = models.CharField(max_length=40)  # code list home_service
    times = models.SmallIntegerField()
    per = models.CharField(max_length=5, choices=Per, default=Per.WEEK)
    minutes = models.SmallIntegerField()
    days = models.CharField(max_length=8, choices=Days, default=Days.ALL)
    funding = models.CharField(max_length=30)  # code list care_funding
    goals = models.ManyToManyField(Goal, related_name="lines")
    begins_on = models.DateField()
    ended_on = models.DateField(null=True)
    recorded_at = models.DateTimeField(default=now)

    objects: Any = ByPart.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(times__gte=1, times__lte=31), name="a_line_has_one_to_31_times"),
            models.CheckConstraint(
                condition=Q(minutes__gte=5, minutes__lte=480), name="a_service_lasts_5_to_480_minutes"
            ),
        ]  # fmt: skip


class ByLine(ByPart):
    """Rows of a line."""

    scope_field = "line__plan__person__place_key"
    part = "line__partner"


class Session(models.Model):
    """One occurrence of a line. `number` counts within the line, so planning twice is harmless."""

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("session", "Planned")
        HELD = "held", pgettext_lazy("session", "Held")
        MISSED = "missed", pgettext_lazy("session", "Missed")
        CANCELLED = "cancelled", pgettext_lazy("session", "Cancelled")

    uid = models.UUIDField(default=new_uid, unique=True)
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="sessions")
    planned_on = models.DateField()
    number = models.SmallIntegerField()
    state = models.CharField(max_length=9, choices=State, default=State.PLANNED)
    held_at = models.DateTimeField(null=True)
    minutes = models.SmallIntegerField(null=True)
    held_by = models.ForeignKey(Visitor, null=True, on_delete=models.PROTECT, related_name="sessions")
    note_sealed = models.BinaryField(default=bytes)
    why_not = models.CharField(max_length=200, blank=True)
    recorded_by = models.UUIDField(null=True)
    recorded_at = models.DateTimeField(default=now)

    objects = ByLine.as_manager()

    class Meta:
        indexes = [models.Index(fields=["planned_on", "state"], name="session_by_day")]
        constraints = [
            models.UniqueConstraint(fields=["line", "planned_on", "number"], name="a_session_is_planned_once"),
            models.CheckConstraint(
                condition=~Q(state="held") | Q(held_at__isnull=False), name="a_session_held_says_when"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["missed", "cancelled"]) | ~Q(why_not=""), name="a_session_not_held_says_why"
            ),
        ]  # fmt: skip

    def note(self) -> str:
        """The plain note."""
        return unseal(self.note_sealed, plan_where("session", self.uid))
