"""Registries as they were before each test; roles that handle duties."""

from typing import Any

import pytest
from django.test import Client

from yinling.accounts import roles
from yinling.accounts.models import User
from yinling.worklist import kinds, subjects
from yinling.worklist.permissions import Worklist

from .builders import LUFENG, somebody


@pytest.fixture(autouse=True)
def registries_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test offers to the registries is gone when it ends."""
    monkeypatch.setattr(roles, "_roles", dict(roles._roles))
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    monkeypatch.setattr(subjects, "_resolvers", dict(subjects._resolvers))


@pytest.fixture(autouse=True)
def roles_that_handle_duties(registries_of_its_own: None) -> None:
    """The roles of the tests, with the permissions that config gives them."""
    for key in ("village_visitor", "township_clerk", "county_clerk", "city_officer"):
        roles.offer([roles.Role(key, key, "", frozenset(Worklist))])


@pytest.fixture
def clerk(city: Any) -> User:
    """The clerk of Lufeng township."""
    return somebody("township_clerk", LUFENG)


@pytest.fixture
def page(client: Client, clerk: User) -> Client:
    """The clerk's browser."""
    client.force_login(clerk)
    return client
