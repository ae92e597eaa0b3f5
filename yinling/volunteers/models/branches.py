"""Branches of the time bank, and their members."""

from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from yinling.accounts.models import User
from yinling.kernel.clock import now
from yinling.kernel.crypto import unseal
from yinling.kernel.scope import ScopedQuerySet
from yinling.kernel.uids import new_uid
from yinling.organisations.models import Organisation
from yinling.people.models import Person


class BranchQuerySet(ScopedQuerySet["Branch"]):
    """Branches."""

    def open(self) -> Self:
        """Those that work."""
        return self.filter(closed_on__isnull=True)


class Branch(models.Model):
    """A village elders' association as a branch of the time bank. `coordinator` acts for members without telephones."""

    uid = models.UUIDField(default=new_uid, unique=True)
    name = models.CharField(max_length=60)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="time_branches")
    place_key = models.BigIntegerField()
    coordinator = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="coordinates")
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    recorded_at = models.DateTimeField(default=now)

    objects = BranchQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["place_key", "id"], name="branch_by_place")]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="a_branch_has_a_name"),
            models.UniqueConstraint(fields=["place_key", "name"], name="a_branch_is_named_once_in_its_village"),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="a_branch_closes_after_it_opens",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MemberQuerySet(ScopedQuerySet["Member"]):
    """Members."""

    def present(self) -> Self:
        """Those who have not left and whose estate is not settled."""
        return self.filter(left_on__isnull=True)


class Member(models.Model):
    """Whoever has an account in the bank. `person`: their file, where they have one; `user`: their log-in.

    `place_key` is the branch's: members are seen where their branch is seen.
    """

    uid = models.UUIDField(default=new_uid, unique=True)
    number = models.CharField(max_length=24, unique=True)
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="members")
    place_key = models.BigIntegerField()
    person = models.OneToOneField(Person, null=True, on_delete=models.PROTECT, related_name="time_member")
    user = models.OneToOneField(User, null=True, on_delete=models.PROTECT, related_name="time_member")
    name = models.CharField(max_length=60)
    sex = models.CharField(max_length=1, default="0")  # GB/T 2261.1
    birth_date = models.DateField()
    phone_sealed = models.BinaryField(default=bytes)
    joined_on = models.DateField()
    left_on = models.DateField(null=True)
    recorded_at = models.DateTimeField(default=now)

    objects = MemberQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["place_key", "id"], name="member_by_place")]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="a_member_has_a_name"),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("joined_on")), name="a_member_leaves_after_joining"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def phone(self) -> str:
        """The plain telephone number. Only services that record a look may show it."""
        return unseal(self.phone_sealed, member_where(self.uid))


def member_where(uid: UUID | str) -> str:
    """What the sealed telephone of a member is bound to."""
    return f"volunteers.member.phone:{uid}"


class ByBranch(ScopedQuerySet):
    """Rows seen where their branch is seen."""

    scope_field = "branch__place_key"


class Group(models.Model):
    """Volunteers of a branch who work together under a name."""

    uid = models.UUIDField(default=new_uid, unique=True)
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="groups")
    name = models.CharField(max_length=60)
    recorded_at = models.DateTimeField(default=now)

    objects = ByBranch.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["branch", "name"], name="a_group_is_named_once_in_its_branch"),
            models.CheckConstraint(condition=~Q(name=""), name="a_group_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
