"""How the demonstration city in this database was made. One row; none where the people are real."""

from django.db import models
from django.db.models import Q

from yinling.kernel.clock import now


class Build(models.Model):
    """Scale, seed, and the city's today at the time of building. Pages state the scale from it."""

    scale = models.FloatField()
    seed = models.BigIntegerField()
    today = models.DateField()
    persons = models.BigIntegerField(default=0)
    counted = models.JSONField(default=dict)  # key of a fact -> what the registers held when the city was built
    built_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(scale__gt=0), name="a_city_has_a_scale")]

    def __str__(self) -> str:
        return f"scale {self.scale}, seed {self.seed}"
