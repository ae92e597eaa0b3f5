"""Alerts and their steps."""

from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from yinling.institutions.models import Institution
from yinling.institutions.models.sites import workplaces
from yinling.kernel.actors import WHOLE_CITY, Actor, System
from yinling.kernel.clock import now
from yinling.kernel.scope import ScopedQuerySet, within
from yinling.kernel.uids import new_uid
from yinling.people.models import Person
from yinling.supervision.models.ruleset import Rule
from yinling.supervision.rules import LEVELS, OPEN, UNCLOSED, WAITING, Standing


class AlertQuerySet(ScopedQuerySet["Alert"]):
    """Alerts: in one's divisions, of the home where one works, of persons one sees through a grant."""

    def visible_to(self, user: Actor, permission: str | None = None) -> Self:
        """Those in the user's divisions, at the user's place of work, and of persons opened to the user."""
        ranges = tuple(user.key_ranges(permission))
        if ranges == WHOLE_CITY:
            return self.all()
        granted = Person.objects.filter(
            grants__grantee_uid=user.uid, grants__ended_at__isnull=True, grants__until__gt=now()
        )
        at_work = Q(institution__in=workplaces(user))
        return self.filter(within(ranges) | at_work | Q(person__in=granted.values("pk")))

    def open(self) -> Self:
        """Those that still need somebody: not resolved yet."""
        return self.filter(state__in=OPEN)

    def unclosed(self) -> Self:
        """Those that are not closed yet."""
        return self.filter(state__in=UNCLOSED)

    def standing(self) -> Self:
        """Those on the board: not closed, and not explained by another one."""
        return self.unclosed().filter(held_back_by__isnull=True)


class Alert(models.Model):
    """One warning about one subject. `scope`: kind and uid of the subject (of an area, its place key).

    `evidence`: rows of plain values [{"device", "metric", "unit", "at", "value", "limit"}] or of facts on file.
    `last_signal`: what the evaluator said last: raised, cleared, no_data or stopped. `due_at`: of the next step.
    `next_ask_at`: when to ask again, while nobody has acknowledged.
    """

    class State(models.TextChoices):
        RAISED = "raised", pgettext_lazy("alert", "Raised")
        NOTIFIED = "notified", pgettext_lazy("alert", "Notified")
        ACKNOWLEDGED = "acknowledged", pgettext_lazy("alert", "Acknowledged")
        DISPATCHED = "dispatched", pgettext_lazy("alert", "Somebody is on the way")
        ON_SITE = "on_site", pgettext_lazy("alert", "Somebody is there")
        RESOLVED = "resolved", pgettext_lazy("alert", "Resolved")
        VERIFIED = "verified", pgettext_lazy("alert", "Verified")
        CLOSED = "closed", pgettext_lazy("alert", "Closed")
        REOPENED = "reopened", pgettext_lazy("alert", "Opened again")

    class Level(models.IntegerChoices):
        BLUE = 0, pgettext_lazy("alert level", "Blue")
        YELLOW = 1, pgettext_lazy("alert level", "Yellow")
        ORANGE = 2, pgettext_lazy("alert level", "Orange")
        RED = 3, pgettext_lazy("alert level", "Red")

    uid = models.UUIDField(default=new_uid, unique=True)
    key = models.CharField(max_length=160, unique=True)
    scope = models.CharField(max_length=60)
    rule_key = models.CharField(max_length=60)
    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="alerts")
    family = models.CharField(max_length=30)
    level = models.SmallIntegerField(choices=Level)
    subject_kind = models.CharField(max_length=12)
    subject_uid = models.UUIDField(null=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="alerts")
    institution = models.ForeignKey(Institution, null=True, on_delete=models.PROTECT, related_name="alerts")
    place_key = models.BigIntegerField()
    spot = models.CharField(max_length=80, blank=True)
    onset = models.DateTimeField()
    detected_at = models.DateTimeField(default=now)
    last_seen_at = models.DateTimeField()
    count = models.IntegerField(default=1)
    is_late = models.BooleanField(default=False)
    evidence = models.JSONField(default=list)
    state = models.CharField(max_length=12, choices=State, default=State.RAISED)
    last_signal = models.CharField(max_length=8, default="raised")
    held_back_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="held_back")
    due_at = models.DateTimeField(null=True)
    next_ask_at = models.DateTimeField(null=True)
    asks = models.IntegerField(default=0)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_in_time = models.BooleanField(null=True)
    on_site_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.UUIDField(null=True)
    is_false = models.BooleanField(default=False)
    cause = models.CharField(max_length=30, blank=True)
    verified_at = models.DateTimeField(null=True)
    verified_by = models.UUIDField(null=True)
    closed_at = models.DateTimeField(null=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["place_key", "id"], name="alert_by_place"),
            models.Index(fields=["-level", "due_at", "id"], condition=~Q(state="closed"), name="alert_not_closed"),
            models.Index(fields=["person", "-id"], condition=Q(person__isnull=False), name="alert_by_person"),
            models.Index(fields=["institution", "-id"], name="alert_by_institution"),
            models.Index(fields=["rule_key", "-id"], name="alert_by_rule"),
            models.Index(fields=["next_ask_at"], condition=Q(next_ask_at__isnull=False), name="alert_by_next_ask"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "rule_key"], condition=Q(state__in=sorted(OPEN)), name="one_alert_of_a_rule_is_open"
            ),
            models.CheckConstraint(
                condition=~Q(is_false=True) | ~Q(cause=""), name="a_false_alarm_has_a_cause"
            ),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True) | ~Q(verified_by=F("resolved_by")),
                name="an_alert_is_verified_by_somebody_else",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_at__isnull=False, verified_at__isnull=False),
                name="a_closed_alert_was_verified",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.rule_key} {self.uid}"

    @property
    def level_name(self) -> str:
        """blue, yellow, orange, red."""
        return LEVELS[self.level]

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has answered yet."""
        return self.state in WAITING

    @property
    def now(self) -> Standing:
        """What decides about its next step."""
        return Standing(
            state=self.state, family=self.family, level=self.level, no_data=self.last_signal == "no_data",
            was_on_site=self.on_site_at is not None, resolver=str(self.resolved_by or ""), is_false=self.is_false,
        )  # fmt: skip


class ByAlert(ScopedQuerySet[Any]):
    """Rows that hang on an alert; pages reach them through an alert the user sees."""

    scope_field = "alert__place_key"


class Step(models.Model):
    """One thing that happened to an alert: what, who, when, where. Never changed."""

    class Verb(models.TextChoices):
        RAISED = "raised", pgettext_lazy("step of an alert", "Raised")
        AGAIN = "again", pgettext_lazy("step of an alert", "Came again")
        GREW = "grew", pgettext_lazy("step of an alert", "Level raised")
        CLEARED = "cleared", pgettext_lazy("step of an alert", "The values are normal again")
        NO_DATA = "no_data", pgettext_lazy("step of an alert", "No data any more")
        STOPPED = "stopped", pgettext_lazy("step of an alert", "Not watched any more")
        HELD = "held", pgettext_lazy("step of an alert", "Explained by another alert, nobody told")
        RELEASED = "released", pgettext_lazy("step of an alert", "No longer explained, told now")
        NOTIFIED = "notified", pgettext_lazy("step of an alert", "Told")
        ASKED = "asked", pgettext_lazy("step of an alert", "Asked again")
        ACKNOWLEDGED = "acknowledged", pgettext_lazy("step of an alert", "Acknowledged")
        DISPATCHED = "dispatched", pgettext_lazy("step of an alert", "Somebody sent")
        ARRIVED = "arrived", pgettext_lazy("step of an alert", "Arrived")
        NOTED = "noted", pgettext_lazy("step of an alert", "Noted")
        RESOLVED = "resolved", pgettext_lazy("step of an alert", "Resolved")
        FALSE = "false", pgettext_lazy("step of an alert", "Called a false alarm")
        VERIFIED = "verified", pgettext_lazy("step of an alert", "Verified")
        RETURNED = "returned", pgettext_lazy("step of an alert", "Given back")
        CLOSED = "closed", pgettext_lazy("step of an alert", "Closed")
        REOPENED = "reopened", pgettext_lazy("step of an alert", "Opened again")

    uid = models.UUIDField(default=new_uid, unique=True)
    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=12, choices=Verb)
    at = models.DateTimeField(default=now)
    actor_uid = models.UUIDField()
    actor_label = models.CharField(max_length=60)
    longitude = models.FloatField(null=True)  # WGS84 degrees, where the phone said it
    latitude = models.FloatField(null=True)
    note = models.BinaryField(default=bytes)  # sealed: it may name somebody
    data = models.JSONField(default=dict)

    objects = ByAlert.as_manager()

    class Meta:
        indexes = [models.Index(fields=["alert", "id"], name="step_by_alert")]

    @property
    def is_by_platform(self) -> bool:
        """Whether nobody did it: a rule raised, a clock asked again, the register proved it mended."""
        return str(self.actor_uid) == System("").uid
