"""Tables of the worklist: duties, what happened to each, hand-overs."""

from dataclasses import dataclass
from typing import Any, NamedTuple, Self
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from yinling.accounts.models import User
from yinling.kernel.actors import WHOLE_CITY, Actor
from yinling.kernel.clock import now
from yinling.kernel.reasons import Reason
from yinling.kernel.scope import ScopedQuerySet, within
from yinling.kernel.uids import new_uid
from yinling.places.queries import key_ranges


class Subject(NamedTuple):
    """What a duty is about, or comes from: a kind of thing ("person", "institution") and its uid."""

    kind: str
    uid: UUID


@dataclass(frozen=True)
class NextStep:
    """The button beside a duty: an English msgid and the named URL it opens, with its arguments."""

    label: str
    url_name: str
    args: tuple[str | int, ...] = ()


class WorkItemQuerySet(ScopedQuerySet["WorkItem"]):
    """Duties."""

    def visible_to(self, user: Actor, permission: str | None = None) -> Self:
        """Duties in the divisions of `user`, and those the user holds personally or through a role."""
        ranges = tuple(user.key_ranges(permission))
        if ranges == WHOLE_CITY:
            return self.all()
        return self.filter(within(ranges) | _held_by(user))

    def held_by(self, user: Actor) -> Self:
        """Duties the user has to do, or that were raised to a role of the user's."""
        return self.filter(_held_by(user))

    def open(self) -> Self:
        """Duties that still wait."""
        return self.filter(state=WorkItem.State.OPEN)

    def running(self) -> Self:
        """Open duties whose clock runs."""
        return self.open().filter(paused_at__isnull=True)

    def about(self, subject: Subject) -> Self:
        """Duties about one thing."""
        return self.filter(subject_kind=subject.kind, subject_uid=subject.uid)


def _held_by(user: Actor) -> Q:
    """Mine by name; mine by a role whose division holds the place, as doer or as the rung it was raised to."""
    condition = Q(user__uid=user.uid) if not isinstance(user, User) else Q(user_id=user.pk)
    for assignment in getattr(user, "held", ()):
        here = within(key_ranges([assignment.place_id]))
        condition |= Q(role=assignment.role, user__isnull=True) & here
        condition |= Q(raised_to=assignment.role) & here
    return condition


class WorkItem(models.Model):
    """A duty: about whom, where, by whom, until when. Titles are msgids with ids and plain values, nothing protected.

    `role` (or `user`) does it; `raised_to` is the role that was told because it is late. `place_key` is the division
    the duty lies in: hand-over to another division changes it. `climbs_at` is when it next climbs its ladder.
    """

    class State(models.TextChoices):
        OPEN = "open"
        DONE = "done"
        VOID = "void"

    uid = models.UUIDField(default=new_uid, unique=True)
    kind = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40)
    subject_uid = models.UUIDField()
    key = models.CharField(max_length=80, blank=True)  # tells apart duties of one kind about one subject
    title = models.JSONField()
    why = models.JSONField(null=True)
    place_key = models.BigIntegerField()
    role = models.CharField(max_length=40, blank=True)
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="work_items")
    level = models.CharField(max_length=8)
    ladder = models.CharField(max_length=40)
    step = models.SmallIntegerField(default=0)
    raised_to = models.CharField(max_length=40, blank=True)
    opened_at = models.DateTimeField(default=now)
    due_at = models.DateTimeField()
    climbs_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=4, choices=State, default=State.OPEN)
    next_label = models.CharField(max_length=80, blank=True)
    next_url_name = models.CharField(max_length=80, blank=True)
    next_args = models.JSONField(default=list)
    origin_kind = models.CharField(max_length=40, blank=True)
    origin_uid = models.UUIDField(null=True)
    closed_by = models.UUIDField(null=True)
    closed_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=200, blank=True)  # English msgid

    objects = WorkItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_kind", "subject_uid", "key"],
                condition=Q(state="open"),
                name="the_same_duty_is_open_once",
            ),
            models.CheckConstraint(condition=~Q(role="") | Q(user__isnull=False), name="somebody_holds_every_duty"),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True) | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="a_duty_is_over_when_it_was_closed",
            ),
            models.CheckConstraint(
                condition=Q(paused_at__isnull=True) | Q(state="open", climbs_at__isnull=True),
                name="a_duty_whose_clock_stands_does_not_climb",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("opened_at")),
                name="a_duty_ends_after_it_begins",
            ),
        ]
        indexes = [
            models.Index(fields=["role", "place_key", "due_at"], condition=Q(state="open"), name="open_duty_by_role"),
            models.Index(
                fields=["raised_to", "place_key", "due_at"], condition=Q(state="open") & ~Q(raised_to=""),
                name="open_duty_by_rung",
            ),
            models.Index(fields=["user", "due_at"], condition=Q(state="open"), name="open_duty_by_user"),
            models.Index(fields=["place_key", "due_at"], condition=Q(state="open"), name="open_duty_by_place"),
            models.Index(fields=["climbs_at"], condition=Q(climbs_at__isnull=False), name="duty_by_next_climb"),
            models.Index(fields=["subject_kind", "subject_uid"], name="duty_by_subject"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}"

    @property
    def subject(self) -> Subject:
        """What the duty is about."""
        return Subject(self.subject_kind, self.subject_uid)

    @property
    def title_reason(self) -> Reason:
        """What is to be done, as a sentence."""
        return Reason.from_data(self.title)

    @property
    def why_reason(self) -> Reason | None:
        """Why, as a sentence."""
        return Reason.from_data(self.why) if self.why else None

    @property
    def is_open(self) -> bool:
        """Whether it still waits."""
        return self.state == self.State.OPEN


class ItemPart(ScopedQuerySet[Any]):
    """Rows that hang on a duty."""

    scope_field = "item__place_key"


def note_where(uid: UUID | str) -> str:
    """What the sealed note of an entry is bound to."""
    return f"worklist.entry.note:{uid}"


class Entry(models.Model):
    """One thing that happened to a duty, in order. What a person wrote beside it is sealed: it may name somebody."""

    class Verb(models.TextChoices):
        OPENED = "opened"
        ASSIGNED = "assigned"
        HANDED_OVER = "handed_over"
        RECEIVED = "received"
        PAUSED = "paused"
        RESUMED = "resumed"
        RAISED = "raised"
        CLOSED = "closed"
        VOIDED = "voided"

    uid = models.UUIDField(default=new_uid, unique=True)
    item = models.ForeignKey(WorkItem, on_delete=models.PROTECT, related_name="entries")
    verb = models.CharField(max_length=12, choices=Verb)
    at = models.DateTimeField(default=now)
    actor_uid = models.UUIDField()
    actor_label = models.CharField(max_length=60)
    data = models.JSONField(default=dict)
    note = models.BinaryField(default=bytes)

    objects = ItemPart.as_manager()

    class Meta:
        indexes = [models.Index(fields=["item", "id"], name="entry_by_duty")]


class HandOverQuerySet(ScopedQuerySet["HandOver"]):
    """Hand-overs, seen from both sides."""

    scope_field = "to_place"

    def visible_to(self, user: Actor, permission: str | None = None) -> Self:
        """Those that left or reached the divisions of `user`."""
        ranges = tuple(user.key_ranges(permission))
        if ranges == WHOLE_CITY:
            return self.all()
        return self.filter(within(ranges, "from_place") | within(ranges, "to_place") | Q(to_user__uid=user.uid))


class HandOver(models.Model):
    """A duty went from one hand to another; `received_at` is the other side's receipt."""

    uid = models.UUIDField(default=new_uid, unique=True)
    item = models.ForeignKey(WorkItem, on_delete=models.PROTECT, related_name="hand_overs")
    from_place = models.BigIntegerField()
    from_user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    to_place = models.BigIntegerField()
    to_user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    handed_by = models.UUIDField()
    at = models.DateTimeField(default=now)
    received_at = models.DateTimeField(null=True)
    received_by = models.UUIDField(null=True)

    objects = HandOverQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(received_at__isnull=True), name="one_hand_over_waits_for_its_receipt"
            ),
            models.CheckConstraint(
                condition=Q(received_at__isnull=True, received_by__isnull=True)
                | Q(received_at__isnull=False, received_by__isnull=False),
                name="a_receipt_has_a_time_and_a_hand",
            ),
        ]
        indexes = [
            models.Index(fields=["from_place", "-at"], name="hand_over_by_sender"),
            models.Index(fields=["to_place", "-at"], name="hand_over_by_receiver"),
        ]


class Telling(models.Model):
    """How a user wants to hear of duties that fall due today. Without a row: each by itself."""

    class Way(models.TextChoices):
        EACH = "each"
        DIGEST = "digest"
        NONE = "none"

    user = models.OneToOneField(User, primary_key=True, on_delete=models.PROTECT, related_name="telling")
    way = models.CharField(max_length=6, choices=Way, default=Way.EACH)
