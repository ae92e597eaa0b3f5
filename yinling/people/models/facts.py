"""Dated facts and events of a person. Corrections supersede; nothing is overwritten."""

from django.db import models
from django.db.models import F, Q

from yinling.kernel.clock import now
from yinling.kernel.uids import new_uid
from yinling.people.models.person import Person
from yinling.people.models.scoped import ByPerson


class Residence(models.Model):
    """Where a person lives, or is registered, from a day on."""

    ACTUAL, REGISTERED = "actual", "registered"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="residences")
    kind = models.CharField(max_length=10, default=ACTUAL)
    place_key = models.BigIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    recorded_at = models.DateTimeField(default=now)
    superseded_at = models.DateTimeField(null=True)

    objects = ByPerson.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"],
                condition=Q(valid_to__isnull=True, superseded_at__isnull=True),
                name="person_has_one_residence_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="residence_ends_after_it_begins",
            ),
        ]


class Category(models.Model):
    """A person belongs to a category (destitute, disabled …) from a day on, on the word of a source."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="categories")
    category = models.CharField(max_length=30)
    grade = models.CharField(max_length=10, blank=True)
    source = models.CharField(max_length=80)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    recorded_at = models.DateTimeField(default=now)
    superseded_at = models.DateTimeField(null=True)

    objects = ByPerson.as_manager()

    class Meta:
        indexes = [models.Index(fields=["category", "person"], name="category_members")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "category"],
                condition=Q(valid_to__isnull=True, superseded_at__isnull=True),
                name="person_is_once_in_a_category",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="category_ends_after_it_begins",
            ),
        ]


class LifeEvent(models.Model):
    """A death registered, or such a registration taken back as a mistake. Append only."""

    DEATH, REVERSAL = "death", "reversal"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="life_events")
    kind = models.CharField(max_length=10)
    happened_on = models.DateField()
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")
    source = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    by_uid = models.UUIDField()
    recorded_at = models.DateTimeField(default=now)

    objects = ByPerson.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="death", reverses__isnull=True) | Q(kind="reversal", reverses__isnull=False),
                name="a_reversal_names_the_death_it_takes_back",
            )
        ]


class Revision(models.Model):
    """What a correction changed on the card: fields by name, old and new values sealed together."""

    uid = models.UUIDField(default=new_uid, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="revisions")
    fields = models.JSONField(default=list)
    values_sealed = models.BinaryField(default=bytes)
    source = models.CharField(max_length=80, blank=True)
    by_uid = models.UUIDField()
    recorded_at = models.DateTimeField(default=now)

    objects = ByPerson.as_manager()


class Willingness(models.Model):
    """What a person answered when asked about central care: when, by whom. Append only."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="willingness")
    is_willing = models.BooleanField()
    asked_on = models.DateField()
    asked_by = models.CharField(max_length=60)
    recorded_at = models.DateTimeField(default=now)

    objects = ByPerson.as_manager()


class Consent(models.Model):
    """A consent: what for, which items, to whom, until when, how it was given; and its withdrawal."""

    uid = models.UUIDField(default=new_uid, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=40)
    items = models.JSONField(default=list)
    recipient = models.CharField(max_length=120)
    method = models.CharField(max_length=12)  # tick, sign, read_aloud
    given_by = models.CharField(max_length=60)
    witness = models.CharField(max_length=60, blank=True)  # who heard it, when it was read aloud
    guardian = models.ForeignKey("people.Guardian", null=True, on_delete=models.PROTECT, related_name="+")
    text_version = models.CharField(max_length=20, default="1")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    sheet_file_uid = models.UUIDField(null=True)  # the signed sheet, photographed or scanned
    withdrawn_on = models.DateField(null=True)  # the day the person took it back
    withdrawn_why = models.CharField(max_length=200, blank=True)
    withdrawn_at = models.DateTimeField(null=True)  # when that was recorded; from then on nobody may rely on it
    recorded_at = models.DateTimeField(default=now)

    objects = ByPerson.as_manager()


class Whereabouts(models.Model):
    """Where a person is now: at home, in a stay, in hospital, away. Written by institutions and health."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="whereabouts")
    kind = models.CharField(max_length=10)  # home, stay, hospital, away
    origin_kind = models.CharField(max_length=30, blank=True)
    origin_uid = models.UUIDField(null=True)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(default=now)
    superseded_at = models.DateTimeField(null=True)

    objects = ByPerson.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(valid_to__isnull=True, superseded_at__isnull=True),
                name="person_is_in_one_place",
            )
        ]
