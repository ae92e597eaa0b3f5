"""The card of a person: what holds today. Its history lies in the dated facts and revisions."""

from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from yinling.kernel.actors import WHOLE_CITY, Actor
from yinling.kernel.clock import now
from yinling.kernel.crypto import unseal
from yinling.kernel.scope import ScopedQuerySet, within
from yinling.kernel.uids import new_uid
from yinling.people.models.scoped import ByPerson


def where(field: str, uid: UUID | str) -> str:
    """What a sealed field of a person is bound to: table, field and the person's uid."""
    return f"people.person.{field}:{uid}"


class Household(models.Model):
    """People who live under one roof."""

    uid = models.UUIDField(default=new_uid, unique=True)
    place_key = models.BigIntegerField(db_index=True)

    objects = ScopedQuerySet.as_manager()


class PersonQuerySet(ScopedQuerySet["Person"]):
    """Persons: in one's divisions, or through a live grant."""

    def visible_to(self, user: Actor, permission: str | None = None) -> Self:
        """Persons who live in the user's divisions today, or whom a live grant opens to the user."""
        ranges = tuple(user.key_ranges(permission))
        if ranges == WHOLE_CITY:
            return self.all()
        granted = Q(grants__grantee_uid=user.uid, grants__ended_at__isnull=True, grants__until__gt=now())
        if not ranges:
            return self.filter(granted).distinct()
        return self.filter(within(ranges) | Q(pk__in=Person.objects.filter(granted).values("pk")))

    def current(self) -> Self:
        """Files that are not merged into another."""
        return self.filter(canonical__isnull=True)

    def living(self) -> Self:
        """Persons not registered as dead."""
        return self.exclude(life_status=Person.DEAD)


class Person(models.Model):
    """One file. Numbers, phone and house number are sealed; the rest is plain and scoped by `place_key`."""

    ALIVE, DEAD, UNCLEAR = "alive", "dead", "unclear"

    uid = models.UUIDField(default=new_uid, unique=True)
    name = models.CharField(max_length=60)
    name_key = models.CharField(max_length=60)
    sex = models.CharField(max_length=1, default="0")  # GB/T 2261.1
    birth_date = models.DateField(null=True)
    birth_precision = models.CharField(max_length=5, default="day")  # day, month, year
    birth_is_lunar = models.BooleanField(default=False)
    birth_is_uncertain = models.BooleanField(default=False)
    ethnic_group = models.CharField(max_length=2, blank=True)  # GB/T 3304
    marital_state = models.CharField(max_length=2, blank=True)  # GB/T 2261.2
    education = models.CharField(max_length=2, blank=True)  # GB/T 4658
    living_arrangement = models.CharField(max_length=20, blank=True)

    document_kind = models.CharField(max_length=20, blank=True)
    document_sealed = models.BinaryField(default=bytes)
    document_index = models.BinaryField(max_length=17, default=bytes)
    phone_sealed = models.BinaryField(default=bytes)
    phone_index = models.BinaryField(max_length=17, default=bytes)
    address_sealed = models.BinaryField(default=bytes)

    place_key = models.BigIntegerField()  # where the person actually lives
    registered_place_key = models.BigIntegerField(null=True)  # where the household is registered
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)

    life_status = models.CharField(max_length=8, default=ALIVE)
    died_on = models.DateField(null=True)
    household = models.ForeignKey(Household, null=True, on_delete=models.PROTECT, related_name="members")
    canonical = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="merged_files", db_index=False
    )  # found through person_merged
    photo_uid = models.UUIDField(null=True)
    flags = models.JSONField(default=list)  # what somebody should settle, e.g. birth date against ID
    source = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)

    objects = PersonQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["place_key", "id"], name="person_by_place"),
            models.Index(fields=["place_key", "name_key"], name="person_by_place_and_name"),
            models.Index(fields=["birth_date", "place_key", "name_key"], name="person_by_birth_and_place"),
            models.Index(fields=["document_index"], name="person_by_document"),
            models.Index(fields=["phone_index"], name="person_by_phone"),
            models.Index(fields=["canonical"], name="person_merged", condition=Q(canonical__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(died_on__isnull=True) | Q(life_status="dead"), name="only_the_dead_have_a_day_of_death"
            ),
            models.CheckConstraint(condition=~Q(canonical=F("id")), name="person_is_not_merged_into_itself"),
        ]

    def __str__(self) -> str:
        return self.name

    def document_number(self) -> str:
        """The plain number. Only services that record a look may show it."""
        return unseal(self.document_sealed, where("document", self.uid))

    def phone(self) -> str:
        """The plain telephone number."""
        return unseal(self.phone_sealed, where("phone", self.uid))

    def address(self) -> str:
        """The plain address below the village (group, house number)."""
        return unseal(self.address_sealed, where("address", self.uid))


class OtherName(models.Model):
    """A name a person also goes by: used before, by-name, another spelling."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="other_names")
    name = models.CharField(max_length=60)
    name_key = models.CharField(max_length=60, db_index=True)
    recorded_at = models.DateTimeField(default=now)

    objects = ByPerson.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="person_has_a_name_once")]
