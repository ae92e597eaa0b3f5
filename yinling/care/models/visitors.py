"""Who goes to doors, whose doors, and whom somebody would like to see there."""

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from yinling.accounts.models import User
from yinling.kernel.clock import now
from yinling.kernel.scope import ScopedQuerySet
from yinling.kernel.uids import new_uid
from yinling.organisations.models import Organisation
from yinling.people.models import Household, Person
from yinling.people.models.scoped import ByPerson


class VisitorQuerySet(ScopedQuerySet["Visitor"]):
    """Visitors."""

    def active(self, on: dt.date) -> Self:
        """Those who visit on a day."""
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=on), begins_on__lte=on)


class Visitor(models.Model):
    """Somebody who goes to doors. `place_key`: the village they start from. `monthly_load`: visits a month at most.

    `person` is their own file where they are on the register, `household` whom they may not be paid or credited for.
    """

    class Kind(models.TextChoices):
        VOLUNTEER = "volunteer", pgettext_lazy("visitor", "Volunteer")
        VISITOR = "visitor", pgettext_lazy("visitor", "Village visitor")
        CARER = "carer", pgettext_lazy("visitor", "Paid carer")
        CADRE = "cadre", pgettext_lazy("visitor", "Village cadre")
        THERAPIST = "therapist", pgettext_lazy("visitor", "Therapist or teacher")

    class Mode(models.TextChoices):
        FOOT = "foot", pgettext_lazy("travel", "On foot")
        MOTORBIKE = "motorbike", pgettext_lazy("travel", "By motorbike")
        BUS = "bus", pgettext_lazy("travel", "By bus")
        CAR = "car", pgettext_lazy("travel", "By car")

    uid = models.UUIDField(default=new_uid, unique=True)
    user = models.OneToOneField(User, null=True, on_delete=models.PROTECT, related_name="visitor")
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=Kind)
    sex = models.CharField(max_length=1, default="0")  # GB/T 2261.1
    place_key = models.BigIntegerField()
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="visitors")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="visits_as")
    household = models.ForeignKey(Household, null=True, on_delete=models.PROTECT, related_name="visitors")
    speaks = models.JSONField(default=list)  # code list language
    skills = models.JSONField(default=list)  # code list visit_skill
    mode = models.CharField(max_length=10, choices=Mode, default=Mode.FOOT)
    monthly_load = models.SmallIntegerField(default=8)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    begins_on = models.DateField()
    ended_on = models.DateField(null=True)
    recorded_at = models.DateTimeField(default=now)

    objects = VisitorQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["place_key", "id"], name="visitor_by_place")]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="a_visitor_has_a_name"),
            models.CheckConstraint(condition=Q(monthly_load__gte=0), name="a_visitors_load_is_not_negative"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("begins_on")),
                name="a_visitor_ends_after_beginning",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PairingQuerySet(ByPerson):
    """Pairings."""

    def standing(self, on: dt.date) -> Self:
        """Those in force on a day, substitutes among them."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), valid_from__lte=on)


class Pairing(models.Model):
    """A visitor and the person they visit. A substitute stands in from a day to a day; the pairing goes on."""

    class Ground(models.TextChoices):
        ASSIGNED = "assigned", pgettext_lazy("pairing", "Assigned by the platform's proposal")
        CHOSEN = "chosen", pgettext_lazy("pairing", "Chosen by a clerk")
        WISHED = "wished", pgettext_lazy("pairing", "Wished for by the person")
        SUBSTITUTE = "substitute", pgettext_lazy("pairing", "Stands in")

    uid = models.UUIDField(default=new_uid, unique=True)
    visitor = models.ForeignKey(Visitor, on_delete=models.PROTECT, related_name="pairings")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="pairings")
    ground = models.CharField(max_length=10, choices=Ground)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    end_reason = models.CharField(max_length=200, blank=True)
    paired_by = models.UUIDField()
    recorded_at = models.DateTimeField(default=now)

    objects = PairingQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["visitor", "valid_to"], name="pairing_by_visitor")]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(valid_to__isnull=True) & ~Q(ground="substitute"),
                name="a_person_has_one_visitor_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(ground="substitute") | Q(valid_to__isnull=False), name="a_substitute_has_a_last_day"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="a_pairing_ends_after_it_begins",
            ),
        ]


class Wish(models.Model):
    """Whom a person would like at the door: a language, a sex, a skill. Empty: no wish."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="visit_wish")
    speaks = models.JSONField(default=list)  # languages the person understands; empty: not asked
    sex = models.CharField(max_length=1, blank=True)  # GB/T 2261.1
    skills = models.JSONField(default=list)
    not_visitor = models.ForeignKey(Visitor, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.UUIDField()
    recorded_at = models.DateTimeField(default=now)

    objects: Any = ByPerson.as_manager()


class ProposalQuerySet(ScopedQuerySet["Proposal"]):
    """Proposals."""


class Proposal(models.Model):
    """Who should visit whom in a division: worked out by a job, looked through by a person, then applied or not.

    Points are those of `engines/planning/pairing`; `bound` is what no assignment with the same helpers goes below.
    """

    class State(models.TextChoices):
        WORKING = "working", pgettext_lazy("proposal", "Being worked out")
        DRAFT = "draft", pgettext_lazy("proposal", "To be looked through")
        APPLYING = "applying", pgettext_lazy("proposal", "Being applied")
        APPLIED = "applied", pgettext_lazy("proposal", "Applied")
        DISCARDED = "discarded", pgettext_lazy("proposal", "Discarded")

    uid = models.UUIDField(default=new_uid, unique=True)
    place_key = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.WORKING)
    job_uid = models.UUIDField(null=True)
    elders = models.IntegerField(default=0)
    visitors = models.IntegerField(default=0)
    kept = models.IntegerField(default=0)  # pairs that stay as they are; they have no line
    cost = models.BigIntegerField(default=0)
    bound = models.BigIntegerField(default=0)
    parts = models.JSONField(default=dict)  # name -> points
    helpers = models.IntegerField(default=0)
    least_helpers = models.IntegerField(default=0)
    villages = models.JSONField(default=list)  # what each village lacks, as the engine says it
    asked_by = models.UUIDField()
    recorded_at = models.DateTimeField(default=now)
    settled_by = models.UUIDField(null=True)
    settled_at = models.DateTimeField(null=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place_key"],
                condition=Q(state__in=["working", "draft", "applying"]),
                name="a_division_has_one_open_proposal",
            ),
            models.CheckConstraint(
                condition=~Q(state="applied") | Q(settled_by__isnull=False), name="an_applied_proposal_says_by_whom"
            ),
        ]

    @property
    def gap_percent(self) -> float:
        """How far above the best the cost may lie."""
        return 100 * (self.cost - self.bound) / self.bound if self.bound else 0.0


class ProposalLine(models.Model):
    """One change that a proposal makes: who visits a person now, who would, and what that costs in points."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("proposal line", "Open")
        APPLIED = "applied", pgettext_lazy("proposal line", "Applied")
        LEFT = "left", pgettext_lazy("proposal line", "Left as it was")

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="lines")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    old = models.ForeignKey(Visitor, null=True, on_delete=models.PROTECT, related_name="+")
    new = models.ForeignKey(Visitor, null=True, on_delete=models.PROTECT, related_name="+")
    parts = models.JSONField(default=dict)
    state = models.CharField(max_length=7, choices=State, default=State.OPEN)

    objects: Any = ByPerson.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "person"], name="a_proposal_speaks_of_a_person_once"),
        ]
