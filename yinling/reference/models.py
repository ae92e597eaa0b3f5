"""Tables of dated values. Rows are never edited but for `superseded_at`: a correction is a new row.

Nothing here hangs on a person, an organisation or a place, so the tables carry no scope.
"""

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from yinling.kernel.clock import now
from yinling.kernel.uids import new_uid

LOCAL = "local"  # the pack of values that were decided here
LOCAL_LAYER = 100


class DatedQuerySet(models.QuerySet[Any]):
    """Rows that hold for a time and are known since a time."""

    def current(self) -> Self:
        """What we believe now, for all days."""
        return self.filter(superseded_at__isnull=True)

    def holding(self, on: dt.date) -> Self:
        """What holds on a day."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), valid_from__lte=on)

    def known(self, at: dt.datetime) -> Self:
        """What was believed at an instant: later corrections do not count."""
        return self.filter(Q(superseded_at__isnull=True) | Q(superseded_at__gt=at), recorded_at__lte=at)

    def unverified(self) -> Self:
        """Current rows that nobody has compared with their source."""
        return self.current().filter(verified=False)


class DatedRow(models.Model):
    """What every dated value carries. `note` says how sure the source is, or what to mind."""

    uid = models.UUIDField(default=new_uid, unique=True)
    pack = models.CharField(max_length=60, default=LOCAL)
    layer = models.SmallIntegerField(default=LOCAL_LAYER)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    source = models.CharField(max_length=300, blank=True)
    note = models.CharField(max_length=300, blank=True)
    verified = models.BooleanField(default=False)
    verified_by = models.UUIDField(null=True)
    verified_against = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField(default=now)
    superseded_at = models.DateTimeField(null=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True


class Parameter(DatedRow):
    """A number, text or small structure under a key, e.g. `visits.every_days` = 30."""

    class Authority(models.TextChoices):
        DOCUMENT = "document"  # a law, a standard, a programme: refuses somebody only once it is verified
        OPERATOR = "operator"  # whoever runs the platform decides it: there is nothing to verify

    key = models.CharField(max_length=120)
    zh = models.CharField(max_length=120, blank=True)
    en = models.CharField(max_length=120, blank=True)
    value = models.JSONField()
    unit = models.CharField(max_length=30, blank=True)
    authority = models.CharField(max_length=10, choices=Authority, default=Authority.DOCUMENT)

    class Meta:
        indexes = [models.Index(fields=["key", "valid_from"], name="parameter_by_key")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(authority="operator") | Q(verified=False), name="an_own_limit_is_not_verified"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="parameter_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["pack", "key"],
                condition=Q(valid_to__isnull=True, superseded_at__isnull=True),
                name="one_open_value_per_parameter_and_pack",
            ),
            models.UniqueConstraint(
                fields=["pack", "key", "valid_from"],
                condition=Q(superseded_at__isnull=True),
                name="one_value_of_a_parameter_begins_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def is_own(self) -> bool:
        """Whether the operator decides it, so that there is no source to compare it with."""
        return self.authority == Parameter.Authority.OPERATOR


class CodeList(models.Model):
    """A list of codes. Its title is a caption, not a fact, and follows the newest pack."""

    key = models.CharField(max_length=60, unique=True)
    zh = models.CharField(max_length=120)
    en = models.CharField(max_length=120)
    source = models.CharField(max_length=300, blank=True)
    note = models.CharField(max_length=300, blank=True)
    pack = models.CharField(max_length=60, default=LOCAL)

    def __str__(self) -> str:
        return self.key


class Entry(DatedRow):
    """One code of a list and its words. `data` holds what else the pack says about it."""

    list_key = models.CharField(max_length=60)
    code = models.CharField(max_length=60)
    zh = models.CharField(max_length=200)
    en = models.CharField(max_length=200)
    order = models.IntegerField(default=0)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["list_key", "order"], name="entry_by_list")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="entry_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["pack", "list_key", "code"],
                condition=Q(valid_to__isnull=True, superseded_at__isnull=True),
                name="one_open_entry_per_code_and_pack",
            ),
            models.UniqueConstraint(
                fields=["pack", "list_key", "code", "valid_from"],
                condition=Q(superseded_at__isnull=True),
                name="one_entry_of_a_code_begins_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.list_key}/{self.code}"


class SpecialDay(models.Model):
    """A day that is not what its weekday says: a holiday, or a weekend that is worked to make up for one."""

    uid = models.UUIDField(default=new_uid, unique=True)
    day = models.DateField()
    is_working = models.BooleanField()
    zh = models.CharField(max_length=60, blank=True)
    en = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=300, blank=True)
    verified = models.BooleanField(default=False)
    pack = models.CharField(max_length=60, default=LOCAL)
    layer = models.SmallIntegerField(default=LOCAL_LAYER)
    recorded_at = models.DateTimeField(default=now)
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pack", "day"],
                condition=Q(superseded_at__isnull=True),
                name="one_special_day_per_date_and_pack",
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.zh}"


class Edition(models.Model):
    """One row whose mark changes with every write, so that processes know when their copy is old."""

    mark = models.UUIDField(default=new_uid)

    def __str__(self) -> str:
        return str(self.mark)
