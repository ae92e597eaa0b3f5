"""Tokens: the security administrator grants one, its user collects the secret, either takes it back.

Neither alone can open anything: the administrator never sees the secret, the user does not choose the scopes.
`services` of accounts, in a file of their own; `config` lets the interface for programs authenticate here.
"""

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When

from yinling.accounts import events, queries
from yinling.accounts.models import Token, TokenActor, User
from yinling.accounts.permissions import Accounts
from yinling.accounts.rules import why_not_grant
from yinling.kernel.actors import Actor
from yinling.kernel.changes import record
from yinling.kernel.clock import civil_date, now
from yinling.kernel.errors import Refused

PREFIX, HINT = "yl_", 8
MINUTE_S = 60
_scopes: list[str] = []


def offer(scopes: Iterable[str]) -> None:
    """Name the permissions that programs use; `config` does at start."""
    _scopes[:] = sorted(set(scopes))


def scopes_for(user: User) -> list[str]:
    """Permissions of the user's roles today that a program could be given."""
    held = {permission for role in user.roles() for permission in role.permissions}
    return [scope for scope in _scopes if scope in held]


def digest(secret: str) -> str:
    """What is kept of a secret. It is random and long, so a fast digest suffices."""
    return hashlib.sha256(secret.encode()).hexdigest()


def tokens_of(user: User) -> QuerySet[Token]:
    """A user's own tokens, newest first."""
    return Token.objects.filter(user=user).select_related("granted_by").order_by("-id")


def tokens_overseen(by: Actor) -> QuerySet[Token]:
    """Tokens of users in the divisions where `by` gives roles."""
    return Token.objects.visible_to(by, Accounts.ASSIGN_ROLES).select_related("user", "granted_by")


@transaction.atomic
def grant_token(*, user_uid: UUID | str, name: str, scopes: Iterable[str], expires_on: dt.date, by: User) -> Token:
    """Let a program act for a user. Raises Refused beyond the user's own permissions or the longest time."""
    user = User.objects.visible_to(by, Accounts.ASSIGN_ROLES).one(uid=user_uid)
    chosen = sorted(set(scopes))
    if objection := why_not_grant(
        scopes=chosen, held=scopes_for(user), to_self=user.pk == by.pk, is_active=user.is_active,
        days=(expires_on - civil_date()).days, limits=queries.token_rules(),
    ):  # fmt: skip
        raise Refused(objection)
    token = Token.objects.create(user=user, name=name.strip(), scopes=chosen, expires_on=expires_on, granted_by=by)
    event = events.TokenGranted(
        user.uid, token=str(token.uid), scopes=",".join(chosen), expires_on=expires_on.isoformat()
    )
    record(event, by=by, place_key=user.place_key)
    return token


@transaction.atomic
def collect_token(*, uid: UUID | str, by: User) -> tuple[Token, str]:
    """Make the secret of one's own token. It is returned this once."""
    token = Token.objects.visible_to_owner(by).select_for_update().one(uid=uid)
    if not token.is_live_on(civil_date()):
        raise Refused("This token has ended. Ask the security administrator for a new one.")
    if token.collected_at is not None:
        raise Refused(
            "This token was collected on {day}, and its secret is shown once. If it is lost, revoke the token and ask "
            "the security administrator for a new one.",
            day=civil_date(token.collected_at),
        )
    secret = PREFIX + secrets.token_urlsafe(32)
    token.digest, token.hint, token.collected_at = digest(secret), secret[:HINT], now()
    token.save(update_fields=["digest", "hint", "collected_at"])
    record(events.TokenCollected(by.uid, token=str(token.uid)), by=by, place_key=by.place_key)
    return token, secret


@transaction.atomic
def revoke_token(*, uid: UUID | str, by: User) -> Token:
    """End a token: one's own, or that of a user whose roles one gives. Again changes nothing."""
    mine = Token.objects.visible_to_owner(by) | Token.objects.visible_to(by, Accounts.ASSIGN_ROLES)
    token = Token.objects.filter(pk__in=mine.values("pk")).select_for_update(of=("self",)).select_related("user")
    found = token.one(uid=uid)
    if found.revoked_at is None:
        _revoke(found, by)
    return found


def revoke_all(*, user: User, by: Actor) -> None:
    """A closed account: no program acts for it any more, also when it is opened again."""
    for token in user.tokens.filter(revoked_at__isnull=True).select_related("user"):
        _revoke(token, by)


def _revoke(token: Token, by: Actor) -> None:
    token.revoked_at = now()
    token.save(update_fields=["revoked_at"])
    record(events.TokenRevoked(token.user.uid, token=str(token.uid)), by=by, place_key=token.user.place_key)


def authenticate(secret: str) -> TokenActor | None:
    """Who acts with this secret; None when it opens nothing."""
    token = Token.objects.select_related("user").filter(digest=digest(secret)).first()
    if token is None or not token.is_live_on(civil_date()) or not token.user.is_active:
        return None
    return TokenActor(token.user, token)


def count_request(token: Token) -> int:
    """Count one request. Returns seconds to wait when the minute is used up, 0 when it may go on.

    One statement, so that two workers never count past the limit.
    """
    at = now()
    minute, limit = int(at.timestamp()) // MINUTE_S, queries.token_rules().token_requests_per_minute
    again = When(minute=minute, then=F("used") + 1)
    with transaction.atomic():
        counted = Token.objects.filter(~Q(minute=minute) | Q(used__lt=limit), pk=token.pk).update(
            used=Case(again, default=Value(1)), minute=minute, seen_at=at
        )
    return 0 if counted else MINUTE_S - int(at.timestamp()) % MINUTE_S
