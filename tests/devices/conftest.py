"""Profiles and parameters as the national pack brings them; roles of the tests."""

import datetime as dt
from pathlib import Path

import pytest
import yaml

from tests.conftest import XUPU, a_user
from yinling.accounts import roles
from yinling.accounts.models import User
from yinling.devices.permissions import Devices
from yinling.devices.services import load_profiles
from yinling.institutions.permissions import Institutions
from yinling.kernel.actors import System
from yinling.people.permissions import People
from yinling.places.models import Place
from yinling.reference.services import load_code_lists, set_parameter

NATIONAL = Path(__file__).parents[2] / "packs" / "national"
LISTS = {"device_kind", "device_spot", "device_work", "consent_purpose", "institution_kind", "sex"}


@pytest.fixture(autouse=True)
def _roles(monkeypatch: pytest.MonkeyPatch) -> None:
    everything = frozenset({*Institutions, *People, *Devices})
    monkeypatch.setitem(roles._roles, "keeper", roles.Role("keeper", "", "", everything))
    reader = frozenset({Devices.READ, Devices.CLAIM, People.READ, People.SEARCH, Institutions.READ})
    monkeypatch.setitem(roles._roles, "reader", roles.Role("reader", "", "", reader))


@pytest.fixture
def profiles(city: Place) -> None:
    """Models of devices, code lists, our own limits."""
    by = System("test")
    load_profiles(yaml.safe_load((NATIONAL / "devices.yaml").read_text()), file="devices.yaml", pack="national", by=by)
    whole = yaml.safe_load((NATIONAL / "codelists.yaml").read_text(encoding="utf-8"))
    ours = {**whole, "lists": [one for one in whole["lists"] if one["key"] in LISTS]}
    load_code_lists(ours, file="codelists.yaml", pack="national", layer=0, by=by)
    for key, value in (("token_overlap_hours", 24), ("camera_look_minutes", 10), ("battery_low_percent", 20)):
        set_parameter(
            key=f"devices.{key}", value=value, valid_from=dt.date(2020, 1, 1), source="test of the source", by=by
        )  # fmt: skip


@pytest.fixture
def keeper(profiles: None) -> User:
    """Keeps the devices of Xupu county."""
    return a_user("keeper", XUPU, "keeper")


@pytest.fixture
def reader(profiles: None) -> User:
    """Reads devices of Xupu county and takes them into use."""
    return a_user("reader", XUPU, "reader")
