"""Tables of sync: phones, what lies on them, what they sent, photographs on their way."""

import base64
from typing import Any, Self
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from yinling.accounts.models import User
from yinling.kernel.actors import Actor
from yinling.kernel.clock import now
from yinling.kernel.crypto import unseal
from yinling.kernel.scope import ScopedQuerySet
from yinling.kernel.uids import new_uid


def key_where(uid: UUID | str) -> str:
    """What a phone's data key is bound to."""
    return f"sync.phone.key:{uid}"


def payload_where(uid: UUID | str) -> str:
    """What a command's content is bound to."""
    return f"sync.command.payload:{uid}"


class PhoneQuerySet(ScopedQuerySet["Phone"]):
    """Phones: of users in one's divisions, and one's own."""

    scope_field = "user__place_key"

    def visible_to(self, user: Actor, permission: str | None = None) -> Self:
        """One's own always; others' where the user holds the permission."""
        own = self.filter(user__uid=user.uid)
        if permission is not None and not user.may(permission):
            return own
        return super().visible_to(user, permission) | own

    def active(self) -> Self:
        """Those that may hold data."""
        return self.filter(state=Phone.State.ACTIVE)


class Phone(models.Model):
    """One browser of one user. `answer`: number of the last answer sent to it; `offset_ms`: platform minus phone."""

    class State(models.TextChoices):
        ACTIVE = "active", pgettext_lazy("telephone", "In use")
        LOST = "lost", pgettext_lazy("telephone", "Declared lost")
        WIPED = "wiped", pgettext_lazy("telephone", "Wiped")

    uid = models.UUIDField(default=new_uid, unique=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="phones")
    label = models.CharField(max_length=120, blank=True)
    key_sealed = models.BinaryField(default=bytes)  # empty once it is withdrawn
    state = models.CharField(max_length=6, choices=State, default=State.ACTIVE)
    app = models.CharField(max_length=20, blank=True)
    answer = models.BigIntegerField(default=0)
    number = models.BigIntegerField(default=0)  # the sealer's, when the last answer was read
    read_on = models.DateField(null=True)
    offset_ms = models.BigIntegerField(default=0)
    opened_at = models.DateTimeField(default=now)
    contact_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    objects = PhoneQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["user", "state"], name="phone_by_user")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="active") | Q(key_sealed=b""), name="a_phone_out_of_use_has_no_key"
            )
        ]

    def key(self) -> bytes:
        """The data key; empty when it was withdrawn."""
        return base64.b64decode(unseal(self.key_sealed, key_where(self.uid)))


class Holding(models.Model):
    """A document that a phone was sent (`digest`), or told to drop (empty), with the number of that answer."""

    phone = models.ForeignKey(Phone, on_delete=models.CASCADE, related_name="holdings")
    kind = models.CharField(max_length=30)
    uid = models.UUIDField()
    digest = models.CharField(max_length=32, blank=True)
    answer = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["phone", "kind", "uid"], name="a_phone_holds_a_document_once")]


class Command(models.Model):
    """One act off line. `said_at`: on the phone's clock; `happened_at`: corrected. The content stays sealed."""

    class Outcome(models.TextChoices):
        DONE = "done", pgettext_lazy("command", "Done")
        REFUSED = "refused", pgettext_lazy("command", "Refused")
        SETTLED = "settled", pgettext_lazy("command", "Settled between two reports")

    uid = models.UUIDField(unique=True)
    phone = models.ForeignKey(Phone, on_delete=models.PROTECT, related_name="commands")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30)
    version = models.SmallIntegerField(default=1)
    payload_sealed = models.BinaryField(default=bytes)
    said_at = models.DateTimeField()
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField(default=now)
    outcome = models.CharField(max_length=7, choices=Outcome)
    answer = models.JSONField(default=dict)

    objects: Any = models.Manager()

    class Meta:
        indexes = [models.Index(fields=["phone", "received_at"], name="command_by_phone")]


class Piece(models.Model):
    """A photograph on its way up, still locked with the phone's key; `digest` is that of the locked content."""

    phone = models.ForeignKey(Phone, on_delete=models.CASCADE, related_name="pieces")
    digest = models.CharField(max_length=64)
    size = models.IntegerField()
    received = models.IntegerField(default=0)
    content = models.BinaryField(default=bytes)
    begun_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["phone", "digest"], name="a_phone_sends_a_piece_once"),
            models.CheckConstraint(condition=Q(received__gte=0), name="a_piece_grows_from_nothing"),
        ]
