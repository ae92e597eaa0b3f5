"""Institutions with their licences, and who works in them with which certificates."""

import datetime as dt
from typing import Any, Self
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from yinling.accounts.models import User
from yinling.kernel.actors import WHOLE_CITY, Actor
from yinling.kernel.clock import now
from yinling.kernel.crypto import unseal
from yinling.kernel.scope import ScopedQuerySet, within
from yinling.kernel.uids import new_uid
from yinling.organisations.models import Organisation

HOMES = ("city_centre", "county_centre", "regional_home", "home")
PUBLIC_MODELS = ("public", "public_built")


class InstitutionQuerySet(ScopedQuerySet["Institution"]):
    """Institutions: in one's divisions, or where one works."""

    def visible_to(self, user: Actor, permission: str | None = None) -> Self:
        """Those in the user's divisions, and those where the user is on the staff."""
        ranges = tuple(user.key_ranges(permission))
        if ranges == WHOLE_CITY:
            return self.all()
        return self.filter(within(ranges) | Q(pk__in=workplaces(user)))

    def open_on(self, day: dt.date) -> Self:
        """Those that worked on a day."""
        opened = Q(opened_on__isnull=True) | Q(opened_on__lte=day)
        return self.filter(opened, Q(closed_on__isnull=True) | Q(closed_on__gt=day))


def workplaces(user: Actor) -> "models.QuerySet[Staff, dict[str, Any]]":
    """Primary keys of the institutions where a user works today."""
    return Staff.objects.filter(user__uid=user.uid, left_on__isnull=True).values("institution_id")


class Institution(models.Model):
    """A site of care. Codes come from the lists institution_kind, operator_model, mutual_aid_model, combination_model.

    `fees`: {"low_fen", "high_fen", "deposit_fen", "meals_fen"} per month, in fen. Areas in square metres.
    """

    uid = models.UUIDField(default=new_uid, unique=True)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="institutions")
    operator = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="operated_institutions"
    )
    kind = models.CharField(max_length=20)
    operator_model = models.CharField(max_length=20, blank=True)
    filing_number = models.CharField(max_length=40, null=True, unique=True)  # many file none, no two file the same
    level = models.SmallIntegerField(null=True)  # grade of quality, 1 to 5
    name = models.CharField(max_length=120)
    initials = models.CharField(max_length=120, blank=True)
    place_key = models.BigIntegerField()
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)  # of the office: public
    longitude = models.FloatField(null=True)  # WGS84 degrees
    latitude = models.FloatField(null=True)
    area_m2 = models.IntegerField(null=True)
    floor_area_m2 = models.IntegerField(null=True)
    fees = models.JSONField(default=dict)
    kitchen = models.CharField(max_length=12, blank=True)  # code list kitchen_kind
    fire = models.CharField(max_length=20, blank=True)  # acceptance, filing, spot_check, historical
    has_lift = models.BooleanField(default=False)
    services = models.JSONField(default=list)
    mutual_aid_model = models.CharField(max_length=20, blank=True)
    combination = models.CharField(max_length=30, blank=True)
    has_canteen_plaque = models.BooleanField(default=False)
    medical_kind = models.CharField(max_length=30, blank=True)  # rehabilitation_hospital, nursing_home, clinic, own
    opened_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    created_at = models.DateTimeField(default=now)

    objects = InstitutionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["place_key", "id"], name="institution_by_place"),
            models.Index(fields=["kind", "place_key", "id"], name="institution_by_kind"),
            models.Index(fields=["name", "id"], name="institution_by_name"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="institution_has_a_name"),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(opened_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="institution_closes_after_it_opens",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_public(self) -> bool:
        """Whether eligibility for public homes applies."""
        return self.operator_model in PUBLIC_MODELS and self.kind in HOMES


class ByInstitution(ScopedQuerySet[Any]):
    """Rows seen where their institution is seen."""

    scope_field = "institution__place_key"

    def visible_to(self, user: Actor, permission: str | None = None) -> Self:
        """Rows of institutions in the user's divisions, or where the user works."""
        ranges = tuple(user.key_ranges(permission))
        if ranges == WHOLE_CITY:
            return self.all()
        workplace = self.scope_field.removesuffix("__place_key")
        return self.filter(within(ranges, self.scope_field) | Q(**{f"{workplace}__in": workplaces(user)}))

    def current(self) -> Self:
        """What stands today: renewals and corrections replaced the rest."""
        return self.filter(superseded_at__isnull=True)


class Licence(models.Model):
    """A licence or paper of an institution (code list licence_kind). `expires_on` is its last day; none: no end."""

    uid = models.UUIDField(default=new_uid, unique=True)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="licences")
    kind = models.CharField(max_length=30)
    number = models.CharField(max_length=60, blank=True)
    issued_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    file_uid = models.UUIDField(null=True)
    recorded_at = models.DateTimeField(default=now)
    superseded_at = models.DateTimeField(null=True)  # renewed, or corrected

    objects = ByInstitution.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["expires_on", "id"], condition=Q(superseded_at__isnull=True), name="licence_by_end")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "kind", "number"],
                condition=Q(superseded_at__isnull=True),
                name="an_institution_holds_a_licence_once",
            ),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(issued_on__isnull=True) | Q(expires_on__gte=F("issued_on")),
                name="licence_ends_after_it_begins",
            ),
        ]


def staff_where(field: str, uid: UUID | str) -> str:
    """What a sealed field of a staff member is bound to."""
    return f"institutions.staff.{field}:{uid}"


class Staff(models.Model):
    """Somebody who works in an institution (code list staff_post); `user` when they have an account."""

    uid = models.UUIDField(default=new_uid, unique=True)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="staff")
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="posts")
    name = models.CharField(max_length=60)
    sex = models.CharField(max_length=1, default="0")
    post = models.CharField(max_length=20)
    document_sealed = models.BinaryField(default=bytes)
    document_index = models.BinaryField(max_length=17, default=bytes)
    phone_sealed = models.BinaryField(default=bytes)
    hired_on = models.DateField(null=True)
    left_on = models.DateField(null=True)
    recorded_at = models.DateTimeField(default=now)

    objects = ByInstitution.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["institution", "post"], name="staff_by_post"),
            models.Index(fields=["document_index"], name="staff_by_document"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(hired_on__isnull=True) | Q(left_on__gte=F("hired_on")),
                name="staff_leave_after_they_came",
            ),
            models.UniqueConstraint(
                fields=["institution", "user"],
                condition=Q(left_on__isnull=True, user__isnull=False),
                name="a_user_works_once_in_an_institution",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def document_number(self) -> str:
        """The plain resident ID."""
        return unseal(self.document_sealed, staff_where("document", self.uid))

    def phone(self) -> str:
        """The plain telephone number."""
        return unseal(self.phone_sealed, staff_where("phone", self.uid))


class ByStaff(ByInstitution):
    """Rows seen where the institution of their staff member is seen."""

    scope_field = "staff__institution__place_key"


class Certificate(models.Model):
    """A certificate of a staff member (code list certificate_kind). `grade` of carers: 1 highest to 5."""

    uid = models.UUIDField(default=new_uid, unique=True)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="certificates")
    kind = models.CharField(max_length=20)
    number = models.CharField(max_length=60, blank=True)
    grade = models.SmallIntegerField(null=True)
    issued_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    recorded_at = models.DateTimeField(default=now)
    superseded_at = models.DateTimeField(null=True)

    objects = ByStaff.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "kind"],
                condition=Q(superseded_at__isnull=True),
                name="one_certificate_of_a_kind_per_staff_member",
            )
        ]
