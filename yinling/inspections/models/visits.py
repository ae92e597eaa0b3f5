"""Inspections: who goes, what they found, who signed."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yinling.accounts.models import User
from yinling.inspections.models.checklists import Checklist
from yinling.inspections.models.draws import Draw
from yinling.institutions.models import Institution
from yinling.institutions.models.sites import workplaces
from yinling.kernel.actors import WHOLE_CITY, Actor
from yinling.kernel.clock import now
from yinling.kernel.scope import ScopedQuerySet, within
from yinling.kernel.uids import new_uid


class InspectionQuerySet(ScopedQuerySet["Inspection"]):
    """Inspections: in one's divisions, one's own, and of the home where one works once they are signed.

    A home does not see that somebody is coming: nobody warns it.
    """

    def visible_to(self, user: Actor, permission: str | None = None) -> Self:
        """Those in the user's divisions, those the user was sent to, and what the user's own home may see."""
        ranges = tuple(user.key_ranges(permission))
        if ranges == WHOLE_CITY:
            return self.all()
        may_know = Q(kind=Inspection.Kind.SELF_CHECK) | Q(state=Inspection.State.SIGNED)
        sent = Seat.objects.filter(user__uid=user.uid).values("inspection_id")
        at_work = Q(institution__in=workplaces(user)) & may_know
        return self.filter(within(ranges) | Q(pk__in=sent) | at_work)

    def open(self) -> Self:
        """Planned or under way."""
        return self.filter(state__in=["planned", "started", "first_signed"])

    def done(self) -> Self:
        """Signed."""
        return self.filter(state=Inspection.State.SIGNED)


class Inspection(models.Model):
    """One visit to a home with one checklist. `origin`: the complaint, hazard or draw it comes from."""

    class Kind(models.TextChoices):
        PLANNED = "planned", _("Planned inspection")
        RANDOM = "random", _("Inspection by lot")
        COMPLAINT = "complaint", _("Inspection on a complaint")
        FOLLOW_UP = "follow_up", _("Follow-up inspection")
        SELF_CHECK = "self_check", _("Self-check by the home")

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("inspection", "Planned")
        STARTED = "started", pgettext_lazy("inspection", "Under way")
        FIRST_SIGNED = "first_signed", _("Waits for the second signature")
        SIGNED = "signed", pgettext_lazy("inspection", "Signed")
        VOID = "void", pgettext_lazy("inspection", "Void")

    class Result(models.TextChoices):
        NO_PROBLEM = "no_problem", _("No problem found")
        ORDERED = "ordered", _("Problems found, correction ordered")
        SUSPENDED = "suspended", _("Business suspended until corrected")
        REFUSED_ENTRY = "refused_entry", _("Inspection was refused")

    uid = models.UUIDField(default=new_uid, unique=True)
    number = models.CharField(max_length=40, unique=True)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="inspections")
    checklist = models.ForeignKey(Checklist, on_delete=models.PROTECT, related_name="+")
    place_key = models.BigIntegerField()  # the home's, when it was planned
    kind = models.CharField(max_length=12, choices=Kind)
    state = models.CharField(max_length=12, choices=State, default=State.PLANNED)
    planned_on = models.DateField()
    started_at = models.DateTimeField(null=True)
    checked_in_at = models.DateTimeField(null=True)  # an inspector pressed "I am there"
    longitude = models.FloatField(null=True)  # WGS84 degrees, where the phone said it
    latitude = models.FloatField(null=True)
    metres_away = models.IntegerField(null=True)  # from the home, where both positions are known
    signed_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=14, choices=Result, blank=True)
    is_refused_entry = models.BooleanField(default=False)
    must_stop = models.BooleanField(default=False)  # business is suspended
    present = models.CharField(max_length=60, blank=True)  # who was there for the home
    statement = models.CharField(max_length=600, blank=True)  # what the home says to it
    remark = models.CharField(max_length=600, blank=True)
    signed_on_paper = models.CharField(max_length=120, blank=True)  # taken over from paper: who signed there
    origin_kind = models.CharField(max_length=40, blank=True)
    origin_uid = models.UUIDField(null=True)
    draw = models.ForeignKey(Draw, null=True, on_delete=models.PROTECT, related_name="inspections")
    recorded_at = models.DateTimeField(default=now)
    voided_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=300, blank=True)

    objects = InspectionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["place_key", "id"], name="inspection_by_place"),
            models.Index(fields=["institution", "-signed_at"], name="inspection_by_home"),
            models.Index(fields=["state", "planned_on", "id"], name="inspection_by_day"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["draw", "institution"], condition=Q(draw__isnull=False), name="a_draw_sends_to_a_home_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="signed") | (Q(signed_at__isnull=False) & ~Q(result="")),
                name="a_signed_inspection_has_a_result",
            ),
            models.CheckConstraint(
                condition=(Q(state="void") & ~Q(void_reason="")) | (~Q(state="void") & Q(void_reason="")),
                name="a_void_inspection_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ByInspection(ScopedQuerySet[Any]):
    """Rows that hang on an inspection."""

    scope_field = "inspection__place_key"


class Seat(models.Model):
    """Somebody sent on an inspection."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="seats")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = ByInspection.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["inspection", "user"], name="an_inspector_is_sent_once")]


class Finding(models.Model):
    """The answer to one item. `item`: its key in the checklist."""

    class Answer(models.TextChoices):
        YES = "yes", pgettext_lazy("finding", "In order")
        NO = "no", _("Not in order")
        NOT_APPLICABLE = "na", _("Not applicable")

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="findings")
    item = models.CharField(max_length=40)
    answer = models.CharField(max_length=3, choices=Answer)
    note = models.CharField(max_length=600, blank=True)
    recorded_by = models.UUIDField()
    recorded_at = models.DateTimeField(default=now)

    objects = ByInspection.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["inspection", "item"], name="an_item_is_answered_once")]


class Signature(models.Model):
    """An inspector's word for the content as it stood; falls away when the content changes."""

    class Way(models.TextChoices):
        PIN = "pin", _("With my PIN")
        PASSWORD = "password", _("With my password")

    uid = models.UUIDField(default=new_uid, unique=True)
    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="signatures")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=8, choices=Way)
    digest = models.CharField(max_length=64)
    signed_at = models.DateTimeField(default=now)
    fell_away_at = models.DateTimeField(null=True)

    objects = ByInspection.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "user"], condition=Q(fell_away_at__isnull=True), name="an_inspector_signs_once"
            )
        ]
