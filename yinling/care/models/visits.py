"""Visits that are due, what came of them, what was tried when nobody answered, and what can hardly be true."""

import datetime as dt
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from yinling.care.models.visitors import Visitor
from yinling.kernel.actors import WHOLE_CITY, Actor
from yinling.kernel.clock import now
from yinling.kernel.crypto import unseal
from yinling.kernel.scope import ScopedQuerySet, within
from yinling.kernel.uids import new_uid
from yinling.people.models import Person
from yinling.people.models.scoped import ByPerson


class VisitQuerySet(ByPerson):
    """Visits: seen in the person's divisions, and by whoever makes them."""

    def visible_to(self, user: Actor, permission: str | None = None) -> Self:
        """Those of persons in the user's divisions, and the user's own."""
        ranges = tuple(user.key_ranges(permission))
        if ranges == WHOLE_CITY:
            return self.all()
        return self.filter(within(ranges, self.scope_field) | Q(visitor__user__uid=user.uid))

    def open(self) -> Self:
        """Those still to be made."""
        return self.filter(state=Visit.State.DUE)

    def with_contact(self) -> Self:
        """Those that count: made, and somebody was seen or spoken to."""
        return self.filter(state=Visit.State.DONE, has_contact=True)

    def due_between(self, first: dt.date, last: dt.date) -> Self:
        """Those that fall due from one day to another, both included."""
        return self.filter(due_on__range=(first, last))


class Visit(models.Model):
    """One visit: due from `opens_on` to `due_on` by a rule, then made, missed or void.

    `rule` names the rule of the pack that asked for it, `key` makes asking twice harmless (person, rule, period).
    A visit without contact is recorded and does not count. `uid` of a visit nobody asked for is the phone's own.
    """

    class State(models.TextChoices):
        DUE = "due", pgettext_lazy("visit", "Due")
        DONE = "done", pgettext_lazy("visit", "Made")
        MISSED = "missed", pgettext_lazy("visit", "Missed")
        VOID = "void", pgettext_lazy("visit", "No longer needed")

    class Way(models.TextChoices):
        DOOR = "door", pgettext_lazy("visit", "At the door")
        PHONE = "phone", pgettext_lazy("visit", "By telephone")
        VIDEO = "video", pgettext_lazy("visit", "By video")
        DEVICE = "device", pgettext_lazy("visit", "Through a device")

    class Found(models.TextChoices):
        NORMAL = "normal", pgettext_lazy("visit", "Normal")
        WATCH = "watch", pgettext_lazy("visit", "To be watched")
        HELP = "help", pgettext_lazy("visit", "Needs help")
        URGENT = "urgent", pgettext_lazy("visit", "Urgent")

    class Source(models.TextChoices):
        APP = "app", pgettext_lazy("visit", "Visitor's telephone")
        PAGE = "page", pgettext_lazy("visit", "Entered at a desk")
        PAPER = "paper", pgettext_lazy("visit", "From a paper sheet")

    uid = models.UUIDField(default=new_uid, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="visits")
    visitor = models.ForeignKey(Visitor, null=True, on_delete=models.PROTECT, related_name="visits")
    rule = models.CharField(max_length=40)
    key = models.CharField(max_length=80, unique=True)
    opens_on = models.DateField()
    due_on = models.DateField()
    due_at = models.DateTimeField(null=True)  # where hours count: after a discharge, an alert
    origin_kind = models.CharField(max_length=30, blank=True)
    origin_uid = models.UUIDField(null=True)
    state = models.CharField(max_length=6, choices=State, default=State.DUE)

    way = models.CharField(max_length=6, choices=Way, blank=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    has_contact = models.BooleanField(default=False)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    accuracy_m = models.IntegerField(null=True)
    distance_m = models.IntegerField(null=True)
    is_door_code_read = models.BooleanField(default=False)
    far_reason = models.CharField(max_length=20, blank=True)  # code list visit_far_reason
    remarks = models.JSONField(default=list)  # what the rules noted: far, short, no_position (rules.visits)
    is_verified = models.BooleanField(default=False)  # nothing was noted: hours may be credited from it
    blocks = models.JSONField(default=dict)  # block -> codes found: health, money, family, safety, needs
    found = models.CharField(max_length=6, choices=Found, blank=True)
    actions = models.JSONField(default=list)  # code list visit_action
    note_sealed = models.BinaryField(default=bytes)
    signed = models.CharField(max_length=10, blank=True)  # code list visit_sign: drawn, said, refused ...
    next_on = models.DateField(null=True)
    source = models.CharField(max_length=5, choices=Source, blank=True)
    void_reason = models.CharField(max_length=200, blank=True)
    made_by = models.UUIDField(null=True)
    made_recorded_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(default=now)

    objects = VisitQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["person", "due_on"], name="visit_by_person"),
            models.Index(fields=["visitor", "due_on"], name="visit_by_visitor"),
            models.Index(fields=["due_on", "state"], name="visit_by_day"),
            models.Index(fields=["visitor", "started_at"], condition=Q(state="done"), name="visit_made_by_visitor"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(due_on__gte=F("opens_on")), name="a_visit_is_due_after_it_opens"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="visit_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(started_at__isnull=False), name="a_visit_made_says_when"
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | ~Q(source=""), name="a_visit_made_says_how_it_was_recorded"
            ),
            models.CheckConstraint(
                condition=Q(is_verified=False) | Q(has_contact=True), name="a_verified_visit_had_contact"
            ),
            models.CheckConstraint(condition=~Q(state="void") | ~Q(void_reason=""), name="a_void_visit_says_why"),
        ]  # fmt: skip

    def note(self) -> str:
        """The plain note."""
        return unseal(self.note_sealed, visit_where(self.uid))


def visit_where(uid: UUID | str) -> str:
    """What the sealed note of a visit is bound to."""
    return f"care.visit.note:{uid}"


class ByVisit(ScopedQuerySet):
    """Rows seen where their visit is seen."""

    scope_field = "visit__person__place_key"

    def visible_to(self, user: Actor, permission: str | None = None) -> Self:
        """Those of visits in the user's divisions, and of the user's own."""
        ranges = tuple(user.key_ranges(permission))
        if ranges == WHOLE_CITY:
            return self.all()
        return self.filter(within(ranges, self.scope_field) | Q(visit__visitor__user__uid=user.uid))


class Attempt(models.Model):
    """A rung of the ladder when nobody answers: called twice, a neighbour asked, a cadre at the door, police."""

    class Rung(models.TextChoices):
        CALL = "call", pgettext_lazy("attempt", "Called")
        NEIGHBOUR = "neighbour", pgettext_lazy("attempt", "Neighbour or kin asked")
        CADRE = "cadre", pgettext_lazy("attempt", "Village cadre at the door")
        POLICE = "police", pgettext_lazy("attempt", "Police or ambulance called")

    uid = models.UUIDField(default=new_uid, unique=True)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="attempts")
    rung = models.CharField(max_length=10, choices=Rung)
    tried_at = models.DateTimeField()
    is_answered = models.BooleanField()
    tried_by = models.UUIDField()
    recorded_at = models.DateTimeField(default=now)

    objects = ByVisit.as_manager()

    class Meta:
        indexes = [models.Index(fields=["visit", "tried_at"], name="attempt_by_visit")]


class Proof(models.Model):
    """A photograph of a visit, taken under consent. `digest`: SHA-256; `likeness`: a perceptual hash, as text."""

    uid = models.UUIDField(default=new_uid, unique=True)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="proofs")
    file_uid = models.UUIDField(unique=True)
    digest = models.CharField(max_length=64)
    likeness = models.CharField(max_length=16, blank=True)
    taken_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=now)

    objects = ByVisit.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["digest"], name="proof_by_digest"),
            models.Index(fields=["likeness"], name="proof_by_likeness"),
        ]


class Doubt(models.Model):
    """Visits that can hardly be true together: a case with evidence for somebody to look into, never a verdict."""

    class Kind(models.TextChoices):
        TOO_FAST = "too_fast", pgettext_lazy("doubt", "Too far apart for the time between")
        SAME_PHOTO = "same_photo", pgettext_lazy("doubt", "The same photograph twice")
        CROWDED = "crowded", pgettext_lazy("doubt", "Too many visits in a short time")
        DEAD = "dead", pgettext_lazy("doubt", "After the registered death")
        ELSEWHERE = "elsewhere", pgettext_lazy("doubt", "The person was in hospital or away")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("doubt", "To be looked into")
        EXPLAINED = "explained", pgettext_lazy("doubt", "Explained")
        CONFIRMED = "confirmed", pgettext_lazy("doubt", "Confirmed")

    uid = models.UUIDField(default=new_uid, unique=True)
    kind = models.CharField(max_length=12, choices=Kind)
    key = models.CharField(max_length=120, unique=True)
    visitor = models.ForeignKey(Visitor, on_delete=models.PROTECT, related_name="doubts")
    visits = models.ManyToManyField(Visit, related_name="doubts")
    place_key = models.BigIntegerField(db_index=True)
    evidence = models.JSONField(default=dict)  # figures only: metres, minutes, times
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    finding_sealed = models.BinaryField(default=bytes)
    settled_by = models.UUIDField(null=True)
    settled_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(default=now)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open") | Q(settled_by__isnull=False), name="a_settled_doubt_says_by_whom"
            )
        ]

    def finding(self) -> str:
        """What was found out, in plain words."""
        return unseal(self.finding_sealed, doubt_where(self.uid))


def doubt_where(uid: UUID | str) -> str:
    """What the sealed finding of a doubt is bound to."""
    return f"care.doubt.finding:{uid}"
