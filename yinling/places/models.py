"""Tables of places. `Place.key` never changes; what is official about a place is dated in `PlaceVersion`."""

from django.db import models
from django.db.models import F, Q

from yinling.kernel.clock import now
from yinling.kernel.scope import ScopedQuerySet


class Level(models.TextChoices):
    """The four levels at which a city works."""

    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"


class PlaceQuerySet(ScopedQuerySet["Place"]):
    """Places."""

    scope_field = "key"

    def at(self, level: str) -> "PlaceQuerySet":
        """Places of one level that exist today."""
        return self.filter(level=level, is_current=True)


class Place(models.Model):
    """A division. Code, name and parent here are today's, kept from the versions by `places.services`."""

    key = models.BigIntegerField(primary_key=True)
    level = models.CharField(max_length=8, choices=Level)
    code = models.CharField(max_length=12)
    name = models.CharField(max_length=60)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    pinyin = models.CharField(max_length=200, blank=True)
    initials = models.CharField(max_length=60, blank=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    datum = models.CharField(max_length=8, blank=True)
    is_current = models.BooleanField(default=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["level", "key"], name="place_by_level"),
            models.Index(fields=["initials"], name="place_by_initials"),
            models.Index(fields=["name"], name="place_by_name"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(key__gte=10**11) & Q(key__lt=10**12), name="place_key_has_twelve_digits"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PlaceVersionQuerySet(ScopedQuerySet["PlaceVersion"]):
    """Versions, seen where their place is seen."""

    scope_field = "place_id"


class PlaceVersion(models.Model):
    """What was official about a place from one day until another (exclusive; open while it holds).

    `successor`: what it was merged into at the end of this version, or since it began. `split_from`: what a new
    division was cut out of. `source`: number of the document.
    """

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="versions")
    code = models.CharField(max_length=12)
    name = models.CharField(max_length=60)
    parent = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, related_name="+")
    successor = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, related_name="predecessors")
    split_from = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, related_name="offshoots")
    source = models.CharField(max_length=120, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    recorded_at = models.DateTimeField(default=now)
    superseded_at = models.DateTimeField(null=True)

    objects = PlaceVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="place_version_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["place"],
                condition=Q(valid_to__isnull=True, superseded_at__isnull=True),
                name="one_open_version_per_place",
            ),
            models.UniqueConstraint(
                fields=["place", "valid_from"],
                condition=Q(superseded_at__isnull=True),
                name="one_version_of_a_place_begins_on_a_day",
            ),
        ]
