"""Roles as config gives them, a city, the scales."""

from pathlib import Path
from typing import Any

import pytest

from yinling.accounts import roles
from yinling.accounts.models import User
from yinling.accounts.roles import Role, offer
from yinling.people.models import Person
from yinling.people.permissions import People
from yinling.worklist.permissions import Worklist

from .builders import ALL, a_person, an_assessor, the_scales_are_loaded


@pytest.fixture(autouse=True)
def scales(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Roles with every permission of the module, so that a refusal is the rule's; and the three scales.

    Only for tests that use a database: rules need none.
    """
    if not request.node.get_closest_marker("django_db"):
        return
    request.getfixturevalue("city")
    monkeypatch.setattr(roles, "_roles", dict(roles._roles))
    for key, level in (("assessor", "county"), ("county_clerk", "county")):
        offer([Role(key, key, "", ALL | frozenset(Worklist) | frozenset(People), level)])
    the_scales_are_loaded()


@pytest.fixture
def own_files(settings: Any, tmp_path: Path) -> None:
    """Files of the test lie apart."""
    settings.FILES_DIR = tmp_path


@pytest.fixture
def wu() -> User:
    """An assessor."""
    return an_assessor("wu")


@pytest.fixture
def xiang() -> User:
    """The second assessor."""
    return an_assessor("xiang")


@pytest.fixture
def elder() -> Person:
    """Who is assessed."""
    return a_person()
