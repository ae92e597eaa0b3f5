"""People around a person: kin and contacts, guardians, the household, and users who see the file through a grant."""

from uuid import UUID

from django.db import models
from django.db.models import F, Q

from yinling.kernel.clock import now
from yinling.kernel.crypto import unseal
from yinling.kernel.uids import new_uid
from yinling.people.models.person import Household, Person
from yinling.people.models.scoped import ByPerson


def kin_where(uid: UUID | str) -> str:
    """What a kin's sealed phone is bound to."""
    return f"people.kin.phone:{uid}"


class Kin(models.Model):
    """A relative, neighbour or other contact; `kin_person` when that person has a file here."""

    uid = models.UUIDField(default=new_uid, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="kin")
    kin_person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    relation = models.CharField(max_length=4)  # GB/T 4761, or 'nb' neighbour, 'ot' other
    phone_sealed = models.BinaryField(default=bytes)
    phone_index = models.BinaryField(max_length=17, default=bytes)
    lives_at = models.CharField(max_length=60, blank=True)
    is_emergency = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(default=now)

    objects = ByPerson.as_manager()

    class Meta:
        indexes = [models.Index(fields=["phone_index"], name="kin_by_phone")]

    def phone(self) -> str:
        """The plain telephone number."""
        return unseal(self.phone_sealed, kin_where(self.uid))


class Guardian(models.Model):
    """Who may act for a person: kind, proof, scope, and until when."""

    uid = models.UUIDField(default=new_uid, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="guardians")
    kin = models.ForeignKey(Kin, on_delete=models.PROTECT, related_name="guardianships")
    kind = models.CharField(max_length=20)  # statutory, appointed, agreed, organisation
    proof = models.CharField(max_length=120)
    proof_file_uid = models.UUIDField(null=True)
    scope = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    recorded_at = models.DateTimeField(default=now)
    superseded_at = models.DateTimeField(null=True)

    objects = ByPerson.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="guardianship_ends_after_it_begins",
            )
        ]


class Membership(models.Model):
    """A person lives in a household from a day on, as what to its head. `Person.household` caches the open one.

    Households that came with a bulk load have none yet: nobody has said who the head is.
    """

    HEAD = "02"  # GB/T 4761

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="memberships")
    relation = models.CharField(max_length=4)  # to the head, GB/T 4761
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    recorded_at = models.DateTimeField(default=now)
    superseded_at = models.DateTimeField(null=True)

    objects = ByPerson.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(valid_to__isnull=True, superseded_at__isnull=True),
                name="person_lives_in_one_household",
            ),
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(relation="02", valid_to__isnull=True, superseded_at__isnull=True),
                name="household_has_one_head",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="membership_ends_after_it_begins",
            ),
        ]


class Grant(models.Model):
    """One user may see one person, on a ground, until a time: stays, pairings, referrals, guardianship, consent."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="grants")
    grantee_uid = models.UUIDField()
    ground = models.CharField(max_length=30)
    origin_uid = models.UUIDField(null=True)
    until = models.DateTimeField()
    recorded_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)

    objects = ByPerson.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["grantee_uid", "person"], name="grant_live", condition=Q(ended_at__isnull=True))
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "grantee_uid", "ground", "origin_uid"],
                condition=Q(ended_at__isnull=True),
                name="one_live_grant_per_ground",
            )
        ]
