"""Draws, and what keeps somebody from inspecting a home."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yinling.accounts.models import User
from yinling.inspections.models.checklists import Checklist
from yinling.institutions.models import Institution
from yinling.kernel.clock import now
from yinling.kernel.scope import ScopedQuerySet
from yinling.kernel.uids import new_uid


class DrawQuerySet(ScopedQuerySet["Draw"]):
    """Draws: in one's divisions. What is public of them is read through `queries.public_draw`."""


class Draw(models.Model):
    """Homes and inspectors by lot. `closed`: the whole list as it was closed, with grades; `revealed`: what came out.

    The seed is sealed until it is revealed; only its hash is known before (`commitment`).
    """

    class State(models.TextChoices):
        OPEN = "open", _("List open, seed committed")
        CLOSED = "closed", _("List closed, waits for the witness")
        REVEALED = "revealed", pgettext_lazy("draw", "Revealed")
        ABANDONED = "abandoned", pgettext_lazy("draw", "Abandoned")

    uid = models.UUIDField(default=new_uid, unique=True)
    number = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=120)
    place_key = models.BigIntegerField()
    checklist = models.ForeignKey(Checklist, on_delete=models.PROTECT, related_name="+")
    homes_wanted = models.SmallIntegerField()
    inspectors_wanted = models.SmallIntegerField(default=2)
    first_day = models.DateField()
    last_day = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    commitment = models.CharField(max_length=64)
    seed_sealed = models.BinaryField()
    opened_at = models.DateTimeField(default=now)
    opened_by = models.UUIDField()
    closed = models.JSONField(null=True)
    list_digest = models.CharField(max_length=64, blank=True)
    closed_at = models.DateTimeField(null=True)
    witness = models.CharField(max_length=60, blank=True)
    revealed = models.JSONField(null=True)
    revealed_at = models.DateTimeField(null=True)
    abandoned_at = models.DateTimeField(null=True)
    abandon_reason = models.CharField(max_length=300, blank=True)

    objects = DrawQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["place_key", "id"], name="draw_by_place")]
        constraints = [
            models.CheckConstraint(
                condition=Q(homes_wanted__gte=1, inspectors_wanted__gte=2),
                name="a_draw_wants_a_home_and_two_inspectors",
            ),
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="a_draw_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "abandoned"]) | (Q(closed__isnull=False) & ~Q(list_digest="")),
                name="a_closed_draw_has_its_list",
            ),
            models.CheckConstraint(
                condition=~Q(state="revealed") | (Q(revealed__isnull=False) & ~Q(witness="")),
                name="a_revealed_draw_has_a_witness",
            ),
            models.CheckConstraint(
                condition=~Q(state="abandoned") | ~Q(abandon_reason=""), name="an_abandoned_draw_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def seed_where(self) -> str:
        """What the sealed seed is bound to."""
        return f"inspections.draw.seed:{self.uid}"


class InterestQuerySet(ScopedQuerySet["Interest"]):
    """Declared interests, where the home lies."""

    scope_field = "institution__place_key"

    def standing(self) -> "InterestQuerySet":
        """Those not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


class Interest(models.Model):
    """Why a user must not inspect a home: a relative there, a former post, a contract."""

    uid = models.UUIDField(default=new_uid, unique=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=200)
    declared_at = models.DateTimeField(default=now)
    withdrawn_at = models.DateTimeField(null=True)

    objects = InterestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "institution"],
                condition=Q(withdrawn_at__isnull=True),
                name="an_interest_is_declared_once",
            )
        ]
