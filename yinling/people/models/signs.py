"""Signs of life: that somebody was there at a moment, noted by whoever saw it. Append only, kept for a time."""

import datetime as dt
from collections.abc import Collection
from typing import Self

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import pgettext_lazy

from yinling.kernel.clock import now
from yinling.people.models.person import Person
from yinling.people.models.scoped import ByPerson


class SignQuerySet(ByPerson):
    """Signs of life, seen where the person is seen."""

    def between(self, start: dt.datetime, end: dt.datetime) -> Self:
        """Those that happened in a stretch of time, the end not included."""
        return self.filter(happened_at__gte=start, happened_at__lt=end)

    def of(self, persons: Collection[int]) -> Self:
        """Those of these files and of the files merged into them; `whose` is the file that stands. One statement
        besides, which keeps the index on (person, time) in use."""
        merged = Person.objects.filter(canonical_id__in=persons).values_list("pk", flat=True)
        whose = Coalesce("person__canonical_id", "person_id")
        return self.filter(person_id__in=[*persons, *merged]).annotate(whose=whose)

    def moments(self, persons: Collection[int]) -> list[tuple[int, dt.datetime, str]]:
        """(person, instant, kind) in order of time, of these files. Two statements."""
        return list(self.of(persons).order_by("happened_at").values_list("whose", "happened_at", "kind"))


class SignOfLife(models.Model):
    """Somebody was there. `origin`: the visit, meal or reading that shows it; its own change row tells the rest."""

    class Kind(models.TextChoices):
        MEAL = "meal", pgettext_lazy("sign of life", "Meal taken")
        VISIT = "visit", pgettext_lazy("sign of life", "Visited")
        CALL = "call", pgettext_lazy("sign of life", "Spoken to on the telephone")
        DOOR = "door", pgettext_lazy("sign of life", "Door opened")
        LOG_IN = "log_in", pgettext_lazy("sign of life", "Logged in")
        LEDGER = "ledger", pgettext_lazy("sign of life", "Paid or was paid")
        MEDICINE = "medicine", pgettext_lazy("sign of life", "Medicine taken")
        STAY = "stay", pgettext_lazy("sign of life", "Came to, or back to, a home")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="signs_of_life", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=now)
    by_uid = models.UUIDField()
    origin_kind = models.CharField(max_length=30, blank=True)
    origin_uid = models.UUIDField(null=True)

    objects = SignQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["happened_at"], name="sign_of_life_by_time")]
        constraints = [
            models.UniqueConstraint(fields=["person", "happened_at", "kind"], name="a_sign_of_life_is_noted_once")
        ]
