"""Doubts, merges, transfers and saved lists: what people decide about whole files."""

from uuid import UUID

from django.db import models
from django.db.models import F, Q

from yinling.accounts.models import User
from yinling.kernel.clock import now
from yinling.kernel.crypto import unseal
from yinling.kernel.scope import ScopedQuerySet
from yinling.kernel.uids import new_uid
from yinling.people.models.person import Person
from yinling.people.models.scoped import ByPerson


def doubt_where(uid: UUID | str) -> str:
    """What a doubt's sealed record is bound to."""
    return f"people.doubt.record:{uid}"


class Doubt(models.Model):
    """A record that may be a person we know: held until somebody says same or new. Nothing of it is in force yet."""

    OPEN, SAME, NEW, DROPPED = "open", "same", "new", "dropped"

    uid = models.UUIDField(default=new_uid, unique=True)
    place_key = models.BigIntegerField()
    record_sealed = models.BinaryField()  # JSON of the cleaned row
    record_key = models.BinaryField(max_length=17)  # blind index of the row: the same row waits once
    candidate = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="doubts")
    score = models.FloatField(default=0)
    why = models.JSONField(default=list)  # per field: agreement and weight; no protected value
    source = models.CharField(max_length=120)
    row_number = models.IntegerField(null=True)
    state = models.CharField(max_length=8, default=OPEN)
    settled_by = models.UUIDField(null=True)
    settled_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(default=now)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["place_key", "id"], name="doubt_open", condition=Q(state="open"))]
        constraints = [
            models.UniqueConstraint(fields=["record_key"], condition=Q(state="open"), name="a_record_waits_once")
        ]

    def record(self) -> str:
        """The cleaned row as JSON text, plain."""
        return unseal(self.record_sealed, doubt_where(self.uid))


class Merge(models.Model):
    """A dated link from a file to the canonical one. It can be undone; rows never move."""

    uid = models.UUIDField(default=new_uid, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="merges")
    into = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="merged_here")
    why = models.JSONField(default=list)
    by_uid = models.UUIDField()
    recorded_at = models.DateTimeField(default=now)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.UUIDField(null=True)

    objects = ByPerson.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(undone_at__isnull=True), name="a_file_is_merged_into_one_other"
            ),
            models.CheckConstraint(condition=~Q(person=F("into")), name="merge_joins_two_files"),
        ]


class TransferQuerySet(ScopedQuerySet["Transfer"]):
    """Transfers, seen from both sides."""

    scope_field = "from_key"


class Transfer(models.Model):
    """A person handed from one county to another: sent with a note, received with a receipt, or sent back."""

    SENT, RECEIVED, RETURNED = "sent", "received", "returned"

    uid = models.UUIDField(default=new_uid, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="transfers")
    from_key = models.BigIntegerField()
    to_key = models.BigIntegerField()
    note = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=8, default=SENT)
    sent_by = models.UUIDField()
    sent_at = models.DateTimeField(default=now)
    answered_by = models.UUIDField(null=True)
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=300, blank=True)

    objects = TransferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(state="sent"), name="a_person_is_on_the_way_once")
        ]


class SavedList(models.Model):
    """A combination of filters somebody named, to open again."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_lists")
    title = models.CharField(max_length=60)
    query = models.CharField(max_length=400)
    recorded_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "title"], name="one_saved_list_per_title")]
