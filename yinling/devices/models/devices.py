"""Devices, where they stand today and stood before, and what is judged together."""

from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from yinling.devices.models.profiles import Profile
from yinling.institutions.models import Bed, Institution, Room
from yinling.institutions.models.sites import workplaces
from yinling.kernel.actors import WHOLE_CITY, Actor
from yinling.kernel.clock import now
from yinling.kernel.scope import ScopedQuerySet, within
from yinling.kernel.uids import new_uid
from yinling.organisations.models import Organisation
from yinling.people.models import Grant, Person


class Where(models.TextChoices):
    """What kind of place a device stands in."""

    INSTITUTION = "institution", pgettext_lazy("place of a device", "Institution")
    HOME = "home", pgettext_lazy("place of a device", "Home of a person")
    PUBLIC = "public", pgettext_lazy("place of a device", "Public place")


class CareScope(models.Model):
    """What is judged together. Its primary key is the integer that readings, rules and shards go by; it never changes.

    `institution`, `household` and `person` are primary keys of their tables: a dissolved household keeps its number.
    """

    institution = models.BigIntegerField(null=True, unique=True)
    household = models.BigIntegerField(null=True, unique=True)
    person = models.BigIntegerField(null=True, unique=True)
    division = models.BigIntegerField(null=True, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(institution__isnull=False, household=None, person=None, division=None)
                | Q(institution=None, household__isnull=False, person=None, division=None)
                | Q(institution=None, household=None, person__isnull=False, division=None)
                | Q(institution=None, household=None, person=None, division__isnull=False),
                name="a_care_scope_is_one_thing",
            )
        ]


class ByPlace(ScopedQuerySet[Any]):
    """Devices and what hangs on them: in one's divisions, where one works, or about a person whom a grant opens."""

    lead = ""  # the path to the row that carries institution and person

    def visible_to(self, user: Actor, permission: str | None = None) -> Self:
        """Rows in the user's divisions, of the homes where the user works, and of persons opened by a grant."""
        ranges = tuple(user.key_ranges(permission))
        if ranges == WHOLE_CITY:
            return self.all()
        granted = Grant.objects.filter(grantee_uid=user.uid, ended_at__isnull=True, until__gt=now())
        return self.filter(
            within(ranges, f"{self.lead}place_key")
            | Q(**{f"{self.lead}institution__in": workplaces(user)})
            | Q(**{f"{self.lead}person__in": granted.values("person_id")})
        )


class DeviceQuerySet(ByPlace):
    """Devices."""

    def in_use(self) -> Self:
        """Standing somewhere and expected to report."""
        return self.filter(state__in=[Device.State.CLAIMED, Device.State.ACTIVE])


class Device(models.Model):
    """One thing with a serial number. `number` is dense and stands in every reading; people read `register_number`.

    Where it stands today is cached from its open placement, so that the table of all devices is one read.
    """

    class State(models.TextChoices):
        IN_STORE = "in_store", pgettext_lazy("device", "In store")
        CLAIMED = "claimed", pgettext_lazy("device", "Claimed, no reading yet")
        ACTIVE = "active", pgettext_lazy("device", "In use")
        FAULTY = "faulty", pgettext_lazy("device", "Faulty")
        OUT_OF_USE = "out_of_use", pgettext_lazy("device", "Out of use")

    uid = models.UUIDField(default=new_uid, unique=True)
    number = models.IntegerField(unique=True)
    register_number = models.CharField(max_length=30, unique=True)
    maker = models.CharField(max_length=60)
    serial = models.CharField(max_length=60)
    profile = models.ForeignKey(Profile, on_delete=models.PROTECT, related_name="devices")
    owner = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="devices")
    gateway = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    state = models.CharField(max_length=10, choices=State, default=State.IN_STORE)
    state_why = models.CharField(max_length=200, blank=True)
    place_key = models.BigIntegerField()

    where = models.CharField(max_length=12, choices=Where, blank=True)
    institution = models.ForeignKey(Institution, null=True, on_delete=models.PROTECT, related_name="devices")
    room = models.ForeignKey(Room, null=True, on_delete=models.PROTECT, related_name="devices")
    bed = models.ForeignKey(Bed, null=True, on_delete=models.PROTECT, related_name="devices")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="devices")
    spot = models.CharField(max_length=20, blank=True)  # code list device_spot
    spot_words = models.CharField(max_length=60, blank=True)  # second floor, east corridor
    care_scope = models.ForeignKey(CareScope, null=True, on_delete=models.PROTECT, related_name="devices")

    stream_sealed = models.BinaryField(default=bytes)  # a camera's address, with whatever password it carries
    last_seen_at = models.DateTimeField(null=True)  # from time to time, for lists; the last values are telemetry
    battery_percent = models.SmallIntegerField(null=True)
    bought_on = models.DateField(null=True)
    created_at = models.DateTimeField(default=now)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["place_key", "id"], name="device_by_place"),
            models.Index(fields=["profile", "place_key", "id"], name="device_by_profile"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["maker", "serial"], name="a_maker_gives_a_serial_number_once"),
            models.CheckConstraint(condition=~Q(serial=""), name="a_device_has_a_serial_number"),
            models.CheckConstraint(condition=~Q(gateway=F("id")), name="a_gateway_does_not_hang_on_itself"),
            models.CheckConstraint(
                condition=Q(state__in=["claimed", "active"], care_scope__isnull=False) & ~Q(where="")
                | Q(state="faulty")
                | Q(state__in=["in_store", "out_of_use"], where="", care_scope=None),
                name="a_device_in_use_stands_somewhere_and_one_in_store_nowhere",
            ),
            models.CheckConstraint(
                condition=Q(where="institution", institution__isnull=False)
                | Q(where="home", institution=None, room=None, bed=None, person__isnull=False)
                | Q(where__in=["", "public"], institution=None, room=None, bed=None, person=None),
                name="a_device_stands_in_one_kind_of_place",
            ),
            models.CheckConstraint(
                condition=Q(battery_percent__isnull=True) | Q(battery_percent__gte=0, battery_percent__lte=100),
                name="a_battery_holds_0_to_100_percent",
            ),
        ]

    def __str__(self) -> str:
        return self.register_number


class ByDevice(ByPlace):
    """Rows seen where their device is seen."""

    scope_field = "device__place_key"
    lead = "device__"


class Placement(models.Model):
    """A device stands somewhere from an instant to another. Never changed but to end it."""

    uid = models.UUIDField(default=new_uid, unique=True)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="placements")
    where = models.CharField(max_length=12, choices=Where)
    institution = models.ForeignKey(Institution, null=True, on_delete=models.PROTECT, related_name="+")
    room = models.ForeignKey(Room, null=True, on_delete=models.PROTECT, related_name="+")
    bed = models.ForeignKey(Bed, null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    spot = models.CharField(max_length=20, blank=True)
    spot_words = models.CharField(max_length=60, blank=True)
    place_key = models.BigIntegerField()
    care_scope = models.ForeignKey(CareScope, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    placed_by = models.UUIDField()
    taken_down_at = models.DateTimeField(null=True)
    taken_down_by = models.UUIDField(null=True)
    why_taken_down = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField(default=now)

    objects = ByDevice.as_manager()

    class Meta:
        indexes = [models.Index(fields=["device", "placed_at"], name="placement_by_time")]
        constraints = [
            models.UniqueConstraint(
                fields=["device"], condition=Q(taken_down_at__isnull=True), name="a_device_stands_in_one_place"
            ),
            models.CheckConstraint(
                condition=Q(taken_down_at__isnull=True) | Q(taken_down_at__gte=F("placed_at")),
                name="a_device_is_taken_down_after_it_was_placed",
            ),
            models.CheckConstraint(
                condition=Q(where="institution", institution__isnull=False)
                | Q(where="home", institution=None, room=None, bed=None, person__isnull=False)
                | Q(where="public", institution=None, room=None, bed=None, person=None),
                name="a_placement_is_in_one_kind_of_place",
            ),
        ]
