"""Roles of the tests, so that they do not hang on config/roles.py; checklists of the national pack."""

from typing import Any

import pytest

from yinling.accounts import roles
from yinling.accounts.models import User
from yinling.inspections.permissions import Inspections
from yinling.institutions.models import Institution
from yinling.institutions.permissions import Institutions
from yinling.worklist.permissions import Worklist

from .builders import a_home, a_manager, an_inspector, the_lists_are_loaded

HOME = frozenset({
    Inspections.READ, Inspections.SELF_CHECK, Inspections.RECTIFY, Institutions.READ, Worklist.HANDLE,
})  # fmt: skip


@pytest.fixture(autouse=True)
def _roles_and_lists(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only for tests that use a database: rules need none."""
    if not request.node.get_closest_marker("django_db"):
        return
    request.getfixturevalue("city")
    everything = frozenset({*Inspections, Institutions.READ, *Worklist}) - {Inspections.SELF_CHECK, Inspections.RECTIFY}
    monkeypatch.setattr(roles, "_roles", dict(roles._roles))
    roles.offer([
        roles.Role("inspector", "检查人员", "", everything, "county"),
        roles.Role("reader", "读者", "", frozenset({Inspections.READ, Institutions.READ}), "county"),
        roles.Role("at_home", "院长", "", HOME, "township", sees_people=False),
    ])  # fmt: skip
    the_lists_are_loaded()


@pytest.fixture
def home(city: Any) -> Institution:
    """A home of Xupu county."""
    return a_home()


@pytest.fixture
def manager(home: Institution) -> User:
    """Who answers for that home."""
    return a_manager(home)


@pytest.fixture
def inspector(city: Any) -> User:
    """Inspects homes of Xupu county."""
    return an_inspector("inspector")
