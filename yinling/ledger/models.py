"""Tables of the ledger. Transfers and postings are only ever added: triggers refuse all else (migration 0002)."""

from uuid import UUID

from django.db import models
from django.db.models import F, Q

from yinling.kernel.clock import now
from yinling.kernel.scope import ScopedQuerySet
from yinling.kernel.uids import new_uid


class Book(models.Model):
    """All accounts of one unit that balance to zero together."""

    class Unit(models.TextChoices):
        FEN = "fen"
        MINUTE = "minute"

    key = models.CharField(max_length=40, unique=True)
    unit = models.CharField(max_length=6, choices=Unit)
    opened_at = models.DateTimeField(default=now)


class AccountQuerySet(ScopedQuerySet["Account"]):
    """Accounts."""

    def of(self, owner_kind: str, owner_uid: UUID) -> "AccountQuerySet":
        """Accounts of one owner; of a pot, its first slot stands for all."""
        return self.filter(owner_kind=owner_kind, owner_uid=owner_uid, pot__isnull=True)


class Account(models.Model):
    """What an owner has of one kind in one book. A pot is several rows: slot 0, and others that name it as `pot`.

    The balance stands in the last posting. `floor` and `ceiling` block; a clearing account has neither, nor a balance.
    """

    uid = models.UUIDField(default=new_uid, unique=True)
    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="accounts")
    owner_kind = models.CharField(max_length=40)
    owner_uid = models.UUIDField()
    kind = models.CharField(max_length=60)
    slot = models.SmallIntegerField(default=0)
    pot = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="slots")
    slot_count = models.SmallIntegerField(default=1)
    is_clearing = models.BooleanField(default=False)
    floor = models.BigIntegerField(null=True, default=0)
    ceiling = models.BigIntegerField(null=True)
    place_key = models.BigIntegerField()
    opened_at = models.DateTimeField(default=now)
    locked_at = models.DateTimeField(null=True)

    objects = AccountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["book", "owner_kind", "owner_uid", "kind", "slot"], name="one_account_per_owner_kind_and_slot"
            ),
            models.CheckConstraint(
                condition=Q(is_clearing=False) | Q(floor__isnull=True, ceiling__isnull=True, slot_count=1),
                name="a_clearing_account_has_no_limits",
            ),
            models.CheckConstraint(
                condition=Q(is_clearing=True) | Q(floor__isnull=False), name="every_other_account_has_a_floor"
            ),
            models.CheckConstraint(
                condition=Q(ceiling__isnull=True) | Q(ceiling__gte=F("floor")), name="ceiling_lies_above_floor"
            ),
            models.CheckConstraint(
                condition=Q(slot_count=1, slot=0, pot__isnull=True)
                | Q(slot_count__gt=1, floor=0, ceiling__isnull=True, slot__lt=F("slot_count")),
                name="a_pot_is_empty_at_worst_and_knows_its_slots",
            ),
        ]
        indexes = [
            models.Index(fields=["owner_kind", "owner_uid"], name="account_by_owner"),
            models.Index(fields=["place_key", "kind"], name="account_by_place"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}"

    @property
    def is_hot(self) -> bool:
        """Whether it is a slot of a pot."""
        return self.slot_count > 1


class TransferQuerySet(ScopedQuerySet["Transfer"]):
    """Transfers."""


class Transfer(models.Model):
    """Lines that add up to zero, moved together. `key` is the idempotency key: the same key moves once.

    `digest` binds the lines: SHA-256 over what `rules.digest_of` says. `memo` is an English msgid, never free text.
    """

    uid = models.UUIDField(default=new_uid, unique=True)
    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=120, unique=True)
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversal")
    memo = models.CharField(max_length=200, blank=True)
    place_key = models.BigIntegerField()
    by_uid = models.UUIDField()
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=now)
    lines = models.SmallIntegerField()
    digest = models.BinaryField(max_length=32)

    objects = TransferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(lines__gte=2), name="a_transfer_has_two_lines_or_more"),
        ]
        indexes = [models.Index(fields=["place_key", "recorded_at"], name="transfer_by_place")]

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}"


class PostingQuerySet(ScopedQuerySet["Posting"]):
    """Postings."""

    scope_field = "account__place_key"


class Posting(models.Model):
    """One line of a transfer, chained to the account's line before it. On a clearing account: amount and hash only.

    The limits in force at the moment are copied in, so that the database itself refuses an overdraft.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="postings", db_index=False)
    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="postings")
    seq = models.BigIntegerField(null=True)
    amount = models.BigIntegerField()
    balance_after = models.BigIntegerField(null=True)
    floor = models.BigIntegerField(null=True)
    ceiling = models.BigIntegerField(null=True)
    previous = models.BinaryField(max_length=32, default=bytes)
    hash = models.BinaryField(max_length=32)

    objects = PostingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "seq"], name="postings_of_an_account_are_numbered"),
            models.CheckConstraint(condition=~Q(amount=0), name="a_posting_moves_something"),
            models.CheckConstraint(
                condition=Q(seq__isnull=True, balance_after__isnull=True, floor__isnull=True)
                | Q(seq__gte=1, balance_after__isnull=False, balance_after__gte=F("floor")),
                name="no_account_falls_below_its_floor",
            ),
            models.CheckConstraint(
                condition=Q(ceiling__isnull=True) | Q(balance_after__lte=F("ceiling")),
                name="no_account_rises_above_its_ceiling",
            ),
        ]
