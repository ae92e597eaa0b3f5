"""What tests of accounts share: workers are moved by county clerks, whatever the prose says today."""

import dataclasses

import pytest

from yinling.accounts import roles
from yinling.accounts.models import User
from yinling.accounts.permissions import Accounts
from yinling.places.models import Place

from .builders import CITY, HECHENG, XUPU, someone


@pytest.fixture(autouse=True)
def county_clerks_move_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    clerk = roles.role("county_clerk")
    assert clerk is not None
    moving = dataclasses.replace(clerk, permissions=clerk.permissions | {Accounts.MOVE_WORKERS})
    monkeypatch.setitem(roles._roles, "county_clerk", moving)


@pytest.fixture
def system_administrator(city: Place) -> User:
    """Opens accounts in the whole city."""
    return someone("sysadmin", CITY, "system_administrator")


@pytest.fixture
def security_administrator(city: Place) -> User:
    """Gives roles in the whole city."""
    return someone("secadmin", CITY, "security_administrator")


@pytest.fixture
def audit_administrator(city: Place) -> User:
    """Reads the log of the whole city."""
    return someone("auditadmin", CITY, "audit_administrator")


@pytest.fixture
def clerk(city: Place) -> User:
    """Keeps Xupu's registers."""
    return someone("clerk", XUPU, "county_clerk")


@pytest.fixture
def other_clerk(city: Place) -> User:
    """Keeps Hecheng's registers."""
    return someone("other.clerk", HECHENG, "county_clerk")
