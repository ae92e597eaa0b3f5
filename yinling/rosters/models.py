"""Tables of rosters. Turns are never moved: one that does not take place is voided, a swapped one replaced."""

from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yinling.accounts.models import User
from yinling.kernel.actors import WHOLE_CITY, Actor
from yinling.kernel.clock import now
from yinling.kernel.scope import ScopedQuerySet, within
from yinling.kernel.uids import new_uid
from yinling.organisations.models import Organisation
from yinling.rosters.permissions import Rosters


class Post(models.TextChoices):
    """What somebody is on duty for."""

    DUTY_OFFICER = "duty_officer", _("Duty officer")
    HOTLINE = "hotline", _("Hotline")
    NIGHT_WATCH = "night_watch", _("Night watch")
    EMERGENCY = "emergency", _("Emergency team")
    CARE = "care", _("Care in a home")


class ByRoster(ScopedQuerySet[Any]):
    """Rows seen where `rosters.read` is held, and wherever one is on duty oneself. They name colleagues, no elders."""

    own_path = ""

    def visible_to(self, user: Actor, permission: str | None = None) -> Self:
        """Rows in the divisions where the user holds the permission (default: READ); to read, also of one's rosters."""
        ranges = tuple(user.key_ranges(permission or Rosters.READ))
        if ranges == WHOLE_CITY:
            return self.all()
        if permission not in (None, Rosters.READ):
            return self.filter(within(ranges, self.scope_field))
        mine = Turn.objects.standing().filter(user__uid=user.uid).values("roster_id")
        return self.filter(within(ranges, self.scope_field) | Q(**{f"{self.own_path}__in": mine}))


class RosterQuerySet(ByRoster):
    """Rosters."""

    own_path = "pk"


class Roster(models.Model):
    """One post of a division, or of an organisation in it."""

    uid = models.UUIDField(default=new_uid, unique=True)
    place_key = models.BigIntegerField()
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="rosters")
    post = models.CharField(max_length=20, choices=Post)
    name = models.CharField(max_length=80)
    opened_at = models.DateTimeField(default=now)

    objects = RosterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place_key", "post"],
                condition=Q(organisation__isnull=True),
                name="a_division_keeps_one_roster_per_post",
            ),
            models.UniqueConstraint(
                fields=["organisation", "post"],
                condition=Q(organisation__isnull=False),
                name="an_organisation_keeps_one_roster_per_post",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="a_roster_has_a_name"),
        ]
        indexes = [models.Index(fields=["place_key", "id"], name="roster_by_place")]

    def __str__(self) -> str:
        return self.name


class ShiftQuerySet(ByRoster):
    """Shifts."""

    scope_field = "roster__place_key"
    own_path = "roster"

    def in_use(self) -> Self:
        """Those that are still planned."""
        return self.filter(ended_at__isnull=True)


class Shift(models.Model):
    """A pattern to plan by. Minutes from midnight of the day it belongs to; past 1440 it ends on the next day."""

    class Days(models.TextChoices):
        EVERY = "every", _("Every day")
        WORKING = "working", _("Working days")
        OFF = "off", _("Weekends and holidays")

    uid = models.UUIDField(default=new_uid, unique=True)
    roster = models.ForeignKey(Roster, on_delete=models.PROTECT, related_name="shifts")
    name = models.CharField(max_length=40)
    starts_minute = models.SmallIntegerField()
    ends_minute = models.SmallIntegerField()
    days = models.CharField(max_length=8, choices=Days, default=Days.EVERY)
    needed = models.SmallIntegerField(default=1)  # users on duty at once
    added_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)

    objects = ShiftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["roster", "name"], condition=Q(ended_at__isnull=True), name="one_shift_of_a_name_per_roster"
            ),
            models.CheckConstraint(
                condition=Q(starts_minute__gte=0, starts_minute__lt=1440), name="a_shift_starts_on_its_day"
            ),
            models.CheckConstraint(
                condition=Q(ends_minute__gt=F("starts_minute"), ends_minute__lte=F("starts_minute") + 1440),
                name="a_shift_lasts_a_day_at_most",
            ),
            models.CheckConstraint(condition=Q(needed__gte=1, needed__lte=50), name="a_shift_needs_somebody"),
        ]

    def __str__(self) -> str:
        return self.name


class TurnQuerySet(ByRoster):
    """Turns."""

    scope_field = "roster__place_key"
    own_path = "roster"

    def standing(self) -> Self:
        """Those that take place."""
        return self.filter(voided_at__isnull=True)

    def overlapping(self, starts_at: Any, ends_at: Any) -> Self:
        """Standing turns that share an instant with a span."""
        return self.standing().filter(starts_at__lt=ends_at, ends_at__gt=starts_at)


class Turn(models.Model):
    """One user is on duty. `replaces`: the turn of whoever offered it. Only voiding changes a row (migration 0002)."""

    uid = models.UUIDField(default=new_uid, unique=True)
    roster = models.ForeignKey(Roster, on_delete=models.PROTECT, related_name="turns")
    shift = models.ForeignKey(Shift, null=True, on_delete=models.PROTECT, related_name="turns")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="turns")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    recorded_at = models.DateTimeField(default=now)
    voided_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=300, blank=True)

    objects = TurnQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="turn_ends_after_it_starts"),
            models.CheckConstraint(
                condition=(Q(voided_at__isnull=True) & Q(void_reason=""))
                | (Q(voided_at__isnull=False) & ~Q(void_reason="")),
                name="a_voided_turn_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["roster", "starts_at"], condition=Q(voided_at__isnull=True), name="turn_by_roster"),
            models.Index(fields=["user", "starts_at"], condition=Q(voided_at__isnull=True), name="turn_by_user"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.starts_at}"


class SwapQuerySet(ByRoster):
    """Swaps."""

    scope_field = "turn__roster__place_key"
    own_path = "turn__roster"

    def open(self) -> Self:
        """Offers that nobody has taken and that stand."""
        return self.filter(taken_at__isnull=True, withdrawn_at__isnull=True)


class Swap(models.Model):
    """An offered turn; taken by a colleague; `received_at` is the receipt of whoever offered it or plans the roster."""

    uid = models.UUIDField(default=new_uid, unique=True)
    turn = models.ForeignKey(Turn, on_delete=models.PROTECT, related_name="swaps")
    offered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField(default=now)
    note = models.CharField(max_length=200, blank=True)
    taken_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    received_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField(null=True)

    objects = SwapQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["turn"],
                condition=Q(withdrawn_at__isnull=True),
                name="a_turn_is_offered_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(taken_by__isnull=True, taken_at__isnull=True)
                | (Q(taken_by__isnull=False, taken_at__isnull=False) & ~Q(taken_by=F("offered_by"))),
                name="a_swap_is_taken_by_somebody_else",
            ),
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="what_was_taken_is_not_withdrawn",
            ),
            models.CheckConstraint(
                condition=Q(received_at__isnull=True, received_by__isnull=True)
                | Q(received_at__isnull=False, received_by__isnull=False, taken_at__isnull=False),
                name="a_receipt_follows_the_taking",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.turn_id} {self.offered_at}"
