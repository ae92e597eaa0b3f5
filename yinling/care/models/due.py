"""What makes visits due: the rules of the pack, spells of cold and heat, tiers set by hand; the codes at doors."""

import datetime as dt
import secrets
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from yinling.care.rules.due import Ruleset, read
from yinling.kernel.clock import now
from yinling.kernel.scope import ScopedQuerySet
from yinling.kernel.uids import new_uid
from yinling.people.models import Person
from yinling.people.models.scoped import ByPerson


def new_token() -> str:
    """What a code at a door says: nobody can guess another one."""
    return secrets.token_urlsafe(16)


class VisitRulesQuerySet(models.QuerySet["VisitRules"]):
    """Rules of due visits."""

    def in_force(self) -> "VisitRules | None":
        """The city's own where it has some, else the nation's."""
        return self.filter(superseded_at__isnull=True).order_by("-layer", "-id").first()


class VisitRules(models.Model):
    """Who is visited how often, as a pack says it: one file, read whole. A city's file replaces the nation's."""

    uid = models.UUIDField(default=new_uid, unique=True)
    pack = models.CharField(max_length=60)
    layer = models.SmallIntegerField(default=0)
    data = models.JSONField()
    digest = models.CharField(max_length=64)
    source = models.CharField(max_length=200)
    verified = models.BooleanField(default=False)
    recorded_at = models.DateTimeField(default=now)
    superseded_at = models.DateTimeField(null=True)

    objects = VisitRulesQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pack"], condition=Q(superseded_at__isnull=True), name="a_pack_has_one_set_of_visit_rules"
            )
        ]

    @property
    def reading(self) -> Ruleset:
        """The rules, read."""
        return read(self.data)


class SpellQuerySet(ScopedQuerySet["Spell"]):
    """Spells."""

    def on(self, day: dt.date) -> Self:
        """Those in force on a day."""
        return self.filter(first_on__lte=day, last_on__gte=day, withdrawn_at__isnull=True)


class Spell(models.Model):
    """A spell of cold or heat in a division, declared from a day to a day: more visits while it lasts."""

    class Kind(models.TextChoices):
        COLD = "cold", pgettext_lazy("spell", "Cold")
        HEAT = "heat", pgettext_lazy("spell", "Heat")

    uid = models.UUIDField(default=new_uid, unique=True)
    kind = models.CharField(max_length=4, choices=Kind)
    place_key = models.BigIntegerField()
    first_on = models.DateField()
    last_on = models.DateField()
    declared_by = models.UUIDField()
    recorded_at = models.DateTimeField(default=now)
    withdrawn_at = models.DateTimeField(null=True)

    objects = SpellQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="a_spell_ends_after_it_begins"),
            models.UniqueConstraint(
                fields=["place_key", "kind", "first_on"],
                condition=Q(withdrawn_at__isnull=True),
                name="a_spell_is_declared_once",
            ),
        ]


class Tier(models.Model):
    """Somebody who knows the person has set the risk by hand; it goes before what the rules find."""

    class Risk(models.TextChoices):
        HIGH = "high", pgettext_lazy("risk", "High")
        MEDIUM = "medium", pgettext_lazy("risk", "Medium")
        LOW = "low", pgettext_lazy("risk", "Low")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="visit_tiers")
    risk = models.CharField(max_length=6, choices=Risk)
    why = models.CharField(max_length=20)  # code list visit_tier_reason
    valid_from = models.DateField()
    superseded_at = models.DateTimeField(null=True)
    set_by = models.UUIDField()
    recorded_at = models.DateTimeField(default=now)

    objects: Any = ByPerson.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(superseded_at__isnull=True), name="a_person_has_one_tier_by_hand"
            )
        ]


class DoorCode(models.Model):
    """The code at a person's door. A visitor who reads it has stood there. A new one ends the old one."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="door_codes")
    token = models.CharField(max_length=32, unique=True, default=new_token)
    made_by = models.UUIDField()
    recorded_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)

    objects = ByPerson.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(ended_at__isnull=True), name="a_door_has_one_code")
        ]
