"""Buildings, floors, rooms and beds; and whether a bed is usable, as a dated fact."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q

from yinling.institutions.models.sites import ByInstitution, Institution
from yinling.kernel.clock import now
from yinling.kernel.uids import new_uid

USABLE, UNDER_REPAIR, CLOSED = "usable", "under_repair", "closed"
SET_UP = (USABLE, UNDER_REPAIR)  # a bed under repair stands there; a closed one does not count
NURSING = "nursing"


class Building(models.Model):
    """A house of an institution."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="buildings")
    name = models.CharField(max_length=40)

    objects = ByInstitution.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["institution", "name"], name="an_institution_has_a_building_once")
        ]

    def __str__(self) -> str:
        return self.name


class ByBuilding(ByInstitution):
    """Rows seen where the institution of their building is seen."""

    scope_field = "building__institution__place_key"


class Floor(models.Model):
    """A floor of a building; 1 is the ground floor."""

    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="floors")
    number = models.SmallIntegerField()

    objects = ByBuilding.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["building", "number"], name="a_building_has_a_floor_once")]


class ByFloor(ByInstitution):
    """Rows seen where the institution of their floor is seen."""

    scope_field = "floor__building__institution__place_key"


class Room(models.Model):
    """A room of a floor."""

    floor = models.ForeignKey(Floor, on_delete=models.PROTECT, related_name="rooms")
    number = models.CharField(max_length=12)

    objects = ByFloor.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["floor", "number"], name="a_floor_has_a_room_once")]

    def __str__(self) -> str:
        return self.number


class Bed(models.Model):
    """A bed (code list bed_kind). Whether it is usable is a dated fact (`BedState`), who is in it too (`BedUse`)."""

    uid = models.UUIDField(default=new_uid, unique=True)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="beds")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="beds")
    label = models.CharField(max_length=12)
    kind = models.CharField(max_length=12)

    objects = ByInstitution.as_manager()

    class Meta:
        indexes = [models.Index(fields=["institution", "kind"], name="bed_by_kind")]
        constraints = [models.UniqueConstraint(fields=["room", "label"], name="a_room_has_a_bed_once")]

    def __str__(self) -> str:
        return f"{self.room.number} {self.label}"


class BedStateQuerySet(ByInstitution):
    """States of beds over time."""

    scope_field = "bed__institution__place_key"

    def as_of(self, valid_on: dt.date, known_at: dt.datetime) -> Self:
        """States that held on a day as they were known at an instant."""
        return self.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=valid_on),
            Q(superseded_at__isnull=True) | Q(superseded_at__gt=known_at),
            valid_from__lte=valid_on,
            recorded_at__lte=known_at,
        )


class BedState(models.Model):
    """A bed is usable, under repair or closed (code list bed_state) from a day on. Corrections supersede."""

    bed = models.ForeignKey(Bed, on_delete=models.PROTECT, related_name="states")
    state = models.CharField(max_length=12)
    reason = models.CharField(max_length=200, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    recorded_at = models.DateTimeField(default=now)
    superseded_at = models.DateTimeField(null=True)

    objects = BedStateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bed"],
                condition=Q(valid_to__isnull=True, superseded_at__isnull=True),
                name="a_bed_has_one_state",
            ),
            models.UniqueConstraint(
                fields=["bed", "valid_from"],
                condition=Q(superseded_at__isnull=True),
                name="one_state_of_a_bed_begins_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="bed_state_ends_after_it_begins",
            ),
        ]
