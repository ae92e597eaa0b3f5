"""Scope: which rows an actor may see. Every queryset of a table that hangs on a place starts from here."""

from collections.abc import Iterable
from typing import Any, Self, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models import Q

from yinling.kernel.actors import WHOLE_CITY, Actor, KeyRange
from yinling.kernel.errors import NotFound

Row = TypeVar("Row", bound=models.Model)


def within(ranges: Iterable[KeyRange], field: str = "place_key") -> Q:
    """Rows whose place key lies in one of the inclusive ranges; none when there are no ranges."""
    condition = Q(pk__in=[])
    for low, high in ranges:
        one = Q(**{field: low}) if low == high else Q(**{f"{field}__gte": low, f"{field}__lte": high})
        condition = one if condition == Q(pk__in=[]) else condition | one
    return condition


class ScopedQuerySet(models.QuerySet[Row]):
    """A queryset that knows the path to its rows' place key (`scope_field`)."""

    scope_field = "place_key"

    def visible_to(self, user: Actor, permission: str | None = None) -> Self:
        """Rows in the divisions of `user` today (where the user holds `permission`, if one is named)."""
        ranges = tuple(user.key_ranges(permission))
        if ranges == WHOLE_CITY:
            return self.all()
        return self.filter(within(ranges, self.scope_field))

    def one(self, **lookup: Any) -> Row:
        """The single row, or NotFound: 'not yours' reads as 'not there'."""
        try:
            return self.get(**lookup)
        except ObjectDoesNotExist:
            raise NotFound(self.model._meta.model_name or "record") from None
