"""Rows that hang on a person are seen where the person is seen."""

from django.db.models import Q

from yinling.kernel.scope import ScopedQuerySet


class ByPerson(ScopedQuerySet):
    """Rows seen where their person is seen."""

    scope_field = "person__place_key"

    def holding(self, day: object) -> "ByPerson":
        """Facts that hold on a day, as known today."""
        return self.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day, superseded_at__isnull=True
        )

    def as_of(self, valid_on: object, known_at: object) -> "ByPerson":
        """Facts that held on a day as they were known at an instant."""
        return self.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=valid_on),
            Q(superseded_at__isnull=True) | Q(superseded_at__gt=known_at),
            valid_from__lte=valid_on,
            recorded_at__lte=known_at,
        )
