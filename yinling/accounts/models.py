"""Tables of accounts: users, the roles they hold, log-ins, tokens of programs."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F, Q

from yinling.accounts.roles import Role, role
from yinling.kernel.actors import Actor, KeyRange
from yinling.kernel.clock import civil_date, now
from yinling.kernel.scope import ScopedQuerySet, within
from yinling.kernel.uids import Uid, new_uid
from yinling.places.models import Place
from yinling.places.queries import key_ranges


class UserQuerySet(ScopedQuerySet["User"]):
    """Users, seen in the division they belong to."""


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]  # django-stubs cannot follow
    """Makes users with a password hashed."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """A saved user; without a password it cannot log in until one is set."""
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser):
    """A person with an account, and the actor of services. What a user may do comes from assignments alone."""

    uid = models.UUIDField(default=new_uid, unique=True)
    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    email = models.CharField(max_length=120, blank=True)  # asked for by the log-in library; unused
    place_key = models.BigIntegerField(default=0)
    pin_hash = models.CharField(max_length=128, blank=True)
    language = models.CharField(max_length=8, default="zh-hans")
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    password_changed_at = models.DateTimeField(default=now)
    created_at = models.DateTimeField(default=now)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()

    class Meta:
        indexes = [models.Index(fields=["place_key"], name="user_by_place")]

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def label(self) -> str:
        """How records name this actor."""
        return self.name or self.username

    @cached_property
    def held(self) -> tuple["Assignment", ...]:
        """Assignments in force today, asked once per request."""
        return tuple(self.assignments.in_force(civil_date()).select_related("place"))

    @cached_property
    def _ranges(self) -> tuple[tuple["Assignment", ...], dict[str | None, tuple[KeyRange, ...]]]:
        """Key ranges per permission, worked out once for the assignments they come from."""
        return self.held, {}

    def roles(self) -> list[Role]:
        """The roles held today, each once."""
        keys = dict.fromkeys(assignment.role for assignment in self.held)
        return [found for key in keys if (found := role(key))]

    def key_ranges(self, permission: str | None = None) -> tuple[KeyRange, ...]:
        """Inclusive ranges of place keys in which the user sees (or holds `permission`), today."""
        if self._ranges[0] is not self.held:
            self._ranges = (self.held, {})
        known = self._ranges[1]
        if permission not in known:
            places = [a.place_id for a in self.held if a.grants(permission)]
            known[permission] = key_ranges(places) if places else ()
        return known[permission]

    def may(self, permission: str, place_key: int | None = None) -> bool:
        """Whether the user holds the permission somewhere, or at this place."""
        if place_key is None:
            return any(a.grants(permission) for a in self.held)
        return any(low <= place_key <= high for low, high in self.key_ranges(permission))


class AssignmentQuerySet(ScopedQuerySet["Assignment"]):
    """Roles held."""

    scope_field = "place_id"

    def in_force(self, day: Any) -> "AssignmentQuerySet":
        """Held on a day."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day, ended_at__isnull=True)


class Assignment(models.Model):
    """A user holds a role in a division for a time; `lent_by` and `lent_from` when it was delegated."""

    uid = models.UUIDField(default=new_uid, unique=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="assignments")
    role = models.CharField(max_length=40)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    lent_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="lent")
    lent_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="loans")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    recorded_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="assignment_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(lent_by__isnull=True) | Q(valid_to__isnull=False), name="delegation_has_an_end"
            ),
            models.CheckConstraint(
                condition=Q(lent_by__isnull=True, lent_from__isnull=True)
                | Q(lent_by__isnull=False, lent_from__isnull=False),
                name="delegation_names_what_was_lent",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "place"],
                condition=Q(ended_at__isnull=True, valid_to__isnull=True),
                name="one_open_assignment_per_role_and_place",
            ),
        ]

    def is_open_on(self, day: dt.date) -> bool:
        """Whether it holds on that day or will."""
        return self.ended_at is None and (self.valid_to is None or self.valid_to > day)

    def grants(self, permission: str | None) -> bool:
        """Whether the role holds the permission; without one, whether it sees registers at all."""
        found = role(self.role)
        if found is None:
            return False
        return found.sees_people if permission is None else permission in found.permissions


class LogInQuerySet(ScopedQuerySet["LogIn"]):
    """Attempts, seen in the division of the user; those under an unknown name belong to the whole city (key 0)."""


class LogIn(models.Model):
    """One attempt to log in, right or wrong; kept at least six months (Cybersecurity Law, article 21)."""

    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="log_ins")
    username = models.CharField(max_length=60)
    place_key = models.BigIntegerField(default=0)
    way = models.CharField(max_length=12)  # password, totp, pin, logout
    succeeded = models.BooleanField()
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=now)

    objects = LogInQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["user", "-at", "-id"], name="log_in_by_user"),
            models.Index(fields=["-at", "-id"], name="log_in_by_time"),
        ]


class Session(AbstractBaseSession):
    """A device that is logged in. `session_key` holds a digest: a stolen copy of the table opens no session."""

    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="sessions")
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField(default=now)
    seen_at = models.DateTimeField(default=now)


class KnownUser(models.Model):
    """A user who may switch in by PIN on one shared device. `device` is a digest of the device's signed cookie."""

    device = models.CharField(max_length=40)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="devices")
    wrong_pins = models.SmallIntegerField(default=0)
    known_since = models.DateTimeField(default=now)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["device", "user"], name="a_user_is_known_once_per_device"),
            models.CheckConstraint(condition=Q(wrong_pins__gte=0), name="wrong_pins_are_counted_from_zero"),
        ]


class WorkerTransferQuerySet(ScopedQuerySet["WorkerTransfer"]):
    """Moves of workers, seen from both sides."""

    scope_field = "from_place_id"

    def visible_to(self, user: Actor, permission: str | None = None) -> Self:
        """Transfers that leave or reach a division of `user`."""
        ranges = tuple(user.key_ranges(permission))
        return self.filter(within(ranges, "from_place_id") | within(ranges, "to_place_id"))


class WorkerTransfer(models.Model):
    """A worker is sent from one division to another; it takes effect when the other side receives."""

    class State(models.TextChoices):
        SENT = "sent"
        RECEIVED = "received"
        DECLINED = "declined"
        WITHDRAWN = "withdrawn"

    uid = models.UUIDField(default=new_uid, unique=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="transfers")
    from_place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    to_place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.SENT)
    note = models.CharField(max_length=300, blank=True)
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(default=now)
    answered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=300, blank=True)

    objects = WorkerTransferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(state="sent"), name="a_worker_is_on_the_way_to_one_place"
            ),
            models.CheckConstraint(condition=~Q(from_place=F("to_place")), name="a_transfer_changes_the_place"),
            models.CheckConstraint(
                condition=Q(state="sent", answered_at__isnull=True)
                | (~Q(state="sent") & Q(answered_at__isnull=False, answered_by__isnull=False)),
                name="an_answered_transfer_says_by_whom_and_when",
            ),
        ]


class TokenQuerySet(ScopedQuerySet["Token"]):
    """Tokens, seen in the division of their user."""

    scope_field = "user__place_key"

    def visible_to_owner(self, user: User) -> Self:
        """A user's own."""
        return self.filter(user=user)


class Token(models.Model):
    """What a program shows instead of logging in: a part of its user's permissions (`scopes`), until a day.

    Granted by the security administrator and collected by the user, who alone sees the secret, once; only its digest
    is kept, and `hint`, its first characters. `minute` and `used` count the requests of the running minute.
    """

    uid = models.UUIDField(default=new_uid, unique=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=60)
    scopes = models.JSONField(default=list)
    digest = models.CharField(max_length=64, null=True, unique=True)
    hint = models.CharField(max_length=12, blank=True)
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(default=now)
    collected_at = models.DateTimeField(null=True)
    expires_on = models.DateField()  # its last day is the one before
    revoked_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    minute = models.BigIntegerField(default=0)
    used = models.IntegerField(default=0)

    objects = TokenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(digest__isnull=True, collected_at__isnull=True)
                | Q(digest__isnull=False, collected_at__isnull=False),
                name="a_collected_token_has_a_secret",
            ),
            models.CheckConstraint(condition=~Q(scopes=[]), name="a_token_allows_something"),
        ]

    def __str__(self) -> str:
        return self.name

    def is_live_on(self, day: dt.date) -> bool:
        """Whether it opens anything on a day (once it is collected)."""
        return self.revoked_at is None and self.expires_on > day

    def state_on(self, day: dt.date) -> str:
        """waiting, in_use, expired or revoked."""
        if self.revoked_at is not None:
            return "revoked"
        if self.expires_on <= day:
            return "expired"
        return "in_use" if self.collected_at else "waiting"


@dataclass(frozen=True)
class TokenActor:
    """Who acts through a token: its user, in the user's divisions, with the permissions of the token alone."""

    user: User
    token: Token

    @property
    def uid(self) -> Uid:
        """The user's: records name who answers for the program."""
        return self.user.uid

    @property
    def label(self) -> str:
        """How records name this actor."""
        return f"{self.user.label} · {self.token.name}"

    @property
    def held(self) -> tuple[Assignment, ...]:
        """The user's roles in force."""
        return self.user.held

    def key_ranges(self, permission: str | None = None) -> tuple[KeyRange, ...]:
        """The user's ranges, for what the token allows."""
        return self.user.key_ranges(permission) if self._allows(permission) else ()

    def may(self, permission: str, place_key: int | None = None) -> bool:
        """Whether the token and the user's roles both allow it."""
        return self._allows(permission) and self.user.may(permission, place_key)

    def _allows(self, permission: str | None) -> bool:
        return permission is None or permission in self.token.scopes
