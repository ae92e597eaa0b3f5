"""Lists of departments: their editions, who stood on each, and hospital stays as a list tells them."""

from uuid import UUID

from django.db import models
from django.db.models import F, Q

from yinling.kernel.clock import now
from yinling.kernel.crypto import unseal
from yinling.kernel.scope import ScopedQuerySet
from yinling.kernel.uids import new_uid
from yinling.people.models.person import Person
from yinling.people.models.scoped import ByPerson


def stay_where(uid: UUID | str) -> str:
    """What the sealed name of a hospital is bound to."""
    return f"people.hospitalstay.hospital:{uid}"


class HospitalStay(models.Model):
    """A stay in hospital on the word of a list. It tells; it does not yet say where the person is (`Whereabouts`).

    The hospital is sealed: which one it is may tell the illness.
    """

    uid = models.UUIDField(default=new_uid, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="hospital_stays")
    hospital_sealed = models.BinaryField()
    admitted_on = models.DateField()
    discharged_on = models.DateField(null=True)
    source = models.CharField(max_length=80)
    recorded_at = models.DateTimeField(default=now)
    superseded_at = models.DateTimeField(null=True)

    objects = ByPerson.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "admitted_on"],
                condition=Q(superseded_at__isnull=True),
                name="person_is_admitted_to_hospital_once_a_day",
            ),
            models.CheckConstraint(
                condition=Q(discharged_on__isnull=True) | Q(discharged_on__gte=F("admitted_on")),
                name="hospital_stay_ends_after_it_begins",
            ),
        ]

    def hospital(self) -> str:
        """The hospital's name, plain."""
        return unseal(self.hospital_sealed, stay_where(self.uid))


class ListEdition(models.Model):
    """One month's list of a department, as one division sent it. Several files of a month add up to one edition.

    `covered`: townships (place keys) for which it counts as complete; only there can somebody have left it.
    """

    uid = models.UUIDField(default=new_uid, unique=True)
    register = models.CharField(max_length=40)
    place_key = models.BigIntegerField()
    month = models.DateField()  # its first day
    source = models.CharField(max_length=80)
    recorded_at = models.DateTimeField(default=now)
    judged_at = models.DateTimeField(null=True)
    covered = models.JSONField(default=list)
    not_covered = models.JSONField(default=list)  # townships of which the file holds too little to be compared
    left = models.IntegerField(default=0)
    unclear = models.JSONField(default=list)  # persons (primary keys): perhaps left, perhaps in a row nobody could read

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["register", "place_key", "month"], name="a_division_has_one_edition_a_month"
            )
        ]


class EditionPart(ScopedQuerySet["ListFile"]):
    """Rows seen where their edition is."""

    scope_field = "edition__place_key"


class ListFile(models.Model):
    """One import that is a part of an edition, or the whole of it, or a correction."""

    edition = models.ForeignKey(ListEdition, on_delete=models.CASCADE, related_name="files")
    import_uid = models.UUIDField(unique=True)

    objects = EditionPart.as_manager()


class ListEntry(models.Model):
    """A row of an edition: a person on file, or, where the row could not be told, the name in it."""

    edition = models.ForeignKey(ListEdition, on_delete=models.CASCADE, related_name="entries")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="list_entries")
    name_key = models.CharField(max_length=60, blank=True)
    place_key = models.BigIntegerField()  # the village the row names; 0 where it names none

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "person"], name="person_stands_once_on_an_edition"),
            models.CheckConstraint(
                condition=Q(person__isnull=True) | Q(name_key=""), name="an_entry_is_a_person_or_a_name"
            ),
        ]
