"""Tables: scales, assessments with signatures and evidence, levels as dated facts, certificates, condition reports."""

import json
from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from yinling.accounts.models import User
from yinling.kernel.actors import WHOLE_CITY, Actor, KeyRange
from yinling.kernel.clock import now
from yinling.kernel.crypto import unseal
from yinling.kernel.reasons import Reason
from yinling.kernel.scope import ScopedQuerySet, within
from yinling.kernel.uids import new_uid
from yinling.people.models import Person


class Instrument(models.Model):
    """One scale in one version, as its pack states it. A corrected reading is a new row: old results keep theirs."""

    uid = models.UUIDField(default=new_uid, unique=True)
    key = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    data = models.JSONField()
    digest = models.CharField(max_length=64)  # SHA-256 of the data
    verified = models.BooleanField()
    pack = models.CharField(max_length=40)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    recorded_at = models.DateTimeField(default=now)
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "version"],
                condition=Q(superseded_at__isnull=True),
                name="a_scale_stands_once_per_version",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="scale_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.version}"


class AssessmentQuerySet(ScopedQuerySet["Assessment"]):
    """Assessments: made in one's divisions, or of persons one may see."""

    def visible_to(self, user: Actor, permission: str | None = None) -> Self:
        """Those made in the user's divisions, and those of persons the user sees (also under a merged file)."""
        ranges = tuple(user.key_ranges(permission))
        if ranges == WHOLE_CITY:
            return self.all()
        seen = Person.objects.visible_to(user, permission)
        own, merged = seen.filter(pk=OuterRef("person_id")), seen.filter(pk=OuterRef("person__canonical_id"))
        return self.filter(within(ranges) | Exists(own) | Exists(merged))

    def within_divisions(self, user: Actor) -> Self:
        """Those made in the user's divisions only: what lists of a division show."""
        ranges = tuple(user.key_ranges())
        return self.all() if ranges == WHOLE_CITY else self.filter(within(ranges))

    def within_ranges(self, ranges: tuple[KeyRange, ...]) -> Self:
        """Those made at places within ranges of keys."""
        return self.filter(within(ranges))

    def counting(self) -> Self:
        """Signed, or recorded from paper, and not voided."""
        return self.filter(state=Assessment.State.SIGNED)


class Assessment(models.Model):
    """One person, one scale, one day. Coded facts are plain; what is written in words is sealed in `notes`."""

    class State(models.TextChoices):
        PLANNED = "planned"
        DRAFT = "draft"
        FIRST_SIGNED = "first_signed"
        SIGNED = "signed"
        VOID = "void"

    class Origin(models.TextChoices):
        ON_SITE = "on_site"
        PAPER = "paper"  # a result made elsewhere, written down here

    uid = models.UUIDField(default=new_uid, unique=True)
    number = models.CharField(max_length=40, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="assessments")
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="assessments")
    place_key = models.BigIntegerField()  # where the person lived when it was planned
    origin = models.CharField(max_length=8, choices=Origin, default=Origin.ON_SITE)
    state = models.CharField(max_length=12, choices=State, default=State.PLANNED)
    reason = models.CharField(max_length=20)  # code list assessment_reason
    planned_on = models.DateField(null=True)
    happened_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(default=now)
    saved_at = models.DateTimeField(null=True)

    answers = models.JSONField(default=dict)  # item -> score
    circumstances = models.JSONField(default=dict)  # key -> yes/no or count
    sub_scores = models.JSONField(default=dict)  # group -> score, complete groups only
    total = models.SmallIntegerField(null=True)
    initial_level = models.SmallIntegerField(null=True)
    changes = models.JSONField(default=list)  # every level change that was true, with its reason
    final_level = models.SmallIntegerField(null=True)
    valid_to = models.DateField(null=True)  # exclusive; local policy, so it only warns
    reminded = models.SmallIntegerField(default=0)  # 1: told before the end, 2: told at the end (a cache of the job)

    informant_name = models.CharField(max_length=60, blank=True)
    informant_relation = models.CharField(max_length=20, blank=True)
    form_a = models.JSONField(default=dict)  # form A: field -> code, codes or number
    notes_sealed = models.BinaryField(default=bytes)  # what is written in words: see `notes`
    assessors_on_paper = models.CharField(max_length=120, blank=True)

    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    voided_at = models.DateTimeField(null=True)
    voided_by = models.UUIDField(null=True)
    void_reason = models.CharField(max_length=300, blank=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["place_key", "id"], name="assessment_by_place"),
            models.Index(fields=["state", "place_key", "id"], name="assessment_by_state"),
            models.Index(fields=["person", "happened_at"], name="assessment_by_person"),
            models.Index(fields=["valid_to", "id"], condition=Q(state="signed"), name="assessment_by_end"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["first_signed", "signed"])
                | Q(final_level__isnull=False, happened_at__isnull=False),
                name="a_signed_assessment_has_a_day_and_a_level",
            ),
            models.CheckConstraint(
                condition=Q(state="void", voided_at__isnull=False) | (~Q(state="void") & Q(voided_at__isnull=True)),
                name="a_void_assessment_says_when",
            ),
            models.CheckConstraint(condition=~Q(replaces=F("id")), name="an_assessment_does_not_replace_itself"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def notes_where(self) -> str:
        """What the sealed notes are bound to."""
        return f"assessments.assessment.notes:{self.uid}"

    def notes(self) -> dict[str, str]:
        """What was written in words: place, remarks, informant_phone, contact_name, and what form A seals."""
        text = unseal(self.notes_sealed, self.notes_where)
        return dict(json.loads(text)) if text else {}

    def change_reasons(self) -> list[tuple[Reason, bool, bool]]:
        """Each level change that was true: its sentence, whether it moved the level, whether it is verified."""
        return [(Reason.from_data(c["reason"]), c["is_applied"], c["verified"]) for c in self.changes]


class ByAssessment(ScopedQuerySet[Any]):
    """Rows that hang on an assessment."""

    scope_field = "assessment__place_key"


class Signature(models.Model):
    """An assessor's word for the content as it stood: `digest` covers it. Falls away when the content changes."""

    class Way(models.TextChoices):
        PIN = "pin"
        PASSWORD = "password"  # noqa: S105
        DRAWN = "drawn"

    uid = models.UUIDField(default=new_uid, unique=True)
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="signatures")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    certificate = models.ForeignKey("AssessorCertificate", on_delete=models.PROTECT, related_name="+")
    position = models.SmallIntegerField()
    way = models.CharField(max_length=8, choices=Way)
    drawing_uid = models.UUIDField(null=True)
    digest = models.CharField(max_length=64)
    signed_at = models.DateTimeField(default=now)
    fell_away_at = models.DateTimeField(null=True)

    objects = ByAssessment.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "user"], condition=Q(fell_away_at__isnull=True), name="an_assessor_signs_once"
            ),
            models.UniqueConstraint(
                fields=["assessment", "position"],
                condition=Q(fell_away_at__isnull=True),
                name="one_signature_per_position",
            ),
            models.CheckConstraint(
                condition=~Q(way="drawn") | Q(drawing_uid__isnull=False), name="a_drawn_signature_has_its_drawing"
            ),
        ]


class Evidence(models.Model):
    """A file attached: photo or video of the visit, the informant's signature, the paper sheet."""

    class Kind(models.TextChoices):
        PHOTO = "photo"
        VIDEO = "video"
        INFORMANT_SIGNATURE = "informant"
        SHEET = "sheet"

    uid = models.UUIDField(default=new_uid, unique=True)
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=10, choices=Kind)
    file_uid = models.UUIDField()
    sha256 = models.BinaryField(max_length=32)
    added_by = models.UUIDField()
    added_at = models.DateTimeField(default=now)

    objects = ByAssessment.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "kind", "sha256"], name="a_picture_is_attached_once")
        ]


class LevelQuerySet(ScopedQuerySet["Level"]):
    """Levels, seen where they were found or where the person is seen."""

    def visible_to(self, user: Actor, permission: str | None = None) -> Self:
        """Levels of persons the user may see."""
        ranges = tuple(user.key_ranges(permission))
        if ranges == WHOLE_CITY:
            return self.all()
        return self.filter(Exists(Person.objects.visible_to(user, permission).filter(pk=OuterRef("person_id"))))

    def current(self) -> Self:
        """As known today."""
        return self.filter(superseded_at__isnull=True)

    def as_of(self, valid_on: Any, known_at: Any) -> Self:
        """Levels that held on a day as they were known at an instant."""
        return self.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=valid_on),
            Q(superseded_at__isnull=True) | Q(superseded_at__gt=known_at),
            valid_from__lte=valid_on,
            recorded_at__lte=known_at,
        )


class Level(models.Model):
    """A person's level on one scale from a day on. Follows from assessments alone; corrections supersede."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="levels")
    scale = models.CharField(max_length=40)  # instrument key
    level = models.SmallIntegerField()
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="levels")
    place_key = models.BigIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    recorded_at = models.DateTimeField(default=now)
    superseded_at = models.DateTimeField(null=True)

    objects = LevelQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["scale", "place_key", "level"], name="level_by_place")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "scale"],
                condition=Q(valid_to__isnull=True, superseded_at__isnull=True),
                name="a_person_has_one_level_on_a_scale",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="level_ends_after_it_begins"
            ),
        ]


class CertificateQuerySet(ScopedQuerySet["AssessorCertificate"]):
    """Certificates, seen in the division of the user who holds them."""

    scope_field = "user__place_key"

    def holding(self, day: Any) -> Self:
        """Valid on a day."""
        return self.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day, superseded_at__isnull=True
        )


class AssessorCertificate(models.Model):
    """What makes a user an assessor, for a time. `valid_to` is exclusive."""

    uid = models.UUIDField(default=new_uid, unique=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="assessor_certificates")
    number = models.CharField(max_length=60)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    recorded_at = models.DateTimeField(default=now)
    superseded_at = models.DateTimeField(null=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=Q(superseded_at__isnull=True), name="a_certificate_belongs_to_one_assessor"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="certificate_ends_after_it_begins",
            ),
        ]


class ConditionReportQuerySet(ScopedQuerySet["ConditionReport"]):
    """Reports, seen where the person lived."""


class ConditionReport(models.Model):
    """Somebody saw that a person's ability changed; settled by the assessment that follows."""

    uid = models.UUIDField(default=new_uid, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="condition_reports")
    place_key = models.BigIntegerField()
    note_sealed = models.BinaryField(default=bytes)
    noticed_by = models.CharField(max_length=20, blank=True)  # code list informant_relation: who saw it
    reported_by = models.UUIDField()
    recorded_at = models.DateTimeField(default=now)
    settled_by = models.ForeignKey(Assessment, null=True, on_delete=models.PROTECT, related_name="settles")

    objects = ConditionReportQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["person"], condition=Q(settled_by__isnull=True), name="condition_unsettled")]

    @property
    def note_where(self) -> str:
        """What the sealed note is bound to."""
        return f"assessments.conditionreport.note:{self.uid}"

    def note(self) -> str:
        """What was seen, in words."""
        return unseal(self.note_sealed, self.note_where)
