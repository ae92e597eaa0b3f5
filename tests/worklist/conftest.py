"""Registries as they were before each test."""

import pytest

from yinling.accounts import roles
from yinling.worklist import kinds, subjects


@pytest.fixture(autouse=True)
def registries_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test offers to the registries is gone when it ends."""
    monkeypatch.setattr(roles, "_roles", dict(roles._roles))
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    monkeypatch.setattr(subjects, "_resolvers", dict(subjects._resolvers))
