"""Reads of accounts: users in scope, what they hold, where they are logged in, how they logged in."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext

from yinling.accounts.models import Assignment, KnownUser, LogIn, Session, User, WorkerTransfer
from yinling.accounts.permissions import Accounts
from yinling.accounts.rules import ProofRules, TokenRules, is_staff, locked_until
from yinling.kernel.actors import Actor
from yinling.kernel.clock import civil_date, now
from yinling.kernel.scope import within
from yinling.places.models import Level, Place
from yinling.places.queries import city, key_ranges, tree
from yinling.reference.queries import parameter_or
from yinling.web.registry import Identity

OVERSEERS = (Accounts.MANAGE_USERS, Accounts.ASSIGN_ROLES, Accounts.READ_LOG, Accounts.MOVE_WORKERS)
DEMO_PREFIX = "demo."


def proof_rules() -> ProofRules:
    """The limits in force today: `accounts.<name>` in `reference`, the rule's own where a city says nothing."""
    plain = ProofRules()
    return ProofRules(**{name: _limit(f"accounts.{name}", value) for name, value in vars(plain).items()})


def token_rules() -> TokenRules:
    """The limits of tokens in force today, from the same place."""
    return TokenRules(**{name: _limit(f"accounts.{name}", value) for name, value in vars(TokenRules()).items()})


def _limit(key: str, fallback: int) -> int:
    return int(parameter_or(key, fallback))


def users_seen_by(by: Actor, *permissions: str) -> QuerySet[User]:
    """Users in the divisions where `by` holds one of the permissions (default: any that looks after users)."""
    ranges = [span for permission in permissions or OVERSEERS for span in by.key_ranges(permission)]
    return User.objects.filter(within(dict.fromkeys(ranges)))


def users_found(by: Actor, *, text: str = "", role: str = "", place_key: int | None = None) -> QuerySet[User]:
    """Users in scope by part of a name, beginning of a user name, role held today, division they belong to."""
    found = users_seen_by(by)
    if text := text.strip():
        found = found.filter(Q(name__contains=text) | Q(username__startswith=text.lower()))
    if role:
        found = found.filter(pk__in=Assignment.objects.in_force(civil_date()).filter(role=role).values("user"))
    if place_key:
        found = found.filter(within(key_ranges([place_key])))
    return found


def with_roles(users: QuerySet[User]) -> QuerySet[Any]:
    """The users with `roles_today`, a list of assignments, in one more statement."""
    today = Assignment.objects.in_force(civil_date()).order_by("id")
    return users.prefetch_related(Prefetch("assignments", queryset=today, to_attr="roles_today"))


def assignments_of(user: User) -> QuerySet[Assignment]:
    """Every role a user holds, will hold or held, newest first."""
    return user.assignments.select_related("place", "lent_by").order_by("-valid_from", "-id")


def open_assignments(user: User) -> QuerySet[Assignment]:
    """Roles held today or later, that nobody has ended."""
    unfinished = Q(valid_to__isnull=True) | Q(valid_to__gt=civil_date())
    return user.assignments.filter(unfinished, ended_at__isnull=True)


def roles_ending(on: dt.date, days: int) -> QuerySet[Assignment]:
    """Roles in force on a day that end within some days, soonest first; loans end as agreed and are left out."""
    soon = Assignment.objects.in_force(on).filter(valid_to__lte=on + dt.timedelta(days=days), lent_by__isnull=True)
    open_elsewhere = Assignment.objects.filter(
        user=OuterRef("user"), role=OuterRef("role"), place=OuterRef("place"), ended_at__isnull=True
    ).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=OuterRef("valid_to")))
    return soon.exclude(Exists(open_elsewhere)).filter(user__is_active=True).select_related("user").order_by("valid_to")


def lendable(user: User) -> QuerySet[Assignment]:
    """Own roles in force, which may be lent."""
    return user.assignments.in_force(civil_date()).filter(lent_by__isnull=True).select_related("place").order_by("id")


def loans_of(user: User) -> QuerySet[Assignment]:
    """Roles this user has lent that have not ended."""
    standing = Assignment.objects.filter(lent_by=user, ended_at__isnull=True, valid_to__gt=civil_date())
    return standing.select_related("user", "place").order_by("valid_to", "id")


def colleagues(user: User) -> QuerySet[User]:
    """Open accounts of the counties (or the city) where the user holds roles: whom one may lend to."""
    places = tree()
    tops = set()
    for assignment in user.held:
        county = places.above(assignment.place_id, Level.COUNTY)
        tops.add(county.key if county else assignment.place_id)
    return User.objects.filter(within(key_ranges(tops)), is_active=True).exclude(pk=user.pk)


def role_keys(user: User) -> list[str]:
    """Keys of the roles held today, each once."""
    return list(dict.fromkeys(assignment.role for assignment in user.held))


def sessions_of(user: User) -> QuerySet[Session]:
    """Devices where the user is logged in, last used first."""
    return Session.objects.filter(user=user, expire_date__gt=now()).order_by("-seen_at")


def log_ins_of(user: User) -> QuerySet[LogIn]:
    """A user's own attempts, right and wrong."""
    return LogIn.objects.filter(user=user)


def log_ins_seen_by(by: Actor) -> QuerySet[LogIn]:
    """Attempts in the divisions where `by` reads the log; those under unknown names too, for the whole city's."""
    ranges = tuple(by.key_ranges(Accounts.READ_LOG))
    condition = within(ranges)
    if not Place.objects.exists() or by.may(Accounts.READ_LOG, city().key):
        condition |= Q(place_key=0)
    return LogIn.objects.filter(condition)


def codes_locked_until(user: User, limits: ProofRules) -> dt.datetime | None:
    """Until when authenticator codes of a user are refused; None while there are tries left."""
    moment = now()
    since = moment - dt.timedelta(minutes=limits.lock_minutes)
    recent = list(LogIn.objects.filter(user=user, way="totp", at__gt=since).order_by("-at", "-id")[: limits.tries])
    wrong = 0
    for attempt in recent:
        if attempt.succeeded:
            break
        wrong += 1
    return locked_until(recent[0].at, wrong, moment, limits) if wrong else None


def users_known_on(device: str) -> list[User]:
    """Users who may switch in by PIN on a device, by name."""
    known = KnownUser.objects.filter(device=device, user__is_active=True).exclude(user__pin_hash="")
    return [row.user for row in known.select_related("user").order_by("user__name")] if device else []


def is_known_on(user: User, device: str) -> bool:
    """Whether the user may switch in by PIN on this device."""
    return bool(device) and KnownUser.objects.filter(device=device, user=user).exists()


def transfers_seen_by(by: Actor) -> QuerySet[WorkerTransfer]:
    """Moves that leave or reach the divisions of `by`, newest first."""
    rows = WorkerTransfer.objects.visible_to(by, Accounts.MOVE_WORKERS)
    return rows.select_related("user", "from_place", "to_place", "sent_by", "answered_by")


def needs_second_factor(user: User) -> bool:
    """Whether the city demands a second factor of this user (settings.TOTP is "required" and the user is staff)."""
    return getattr(settings, "TOTP", "optional") == "required" and is_staff(role_keys(user))


def has_second_factor(user: User) -> bool:
    """Whether the user logs in with codes from an authenticator app."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def identity_of(user: User) -> Identity:
    """Who is logged in, in words, for the page's frame: name, first role, its place."""
    first = user.held[0] if user.held else None
    roles = user.roles()
    return Identity(
        name=user.label,
        role=gettext(roles[0].title) if roles else "",
        place=first.place.name if first else "",
    )


def is_demo(user: User) -> bool:
    """Whether this account belongs to the demonstration, with its password on the log-in page."""
    return bool(settings.DEMO) and user.username.startswith(DEMO_PREFIX)


@dataclass(frozen=True)
class DemoAccount:
    """One account of the demonstration: the user name, whose it is, the first role's title (a msgid), its place."""

    username: str
    name: str
    role: str
    place: str


def demo_accounts() -> list[DemoAccount]:
    """One account per role, for the log-in page of a demonstration; empty elsewhere."""
    if not settings.DEMO:
        return []
    users = with_roles(User.objects.filter(username__startswith=DEMO_PREFIX, is_active=True).order_by("id"))
    places, shown = tree(), {}
    for user in users:
        user.held = tuple(user.roles_today)  # fills the cached property
        if (roles := user.roles()) and roles[0].key not in shown:
            place = places.name(user.held[0].place_id)
            shown[roles[0].key] = DemoAccount(user.username, user.name, roles[0].title, place)
    return list(shown.values())
