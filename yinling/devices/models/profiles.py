"""What models of devices measure. Both tables come from packs and are the same for everybody."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import translation

from yinling.kernel.clock import now


class Metric(models.Model):
    """One measured quantity. `number` stands in every stored reading: it is never given to another metric.

    `lowest` and `highest` bound what a sensor can truly report; `purpose` names the consent without which nobody may
    evaluate it ("" for none; code list consent_purpose); `retention_days` is how long readings are kept.
    """

    number = models.SmallIntegerField(primary_key=True)
    key = models.CharField(max_length=40, unique=True)
    zh = models.CharField(max_length=60)
    en = models.CharField(max_length=60)
    unit = models.CharField(max_length=12, blank=True)
    lowest = models.FloatField()
    highest = models.FloatField()
    purpose = models.CharField(max_length=40, blank=True)
    retention_days = models.IntegerField()
    pack = models.CharField(max_length=40)
    loaded_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(lowest__lte=F("highest")), name="a_metric_has_a_range"),
            models.CheckConstraint(condition=Q(number__gt=0), name="a_metric_has_a_number_above_zero"),
            models.CheckConstraint(condition=Q(retention_days__gt=0), name="readings_are_kept_for_a_time"),
        ]

    def __str__(self) -> str:
        return _named(self)


class Profile(models.Model):
    """A model of device. `data` is the profile as its pack states it; the columns are what lists filter by.

    `data["metrics"]`: expected seconds between readings by metric key. `data["stands"]`: institution, home, public.
    `data["never"]`: spots where it may never stand (code list device_spot). `data["battery"]`: months a charge lasts.
    """

    key = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=20)  # code list device_kind
    zh = models.CharField(max_length=60)
    en = models.CharField(max_length=60)
    silent_after_s = models.IntegerField()  # without a word for so long, a device counts as silent
    has_battery = models.BooleanField(default=False)
    data = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    pack = models.CharField(max_length=40)
    loaded_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(silent_after_s__gt=0), name="silence_takes_a_time")]

    def __str__(self) -> str:
        return _named(self)


def _named(row: Any) -> str:
    """The name in the reader's language."""
    return str(row.zh if (translation.get_language() or "zh").startswith("zh") else row.en)
