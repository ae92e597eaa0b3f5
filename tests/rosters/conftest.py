"""Roles as these tests need them."""

import pytest

from yinling.accounts import roles
from yinling.accounts.roles import Role, offer
from yinling.rosters.permissions import Rosters


@pytest.fixture(autouse=True)
def roles_of_duty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clerks plan, officers serve, visitors only read; gone when the test ends."""
    monkeypatch.setattr(roles, "_roles", dict(roles._roles))
    planners, serving = frozenset(Rosters), frozenset({Rosters.READ, Rosters.SWAP})
    offer([
        Role("county_clerk", "县级经办", "", planners), Role("township_clerk", "乡镇经办", "", planners),
        Role("duty", "值班干部", "", serving), Role("carer", "护理员", "", serving, sees_people=False),
        Role("village_visitor", "村级探访员", "", frozenset({Rosters.READ})),
    ])  # fmt: skip
