"""The day's rounds: versions of who goes where when. One version of a block and day is published at a time."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from yinling.care.models.lines import Session
from yinling.care.models.visitors import Visitor
from yinling.care.models.visits import Visit
from yinling.kernel.clock import now
from yinling.kernel.scope import ScopedQuerySet
from yinling.kernel.uids import new_uid


class DayPlan(models.Model):
    """A plan of one block (`place_key`: a county or township) for one day. `parts`: its cost by name, in minutes.

    `given`: the doors, hands and roads it was planned from (`rules.rounds.Given`), so that every later question is
    answered from the same values. Ids and figures only.
    """

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("day plan", "Draft")
        PUBLISHED = "published", pgettext_lazy("day plan", "Published")
        REPLACED = "replaced", pgettext_lazy("day plan", "Replaced")

    uid = models.UUIDField(default=new_uid, unique=True)
    place_key = models.BigIntegerField()
    day = models.DateField()
    version = models.SmallIntegerField()
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    seed = models.IntegerField(default=1)
    moves = models.BigIntegerField(default=0)
    parts = models.JSONField(default=dict)
    left_out = models.JSONField(default=list)  # uids of doors to which nobody goes
    given = models.JSONField(default=dict)
    made_by = models.UUIDField()
    made_at = models.DateTimeField(default=now)
    published_at = models.DateTimeField(null=True)

    objects: Any = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place_key", "day", "version"], name="a_day_plan_has_its_version_once"),
            models.UniqueConstraint(
                fields=["place_key", "day"], condition=Q(state="published"), name="one_day_plan_is_published"
            ),
        ]  # fmt: skip


class OfDayPlan(ScopedQuerySet["Stop"]):
    """Stops, seen where their day plan is seen."""

    scope_field = "day_plan__place_key"


class Stop(models.Model):
    """One visitor at one door in a version, for a visit or for a session of a care plan.

    Locked: stays where it is; promised: somebody was told the time.
    """

    uid = models.UUIDField(default=new_uid, unique=True)
    day_plan = models.ForeignKey(DayPlan, on_delete=models.CASCADE, related_name="stops")
    visitor = models.ForeignKey(Visitor, on_delete=models.PROTECT, related_name="stops")
    visit = models.ForeignKey(Visit, null=True, on_delete=models.PROTECT, related_name="stops")
    session = models.ForeignKey(Session, null=True, on_delete=models.PROTECT, related_name="stops")
    position = models.SmallIntegerField()
    task = models.SmallIntegerField(default=0)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    travel_minutes = models.FloatField(default=0)
    is_locked = models.BooleanField(default=False)
    is_promised = models.BooleanField(default=False)

    objects = OfDayPlan.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day_plan", "visitor", "position"], name="one_stop_at_a_position"),
            models.UniqueConstraint(fields=["day_plan", "visit", "task"], name="a_visit_is_in_a_day_plan_once"),
            models.UniqueConstraint(fields=["day_plan", "session", "task"], name="a_session_is_in_a_day_plan_once"),
            models.CheckConstraint(
                condition=Q(visit__isnull=False, session__isnull=True) | Q(visit__isnull=True, session__isnull=False),
                name="a_stop_is_for_a_visit_or_a_session",
            ),
            models.CheckConstraint(condition=Q(ends_at__gte=F("starts_at")), name="a_stop_ends_after_it_starts"),
        ]

    @property
    def door(self) -> str:
        """The uid of what is done there, as the day plan's values name it."""
        found = self.visit or self.session
        return str(found.uid) if found else ""
