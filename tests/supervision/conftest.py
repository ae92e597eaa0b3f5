"""Roles of the tests, so that they do not hang on config/roles.py; rules of the national pack."""

import pytest

from tests.conftest import LUFENG, XUPU, a_user
from yinling.accounts import roles
from yinling.accounts.models import User
from yinling.institutions.permissions import Institutions
from yinling.people.permissions import People
from yinling.rosters.permissions import Rosters
from yinling.supervision.permissions import Supervision
from yinling.worklist.permissions import Worklist

from .builders import the_rules_are_loaded

EVERYTHING = frozenset({*Supervision, Institutions.READ, People.READ, People.SEARCH, *Worklist, *Rosters})
HOME = frozenset({Supervision.READ, Supervision.ANSWER, Supervision.RULES, Institutions.READ, Worklist.HANDLE})


@pytest.fixture(autouse=True)
def _roles_and_rules(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only for tests that use a database: rules need none."""
    if not request.node.get_closest_marker("django_db"):
        return
    request.getfixturevalue("transactional_db" if _is_real(request) else "db")
    request.getfixturevalue("city")
    monkeypatch.setattr(roles, "_roles", dict(roles._roles))
    roles.offer([
        roles.Role("watcher", "值守人员", "", EVERYTHING, "county"),
        roles.Role("reader", "读者", "", frozenset({Supervision.READ, Institutions.READ}), "county"),
        roles.Role("at_home", "院长", "", HOME, "township", sees_people=False),
        roles.Role("township_clerk", "乡镇", "", EVERYTHING, "township"),
        roles.Role("village_visitor", "村", "", EVERYTHING, "village"),
        roles.Role("county_clerk", "县", "", EVERYTHING, "county"),
    ])  # fmt: skip
    the_rules_are_loaded()


def _is_real(request: pytest.FixtureRequest) -> bool:
    marker = request.node.get_closest_marker("django_db")
    return bool(marker and marker.kwargs.get("transaction"))


@pytest.fixture
def watcher(city: object) -> User:
    """Answers alerts of Xupu county."""
    return a_user("watcher", XUPU, "watcher")


@pytest.fixture
def colleague(city: object) -> User:
    """Another one, who verifies."""
    return a_user("watcher", XUPU, "colleague")


@pytest.fixture
def clerk(city: object) -> User:
    """The township clerk of Lufeng."""
    return a_user("township_clerk", LUFENG, "clerk")
