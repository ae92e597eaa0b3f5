"""Words for tests of accounts."""

import datetime as dt
from typing import Any

from django.test import Client

from yinling.accounts.models import Assignment, KnownUser, LogIn, User, WorkerTransfer
from yinling.kernel.clock import civil_date
from yinling.kernel.models import Change

CITY, XUPU, HECHENG = 431200000000, 431224000000, 431202000000
LUFENG, DIZHUANG = 431224100000, 431224102000  # two townships of Xupu
PASSWORD = "Plum-rain 7 Yuanjiang"
TODAY = civil_date()


def days(count: int) -> dt.timedelta:
    """So many days."""
    return dt.timedelta(days=count)


def someone(username: str, place_key: int = XUPU, *roles: str) -> User:
    """A saved user of a division who holds roles there, with the tests' password."""
    user: User = User.objects.create_user(username, PASSWORD, name=f"名{username}", place_key=place_key)
    for role in roles:
        holding(user, role, place_key)
    return user


def holding(user: User, role: str, place_key: int, **facts: Any) -> Assignment:
    """The user holds one more role, since yesterday unless said otherwise."""
    user.__dict__.pop("held", None)
    facts.setdefault("valid_from", TODAY - days(1))
    return Assignment.objects.create(user=user, role=role, place_id=place_key, **facts)


def again(user: User) -> User:
    """The user as the next request sees them."""
    return User.objects.get(pk=user.pk)


def written() -> tuple[int, ...]:
    """How much is in every table of accounts, and in the changes: equal before and after a refusal."""
    return tuple(model.objects.count() for model in (User, Assignment, WorkerTransfer, KnownUser, LogIn, Change))


def logged_in(user: User) -> Client:
    """A browser in which the user is logged in."""
    client = Client()
    client.force_login(user)
    return client


def log_in(client: Client, username: str = "clerk", password: str = PASSWORD, **more: Any) -> Any:
    """The answer to a log-in with these words."""
    return client.post("/accounts/login/", {"login": username, "password": password}, **more)


def is_in(client: Client) -> bool:
    """Whether somebody is logged in and may work."""
    return client.get("/work/accounts/me/").status_code == 200
