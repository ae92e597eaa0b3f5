"""Tables of the ground: changes and their seals, jobs, figures kept by month, readable numbers."""

from django.db import models
from django.db.models import F, Q

from yinling.kernel.clock import now
from yinling.kernel.uids import new_uid


class Change(models.Model):
    """One write, or one look at protected data: audit line, announcement and history in one row.

    Written in the transaction of what it records. `number`, `previous` and `hash` come later, from the sealer.
    """

    number = models.BigIntegerField(null=True, unique=True)
    type = models.CharField(max_length=60)
    version = models.SmallIntegerField(default=1)
    actor_uid = models.UUIDField()
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_uid = models.UUIDField(null=True)
    place_key = models.BigIntegerField(default=0)
    data = models.JSONField(default=dict)
    digest = models.BinaryField(max_length=32, default=bytes)
    salt = models.BinaryField(max_length=16, default=bytes)
    reason = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField(default=now)
    previous = models.BinaryField(max_length=32, default=bytes)
    hash = models.BinaryField(max_length=32, default=bytes)

    class Meta:
        indexes = [
            models.Index(fields=["subject_uid", "id"], name="change_by_subject"),
            models.Index(fields=["type", "id"], name="change_by_type"),
            models.Index(fields=["actor_uid", "id"], name="change_by_actor"),
            models.Index(fields=["id"], name="change_not_yet_sealed", condition=Q(number__isnull=True)),
        ]


class Chain(models.Model):
    """The end of one chain of seals: one county, one civil day. Closed into the day's root when the day is over."""

    day = models.DateField()
    county_key = models.BigIntegerField()
    last_hash = models.BinaryField(max_length=32)
    length = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "county_key"], name="one_chain_per_county_and_day")]


class DayRoot(models.Model):
    """One hash over all chains of a closed day and the root before it."""

    day = models.DateField(unique=True)
    root = models.BinaryField(max_length=32)
    last_number = models.BigIntegerField()


class Listener(models.Model):
    """How far a listener has heard the numbered changes."""

    name = models.CharField(max_length=120, unique=True)
    heard = models.BigIntegerField(default=0)


class DeadLetter(models.Model):
    """A change that a listener could not handle; shown to the system administrator, who may try again."""

    listener = models.CharField(max_length=120)
    change = models.ForeignKey(Change, on_delete=models.PROTECT)
    error = models.TextField()
    failed_at = models.DateTimeField(default=now)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["listener", "change"], name="one_dead_letter_per_listener_and_change")
        ]


class Job(models.Model):
    """Long work: who asked for it, how far it is, who holds it and until when."""

    class State(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    uid = models.UUIDField(default=new_uid, unique=True)
    kind = models.CharField(max_length=80)
    key = models.CharField(max_length=120, null=True, unique=True)  # the same work is not queued twice
    arguments = models.JSONField(default=dict)
    actor_uid = models.UUIDField()
    place_key = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    worker = models.CharField(max_length=60, blank=True)
    lease_until = models.DateTimeField(null=True)
    not_before = models.DateTimeField(default=now)
    attempts = models.SmallIntegerField(default=0)
    cursor = models.JSONField(null=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    cancel_asked = models.BooleanField(default=False)
    result = models.JSONField(null=True)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "not_before", "id"], name="job_waiting")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="running") | Q(lease_until__isnull=False), name="running_job_has_a_lease"
            )
        ]


class Figure(models.Model):
    """A measure's value for one division on one day, as it was known then. A cache: figures can be asked again."""

    measure = models.CharField(max_length=60)
    division_key = models.BigIntegerField()
    day = models.DateField()
    value = models.BigIntegerField()
    known_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["measure", "division_key", "day"], name="one_figure_per_division_and_day")
        ]


class Sequence(models.Model):
    """The last readable number given out of one series (kind, division, year)."""

    series = models.CharField(max_length=60, unique=True)
    last = models.BigIntegerField(default=0)


def next_number(series: str) -> int:
    """The next number of a series, without gaps. Call inside the transaction that uses it."""
    Sequence.objects.get_or_create(series=series)
    Sequence.objects.filter(series=series).update(last=F("last") + 1)
    return Sequence.objects.values_list("last", flat=True).get(series=series)
