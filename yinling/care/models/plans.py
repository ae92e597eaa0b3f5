"""Plans of care: the pack's templates, a person's plan, the organisations that deliver it, its reviews.

Who sees a row: the divisions of the person; and, of an agreed plan, people of an organisation that delivers a part see
that part. What lets them in is a grant on the person that names the part (`origin_uid`): closing it closes all.
"""

import datetime as dt
from typing import Any, Self
from uuid import UUID

from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils.translation import pgettext_lazy

from yinling.care.permissions import Care
from yinling.care.rules.templates import Template, template_from
from yinling.kernel.actors import WHOLE_CITY, Actor
from yinling.kernel.clock import civil_date, now
from yinling.kernel.crypto import unseal
from yinling.kernel.scope import ScopedQuerySet, within
from yinling.kernel.uids import new_uid
from yinling.organisations.models import Organisation
from yinling.people.models import Consent, Grant, Person

PART = "care_plan"  # the ground of grants that let a partner's people in


def plan_where(field: str, uid: UUID | str) -> str:
    """What a sealed text of a plan is bound to: `goal`, `session`, `review` with its uid."""
    return f"care.{field}:{uid}"


def parts_of(user: Actor) -> QuerySet["Partner"]:
    """Parts that the user's organisation delivers in agreed plans today, while the user may deliver and is let in."""
    if not user.may(Care.DELIVER):
        return Partner.objects.none()
    today = civil_date()
    granted = Grant.objects.filter(grantee_uid=user.uid, ground=PART, ended_at__isnull=True, until__gt=now())
    works = Q(organisation__visitors__ended_on__isnull=True) | Q(organisation__visitors__ended_on__gt=today)
    return Partner.objects.filter(
        works, Q(ended_on__isnull=True) | Q(ended_on__gt=today), plan__state=Plan.State.STANDING,
        organisation__visitors__user__uid=user.uid, organisation__visitors__begins_on__lte=today,
        uid__in=granted.values("origin_uid"),
    )  # fmt: skip


class ByPart(ScopedQuerySet[Any]):
    """Rows of a plan: those of one's divisions, and those of the parts one delivers (`part` leads to the partner)."""

    scope_field = "plan__person__place_key"
    part = "partner"

    def visible_to(self, user: Actor, permission: str | None = None) -> Self:
        """Rows of the divisions, and of one's own parts."""
        ranges = tuple(user.key_ranges(permission))
        if ranges == WHOLE_CITY:
            return self.all()
        return self.filter(within(ranges, self.scope_field) | Q(**{f"{self.part}__in": parts_of(user).values("pk")}))

    def own_divisions(self, user: Actor) -> Self:
        """Rows of the divisions alone: what partners do not see."""
        return super().visible_to(user)


class PlanQuerySet(ByPart):
    """Plans."""

    scope_field = "person__place_key"

    def visible_to(self, user: Actor, permission: str | None = None) -> Self:
        """Plans of the divisions, and those of which one delivers a part."""
        ranges = tuple(user.key_ranges(permission))
        if ranges == WHOLE_CITY:
            return self.all()
        return self.filter(within(ranges, self.scope_field) | Q(pk__in=parts_of(user).values("plan_id")))

    def standing(self, on: dt.date) -> Self:
        """Those agreed on and not ended on a day."""
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=on), state=Plan.State.STANDING)


class PlanTemplate(models.Model):
    """One template in one version, as a pack states it. A corrected reading is a new row: plans keep theirs."""

    uid = models.UUIDField(default=new_uid, unique=True)
    key = models.CharField(max_length=60)
    version = models.CharField(max_length=20)
    programme = models.CharField(max_length=40)
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
                name="a_template_stands_once_per_version",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="template_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.version}"

    @property
    def reading(self) -> Template:
        """The template as rules read it."""
        return template_from(self.data)


class Plan(models.Model):
    """What is done for one person until a review. `template`: the pack's, where it began from one; `programme`: its
    kind."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("plan", "Being written")
        STANDING = "standing", pgettext_lazy("plan", "Agreed")
        ENDED = "ended", pgettext_lazy("plan", "Ended")

    uid = models.UUIDField(default=new_uid, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="care_plans")
    programme = models.CharField(max_length=40)
    template = models.ForeignKey(PlanTemplate, null=True, on_delete=models.PROTECT, related_name="plans")
    level = models.SmallIntegerField(null=True)  # of ability when it was written
    needs = models.JSONField(default=list)  # code list care_need
    lead = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="plans_led")
    consent = models.ForeignKey(Consent, null=True, on_delete=models.PROTECT, related_name="plans")
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    begins_on = models.DateField()
    review_on = models.DateField()
    agreed_by = models.CharField(max_length=60, blank=True)  # the person, or who speaks for them
    agreed_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    end_reason = models.CharField(max_length=200, blank=True)
    made_by = models.UUIDField()
    recorded_at = models.DateTimeField(default=now)

    objects = PlanQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["review_on"], condition=Q(state="standing"), name="plan_by_review")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "programme"],
                condition=~Q(state="ended"),
                name="a_person_has_one_plan_of_a_programme",
            ),
            models.CheckConstraint(
                condition=~Q(state="standing") | Q(agreed_on__isnull=False), name="a_plan_stands_once_agreed"
            ),
            models.CheckConstraint(condition=~Q(state="ended") | ~Q(end_reason=""), name="a_plan_ended_says_why"),
            models.CheckConstraint(
                condition=Q(review_on__gt=F("begins_on")), name="a_plan_is_reviewed_after_it_begins"
            ),
        ]  # fmt: skip


class PartnerQuerySet(ByPart):
    """Parts and who delivers them: a partner's people see their own."""

    part = "pk"

    def standing(self, on: dt.date) -> Self:
        """Parts not ended on a day."""
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=on))


class Partner(models.Model):
    """A part of a plan, and the organisation that delivers it; none while it is still to be found."""

    uid = models.UUIDField(default=new_uid, unique=True)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="partners")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="plans_shared")
    part = models.CharField(max_length=40)  # code list care_part: rehabilitation, education, care, meals ...
    begins_on = models.DateField()
    ended_on = models.DateField(null=True)
    recorded_at = models.DateTimeField(default=now)

    objects = PartnerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "organisation", "part"],
                condition=Q(ended_on__isnull=True),
                name="a_partner_has_a_part_once",
            )
        ]


class OfPlan(ScopedQuerySet[Any]):
    """Rows of a plan for its divisions alone."""

    scope_field = "plan__person__place_key"


class Review(models.Model):
    """A plan was looked at again: on its date, or because the level changed."""

    class Result(models.TextChoices):
        GOES_ON = "goes_on", pgettext_lazy("review", "Goes on as it is")
        CHANGED = "changed", pgettext_lazy("review", "Changed")
        ENDED = "ended", pgettext_lazy("review", "Ended")

    uid = models.UUIDField(default=new_uid, unique=True)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="reviews")
    reviewed_on = models.DateField()
    cause = models.CharField(max_length=20)  # code list review_cause
    result = models.CharField(max_length=8, choices=Result)
    words_sealed = models.BinaryField(default=bytes)
    next_on = models.DateField(null=True)
    reviewed_by = models.UUIDField()
    recorded_at = models.DateTimeField(default=now)

    objects = OfPlan.as_manager()

    def words(self) -> str:
        """What was found, in plain words."""
        return unseal(self.words_sealed, plan_where("review", self.uid))
