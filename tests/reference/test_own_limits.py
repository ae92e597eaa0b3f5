"""Limits that the operator decides: they may refuse, and are never called verified."""

import datetime as dt
from typing import Any

import pytest

from yinling.kernel.actors import System
from yinling.kernel.errors import Refused
from yinling.reference import queries, services
from yinling.reference.models import Parameter

pytestmark = pytest.mark.django_db
OWN: dict[str, Any] = {"parameters": [{
    "key": "accounts.min_length", "value": 8, "unit": "characters", "valid_from": dt.date(2021, 1, 1),
    "source": "own rule", "authority": "operator",
}]}  # fmt: skip


def test_an_own_limit_may_refuse_without_being_verified(system: System) -> None:
    services.load_parameters(OWN, file="p.yaml", pack="national", layer=0, by=system)
    held = queries.fact("accounts.min_length")
    assert held.may_refuse and not held.verified
    assert queries.unverified_by_pack().get("national") is None


def test_what_a_city_decides_for_an_own_limit_is_its_own_too(system: System) -> None:
    services.load_parameters(OWN, file="p.yaml", pack="national", layer=0, by=system)
    services.set_parameter(key="accounts.min_length", value=10, valid_from=dt.date(2025, 1, 1), by=system)
    held = queries.fact("accounts.min_length")
    assert (held.value, held.may_refuse) == (10, True)


def test_an_own_limit_cannot_be_verified(system: System) -> None:
    services.load_parameters(OWN, file="p.yaml", pack="national", layer=0, by=system)
    row = Parameter.objects.get()
    with pytest.raises(Refused, match="no document"):
        services.verify(table="parameter", uid=row.uid, source="x", by=system)
    with pytest.raises(Refused, match="no document"):
        services.set_parameter(
            key=row.key, value=9, valid_from=dt.date(2025, 1, 1), by=system, source="x", verified=True
        )
    assert not Parameter.objects.filter(verified=True).exists()


def test_a_pack_that_calls_an_own_limit_verified_is_refused(system: System) -> None:
    faulty = {"parameters": [OWN["parameters"][0] | {"verified": True}]}
    with pytest.raises(Refused, match=r"accounts\.min_length"):
        services.load_parameters(faulty, file="p.yaml", pack="national", layer=0, by=system)
    assert not Parameter.objects.exists()
