"""Wards of homes, and the points that a patrol passes."""

import secrets
from typing import Any, Self

from django.db import models
from django.db.models import Q

from yinling.institutions.models import Floor, Institution
from yinling.institutions.models.sites import workplaces
from yinling.kernel.actors import WHOLE_CITY, Actor
from yinling.kernel.clock import now
from yinling.kernel.scope import ScopedQuerySet, within
from yinling.kernel.uids import new_uid
from yinling.shifts.permissions import Shifts


class ByHome(ScopedQuerySet[Any]):
    """Rows seen by whoever works in the home today, and by those who watch over homes of the division.

    Roles of a home are given for a township, which holds other homes too: so place alone opens nothing here.
    """

    scope_field = "institution__place_key"

    def visible_to(self, user: Actor, permission: str | None = None) -> Self:
        """Rows of the user's workplaces, and of divisions where the user may watch (or holds `permission`)."""
        ranges = tuple(user.key_ranges(permission or Shifts.WATCH))
        if ranges == WHOLE_CITY:
            return self.all()
        home = self.scope_field.removesuffix("__place_key")
        return self.filter(within(ranges, self.scope_field) | Q(**{f"{home}__in": workplaces(user)}))


class WardQuerySet(ByHome):
    """Wards."""

    def in_use(self) -> Self:
        """Those where somebody works today."""
        return self.filter(ended_at__isnull=True, institution__closed_on__isnull=True)


class Ward(models.Model):
    """A floor of a home with carers of its own; without a floor the whole home."""

    uid = models.UUIDField(default=new_uid, unique=True)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="wards")
    floor = models.ForeignKey(Floor, null=True, on_delete=models.PROTECT, related_name="wards")
    name = models.CharField(max_length=40)
    opened_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)

    objects = WardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "name"], condition=Q(ended_at__isnull=True), name="a_home_has_a_ward_once"
            ),
            models.UniqueConstraint(
                fields=["floor"], condition=Q(ended_at__isnull=True, floor__isnull=False),
                name="a_floor_belongs_to_one_ward",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="a_ward_has_a_name"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class ByWard(ByHome):
    """Rows seen where the home of their ward is seen."""

    scope_field = "ward__institution__place_key"


def new_token() -> str:
    """What the address on a patrol point ends with: cannot be guessed from home."""
    return secrets.token_urlsafe(9)


class PatrolPoint(models.Model):
    """A place that a patrol passes, with a QR code or NFC tag. A new token makes a photographed code worthless."""

    uid = models.UUIDField(default=new_uid, unique=True)
    ward = models.ForeignKey(Ward, on_delete=models.PROTECT, related_name="points")
    name = models.CharField(max_length=40)
    token = models.CharField(max_length=20, unique=True, default=new_token)
    put_up_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)

    objects = ByWard.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ward", "name"], condition=Q(ended_at__isnull=True), name="a_ward_has_a_point_once"
            )
        ]

    def __str__(self) -> str:
        return self.name
