"""Registries as they were before each test."""

import pytest

from yinling.accounts import roles


@pytest.fixture(autouse=True)
def registries_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """The roles that a test offers is gone when it ends."""
    monkeypatch.setattr(roles, "_roles", dict(roles._roles))
