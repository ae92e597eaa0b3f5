"""Tables of organisations. What is official is dated in `Version`; `Organisation` holds today's, for lists."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from yinling.kernel.clock import now
from yinling.kernel.scope import ScopedQuerySet
from yinling.kernel.uids import new_uid


class Status(models.TextChoices):
    """How a legal person stands."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class OrganisationQuerySet(ScopedQuerySet["Organisation"]):
    """Organisations."""

    def canonical(self) -> "OrganisationQuerySet":
        """Records that stand for themselves: those merged into another are left out."""
        return self.filter(canonical__isnull=True)

    def in_role(self, role: str, on: Any) -> "OrganisationQuerySet":
        """Organisations that act as something on a day."""
        held = Role.objects.holding(on).filter(role=role, organisation=models.OuterRef("pk"))
        return self.filter(models.Exists(held))


class Organisation(models.Model):
    """A legal person. `place_key`: the division that looks after the record. `uscc` is null until it is known."""

    uid = models.UUIDField(default=new_uid, unique=True)
    place_key = models.BigIntegerField()
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=60, blank=True)
    pinyin = models.CharField(max_length=400, blank=True)
    initials = models.CharField(max_length=120, blank=True)
    uscc = models.CharField(max_length=18, null=True, unique=True)  # many are unknown, the known are unique
    legal_form = models.CharField(max_length=40, blank=True)
    registrar = models.CharField(max_length=120, blank=True)
    representative = models.CharField(max_length=60, blank=True)
    phone = models.BinaryField(default=bytes)
    address = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    founded_on = models.DateField(null=True)
    canonical = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="absorbed")
    created_at = models.DateTimeField(default=now)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["name", "id"], name="organisation_by_name"),
            models.Index(fields=["place_key", "id"], name="organisation_by_place"),
            models.Index(fields=["initials"], name="organisation_by_initials"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="organisation_has_a_name"),
            models.CheckConstraint(
                condition=Q(canonical__isnull=True) | ~Q(canonical=F("id")),
                name="organisation_is_not_merged_into_itself",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def phone_place(self) -> str:
        """Where the telephone number is sealed to."""
        return f"organisations.organisation.phone:{self.uid}"


class DatedQuerySet(ScopedQuerySet[Any]):
    """Facts that hold for a time and are known since a time."""

    scope_field = "organisation__place_key"

    def current(self) -> "DatedQuerySet":
        """What we believe now."""
        return self.filter(superseded_at__isnull=True)

    def holding(self, on: Any) -> "DatedQuerySet":
        """What we believe now to hold on a day."""
        return self.current().filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), valid_from__lte=on)

    def known(self, at: Any) -> "DatedQuerySet":
        """What was believed at an instant."""
        return self.filter(Q(superseded_at__isnull=True) | Q(superseded_at__gt=at), recorded_at__lte=at)


class Version(models.Model):
    """What was official about an organisation from a day until another (exclusive; open while it holds)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="versions")
    name = models.CharField(max_length=120)
    legal_form = models.CharField(max_length=40, blank=True)
    registrar = models.CharField(max_length=120, blank=True)
    representative = models.CharField(max_length=60, blank=True)
    address = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    recorded_at = models.DateTimeField(default=now)
    superseded_at = models.DateTimeField(null=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="organisation_version_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(valid_to__isnull=True, superseded_at__isnull=True),
                name="one_open_version_per_organisation",
            ),
            models.UniqueConstraint(
                fields=["organisation", "valid_from"],
                condition=Q(superseded_at__isnull=True),
                name="one_version_of_an_organisation_begins_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.valid_from}"


class Role(models.Model):
    """An organisation acts as something (operator, contractor, medical partner …) for a time."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="roles")
    role = models.CharField(max_length=40)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    recorded_at = models.DateTimeField(default=now)
    superseded_at = models.DateTimeField(null=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["role", "organisation"], name="organisation_role_by_role")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="organisation_role_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["organisation", "role"],
                condition=Q(valid_to__isnull=True, superseded_at__isnull=True),
                name="one_open_role_of_a_kind_per_organisation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.valid_from}"


class IdentifierQuerySet(ScopedQuerySet["Identifier"]):
    """Numbers in other systems."""

    scope_field = "organisation__place_key"


class Identifier(models.Model):
    """An organisation's number in another system; one system's number means one organisation."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="identifiers")
    system = models.CharField(max_length=60)
    value = models.CharField(max_length=120)
    recorded_at = models.DateTimeField(default=now)

    objects = IdentifierQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["system", "value"], name="one_organisation_per_system_and_number")
        ]

    def __str__(self) -> str:
        return f"{self.system} {self.value}"


class MergeQuerySet(ScopedQuerySet["Merge"]):
    """Merges, seen from the record that was merged away."""

    scope_field = "organisation__place_key"


class Merge(models.Model):
    """The dated link to a canonical record, and its undoing."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="merges")
    into = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    merged_at = models.DateTimeField(default=now)
    undone_at = models.DateTimeField(null=True)

    objects = MergeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(undone_at__isnull=True), name="one_standing_merge_per_organisation"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} → {self.into_id}"
