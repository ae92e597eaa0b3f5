"""Tokens: granted by the administrator, collected once by the user, taken back by either; what a token may not do."""

import datetime as dt
from typing import Any

import pytest

from yinling.accounts import services, tokens
from yinling.accounts.models import Token, TokenActor, User
from yinling.accounts.rules import TokenRules, why_not_grant
from yinling.kernel.clock import civil_date
from yinling.kernel.errors import NotFound, Refused
from yinling.kernel.models import Change

from .builders import TODAY, logged_in

LIMITS = TokenRules()


def granting(**changes: Any) -> str:
    asked: dict[str, Any] = {
        "scopes": ["a"], "held": ["a", "b"], "to_self": False, "is_active": True, "days": 30, "limits": LIMITS,
    }  # fmt: skip
    return str(why_not_grant(**(asked | changes)) or "")


def test_a_program_gets_a_part_of_what_its_user_may_from_somebody_else_for_a_time() -> None:
    assert granting() == ""
    assert "their own rights" in granting(to_self=True)
    assert "closed" in granting(is_active=False)
    assert "at least one" in granting(scopes=[])
    assert "c" in granting(scopes=["a", "c"])
    assert "before it begins" in granting(days=0)
    assert "400 days; the limit is 366" in granting(days=400)


def grant(user: User, by: User, **changes: Any) -> Token:
    asked: dict[str, Any] = {
        "name": "邻县医院", "scopes": ["people.read"], "expires_on": TODAY + dt.timedelta(days=30),
        "user_uid": user.uid,
    }  # fmt: skip
    return tokens.grant_token(**(asked | changes), by=by)


@pytest.mark.django_db
def test_the_administrator_grants_and_the_user_alone_sees_the_secret_once(
    security_administrator: User, clerk: User
) -> None:
    token = grant(clerk, security_administrator)
    assert token.digest is None
    with pytest.raises(NotFound):
        tokens.collect_token(uid=token.uid, by=security_administrator)
    _token, secret = tokens.collect_token(uid=token.uid, by=clerk)
    actor = tokens.authenticate(secret)
    assert isinstance(actor, TokenActor) and actor.uid == clerk.uid
    with pytest.raises(Refused, match="shown once"):
        tokens.collect_token(uid=token.uid, by=clerk)
    kinds = Change.objects.filter(subject_uid=clerk.uid).order_by("id").values_list("type", flat=True)
    assert list(kinds) == ["accounts.token_granted", "accounts.token_collected"]
    assert secret not in str(list(Change.objects.values()))


@pytest.mark.django_db
def test_a_grant_beyond_the_roles_of_the_user_writes_nothing(security_administrator: User, clerk: User) -> None:
    with pytest.raises(Refused, match="places"):
        grant(clerk, security_administrator, scopes=["people.read", "places.edit"])
    assert not Token.objects.exists() and not Change.objects.filter(type__contains="token").exists()


@pytest.mark.django_db
def test_only_who_gives_roles_there_grants(audit_administrator: User, other_clerk: User, clerk: User) -> None:
    for by in (audit_administrator, other_clerk, clerk):
        with pytest.raises(NotFound):
            grant(clerk, by)


@pytest.mark.django_db
def test_a_token_does_less_than_its_user_and_never_more(security_administrator: User, clerk: User) -> None:
    actor = TokenActor(clerk, grant(clerk, security_administrator))
    assert actor.may("people.read") and clerk.may("people.edit") and not actor.may("people.edit")
    assert actor.key_ranges("people.read") == clerk.key_ranges("people.read")
    assert actor.key_ranges("people.edit") == ()


@pytest.mark.django_db
def test_either_takes_it_back_and_strangers_cannot(
    security_administrator: User, clerk: User, other_clerk: User
) -> None:
    for by in (security_administrator, clerk):
        token = grant(clerk, security_administrator)
        _token, secret = tokens.collect_token(uid=token.uid, by=clerk)
        with pytest.raises(NotFound):
            tokens.revoke_token(uid=token.uid, by=other_clerk)
        tokens.revoke_token(uid=token.uid, by=by)
        assert tokens.authenticate(secret) is None
    with pytest.raises(Refused, match="ended"):
        tokens.collect_token(uid=token.uid, by=clerk)


@pytest.mark.django_db
def test_a_closed_account_ends_its_tokens_for_good(
    security_administrator: User, system_administrator: User, clerk: User
) -> None:
    token = grant(clerk, security_administrator)
    _token, secret = tokens.collect_token(uid=token.uid, by=clerk)
    services.deactivate(user_uid=clerk.uid, by=system_administrator)
    services.reactivate(user_uid=clerk.uid, by=system_administrator)
    assert tokens.authenticate(secret) is None


@pytest.mark.django_db
def test_the_pages_walk_from_grant_to_secret_to_end(security_administrator: User, clerk: User) -> None:
    admin, mine = logged_in(security_administrator), logged_in(clerk)
    form = {"name": "医院", "scopes": ["people.read"], "expires_on": str(civil_date() + dt.timedelta(days=9))}
    assert admin.post(f"/work/accounts/users/{clerk.uid}/token/", form).status_code == 302
    token = Token.objects.get()
    shown = mine.post(f"/work/accounts/tokens/{token.uid}/collect/")
    assert "yl_" in shown.content.decode() and shown["Cache-Control"] == "no-store"
    assert mine.post(f"/work/accounts/tokens/{token.uid}/collect/").status_code == 422
    assert "yl_" in mine.get("/work/accounts/me/tokens/").content.decode()
    assert admin.get("/work/accounts/tokens/").status_code == 200
    assert admin.post(f"/work/accounts/tokens/{token.uid}/revoke/").status_code == 302
    assert Token.objects.get().revoked_at is not None


@pytest.mark.django_db
def test_pages_of_tokens_are_closed_to_others(security_administrator: User, clerk: User, other_clerk: User) -> None:
    token = grant(clerk, security_administrator)
    stranger = logged_in(other_clerk)
    assert stranger.get("/work/accounts/tokens/").status_code == 403
    assert stranger.get(f"/work/accounts/users/{clerk.uid}/token/").status_code == 403
    for verb in ("collect", "revoke"):
        assert stranger.post(f"/work/accounts/tokens/{token.uid}/{verb}/").status_code == 404


@pytest.mark.django_db
def test_the_list_of_tokens_costs_the_same_for_one_and_for_many(
    security_administrator: User, clerk: User, django_assert_max_num_queries: Any
) -> None:
    client = logged_in(security_administrator)
    for _number in range(6):
        grant(clerk, security_administrator)
    client.get("/work/accounts/tokens/")
    with django_assert_max_num_queries(8):
        assert client.get("/work/accounts/tokens/").status_code == 200
