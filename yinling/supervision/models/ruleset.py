"""Rules as packs state them, where they are off, what is silenced."""

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from yinling.kernel.clock import now
from yinling.kernel.reasons import Words
from yinling.kernel.scope import ScopedQuerySet
from yinling.kernel.uids import new_uid


class RuleQuerySet(models.QuerySet["Rule"]):
    """Rules; the same for everybody."""

    def current(self) -> Self:
        """As packs state them today."""
        return self.filter(superseded_at__isnull=True)


class Rule(models.Model):
    """One rule in one reading. A corrected reading is a new row: old alerts keep the words they were raised by.

    `over`: devices (evaluated over readings, in the words of the engine) or register (over facts on file).
    """

    class Over(models.TextChoices):
        DEVICES = "devices"
        REGISTER = "register"

    uid = models.UUIDField(default=new_uid, unique=True)
    key = models.CharField(max_length=60)
    version = models.IntegerField(default=1)
    over = models.CharField(max_length=8, choices=Over)
    family = models.CharField(max_length=30)
    scope = models.CharField(max_length=12)
    data = models.JSONField()
    digest = models.CharField(max_length=64)  # SHA-256 of the data
    verified = models.BooleanField()
    is_own = models.BooleanField()  # no document prescribes it; whoever runs the platform answers for it
    pack = models.CharField(max_length=40)
    recorded_at = models.DateTimeField(default=now)
    superseded_at = models.DateTimeField(null=True)

    objects = RuleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=Q(superseded_at__isnull=True), name="a_rule_stands_once"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.version}"

    @property
    def title(self) -> Words:
        """What it warns of."""
        return Words(**self.data["title"])

    @property
    def source(self) -> str:
        """The document it follows."""
        return str(self.data["source"])

    @property
    def owner(self) -> str:
        """The role that answers for the rule and is told when it is noisy."""
        return str(self.data.get("owner", "city_officer"))

    @property
    def settings(self) -> dict[str, Any]:
        """Limits of a rule over the register."""
        return dict(self.data.get("settings", {}))

    def addressees(self, level: str) -> tuple[str, ...]:
        """Who is told at a level: duty, manager, village, township, county, city."""
        return tuple(self.data["levels"].get(level, {}).get("addressees", ()))


class Switch(models.Model):
    """A rule that is off in a division and all below it, from an instant until it is on again."""

    uid = models.UUIDField(default=new_uid, unique=True)
    rule_key = models.CharField(max_length=60)
    place_key = models.BigIntegerField()
    reason = models.CharField(max_length=300)
    off_at = models.DateTimeField(default=now)
    off_by = models.UUIDField()
    off_label = models.CharField(max_length=60)
    on_at = models.DateTimeField(null=True)
    on_by = models.UUIDField(null=True)
    on_reason = models.CharField(max_length=300, blank=True)

    objects: Any = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule_key", "place_key"],
                condition=Q(on_at__isnull=True),
                name="a_rule_is_off_once_per_division",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_switch_says_why"),
        ]


class SilenceQuerySet(ScopedQuerySet["Silence"]):
    """Silences."""

    def holding(self, at: dt.datetime) -> Self:
        """Those in force at an instant."""
        return self.filter(begins_at__lte=at, until__gt=at, ended_at__isnull=True)


class Silence(models.Model):
    """No alerts of a rule about one scope until a time. `held`: how many findings it has kept back."""

    uid = models.UUIDField(default=new_uid, unique=True)
    scope = models.CharField(max_length=60)
    rule_key = models.CharField(max_length=60)
    place_key = models.BigIntegerField()
    begins_at = models.DateTimeField(default=now)
    until = models.DateTimeField()
    reason = models.CharField(max_length=300)
    by_uid = models.UUIDField()
    by_label = models.CharField(max_length=60)
    ended_at = models.DateTimeField(null=True)
    held = models.IntegerField(default=0)

    objects = SilenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("begins_at")), name="a_silence_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(reason=""), name="a_silence_says_why"),
        ]
        indexes = [models.Index(fields=["scope", "rule_key", "until"], name="silence_by_scope")]
