"""Tables of messages: what is said to whom, and every try to say it. Telephone numbers and other
addresses are sealed."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from yinling.accounts.models import User
from yinling.kernel.clock import now
from yinling.kernel.reasons import Reason
from yinling.kernel.scope import ScopedQuerySet
from yinling.kernel.uids import new_uid


class Channel(models.TextChoices):
    """The ways out."""

    IN_APP = "in_app"
    WEB_HOOK = "web_hook"
    SMS = "sms"
    VOICE = "voice"
    WECOM = "wecom"
    MINI_APP = "mini_app"


class MessageQuerySet(ScopedQuerySet["Message"]):
    """Messages."""

    def inbox_of(self, user: User) -> "MessageQuerySet":
        """What a user finds in the platform."""
        return self.filter(user=user, channel=Channel.IN_APP)


class Message(models.Model):
    """One sentence to one addressee through one channel. `title` and `body` are msgids with plain values.

    `key` is the caller's: the same message is sent once. `endpoint` names a web hook of the settings. `phone`: the
    sealed address, a telephone number or the user's id at WeCom or the mini-program.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        DELIVERED = "delivered"
        DEAD = "dead"

    uid = models.UUIDField(default=new_uid, unique=True)
    key = models.CharField(max_length=120, unique=True)
    channel = models.CharField(max_length=8, choices=Channel)
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="notices")
    phone = models.BinaryField(default=bytes)
    endpoint = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=8, default="zh-hans")
    title = models.JSONField()
    body = models.JSONField(null=True)
    url_name = models.CharField(max_length=80, blank=True)
    url_args = models.JSONField(default=list)
    about_kind = models.CharField(max_length=40, blank=True)
    about_uid = models.UUIDField(null=True)
    place_key = models.BigIntegerField(default=0)
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    attempts = models.SmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    external_id = models.CharField(max_length=80, blank=True)
    error = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(default=now)
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(channel="in_app", user__isnull=False)
                | (Q(channel="web_hook") & ~Q(endpoint=""))
                | Q(channel__in=["sms", "voice"])
                | Q(channel__in=["wecom", "mini_app"], user__isnull=False),
                name="a_message_has_an_addressee",
            ),
            models.CheckConstraint(
                condition=Q(delivered_at__isnull=True) | Q(delivered_at__gte=F("created_at")),
                name="a_message_arrives_after_it_was_written",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="message_by_user"),
            models.Index(fields=["user"], condition=Q(channel="in_app", read_at__isnull=True), name="message_unread"),
            models.Index(fields=["channel", "external_id"], condition=~Q(external_id=""), name="message_by_gateway"),
            models.Index(fields=["-id"], condition=Q(state="dead"), name="message_dead"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.uid}"  # never the addressee: this lands in logs

    @property
    def title_reason(self) -> Reason:
        """What is said, in one sentence."""
        return Reason.from_data(self.title)

    @property
    def body_reason(self) -> Reason | None:
        """What is said further."""
        return Reason.from_data(self.body) if self.body else None


class AttemptQuerySet(ScopedQuerySet["Attempt"]):
    """Attempts."""

    scope_field = "message__place_key"


class Attempt(models.Model):
    """One try: when, what the gateway answered (a code, never a text that might repeat the message)."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="tries")
    number = models.SmallIntegerField()
    at = models.DateTimeField(default=now)
    succeeded = models.BooleanField()
    status = models.SmallIntegerField(null=True)
    error = models.CharField(max_length=40, blank=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "number"], name="attempts_are_numbered")]


class ReachQuerySet(ScopedQuerySet["Reach"]):
    """Where users are reached. Everybody sees their own only."""

    scope_field = "user__place_key"


class Reach(models.Model):
    """Where a user is reached outside the platform. The user alone writes it; it is sealed."""

    class Way(models.TextChoices):
        PHONE = "phone", _("Mobile telephone")
        WECOM = "wecom", _("User name at WeCom")
        MINI_APP = "mini_app", _("Number of the mini-program")

    uid = models.UUIDField(default=new_uid, unique=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="reached_by")
    way = models.CharField(max_length=8, choices=Way)
    address_sealed = models.BinaryField()
    since = models.DateTimeField(default=now)

    objects = ReachQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "way"], name="a_user_is_reached_one_way_once")]


def reach_where(uid: object) -> str:
    """What a sealed address is bound to."""
    return f"messages.reach.address:{uid}"


def message_where(uid: object) -> str:
    """What the sealed address of a message is bound to."""
    return f"notices.message.phone:{uid}"
